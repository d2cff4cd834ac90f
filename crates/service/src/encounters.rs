//! Encounters: what a Medicaid managed care plan reports of each paid or reversed claim to its
//! state (42 CFR 438.242), as lines of CSV whose columns mean what the fields of NCPDP's
//! post-adjudication history mean.

use openpbm_book::{Book, LineOfBusiness};
use openpbm_core::{Cents, Claim, ClaimId, Overflow, Paid, Sex, Timestamp};

use crate::csv::{self, text};

/// The columns, in the order in which a line has them.
pub const COLUMNS: [&str; 41] = [
    "status",
    "id",
    "original_id",
    "recorded",
    "group",
    "cardholder_id",
    "person_code",
    "birth",
    "sex",
    "pharmacy",
    "prescription",
    "fill",
    "date_of_service",
    "received",
    "prescriber",
    "ndc",
    "quantity",
    "days_supply",
    "daw",
    "compound",
    "diagnoses",
    "level_of_service",
    "other_coverage",
    "basis",
    "ingredient_cost",
    "dispensing_fee",
    "price",
    "other_payers",
    "patient_pay",
    "deductible",
    "copay",
    "coinsurance",
    "product_selection",
    "over_benefit_maximum",
    "plan_pays",
    "tier",
    "kind",
    "emergency_supply",
    "recover",
    "to_member",
    "bought_340b",
];

/// What became of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It was paid.
    Paid,
    /// It comes to other amounts by what is known since.
    Adjusted,
    /// It turned out not to be Medicaid's.
    Voided,
    /// It was taken back.
    Reversed,
}

impl Status {
    const fn word(self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::Adjusted => "adjusted",
            Self::Voided => "voided",
            Self::Reversed => "reversed",
        }
    }
}

/// What became of a claim, by which entry and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encounter {
    /// What.
    pub status: Status,
    /// The entry.
    pub id: ClaimId,
    /// When it was recorded.
    pub recorded: Timestamp,
    /// The payment that it changes or takes back; `None` for a payment.
    pub original: Option<ClaimId>,
}

/// The line of the columns' names.
pub fn header() -> String {
    COLUMNS.join(",")
}

/// The line of a claim that was decided under a book; `None` if its group was not Medicaid's on
/// the day.
///
/// # Errors
///
/// If the amounts do not add up within an `i64`, which no decision's do.
pub fn line(
    book: &Book,
    encounter: Encounter,
    claim: &Claim,
    paid: &Paid,
) -> Result<Option<String>, Overflow> {
    let group = book.group(paid.group).and_then(|group| group.on(claim.key.date_of_service));
    if group.is_none_or(|group| group.line != LineOfBusiness::Medicaid) {
        return Ok(None);
    }
    let cells = about(encounter, claim, paid).into_iter().chain(dispensed(claim));
    Ok(Some(csv::line(cells.chain(amounts(paid)?))))
}

fn about(encounter: Encounter, claim: &Claim, paid: &Paid) -> [String; 14] {
    let Encounter { status, id, recorded, original } = encounter;
    let sex = claim.sex.map_or("", |sex| match sex {
        Sex::Female => "female",
        Sex::Male => "male",
    });
    [
        status.word().to_owned(),
        id.to_string(),
        text(original),
        recorded.to_string(),
        paid.group.to_string(),
        claim.cardholder.to_string(),
        paid.person.to_string(),
        claim.birth.to_string(),
        sex.to_owned(),
        claim.key.pharmacy.to_string(),
        claim.key.prescription.to_string(),
        claim.key.fill.to_string(),
        claim.key.date_of_service.to_string(),
        claim.received.to_string(),
    ]
}

fn dispensed(claim: &Claim) -> [String; 9] {
    [
        claim.prescriber.to_string(),
        claim.drug.ndc.to_string(),
        claim.drug.quantity.to_string(),
        claim.drug.days_supply.to_string(),
        claim.daw.to_string(),
        claim.compound.to_string(),
        claim.diagnoses.join(" "),
        text(claim.details.setting.level_of_service),
        text(claim.other_coverage),
    ]
}

fn amounts(paid: &Paid) -> Result<[String; 18], Overflow> {
    let cents = |amount: Cents| amount.to_string();
    Ok([
        paid.basis.to_string(),
        cents(paid.ingredient_cost),
        cents(paid.dispensing_fee),
        cents(paid.price()?),
        cents(paid.coordination.other_payers),
        cents(paid.patient_pay()?),
        cents(paid.deductible),
        cents(paid.copay),
        cents(paid.coinsurance),
        cents(paid.product_selection),
        cents(paid.design.over_benefit_maximum),
        cents(paid.plan_pays()?),
        paid.tier.to_string(),
        paid.kind.to_string(),
        paid.emergency_supply.to_string(),
        paid.coordination.recover.to_string(),
        paid.coordination.to_member.to_string(),
        paid.bought_340b.to_string(),
    ])
}
