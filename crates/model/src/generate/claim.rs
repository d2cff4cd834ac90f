//! Claims: for a member and a product, mostly as a careful pharmacy sends them.

use openpbm_core::{
    BillingKey, Cents, Claim, Date, DrugUse, DurOverride, Member, Npi, PrescriptionNumber,
    Quantity, Sex,
};

use super::Rng;
use crate::Rules;
use crate::rules::Drug;

/// The card of all generated families.
pub(super) const CARDHOLDER: &str = "CSC900001";

/// A first fill of a new prescription, as a careful pharmacy sends it or with something odd.
pub(super) fn new(
    rules: &Rules,
    member: &Member,
    drug: &Drug,
    date: Date,
    careful: bool,
    rng: &mut Rng,
) -> Option<Claim> {
    let is_opioid = drug.class.as_deref() == Some("opioid");
    let days = match careful {
        true if is_opioid => rng.pick([5, 7, 7, 7, 30]),
        true => rng.pick([7, 28, 30, 30, 30, 30, 34, 90]),
        false => rng.pick([1, 5, 7, 7, 10, 14, 28, 30, 30, 34, 35, 60, 61, 90, 90, 91]),
    };
    let key = BillingKey {
        pharmacy: npi(pharmacy(careful, rng))?,
        prescription: PrescriptionNumber::new(u64::try_from(rng.between(1, 999_999)).ok()?)?,
        fill: 0,
        date_of_service: date,
    };
    let mut claim = Claim {
        key,
        received: date.plus_days(rng.pick([0, 0, 0, 0, 1, 14, 15])),
        group: None,
        cardholder: CARDHOLDER.parse().ok()?,
        person_code: Some(member.person_code),
        birth: member.birth,
        sex: member.sex,
        pregnant: rng.percent(4),
        prescriber: npi(rng.pick(["1999000114", "1999000114", "1999000122"]))?,
        drug: DrugUse { ndc: drug.ndc, quantity: usual(drug, days), days_supply: days },
        daw: rng.pick([0, 0, 0, 0, 1, 2, 2]),
        compound: false,
        other_coverage: None,
        usual_and_customary: None,
        gross_amount_due: Cents::new(50_000_000),
        diagnoses: if rng.percent(20) { vec!["E1165".to_owned()] } else { Vec::new() },
        dur_overrides: Vec::new(),
    };
    if rng.percent(15) {
        claim.dur_overrides.push(DurOverride {
            reason: rng.pick(["DD", "DA", "PG"]).to_owned(),
            service: "M0".to_owned(),
            result: rng.pick(["1G", "1B", "3A", "2A"]).to_owned(),
        });
    }
    if !careful {
        claim.drug.quantity = quantity(drug, days, rng);
    }
    charges(rules, &mut claim, drug, rng);
    if !careful && rng.percent(30) {
        oddity(&mut claim, rng);
    }
    Some(claim)
}

/// Mostly at the counter; who is not careful also goes to pharmacies that are out of network or
/// none at all.
fn pharmacy(careful: bool, rng: &mut Rng) -> &'static str {
    match rng.between(if careful { 5 } else { 1 }, 20) {
        1 | 2 => "1999000056",
        3 => "1999000114",
        4..=6 => "1999000031",
        7..=8 => "1999000049",
        9..=13 => "1999000023",
        _ => "1999000015",
    }
}

/// What the days supply usually takes.
fn usual(drug: &Drug, days: u16) -> Quantity {
    thousandths(drug.usual_30.map_or(30_000, |usual| usual.0) * i128::from(days) / 30)
}

fn thousandths(thousandths: i128) -> Quantity {
    let thousandths = u64::try_from(thousandths.max(1)).unwrap_or(1);
    Quantity::from_thousandths(thousandths).unwrap_or(Quantity::units(30))
}

/// As much as is usual, or a little or a lot more or less.
pub(super) fn quantity(drug: &Drug, days: u16, rng: &mut Rng) -> Quantity {
    let usual = usual(drug, days);
    if rng.percent(60) {
        return usual;
    }
    let usual = i128::from(usual.thousandths());
    let near = [usual * 2, usual / 2, usual + 1, usual - 1];
    let round = [9_000, 9_001, 30_000, 10_000, 4_500, 6_000, 1];
    thousandths(if rng.percent(50) { rng.pick(near) } else { rng.pick(round) })
}

/// Usual and customary charge and gross amount due, sometimes within cents of the contract.
fn charges(rules: &Rules, claim: &mut Claim, drug: &Drug, rng: &mut Rng) {
    let day = claim.key.date_of_service;
    let Some(cost) = rules.listed_cost(drug, claim.drug.quantity.thousandths(), day) else {
        return;
    };
    let Ok(cost) = i64::try_from(cost) else { return };
    let charge = |rng: &mut Rng| {
        let near = cost + rng.between(-2, 2) + rng.pick([0, 100, 150, 1_050]);
        let charge = rng.pick([near, near, cost / 2, cost * 2 + 1_000, cost * 2 + 1_000]);
        Cents::new(charge.max(1))
    };
    if rng.percent(40) {
        claim.usual_and_customary = Some(charge(rng));
    }
    if rng.percent(30) {
        claim.gross_amount_due = charge(rng);
    }
}

/// One thing that a careful pharmacy does not send.
fn oddity(claim: &mut Claim, rng: &mut Rng) {
    match rng.between(1, 14) {
        1 => claim.group = "CSCPPO".parse().ok(),
        2 => claim.group = "CSCHDHP".parse().ok(),
        3 => claim.group = "NOBODY".parse().ok(),
        4 => claim.person_code = None,
        5 => claim.person_code = "09".parse().ok(),
        6 => claim.birth = claim.birth.plus_days(1),
        7 => claim.sex = rng.pick([None, Some(Sex::Female), Some(Sex::Male)]),
        8 => claim.received = claim.key.date_of_service.plus_days(-1),
        9 => claim.received = claim.received.plus_days(rng.pick([89, 90, 91, 365, 366])),
        10 => claim.prescriber = npi("1999000130").unwrap_or(claim.prescriber),
        11 => claim.prescriber = npi("1999000015").unwrap_or(claim.prescriber),
        12 => claim.drug.ndc = "00000000001".parse().unwrap_or(claim.drug.ndc),
        13 => claim.other_coverage = Some(rng.pick([0, 1, 2, 3, 4, 8])),
        _ => claim.daw = rng.pick([3, 4, 5, 6, 7, 8, 9]),
    }
}

pub(super) fn npi(number: &str) -> Option<Npi> {
    number.parse().ok()
}
