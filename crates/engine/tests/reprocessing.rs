//! What comes late is put right: by hand on the sample book, and against histories in which it
//! had been right from the start.

use std::collections::BTreeMap;
use std::sync::Arc;

use openpbm_book::Book;
use openpbm_core::{
    Account, Adjustment, BillingKey, Cents, Claim, ClaimId, Coverage, Details, Difference, DrugUse,
    Entry, Event, Family, Fill, Member, Paid, PrescriptionNumber, Quantity, RejectCode, Timestamp,
};
use openpbm_engine::ledger;
use openpbm_engine::reprocessing::{Origin, Stamps, decide_again, reprocess};
use openpbm_engine::transaction::{Answer, Request};
use proptest::prelude::{Strategy, any};
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::tables::notation::date;
use crate::tables::part_d::moved;
use crate::workload::{Carried, Sent, household, reversal, year};
use crate::{books, cast};

/// What was billed, by the id of the decision.
fn claims(journal: &[Entry]) -> BTreeMap<ClaimId, Arc<Claim>> {
    let billed = journal.iter().filter_map(|entry| match &entry.event {
        Event::Decided { claim, .. } => Some((entry.id, claim.clone())),
        _ => None,
    });
    billed.collect()
}

/// Decides a family's claims again, and takes it on. Every adjustment must say what its place in
/// the journal leads to.
pub(crate) fn put_right(carried: &mut Carried) -> Vec<Adjustment> {
    let claims = claims(&carried.journal);
    let book = carried.book.clone();
    let origin = |id| Some(Origin { claim: claims.get(&id)?.clone(), book: book.clone() });
    let mut count = 0;
    let next_id = &mut || {
        count += 1;
        ClaimId::new(1_000_000, count)
    };
    let recorded = Timestamp::from_millis(1_000_000);
    let mut stamps = Stamps { recorded, next_id, because: None };
    let entries = reprocess(&carried.family, &origin, &mut stamps).unwrap();
    let mut adjustments = Vec::new();
    for entry in entries {
        let Event::Adjusted(adjustment) = &entry.event else { panic!("{entry:?}") };
        check(&book, &carried.family, adjustment);
        ledger::apply(&mut carried.family, &entry).unwrap();
        adjustments.push((**adjustment).clone());
        carried.journal.push(entry);
    }
    adjustments
}

fn check(book: &Book, family: &Family, adjustment: &Adjustment) {
    let fill = family.dispensed().find(|fill| fill.id == adjustment.of).unwrap();
    let again = decide_again(book, family, &adjustment.claim, fill).unwrap();
    assert_eq!(again, *adjustment.adjudication);
    again.check_sums().unwrap();
    let Difference { member, plan } = adjustment.difference().unwrap();
    assert_eq!(member.plus(plan).unwrap(), Cents::ZERO);
    if let Some(paid) = again.paid() {
        assert_eq!(paid.price().unwrap(), adjustment.answered.price().unwrap());
    }
}

/// A claim at Harborview for 30 days.
pub(crate) fn claim(member: &str, day: &str, drug: &str, prescription: u64) -> Claim {
    let person = cast::person(member);
    Claim {
        key: BillingKey {
            pharmacy: cast::provider("Harborview"),
            prescription: PrescriptionNumber::new(prescription).unwrap(),
            fill: 0,
            date_of_service: date(day),
        },
        received: date(day),
        group: Some(person.group()),
        cardholder: person.card,
        person_code: Some(person.member.person_code),
        birth: person.member.birth,
        sex: person.member.sex,
        pregnant: false,
        prescriber: cast::provider("Diaz"),
        drug: DrugUse { ndc: cast::drug(drug), quantity: Quantity::units(30), days_supply: 30 },
        daw: 0,
        compound: false,
        other_coverage: None,
        usual_and_customary: None,
        gross_amount_due: Cents::new(99_999_999),
        diagnoses: Vec::new(),
        dur_overrides: Vec::new(),
        details: Details::default(),
    }
}

fn family_of(member: &str) -> Carried {
    Carried::new(cast::on_card(cast::person(member).card))
}

pub(crate) fn patient(carried: &mut Carried, claim: &Claim) -> String {
    match carried.bill(claim) {
        Answer::Decided { adjudication, .. } => {
            adjudication.paid().unwrap().patient_pay().unwrap().to_string()
        }
        other => panic!("{other:?}"),
    }
}

/// The prescription, what the patient pays now or the code, and what the member owes more.
pub(crate) fn said(adjustments: &[Adjustment]) -> Vec<String> {
    let say = |adjustment: &Adjustment| {
        let now = match adjustment.adjudication.paid() {
            Some(paid) => paid.patient_pay().unwrap().to_string(),
            None => {
                let codes = adjustment.adjudication.rejections();
                codes.iter().map(|r| r.code.code()).collect::<Vec<_>>().join(" ")
            }
        };
        let member = adjustment.difference().unwrap().member;
        format!("{}: {now}, {member}", adjustment.claim.key.prescription.number())
    };
    adjustments.iter().map(say).collect()
}

fn standing(carried: &Carried, member: &str) -> String {
    let person = cast::person(member).member.person_code;
    let found = carried.family.accumulators.iter().find(|a| a.person == person);
    found.map_or("nothing".to_owned(), |a| format!("{} {}", a.deductible, a.out_of_pocket))
}

/// The member as enrolled, but for the last day covered.
pub(crate) fn until(member: &str, to: Option<&str>) -> Request {
    let mut member = cast::person(member).member.clone();
    member.coverage[0].to = to.map(date);
    Request::Enrollment(vec![member])
}

#[test]
fn a_late_reversal_opens_the_deductible_for_what_came_after() {
    // Jardiance costs 340.75: 250.00 and a copay of 45.00. Januvia costs 321.30: a copay.
    let mut ana = family_of("Ana");
    let first = claim("Ana", "01-05", "Jardiance 10", 1);
    assert_eq!(patient(&mut ana, &first), "295.00");
    assert_eq!(patient(&mut ana, &claim("Ana", "01-06", "Januvia 100", 2)), "45.00");
    ana.ask(&Request::Reversal(reversal(&first.key)));
    assert_eq!(standing(&ana, "Ana"), "0.00 45.00");
    // Without Jardiance, Januvia meets the deductible: 250.00 and the copay out of 71.30.
    assert_eq!(said(&put_right(&mut ana)), ["2: 295.00, 250.00"]);
    assert_eq!(standing(&ana, "Ana"), "250.00 295.00");
    assert_eq!(put_right(&mut ana), []);
}

#[test]
fn only_whose_amounts_depend_on_it_are_adjusted() {
    let mut ana = family_of("Ana");
    let first = claim("Ana", "01-05", "Jardiance 10", 1);
    assert_eq!(patient(&mut ana, &first), "295.00");
    assert_eq!(patient(&mut ana, &claim("Luis", "01-06", "Jardiance 10", 2)), "295.00");
    // Two persons have met their own, so the family's 500.00 are met for Mia.
    assert_eq!(patient(&mut ana, &claim("Mia", "01-07", "Januvia 100", 3)), "45.00");
    ana.ask(&Request::Reversal(reversal(&first.key)));
    // Luis paid his own 250.00 all along; of the family's, 250.00 are open for Mia again.
    assert_eq!(said(&put_right(&mut ana)), ["3: 295.00, 250.00"]);
    assert_eq!(standing(&ana, "Ana"), "nothing");
    assert_eq!(standing(&ana, "Luis"), "250.00 295.00");
    assert_eq!(standing(&ana, "Mia"), "250.00 295.00");
}

#[test]
fn coverage_that_ended_earlier_and_is_given_back() {
    let mut ana = family_of("Ana");
    patient(&mut ana, &claim("Ana", "01-05", "Jardiance 10", 1));
    let second = claim("Ana", "01-06", "Januvia 100", 2);
    assert_eq!(patient(&mut ana, &second), "45.00");
    ana.ask(&until("Ana", Some("01-05")));
    // The plan paid 321.30 - 45.00 for a day on which nobody was covered.
    let adjustments = put_right(&mut ana);
    assert_eq!(said(&adjustments), ["2: 69, 276.30"]);
    assert_eq!(adjustments[0].adjudication.rejections()[0].code, RejectCode::CoverageTerminated);
    assert_eq!(standing(&ana, "Ana"), "250.00 295.00");
    assert_eq!((ana.family.fills.len(), ana.family.uncovered.len()), (1, 1));
    // Sent again it is answered as it was: the pharmacy has been paid. Another content is told so.
    let Answer::Duplicate(fill) = ana.bill(&second) else { panic!("no duplicate") };
    assert_eq!(fill.paid.patient_pay().unwrap().to_string(), "45.00");
    // Covered again, it is as it was.
    ana.ask(&until("Ana", None));
    assert_eq!(said(&put_right(&mut ana)), ["2: 45.00, -276.30"]);
    assert_eq!((ana.family.fills.len(), ana.family.uncovered.len()), (2, 0));
    assert_eq!(standing(&ana, "Ana"), "250.00 340.00");
}

#[test]
fn an_early_claim_that_comes_late_takes_its_turn() {
    let mut ana = family_of("Ana");
    assert_eq!(patient(&mut ana, &claim("Ana", "02-06", "Januvia 100", 1)), "295.00");
    // At the counter the deductible is met already.
    let late = Claim { received: date("02-07"), ..claim("Ana", "01-05", "Jardiance 10", 2) };
    assert_eq!(patient(&mut ana, &late), "45.00");
    // It should have been met a month earlier: what one owes the other gets back.
    let adjustments = put_right(&mut ana);
    assert_eq!(said(&adjustments), ["2: 295.00, 250.00", "1: 45.00, -250.00"]);
    assert_eq!(standing(&ana, "Ana"), "250.00 340.00");
    // The pharmacy that takes an adjusted claim back gives back what it got and collected; the
    // 250.00 that the member was asked for are settled back beside it.
    let answer = ana.ask(&Request::Reversal(reversal(&late.key)));
    assert!(matches!(answer, Answer::Reversed { .. }), "{answer:?}");
    let Event::Reversed { undoes, .. } = &ana.journal.last().unwrap().event else {
        panic!("no reversal")
    };
    let settled = Difference { member: Cents::new(25_000), plan: Cents::new(-25_000) };
    assert_eq!(*undoes, Some(settled));
    assert_eq!(standing(&ana, "Ana"), "0.00 45.00");
    assert_eq!(said(&put_right(&mut ana)), ["1: 295.00, 250.00"]);
    // It is as it was first answered, and nothing of its adjustments is left to undo.
    ana.ask(&Request::Reversal(reversal(&claim("Ana", "02-06", "Januvia 100", 1).key)));
    let Event::Reversed { undoes, .. } = &ana.journal.last().unwrap().event else {
        panic!("no reversal")
    };
    assert_eq!(*undoes, None);
}

#[test]
fn what_turned_out_not_to_be_covered_can_be_taken_back() {
    let mut ana = family_of("Ana");
    let only = claim("Ana", "01-06", "Januvia 100", 1);
    assert_eq!(patient(&mut ana, &only), "295.00");
    ana.ask(&until("Ana", Some("01-05")));
    // 321.30 - 295.00.
    assert_eq!(said(&put_right(&mut ana)), ["1: 69, 26.30"]);
    // Another content under its key is told that it is paid.
    let other = Claim { daw: 1, drug: DrugUse { days_supply: 20, ..only.drug }, ..only.clone() };
    let Answer::Decided { adjudication, .. } = ana.bill(&other) else { panic!("not decided") };
    let codes: Vec<_> = adjudication.rejections().iter().map(|r| r.code).collect();
    assert!(codes.contains(&RejectCode::CoverageTerminated), "{codes:?}");
    let answer = ana.ask(&Request::Reversal(reversal(&only.key)));
    assert!(matches!(answer, Answer::Reversed { .. }), "{answer:?}");
    assert_eq!((ana.family.uncovered.len(), ana.family.reversed.len()), (0, 1));
    assert_eq!(standing(&ana, "Ana"), "nothing");
    assert_eq!(put_right(&mut ana), []);
}

#[test]
fn another_group_pays_by_its_plan_and_the_pharmacy_keeps_its_price() {
    let mut ana = family_of("Ana");
    let claim = claim("Ana", "01-05", "lisinopril 10", 1);
    patient(&mut ana, &claim);
    let price = ana.family.fills[0].paid.price().unwrap();
    let mut member = cast::person("Ana").member.clone();
    let from = member.coverage[0].from;
    member.coverage = vec![Coverage { group: "CSCMCD".parse().unwrap(), from, to: None }];
    ana.ask(&Request::Enrollment(vec![member]));
    // A generic costs 1.00 under Medicaid, whose contract would pay 10.50 for dispensing.
    let adjustments = put_right(&mut ana);
    let paid = adjustments[0].adjudication.paid().unwrap();
    assert_eq!((paid.group.as_str(), paid.patient_pay().unwrap()), ("CSCMCD", Cents::new(100)));
    assert_eq!(paid.price().unwrap(), price);
    assert_eq!(put_right(&mut ana), []);
}

/// Nina leaves one group of Medicare for another in July; what comes late of January's puts July's
/// right. The arithmetic is that of `tables/part_d/moved.rs`.
#[test]
fn what_comes_late_follows_a_member_to_another_group_of_medicare() {
    let (_, moved) = moved::BOOKS[0];
    let book = Arc::new(books::with(moved));
    let nina = || Carried::under(book.clone(), cast::on_card(cast::person("Nina").card));
    let mut january = claim("Nina", "01-05", "Eliquis 5", 1);
    january.drug.quantity = Quantity::units(60);
    january.received = date("07-20");
    let july = Claim {
        group: Some("CSCEGW".parse().unwrap()),
        ..claim("Nina", "07-10", "Celebrex 200", 2)
    };

    let mut late = nina();
    // All of it in the deductible, until it is known that 232.50 of that were met.
    assert_eq!(patient(&mut late, &july), "476.14");
    assert_eq!(patient(&mut late, &january), "232.50");
    let adjustments = put_right(&mut late);
    assert_eq!(said(&adjustments), ["2: 405.91, -70.23"]);
    let part_d = adjustments[0].adjudication.part_d.as_deref().unwrap();
    assert_eq!(part_d.gross_so_far, Cents::new(70_864));
    assert_eq!(put_right(&mut late), []);

    let mut early = nina();
    assert_eq!(patient(&mut early, &january), "232.50");
    assert_eq!(patient(&mut early, &july), "405.91");
    assert_eq!(late.family.accumulators, early.family.accumulators);
    // Taken back, it is met no more.
    early.ask(&Request::Reversal(reversal(&january.key)));
    assert_eq!(said(&put_right(&mut early)), ["2: 476.14, 70.23"]);
    assert_eq!(put_right(&mut early), []);
}

/// What each claim comes to, by its place in the order of service, without where the balances
/// stood by then.
fn amounts(family: &Family) -> Vec<(BillingKey, Vec<Option<Cents>>)> {
    let mut fills: Vec<&Fill> = family.fills.iter().collect();
    fills.sort_by_key(|fill| fill.order());
    let balances = |paid: &Paid| Account::ALL.map(|account| paid.balance(account)).to_vec();
    fills.into_iter().map(|fill| (fill.key, balances(&fill.paid))).collect()
}

/// The members, with other days covered for some of them.
fn changed(members: &[Member], ends: &[(usize, i64, i64)]) -> Vec<Member> {
    let mut changed = members.to_vec();
    for (person, from, days) in ends {
        let place = person % changed.len();
        let span = &mut changed[place].coverage[0];
        span.from = date("01-01").plus_days(*from);
        span.to = (*days < 300).then(|| span.from.plus_days(*days));
    }
    changed
}

/// Bills what was dispensed in the order of service to a family that is as it is known now;
/// `None` if a claim is refused for something that is asked before a drug is dispensed.
fn right_from_the_start(late: &Carried) -> Option<Family> {
    let claims = claims(&late.journal);
    let mut history = Carried::new(late.family.members.clone());
    let mut order: Vec<&Fill> = late.family.dispensed().collect();
    order.sort_by_key(|fill| fill.order());
    for fill in order {
        let Answer::Decided { adjudication, .. } = history.bill(&claims[&fill.id]) else {
            return None;
        };
        let is_coverage = |code| {
            [RejectCode::CoverageTerminated, RejectCode::BeforeCoverage, RejectCode::NotCovered]
                .contains(&code)
        };
        if !adjudication.rejections().iter().all(|rejection| is_coverage(rejection.code)) {
            return None;
        }
    }
    Some(history.family)
}

#[test]
fn it_is_as_if_it_had_been_right_from_the_start() {
    let ends = proptest::collection::vec((any::<usize>(), 0..90_i64, 30..400_i64), 0..3);
    let group = proptest::prelude::prop_oneof![household("CSCPPO"), household("CSCHDHP")];
    let strategy = (group, year(), year(), ends);
    let mut runner = TestRunner::deterministic();
    let (mut compared, mut adjusted, mut uncovered) = (0, 0, 0);
    for _ in 0..2_000 {
        let (members, early, later, ends) = strategy.new_tree(&mut runner).unwrap().current();
        let mut late = Carried::new(members.clone());
        let send = |late: &mut Carried, sent: &[Sent]| {
            for sent in sent.iter().take(12) {
                late.send(sent);
            }
        };
        send(&mut late, &early);
        late.ask(&Request::Enrollment(changed(&members, &ends)));
        put_right(&mut late);
        // And once more: what came since is decided on what was put right.
        send(&mut late, &later);
        let adjustments = put_right(&mut late);
        assert_eq!(put_right(&mut late), [], "the second time there is nothing to do");
        let mut folded = Family::unknown(late.family.id);
        late.journal.iter().for_each(|entry| ledger::apply(&mut folded, entry).unwrap());
        assert_eq!(folded, late.family);
        let Some(right) = right_from_the_start(&late) else { continue };
        assert_eq!(amounts(&late.family), amounts(&right));
        assert_eq!(late.family.accumulators, right.accumulators);
        compared += 1;
        adjusted += usize::from(!adjustments.is_empty());
        uncovered += usize::from(!late.family.uncovered.is_empty());
    }
    assert!(
        compared > 1_000 && adjusted > 300 && uncovered > 100,
        "compared {compared}, adjusted {adjusted}, uncovered {uncovered}"
    );
}
