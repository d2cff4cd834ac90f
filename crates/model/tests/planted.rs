//! Would a mistake be noticed? Some are planted, in what the engine shows, not in the engine; each
//! must be found within the default number of claims, and shrunk to something a person can read.

use std::sync::Arc;

use openpbm_book::Book;
use openpbm_core::{Account, Adjudication, Cents, Family, Finding, Outcome, Paid, PlanFinding};
use openpbm_engine::transaction::{Answer, Decision, Request, Stamp, decide};
use openpbm_model::Find;

use crate::engine::Twist;
use crate::setting::{CLAIMS, against, sample};

/// The find that a twist leads to.
fn found(twist: Twist) -> Find {
    let base = sample();
    let outcome = against(&base, Some(twist)).hunt(2026, CLAIMS, |_| {}).unwrap();
    let find = *outcome.expect_err("the planted mistake was not noticed");
    assert!(find.tally.claims < CLAIMS);
    assert!(find.case.events.len() <= 3, "not shrunk: {:#?}", find.case);
    find
}

/// Changes the amounts of a paid claim.
fn repaid(mut decision: Decision, change: fn(&Adjudication, &mut Paid)) -> Decision {
    if let Answer::Decided { adjudication, .. } = &mut decision.answer {
        let honest = adjudication.clone();
        if let Outcome::Paid(paid) = &mut Arc::make_mut(adjudication).outcome {
            change(&honest, paid);
        }
    }
    decision
}

/// The percentage that applied to what the deductible left, in hundredths of a percent.
fn coinsurance(adjudication: &Adjudication) -> Option<i64> {
    adjudication.steps.iter().find_map(|step| match step.finding {
        Finding::Coinsurance { rate, .. } => Some(i64::from(rate.basis_points())),
        _ => None,
    })
}

/// Half a cent goes to the even one, as in a bank, instead of up.
fn rounds_half_to_even(book: &Book, family: &Family, request: &Request, stamp: Stamp) -> Decision {
    repaid(decide(book, family, request, stamp), |honest, paid| {
        let Some(rate) = coinsurance(honest) else { return };
        let of = paid.price().unwrap().get() - paid.deductible.get();
        let (whole, rest) = (of * rate / 10_000, of * rate % 10_000);
        if rest == 5_000 && whole % 2 == 0 && paid.coinsurance.get() == whole + 1 {
            paid.coinsurance = Cents::new(whole);
        }
    })
}

/// A claim across the deductible pays its share of the whole price.
fn shares_the_deductible(
    book: &Book,
    family: &Family,
    request: &Request,
    stamp: Stamp,
) -> Decision {
    repaid(decide(book, family, request, stamp), |honest, paid| {
        let Some(rate) = coinsurance(honest) else { return };
        let price = paid.price().unwrap().get();
        let share = (price * rate + 5_000) / 10_000;
        let most = price - paid.deductible.get() - paid.product_selection.get();
        paid.coinsurance = Cents::new(share.min(most));
    })
}

/// Each person is looked at as if the others had paid nothing.
fn forgets_the_family(book: &Book, family: &Family, request: &Request, stamp: Stamp) -> Decision {
    let mut alone = family.clone();
    if let Request::Billing(claim) | Request::Rebill(claim) = request {
        alone.accumulators.retain(|a| claim.person_code.is_none_or(|person| a.person == person));
    }
    decide(book, &alone, request, stamp)
}

/// Knows nothing of the medical side.
fn forgets_the_medical_side(
    book: &Book,
    family: &Family,
    request: &Request,
    stamp: Stamp,
) -> Decision {
    let family = Family { medical: Vec::new(), ..family.clone() };
    decide(book, &family, request, stamp)
}

/// Each part of a fill bears all of the copay.
fn asks_twice_for_a_fill(
    book: &Book,
    family: &Family,
    request: &Request,
    stamp: Stamp,
) -> Decision {
    repaid(decide(book, family, request, stamp), |honest, paid| {
        let borne = honest.steps.iter().find_map(|step| match (&step.finding, step.amount?) {
            (Finding::Plan(PlanFinding::BorneByPart { whole }), change) => {
                (change.account == Account::Copay).then_some(*whole)
            }
            _ => None,
        });
        paid.copay = borne.unwrap_or(paid.copay);
    })
}

#[test]
fn a_mistake_about_a_fill_in_two_parts_is_found() {
    let find = found(asks_twice_for_a_fill);
    let (expected, seen) = paid(&find);
    assert!(expected.copay < seen.copay, "{}", find.disagreement);
}

#[test]
fn a_mistake_about_the_medical_side_is_found() {
    let find = found(forgets_the_medical_side);
    let (right, wrong) = paid(&find);
    // A relative's medical costs show in what is left of the family's alone.
    assert_ne!(right, wrong, "{find:?}");
}

#[test]
fn a_mistake_in_rounding_is_found() {
    let find = found(rounds_half_to_even);
    let (expected, seen) = paid(&find);
    assert_eq!(expected.coinsurance.get() - seen.coinsurance.get(), 1, "{}", find.disagreement);
}

#[test]
fn a_mistake_across_the_deductible_is_found() {
    let find = found(shares_the_deductible);
    let (expected, seen) = paid(&find);
    assert!(expected.coinsurance != seen.coinsurance, "{}", find.disagreement);
}

#[test]
fn a_mistake_about_the_family_is_found() {
    let find = found(forgets_the_family);
    assert!(find.case.members.len() >= 2, "{}", find.disagreement);
    let (expected, seen) = paid(&find);
    assert_ne!(expected, seen);
}

fn paid(find: &Find) -> (Paid, Paid) {
    let amounts = |seen: &Option<openpbm_model::Observation>| seen.clone().unwrap().answer.paid;
    let (expected, found) = (&find.disagreement.expected, &find.disagreement.found);
    (amounts(expected).unwrap(), amounts(found).unwrap())
}
