//! Other payers: how a plan coordinates, whom a member's file names, what their answers say.

use openpbm_core::{
    Claim, CoordinationMethod, Coupon, OtherCoverage, OtherPayer, PayerKind, PayerOrder,
    QualifiedAmount,
};
use toml::{Table, Value};

use super::{Rng, claim::asked};
use crate::Change;

/// How a plan coordinates.
pub(super) fn coordination(plan: &str, rng: &mut Rng) -> Vec<Change> {
    if rng.percent(30) {
        return vec![Change::remove(plan, &["coordination"])];
    }
    let mut rule = Table::new();
    rule.insert("method".to_owned(), rng.pick(CoordinationMethod::ALL).0.into());
    let accepts = rng.pick::<&[i64], 4>([&[2, 3, 4, 8], &[2, 3, 4, 8], &[2], &[3, 8]]);
    let accepts = accepts.iter().map(|code| Value::from(*code)).collect();
    rule.insert("accepts".to_owned(), Value::Array(accepts));
    let refuses = rng.percent(80);
    rule.insert("on_file".to_owned(), if refuses { "refuse" } else { "ignore" }.into());
    if refuses && rng.percent(60) {
        rule.insert("chase".to_owned(), Value::Array(vec![chase(rng).into()]));
    }
    vec![Change::set(plan, &["coordination"], rule)]
}

/// What counts of a coupon.
pub(super) fn coupon(plan: &str, rng: &mut Rng) -> Vec<Change> {
    let mut rule = Table::new();
    rule.insert("counts".to_owned(), rng.pick(["always", "never", "without-generic"]).into());
    if rng.percent(50) {
        rule.insert("toward_deductible".to_owned(), rng.percent(30).into());
    }
    vec![Change::set(plan, &["coupon"], rule)]
}

/// How members are paid.
pub(super) fn reimbursement(plan: &str, rng: &mut Rng) -> Vec<Change> {
    let mut rule = Table::new();
    rule.insert("claims_accepted_for".to_owned(), rng.pick([0, 14, 365]).into());
    if rng.percent(70) {
        rule.insert("network".to_owned(), rng.pick(["retail-standard", "medicaid"]).into());
    }
    vec![Change::set(plan, &["reimbursement"], rule)]
}

/// A coupon for a claim that costs about so much.
pub(super) fn with_coupon(claim: &mut Claim, cost: i64, rng: &mut Rng) {
    let value = cost * rng.pick([0, 1, 20, 50, 100]) / 100 + rng.pick([0, 1, 5_000]);
    claim.details.coupon = Some(Coupon {
        kind: rng.pick([1, 2, 99]),
        number: "SAVE1".to_owned(),
        value: rng.percent(80).then(|| asked(value)),
    });
}

fn chase(rng: &mut Rng) -> Table {
    let mut row = Table::new();
    if rng.percent(50) {
        row.insert("under_age".to_owned(), rng.pick([18, 21, 65]).into());
    }
    if rng.percent(30) {
        row.insert("tiers".to_owned(), Value::Array(vec![0.into(), 1.into()]));
    }
    if row.is_empty() || rng.percent(30) {
        let payers = rng.pick(["child-support", "commercial"]).into();
        row.insert("payers".to_owned(), Value::Array(vec![payers]));
    }
    row
}

/// A payer on a member's file.
pub(super) fn on_file(rng: &mut Rng) -> OtherCoverage {
    OtherCoverage {
        payer: "Northern Mutual".to_owned(),
        kind: rng.pick(PayerKind::ALL).1,
        pays: rng.pick([PayerOrder::Before, PayerOrder::Before, PayerOrder::After]),
        bin: rng.percent(50).then(|| "610001".parse().ok()).flatten(),
        pcn: None,
        cardholder: None,
    }
}

/// What other payers answered of a claim that costs about so much.
pub(super) fn answers(claim: &mut Claim, cost: i64, rng: &mut Rng) {
    let code = rng.pick([2, 2, 2, 3, 4, 8, 8]);
    claim.other_coverage = Some(code);
    let part = |rng: &mut Rng| cost * rng.pick([0, 1, 10, 50, 80, 95, 100, 130]) / 100 + 1;
    for place in 1..=rng.pick([1, 1, 1, 2]) {
        let date = Some(claim.key.date_of_service);
        let mut payer = OtherPayer { coverage_type: place, date, ..OtherPayer::default() };
        let amount = |qualifier, cents| QualifiedAmount { qualifier, amount: asked(cents) };
        // Mostly what the code asks for, and sometimes something else.
        if (code == 2) ^ rng.percent(8) {
            payer.paid.push(amount(7, part(rng)));
        }
        if (code == 3) ^ rng.percent(4) {
            payer.rejects.push("70".to_owned());
        }
        if (code == 8) ^ rng.percent(15) {
            let (all, copay) = (part(rng), part(rng));
            payer.left_to_patient = match rng.percent(60) {
                true => vec![amount(5, copay), amount(6, all)],
                false => vec![amount(1, all), amount(5, copay)],
            };
        }
        if rng.percent(5) {
            payer.coverage_type = 98;
        }
        claim.details.other_payers.push(payer);
    }
    if rng.percent(4) {
        claim.other_coverage = rng.pick([None, Some(1)]);
    }
    if rng.percent(5) {
        claim.details.other_payers.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::super::claim::{MOST_ASKED, new};
    use super::*;
    use crate::testing::rules;

    #[test]
    fn what_is_said_of_the_dearest_drug_fits_its_fields() {
        let (rules, mut rng) = (rules(), Rng::new(1));
        let member = super::super::family::members(&mut rng).swap_remove(0);
        let day = "2026-06-15".parse().unwrap();
        for _ in 0..200 {
            let mut claim = new(&rules, &member, &rules.drugs[0], day, true, &mut rng).unwrap();
            answers(&mut claim, MOST_ASKED.get(), &mut rng);
            with_coupon(&mut claim, MOST_ASKED.get(), &mut rng);
            let payers = claim.details.other_payers.iter();
            let said = payers.flat_map(|payer| payer.paid.iter().chain(&payer.left_to_patient));
            let coupon = claim.details.coupon.iter().filter_map(|coupon| coupon.value);
            for amount in said.map(|said| said.amount).chain(coupon) {
                assert!(amount <= MOST_ASKED, "{amount}");
            }
        }
    }
}
