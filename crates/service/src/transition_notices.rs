//! Transition notices: the letters that members of Medicare Part D are due after a transition
//! supply (42 CFR 423.120(b)(3)(iv)), as lines of CSV. Who sends them knows the addresses.

use openpbm_core::{Claim, Date, Entry, Event, PartD};

use crate::csv;

/// The columns, in the order in which a line has them.
pub const COLUMNS: [&str; 16] = [
    "due",
    "claim",
    "recorded",
    "group",
    "cardholder_id",
    "person_code",
    "pharmacy",
    "prescription",
    "fill",
    "date_of_service",
    "prescriber",
    "ndc",
    "quantity",
    "days_supply",
    "reject_code",
    "meaning",
];

/// Of the business days after the decision the one by which the notice must be sent: the third,
/// counted from zero.
const WITHIN: usize = 2;

/// The line of the columns' names.
pub fn header() -> String {
    COLUMNS.join(",")
}

/// The line of an entry that paid a transition supply; `None` of any other.
pub fn line(entry: &Entry) -> Option<String> {
    let Event::Decided { claim, adjudication, .. } = &entry.event else { return None };
    let supplied = adjudication.part_d.as_deref().filter(|part_d| part_d.transition)?;
    let paid = adjudication.paid()?;
    let cells = [
        due(entry.recorded.date()).to_string(),
        entry.id.to_string(),
        entry.recorded.to_string(),
        paid.group.to_string(),
        claim.cardholder.to_string(),
        paid.person.to_string(),
    ];
    Some(csv::line(cells.into_iter().chain(dispensed(claim)).chain(reason(supplied))))
}

fn dispensed(claim: &Claim) -> [String; 8] {
    [
        claim.key.pharmacy.to_string(),
        claim.key.prescription.to_string(),
        claim.key.fill.to_string(),
        claim.key.date_of_service.to_string(),
        claim.prescriber.to_string(),
        claim.drug.ndc.to_string(),
        claim.drug.quantity.to_string(),
        claim.drug.days_supply.to_string(),
    ]
}

/// What the drug would have been refused with.
fn reason(supplied: &PartD) -> [String; 2] {
    let code = supplied.passed;
    let (code, meaning) = (code.map(|code| code.code()), code.map(|code| code.meaning()));
    [code.unwrap_or_default().to_owned(), meaning.unwrap_or_default().to_owned()]
}

/// The last day for a notice of a decision of that day. Saturdays and Sundays are no business days;
/// holidays are not known here and count as days, so the day is never too late.
fn due(decided: Date) -> Date {
    let after = (1..).map(|days| decided.plus_days(days));
    after.filter(|day| !is_weekend(*day)).nth(WITHIN).unwrap_or(decided)
}

fn is_weekend(day: Date) -> bool {
    // 1970-01-01 was a Thursday, the fourth day of its week.
    (day.epoch_days() + 3).rem_euclid(7) >= 5
}

#[cfg(test)]
mod tests {
    use super::due;

    #[test]
    fn three_business_days_pass_weekends_by() {
        for (decided, by) in [
            // Monday, Wednesday, Thursday, Friday, Saturday, Sunday.
            ("2026-03-02", "2026-03-05"),
            ("2026-03-04", "2026-03-09"),
            ("2026-03-05", "2026-03-10"),
            ("2026-03-06", "2026-03-11"),
            ("2026-03-07", "2026-03-11"),
            ("2026-03-08", "2026-03-11"),
        ] {
            assert_eq!(due(decided.parse().unwrap()), by.parse().unwrap(), "{decided}");
        }
    }
}
