//! Claims: for a member and a product, mostly as a careful pharmacy sends them.

use openpbm_core::{
    BillingKey, Cents, Claim, ClaimedAuthorization, Compound, Date, Details, DrugUse, DurOverride,
    Ingredient, Member, Ndc, Npi, PrescriptionNumber, ProductKind, QualifiedAmount, Quantity, Sex,
    TaxBasis,
};

use super::{Rng, payers};
use crate::Rules;
use crate::rules::Drug;

/// The card of all generated families.
pub(super) const CARDHOLDER: &str = "CSC900001";

/// A first fill of a new prescription, as a careful pharmacy sends it or with something odd.
pub(crate) fn new(
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
        true => rng.pick([3, 7, 28, 30, 30, 30, 30, 34, 90]),
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
        prescriber: npi(if rng.percent(6) { SANCTIONED } else { "1999000114" })?,
        drug: DrugUse { ndc: drug.ndc, quantity: usual(drug, days), days_supply: days },
        daw: rng.pick([0, 0, 0, 0, 1, 2, 2]),
        compound: false,
        other_coverage: None,
        usual_and_customary: None,
        gross_amount_due: Cents::new(50_000_000),
        diagnoses: if rng.percent(20) { vec!["E1165".to_owned()] } else { Vec::new() },
        dur_overrides: Vec::new(),
        details: Details::default(),
    };
    counter(&mut claim, rng);
    if !careful {
        claim.drug.quantity = quantity(drug, days, rng);
    }
    if rng.percent(if careful { 1 } else { 5 }) {
        compound(rules, &mut claim, careful, rng);
    }
    charges(rules, &mut claim, drug, careful, rng);
    if rng.percent(5) {
        claim.details.clarifications.push(20);
        claim.details.charges.cost_basis = rng.pick([None, Some(1), Some(8)]);
    }
    if rng.percent(20) {
        beside(&mut claim, rng);
    }
    if !careful && rng.percent(30) {
        oddity(&mut claim, rng);
    }
    claim.details.clarifications.truncate(MOST_CLARIFICATIONS);
    Some(claim)
}

/// A prescriber of the sample whom no plan pays for.
const SANCTIONED: &str = "1999000122";

/// The most that a pharmacy can ask for and say of others: 426-DQ, 430-DU, 431-DV, 352-NQ and
/// 487-NE have room for so much, the shortest of them for eight digits.
pub(super) const MOST_ASKED: Cents = Cents::new(99_999_999);

/// An amount, or as much of it as its field has room for.
pub(super) fn asked(cents: i64) -> Cents {
    Cents::new(cents).min(MOST_ASKED)
}

/// The most that 354-NX counts: a claim with more of them never becomes one.
const MOST_CLARIFICATIONS: usize = 3;

/// What the counter adds: why it sends the claim, what was done about an alert, and an emergency.
fn counter(claim: &mut Claim, rng: &mut Rng) {
    if rng.percent(12) {
        claim.details.clarifications =
            rng.pick::<&[u16], 5>([&[3], &[3], &[5], &[3, 5], &[7]]).to_vec();
    }
    if rng.percent(4) {
        claim.details.authorization = Some(ClaimedAuthorization { kind: 8, number: 77 });
    }
    if rng.percent(15) {
        claim.dur_overrides.push(DurOverride {
            reason: rng.pick(["DD", "DA", "PG"]).to_owned(),
            service: rng.pick(["M0", "M0", "M0", "MA"]).to_owned(),
            result: rng.pick(["1G", "1B", "3A", "2A"]).to_owned(),
        });
    }
    if rng.percent(50) {
        claim.details.setting.residence = rng.pick([Some(0), Some(1), Some(3), Some(4)]);
    }
    match rng.between(1, 30) {
        1 | 2 => claim.details.setting.level_of_service = Some(3),
        3 => claim.details.authorization = Some(ClaimedAuthorization { kind: 8, number: 0 }),
        _ => {}
    }
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
pub(crate) fn quantity(drug: &Drug, days: u16, rng: &mut Rng) -> Quantity {
    let usual = usual(drug, days);
    if rng.percent(60) {
        return usual;
    }
    let usual = i128::from(usual.thousandths());
    let near = [usual * 2, usual / 2, usual + 1, usual - 1];
    let round = [9_000, 9_001, 30_000, 10_000, 4_500, 6_000, 1];
    thousandths(if rng.percent(50) { rng.pick(near) } else { rng.pick(round) })
}

/// Usual and customary charge and gross amount due, sometimes within cents of the contract; a
/// careful pharmacy seldom meets other payers and members who submit their claims themselves.
fn charges(rules: &Rules, claim: &mut Claim, drug: &Drug, careful: bool, rng: &mut Rng) {
    let day = claim.key.date_of_service;
    let Some(cost) = rules.listed_cost(drug, claim.drug.quantity.thousandths(), day) else {
        return;
    };
    let Ok(cost) = i64::try_from(cost) else { return };
    let cost = cost.min(MOST_ASKED.get());
    let charge = |rng: &mut Rng| {
        let near = cost + rng.between(-2, 2) + rng.pick([0, 100, 150, 1_050]);
        let charge = rng.pick([near, near, cost / 2, cost * 2 + 1_000, cost * 2 + 1_000]);
        asked(charge.max(1))
    };
    if rng.percent(40) {
        claim.usual_and_customary = Some(charge(rng));
    }
    if rng.percent(30) {
        claim.gross_amount_due = charge(rng);
    }
    if rng.percent(if careful { 2 } else { 12 }) {
        payers::answers(claim, cost, rng);
    }
    if rng.percent(12) {
        taxes(claim, rng);
    }
    if rng.percent(15) {
        payers::with_coupon(claim, cost, rng);
    }
    claim.details.member_submitted = rng.percent(if careful { 1 } else { 4 });
}

/// Some products mixed; a careful pharmacy takes generics and sends 420-DK 8.
fn compound(rules: &Rules, claim: &mut Claim, careful: bool, rng: &mut Rng) {
    let cheap = |drug: &&Drug| !careful || drug.kind == ProductKind::Generic;
    let drugs: Vec<_> = rules.drugs.iter().filter(cheap).collect();
    let mut compound = Compound::default();
    for _ in 0..rng.between(1, 4) {
        let Some(drug) = rng.choose(&drugs) else { break };
        let quantity = quantity(drug, claim.drug.days_supply, rng);
        let (ndc, cost) = (drug.ndc, Some(Cents::new(rng.between(0, 9_999))));
        compound.ingredients.push(Ingredient { ndc, quantity, cost, cost_basis: None });
    }
    claim.compound = true;
    claim.drug.ndc = Ndc::NONE;
    claim.details.compound = Some(compound);
    claim.details.level_of_effort = rng.pick([None, Some(11), Some(13), Some(15)]);
    if careful || rng.percent(40) {
        claim.details.clarifications.push(8);
    }
}

/// Charges beside the product, sometimes without what belongs to them.
fn beside(claim: &mut Claim, rng: &mut Rng) {
    let mut some =
        |percent, amounts: [i64; 4]| rng.percent(percent).then(|| Cents::new(rng.pick(amounts)));
    let charges = &mut claim.details.charges;
    charges.incentive = some(50, [0, 1, 1_500, 2_500]);
    charges.flat_tax = some(30, [0, 9, 10, 11]);
    charges.percentage_tax = some(60, [1, 10, 300, 5_000]);
    charges.professional_service_fee = some(5, [0, 1, 1_000, 2_000]);
    for qualifier in [1, 9, 9, 4] {
        if rng.percent(15) {
            let amount = Cents::new(rng.pick([0, 1, 499, 501]));
            charges.other_amounts.push(QualifiedAmount { qualifier, amount });
        }
    }
    charges.tax_rate = rng.percent(95).then(|| rng.pick([1, 62_500, 70_000, 133_333]));
    charges.tax_basis = rng.percent(95).then(|| rng.pick(TaxBasis::ALL));
    if rng.percent(70) {
        claim.details.professional_services.push("MA".to_owned());
    }
}

/// Sales tax, asked for as it should be: the gross amount due has it in its sum.
fn taxes(claim: &mut Claim, rng: &mut Rng) {
    let charges = &mut claim.details.charges;
    let (flat, percentage) = (rng.pick([0, 75]), rng.pick([300, 5_000, 50_000]));
    charges.flat_tax = Some(Cents::new(flat)).filter(|flat| *flat > Cents::ZERO);
    charges.percentage_tax = Some(Cents::new(percentage));
    claim.gross_amount_due = asked(claim.gross_amount_due.get() + flat + percentage);
    charges.tax_rate = Some(rng.pick([62_500, 70_000, 133_333]));
    charges.tax_basis = Some(rng.pick([TaxBasis::IngredientCost, TaxBasis::IngredientCostAndFee]));
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
