//! The columns of a claims file, named once.

use crate::table::{Column, Kind};

macro_rules! columns {
    ($($field:ident $name:literal $kind:ident,)*) => {
        /// A column by its place in [`COLUMNS`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Field {
            $($field,)*
        }

        /// Every column, in the order in which they are written.
        pub const COLUMNS: &[Column] = &[
            $(Column { name: $name, kind: Kind::$kind },)*
        ];
    };
}

columns! {
    Transaction "transaction" Text,
    Authorization "authorization" Text,
    Received "received" Date,
    Cardholder "cardholder_id" Text,
    PersonCode "person_code" Text,
    Group "group" Text,
    Birth "birth" Date,
    Sex "sex" Text,
    Pregnant "pregnant" Text,
    Pharmacy "pharmacy" Text,
    Prescription "prescription" Whole,
    Fill "fill" Whole,
    DateOfService "date_of_service" Date,
    Prescriber "prescriber" Text,
    Ndc "ndc" Text,
    Quantity "quantity" Thousandths,
    DaysSupply "days_supply" Whole,
    Daw "daw" Whole,
    Compound "compound" Text,
    OtherCoverage "other_coverage" Whole,
    UsualAndCustomary "usual_and_customary" Dollars,
    GrossAmountDue "gross_amount_due" Dollars,
    Diagnoses "diagnoses" Text,
    DurOverrides "dur_overrides" Text,
    Details "details" Text,
    Answer "answer" Text,
}

impl Field {
    /// Its name.
    pub(super) fn name(self) -> &'static str {
        COLUMNS.get(self as usize).map_or("", |column| column.name)
    }
}

/// The columns that a file must have; the others may be missing, like their values.
pub(super) const NEEDED: [Field; 11] = [
    Field::Cardholder,
    Field::Birth,
    Field::Pharmacy,
    Field::Prescription,
    Field::Fill,
    Field::DateOfService,
    Field::Prescriber,
    Field::Ndc,
    Field::Quantity,
    Field::DaysSupply,
    Field::GrossAmountDue,
];
