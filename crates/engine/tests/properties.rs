//! What holds of any family and anything its pharmacies send.

use std::sync::Arc;

use std::collections::BTreeMap;

use openpbm_book::Book;
use openpbm_core::{
    Accumulator, Adjudication, BillingKey, Cents, Claim, Counted, Date, DrugUse, DurOverride,
    Entry, Family, Fill, Outcome, Paid, PrescriptionNumber, Quantity, Sex,
};
use openpbm_engine::drug_event::{Phase, drug_event};
use openpbm_engine::transaction::{Answer, Request};
use openpbm_engine::{adjudicate, ledger};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::books::sample;
use crate::placing::drugs;
use crate::workload::{Carried, anybody, reversal, sketch, year};

/// What a claim was allowed to cost, and what it cost.
fn check_money(claim: &Claim, adjudication: &Adjudication) {
    adjudication.check_sums().unwrap();
    let Some(paid) = adjudication.paid() else { return };
    let (price, patient) = (paid.price().unwrap(), paid.patient_pay().unwrap());
    assert_eq!(patient.plus(paid.plan_pays().unwrap()).unwrap(), price);
    assert!(price <= claim.gross_amount_due);
    assert!(claim.usual_and_customary.is_none_or(|charge| price <= charge));
    let parts = [
        paid.ingredient_cost,
        paid.dispensing_fee,
        paid.deductible,
        paid.copay,
        paid.coinsurance,
        paid.product_selection,
        paid.plan_pays().unwrap(),
    ];
    assert!(parts.iter().all(|part| !part.is_negative()), "{paid:?}");
    check_drug_event(claim, adjudication);
}

/// What CMS is told of a claim of Part D comes to what the pharmacy is paid, by phases as by
/// payers.
fn check_drug_event(claim: &Claim, adjudication: &Adjudication) {
    let paid = adjudication.paid().unwrap();
    let date = claim.key.date_of_service;
    let group = sample().group(paid.group).unwrap().on(date).unwrap();
    let event = drug_event(sample().plan(group, date).unwrap(), adjudication).unwrap();
    assert_eq!(event.is_some(), adjudication.part_d.is_some());
    let Some(event) = event else { return };
    let gross = paid.price().unwrap();
    assert_eq!(event.gross().unwrap(), gross, "{event:?}");
    assert_eq!(event.gdcb.plus(event.gdca).unwrap(), gross, "{event:?}");
    assert_eq!(event.payers().unwrap(), gross, "{event:?}");
    let counted = [event.patient_pay, event.lics, event.other_troop, event.npp.max(Cents::ZERO)];
    let part_d = adjudication.part_d.as_ref().unwrap();
    assert_eq!(Cents::sum(counted).unwrap(), part_d.toward_threshold, "{event:?}");
    let is_met = event.catastrophic_code() != "";
    assert!(is_met || event.gdca == Cents::ZERO, "{event:?}");
    assert!(event.begins != Phase::Catastrophic || event.gdcb == Cents::ZERO, "{event:?}");
}

/// The accumulators that the fills add up to, without those that are zero.
fn summed(fills: &[Fill]) -> Vec<Accumulator> {
    let mut sums: BTreeMap<_, Accumulator> = BTreeMap::new();
    for fill in fills {
        let Paid { person, group, plan_year, .. } = fill.paid;
        let counted = Counted::of(&fill.paid, fill.part_d.as_deref()).unwrap();
        let sum = sums
            .entry((person, group, plan_year))
            .or_insert_with(|| Accumulator::empty(person, group, plan_year));
        sum.deductible = sum.deductible.plus(counted.deductible).unwrap();
        sum.out_of_pocket = sum.out_of_pocket.plus(counted.out_of_pocket).unwrap();
        if let Some(counted) = counted.part_d {
            let year = sum.part_d.get_or_insert_default();
            year.gross = year.gross.plus(counted.gross).unwrap();
        }
    }
    sums.into_values().filter(|sum| !sum.is_zero()).collect()
}

/// Nobody, and no family, has paid more than the sample's prose lets them.
fn check_limits(family: &Family) {
    let group = family.members[0].coverage[0].group;
    let alone = family.members.len() == 1;
    // Dollars: deductible of a person and the family, out of pocket of a person and the family.
    let limits = match group.as_str() {
        "CSCPPO" => [250, 500, 3000, 6000],
        "CSCHDHP" if alone => [1700, 1700, 4000, 8000],
        "CSCHDHP" => [3400, 3400, 4000, 8000],
        _ => return,
    };
    let limits = limits.map(|dollars| Cents::new(dollars * 100));
    let all = |amount: fn(&Accumulator) -> Cents| {
        Cents::sum(family.accumulators.iter().map(amount)).unwrap()
    };
    assert!(family.accumulators.iter().all(|a| a.deductible <= limits[0]), "{family:?}");
    assert!(all(|a| a.deductible) <= limits[1], "{family:?}");
    assert!(family.accumulators.iter().all(|a| a.out_of_pocket <= limits[2]), "{family:?}");
    assert!(all(|a| a.out_of_pocket) <= limits[3], "{family:?}");
}

/// What a reversal must leave as it was.
fn state(family: &Family) -> serde_json::Value {
    serde_json::json!([family.members, family.fills, family.accumulators])
}

fn through_json(entry: &Entry) -> Entry {
    serde_json::from_str(&serde_json::to_string(entry).unwrap()).unwrap()
}

/// So many cases. A failing one is printed whole, so no file remembers it.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn decisions_add_up_and_limits_hold(members in anybody(), year in year()) {
        let mut carried = Carried::new(members);
        for sent in &year {
            let Some((request, answer)) = carried.send(sent) else { continue };
            if let (Request::Billing(claim) | Request::Rebill(claim),
                    Answer::Decided { adjudication, .. }) = (&request, &answer) {
                check_money(claim, adjudication);
            }
            check_limits(&carried.family);
            prop_assert_eq!(&carried.family.accumulators, &summed(&carried.family.fills));
        }
    }

    #[test]
    fn a_reversal_leaves_the_family_as_it_was(members in anybody(), year in year()) {
        let mut carried = Carried::new(members);
        for sent in &year {
            let before = state(&carried.family);
            let Some((Request::Billing(claim), Answer::Decided { adjudication, .. })) =
                carried.send(sent) else { continue };
            if adjudication.paid().is_none() {
                prop_assert_eq!(before, state(&carried.family));
                continue;
            }
            let after = state(&carried.family);
            let taken = carried.ask(&Request::Reversal(reversal(&claim.key)));
            let reversed = matches!(taken, Answer::Reversed { .. });
            prop_assert!(reversed, "{:?}", taken);
            prop_assert_eq!(before, state(&carried.family));
            // And billed anew it is as it was before the reversal, but for its id.
            carried.bill(&claim);
            let last = carried.family.fills.len() - 1;
            let mut anew = state(&carried.family);
            anew[1][last]["id"] = after[1][last]["id"].clone();
            prop_assert_eq!(after, anew);
        }
    }

    #[test]
    fn a_late_reversal_takes_its_own_fill_only(
        members in anybody(), year in year(), which in any::<usize>(),
    ) {
        let mut carried = Carried::new(members);
        for sent in &year {
            carried.send(sent);
        }
        let mut fills = carried.family.fills.clone();
        prop_assume!(!fills.is_empty());
        let taken = fills.remove(which % fills.len());
        carried.ask(&Request::Reversal(reversal(&taken.key)));
        prop_assert_eq!(&carried.family.fills, &fills);
        prop_assert_eq!(&carried.family.accumulators, &summed(&fills));
    }

    #[test]
    fn families_do_not_matter_to_each_other(
        one in (anybody(), year()), other in (anybody(), year()), turns in vec(any::<bool>(), 50),
    ) {
        let alone = |(members, year): &(Vec<_>, Vec<_>)| {
            let mut carried = Carried::new(members.clone());
            let answers: Vec<_> = year.iter().map(|sent| carried.send(sent)).collect();
            (answers, carried.family)
        };
        let expected = [alone(&one), alone(&other)];
        let mut both = [Carried::new(one.0.clone()), Carried::new(other.0.clone())];
        let mut left = [one.1.iter(), other.1.iter()];
        let mut answers = [Vec::new(), Vec::new()];
        for turn in turns.iter().copied().chain([false, true].repeat(25)) {
            let turn = usize::from(turn);
            if let Some(sent) = left[turn].next() {
                answers[turn].push(both[turn].send(sent));
            }
        }
        for ((expected, family), (answers, carried)) in
            expected.into_iter().zip(answers.into_iter().zip(both))
        {
            prop_assert_eq!(expected, answers);
            prop_assert_eq!(family, carried.family);
        }
    }

    #[test]
    fn the_journal_is_the_family(members in anybody(), year in year()) {
        let mut carried = Carried::new(members);
        for sent in &year {
            carried.send(sent);
        }
        let mut folded = Family::unknown(carried.family.id);
        for entry in &carried.journal {
            let read = through_json(entry);
            prop_assert_eq!(&read, entry);
            ledger::apply(&mut folded, &read).unwrap();
        }
        prop_assert_eq!(folded, carried.family);
    }

    #[test]
    fn a_decision_depends_on_nothing_else(members in anybody(), year in year(), next in sketch()) {
        let mut carried = Carried::new(members);
        for sent in &year {
            carried.send(sent);
        }
        let claim = next.claim(&carried.family);
        let first = adjudicate(sample(), &carried.family, &claim);
        // The same documents read a second time are the same book.
        let again = Book::load(std::path::Path::new(crate::books::SAMPLE)).unwrap();
        prop_assert_eq!(first, adjudicate(&again, &carried.family.clone(), &claim.clone()));
    }
}

/// Any claim at all that the types can hold.
fn any_claim() -> impl Strategy<Value = Claim> {
    let day = || {
        (1..=9999_i32, 1..=366_i64)
            .prop_map(|(year, day)| Date::new(year, 1, 1).unwrap().plus_days(day - 1))
    };
    let npi = prop::sample::select(vec!["1999000015", "1999000031", "1999000064", "1999000114"]);
    let ndc = prop_oneof![
        9 => (0..drugs().len()).prop_map(|place| drugs()[place].ndc),
        1 => (1..99_999_999_999_u64).prop_map(|n| format!("{n:011}").parse().unwrap()),
    ];
    let key = (npi.clone(), 1..999_999_999_999_u64, any::<u8>(), day());
    let who = (option::of("[0-9]{1,3}"), day(), option::of(any::<bool>()), any::<bool>(), npi);
    let drug = (ndc, 0..=9_999_999_999_u64, any::<u16>());
    let how = (any::<u8>(), any::<bool>(), option::of(any::<u8>()));
    let money = (option::of(any::<i64>()), any::<i64>());
    let more = (vec("[A-Z0-9é]{0,8}", 0..3), vec(("[A-Z]{2}", "[A-Z0-9]{2}"), 0..3), day());
    (key, who, drug, how, money, more).prop_map(|(key, who, drug, how, money, more)| Claim {
        key: BillingKey {
            pharmacy: key.0.parse().unwrap(),
            prescription: PrescriptionNumber::new(key.1).unwrap(),
            fill: key.2,
            date_of_service: key.3,
        },
        received: more.2,
        group: None,
        cardholder: "CSC900001".parse().unwrap(),
        person_code: who.0.map(|code| code.parse().unwrap()),
        birth: who.1,
        sex: who.2.map(|female| if female { Sex::Female } else { Sex::Male }),
        pregnant: who.3,
        prescriber: who.4.parse().unwrap(),
        drug: DrugUse {
            ndc: drug.0,
            quantity: Quantity::from_thousandths(drug.1).unwrap(),
            days_supply: drug.2,
        },
        daw: how.0,
        compound: how.1,
        other_coverage: how.2,
        usual_and_customary: money.0.map(Cents::new),
        gross_amount_due: Cents::new(money.1),
        diagnoses: more.0,
        dur_overrides: more
            .1
            .into_iter()
            .map(|(reason, result)| DurOverride { reason, service: "M0".to_owned(), result })
            .collect(),
        details: openpbm_core::Details::default(),
    })
}

/// The same claim, of somebody who is covered, on a day of the plan's year, so that it goes far.
fn of_a_member(claim: Claim, family: &Family, day: i64) -> Claim {
    let member = &family.members[0];
    let date = Date::new(2026, 1, 1).unwrap().plus_days(day);
    Claim {
        key: BillingKey { date_of_service: date, ..claim.key },
        received: date,
        person_code: Some(member.person_code),
        birth: member.birth,
        sex: member.sex,
        prescriber: "1999000114".parse().unwrap(),
        ..claim
    }
}

proptest! {
    #![proptest_config(config(512))]

    #[test]
    fn no_claim_panics(
        members in anybody(), year in year(), claim in any_claim(), day in 0..365_i64,
    ) {
        let mut carried = Carried::new(members);
        for sent in year.iter().take(5) {
            carried.send(sent);
        }
        for claim in [of_a_member(claim.clone(), &carried.family, day), claim] {
            let charged = claim.usual_and_customary.is_some_and(Cents::is_negative);
            let adjudication = adjudicate(sample(), &carried.family, &claim);
            if !charged && !claim.gross_amount_due.is_negative() {
                check_money(&claim, &adjudication);
            }
            carried.ask(&Request::Rebill(Arc::new(claim.clone())));
            if !charged && !claim.gross_amount_due.is_negative() {
                carried.bill(&claim);
            }
        }
    }

    #[test]
    fn no_reason_is_told_twice(members in anybody(), next in sketch()) {
        let carried = Carried::new(members);
        let adjudication = adjudicate(sample(), &carried.family, &next.claim(&carried.family));
        if let Outcome::Rejected(codes) = &adjudication.outcome {
            let mut distinct = codes.clone();
            distinct.dedup();
            prop_assert_eq!(&distinct, codes);
        }
    }
}

/// A charge below zero is a mistake of the pharmacy's, and no reason to take money from it.
#[test]
fn a_charge_below_zero_is_never_paid() {
    let person = crate::cast::person("Ana");
    let carried = Carried::new(crate::cast::on_card(person.card));
    let claim = |usual: Option<i64>, due: i64| Claim {
        key: BillingKey {
            pharmacy: crate::cast::provider("Harborview"),
            prescription: PrescriptionNumber::new(1).unwrap(),
            fill: 0,
            date_of_service: "2026-01-10".parse().unwrap(),
        },
        received: "2026-01-10".parse().unwrap(),
        group: None,
        cardholder: person.card,
        person_code: Some(person.member.person_code),
        birth: person.member.birth,
        sex: person.member.sex,
        pregnant: false,
        prescriber: crate::cast::provider("Diaz"),
        drug: DrugUse {
            ndc: crate::cast::drug("lisinopril 10"),
            quantity: Quantity::units(30),
            days_supply: 30,
        },
        daw: 0,
        compound: false,
        other_coverage: None,
        usual_and_customary: usual.map(Cents::new),
        gross_amount_due: Cents::new(due),
        diagnoses: Vec::new(),
        dur_overrides: Vec::new(),
        details: openpbm_core::Details::default(),
    };
    for claim in [claim(Some(-1), 500), claim(None, -1), claim(None, i64::MIN)] {
        let adjudication = adjudicate(sample(), &carried.family, &claim);
        assert!(adjudication.paid().is_none(), "paid {:?}", adjudication.paid());
    }
}
