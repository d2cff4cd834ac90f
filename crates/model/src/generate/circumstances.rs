//! What few members have: an exemption from cost sharing, and on file an income, an
//! authorization, another payer, a low-income subsidy.

use openpbm_core::{Cents, Circumstances, During, ExemptGroup};

use super::{Rng, day, payers};

/// Mostly nothing.
pub(super) fn of(rng: &mut Rng) -> Circumstances {
    let mut circumstances = Circumstances::default();
    if rng.percent(12) {
        let (_, group) = rng.pick(ExemptGroup::ALL);
        circumstances.exempt.push(during(group, rng));
    }
    if rng.percent(25) {
        // Of which 5% in a month are from a cent to a few dollars, and what is not a whole cent.
        let income = Cents::new(rng.pick([20, 1_990, 4_010, 9_999, 20_000, 150_000]));
        circumstances.monthly_income.push(during(income, rng));
    }
    if rng.percent(15) {
        let payer = payers::on_file(rng);
        circumstances.other_coverage.push(during(payer, rng));
    }
    if rng.percent(15) {
        // Ozempic, Farxiga, oxycodone with acetaminophen.
        let drug = rng.pick(["00169413013", "00310621030", "00406052301"]);
        circumstances.authorizations.extend(drug.parse().ok().map(|ndc| during(ndc, rng)));
    }
    // Half of them for ever; some lose it, gain it, or change its level in the year.
    if rng.percent(40) {
        let (first, split) = (during(rng.pick([1, 2, 3]), rng), rng.pick([1, 2, 3]));
        let next = first.to.map(|to| During { what: split, from: Some(to.plus_days(1)), to: None });
        circumstances.low_income.push(first);
        circumstances.low_income.extend(next.filter(|_| rng.percent(50)));
    }
    circumstances
}

/// For ever, or from or until a day of the year.
fn during<T>(what: T, rng: &mut Rng) -> During<T> {
    let day = day(rng.between(0, 330));
    let (from, to) = rng.pick([(None, None), (None, None), (Some(day), None), (None, Some(day))]);
    During { what, from, to }
}
