//! Writes a row of a claims file.

use openpbm_core::{Claim, Reversal, Sex};

use super::columns::{COLUMNS, Field};
use super::{Row, Sent};
use crate::table::StringRecord;

/// A claim that says something for which a claims file has no form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a claim has a {0} that a claims file cannot hold")]
pub struct Unwritable(&'static str);

/// The cells of a row, in the order of [`COLUMNS`].
///
/// # Errors
///
/// [`Unwritable`] where a list that is separated by blanks holds a blank itself.
pub fn record(row: &Row) -> Result<StringRecord, Unwritable> {
    let mut cells = Cells(vec![String::new(); COLUMNS.len()]);
    if let Some(id) = row.id {
        cells.set(Field::Authorization, id);
    }
    if let Some(answer) = row.answer {
        cells.set(Field::Answer, format_args!("{answer:016x}"));
    }
    match &row.sent {
        Sent::Billing(claim) => cells.claim("B1", claim)?,
        Sent::Rebill(claim) => cells.claim("B3", claim)?,
        Sent::Reversal(reversal) => cells.reversal(reversal),
    }
    Ok(StringRecord::from(cells.0))
}

struct Cells(Vec<String>);

impl Cells {
    fn set(&mut self, field: Field, value: impl std::fmt::Display) {
        if let Some(cell) = self.0.get_mut(field as usize) {
            *cell = value.to_string();
        }
    }

    fn some(&mut self, field: Field, value: Option<impl std::fmt::Display>) {
        if let Some(value) = value {
            self.set(field, value);
        }
    }

    /// A truth that is left out where it is false.
    fn flag(&mut self, field: Field, value: bool) {
        if value {
            self.set(field, true);
        }
    }

    fn reversal(&mut self, reversal: &Reversal) {
        self.set(Field::Transaction, "B2");
        self.some(Field::Cardholder, reversal.cardholder);
        self.set(Field::Pharmacy, reversal.pharmacy);
        self.set(Field::Prescription, reversal.prescription.number());
        self.some(Field::Fill, reversal.fill);
        self.set(Field::DateOfService, reversal.date_of_service);
        self.some(Field::Ndc, reversal.ndc);
    }

    fn claim(&mut self, transaction: &str, claim: &Claim) -> Result<(), Unwritable> {
        self.set(Field::Transaction, transaction);
        self.set(Field::Received, claim.received);
        self.set(Field::Cardholder, claim.cardholder);
        self.some(Field::PersonCode, claim.person_code);
        self.some(Field::Group, claim.group);
        self.set(Field::Birth, claim.birth);
        self.some(Field::Sex, claim.sex.map(sex));
        self.flag(Field::Pregnant, claim.pregnant);
        self.set(Field::Pharmacy, claim.key.pharmacy);
        self.set(Field::Prescription, claim.key.prescription.number());
        self.set(Field::Fill, claim.key.fill);
        self.set(Field::DateOfService, claim.key.date_of_service);
        self.set(Field::Prescriber, claim.prescriber);
        self.set(Field::Ndc, claim.drug.ndc);
        self.set(Field::Quantity, claim.drug.quantity);
        self.set(Field::DaysSupply, claim.drug.days_supply);
        self.set(Field::Daw, claim.daw);
        self.flag(Field::Compound, claim.compound);
        self.some(Field::OtherCoverage, claim.other_coverage);
        self.some(Field::UsualAndCustomary, claim.usual_and_customary);
        self.set(Field::GrossAmountDue, claim.gross_amount_due);
        let is_word = |text: &str| !text.is_empty() && !text.contains(char::is_whitespace);
        if !claim.diagnoses.iter().all(|code| is_word(code) && !code.contains('.')) {
            return Err(Unwritable("diagnosis"));
        }
        self.set(Field::Diagnoses, claim.diagnoses.join(" "));
        let codes = claim.dur_overrides.iter().map(|answer| {
            let parts = [&*answer.reason, &answer.service, &answer.result];
            let right = parts.iter().all(|part| !part.contains(['/', ' ']));
            right.then(|| parts.join("/")).ok_or(Unwritable("DUR/PPS code"))
        });
        self.set(Field::DurOverrides, codes.collect::<Result<Vec<_>, _>>()?.join(" "));
        if claim.details != openpbm_core::Details::default() {
            let text = serde_json::to_string(&claim.details).map_err(|_| Unwritable("detail"))?;
            self.set(Field::Details, text);
        }
        Ok(())
    }
}

fn sex(sex: Sex) -> &'static str {
    match sex {
        Sex::Female => "female",
        Sex::Male => "male",
    }
}
