//! The auditor audited: a right history passes, and every mistake that is planted in the answers
//! or in the journal is found.

mod house;

use std::sync::Arc;

use openpbm_core::{Cents, ClaimId, Entry, Event, RejectCode};
use openpbm_model::auditor::{Finding, Wrong};
use openpbm_model::workload::Request;
use openpbm_model::{Reply, Status};

use house::{House, audit, begin, end, is_first_paid, is_paid, is_rejected, is_reversed, send_all};

/// The one thing that is found after a mistake was planted.
fn found(plant: impl FnOnce(&mut House)) -> Wrong {
    let (workload, mut house) = House::at_work(1, 400);
    plant(&mut house);
    let mut findings = audit(&workload, &house);
    assert_eq!(findings.len(), 1, "{findings:#?}");
    findings.remove(0).wrong
}

#[test]
fn a_right_history_passes() {
    for seed in 0..20 {
        let (workload, house) = House::at_work(seed, 300);
        let findings = audit(&workload, &house);
        assert!(findings.is_empty(), "seed {seed}: {findings:#?}");
    }
}

#[test]
fn the_workload_reaches_every_kind_of_answer() {
    let (_, house) = House::at_work(1, 2_000);
    let count = |status| house.calls.iter().filter(|call| call.reply.status == status).count();
    for status in [Status::Paid, Status::Duplicate, Status::Accepted, Status::Rejected] {
        assert!(count(status) > 30, "{status:?}: {}", count(status));
    }
    for code in [RejectCode::NotPaid, RejectCode::ReversalNotProcessed, RejectCode::RefillTooSoon] {
        assert!(house.calls.iter().any(|call| call.reply.rejects.contains(&code)), "{code}");
    }
    let parts = house.calls.iter().filter(|call| {
        let (Request::Bill(claim) | Request::Rebill(claim)) = &call.operation.request else {
            return false;
        };
        let part = claim.details.partial.as_ref();
        is_first_paid(&call.reply) && part.is_some_and(|part| part.completes.is_some())
    });
    assert!(parts.count() > 5);
    let rebilled = house.journal.values().flatten();
    let rebilled = rebilled.filter(|entry| {
        is_paid(entry) && matches!(&entry.event, Event::Decided { rebills: Some(_), .. })
    });
    assert!(rebilled.count() > 5);
}

#[test]
fn an_answer_with_a_cent_more_is_found() {
    let wrong = found(|house| {
        let call = house.calls.iter_mut().find(|call| is_first_paid(&call.reply)).unwrap();
        let amounts = call.reply.amounts.as_mut().unwrap();
        amounts.plan_pays = Cents::new(amounts.plan_pays.get() + 1);
    });
    assert!(matches!(wrong, Wrong::Contradicts { .. }), "{wrong}");
}

#[test]
fn an_acknowledged_claim_that_is_missing_is_found() {
    let wrong = found(|house| {
        // The last entry of a family, so that no version is missing; not of a rebill, whose
        // reversal would then stand alone.
        let is_billed = |entry: &Entry| {
            is_paid(entry) && matches!(entry.event, Event::Decided { rebills: None, .. })
        };
        let mut families = house.journal.values_mut();
        let entries = families.find(|entries| entries.last().is_some_and(is_billed));
        entries.unwrap().pop();
    });
    assert!(matches!(wrong, Wrong::Missing(_)), "{wrong}");
}

#[test]
fn a_family_that_is_missing_as_a_whole_is_found() {
    let wrong = found(|house| {
        let (family, _) = house.find(is_paid);
        house.journal.remove(&family);
    });
    assert!(matches!(wrong, Wrong::Missing(_)), "{wrong}");
}

#[test]
fn a_claim_that_is_paid_twice_is_found() {
    let wrong = found(|house| {
        let (family, place) = house.find(is_paid);
        let twice = Entry { id: ClaimId::new(1, 999), ..house.entries(family)[place].clone() };
        house.entries(family).insert(place + 1, twice);
    });
    // Which of the two it is depends on how often the claim was sent.
    let is_twice = matches!(wrong, Wrong::PaidTwice | Wrong::AppliedTooOften { .. });
    assert!(is_twice, "{wrong}");
}

#[test]
fn a_rejection_that_is_recorded_twice_is_found() {
    let wrong = found(|house| {
        let (family, place) = house.find(is_rejected);
        let twice = Entry { id: ClaimId::new(1, 999), ..house.entries(family)[place].clone() };
        house.entries(family).insert(place + 1, twice);
    });
    assert!(matches!(wrong, Wrong::AppliedTooOften { .. }), "{wrong}");
}

#[test]
fn a_reversal_that_is_lost_is_found() {
    let wrong = found(|house| {
        let (family, place) = house.find(is_reversed);
        house.entries(family).remove(place);
    });
    // What comes after it is decided on another state, or its answer is missing at the end.
    let is_seen = matches!(
        wrong,
        Wrong::Missing(_) | Wrong::Decision { .. } | Wrong::PaidTwice | Wrong::AnotherFill
    );
    assert!(is_seen, "{wrong}");
}

#[test]
fn an_accumulator_that_is_off_is_found() {
    let wrong = found(|house| {
        let (family, place) = house.find(is_paid);
        let Event::Decided { adjudication, .. } = &mut house.entries(family)[place].event else {
            panic!("it is paid")
        };
        let adjudication = Arc::make_mut(adjudication);
        if let openpbm_core::Outcome::Paid(paid) = &mut adjudication.outcome {
            paid.accumulated_out_of_pocket = Cents::new(paid.accumulated_out_of_pocket.get() + 1);
        }
    });
    assert!(matches!(wrong, Wrong::Decision { .. }), "{wrong}");
}

#[test]
fn a_claim_that_nobody_sent_is_found() {
    let wrong = found(|house| {
        let (family, place) = house.find(is_paid);
        let mut entry = house.entries(family)[place].clone();
        if let Event::Decided { claim, .. } = &mut entry.event {
            Arc::make_mut(claim).key.fill += 50;
        }
        house.entries(family).push(entry);
    });
    assert_eq!(wrong, Wrong::NeverSent);
}

#[test]
fn an_entry_that_is_left_out_is_found() {
    let (workload, house) = House::at_work(1, 400);
    let mut auditor = begin(&workload);
    send_all(&mut auditor, &house);
    let (family, place) = house.find(is_paid);
    for (version, entry) in (1..).zip(&house.journal[&family]) {
        if version != place as u64 {
            auditor.follow(family, version, entry);
        }
    }
    let wrong = &auditor.findings()[0].wrong;
    assert!(matches!(wrong, Wrong::Gap { .. }), "{wrong}");
}

#[test]
fn a_family_whose_state_is_off_is_found() {
    type Plant = fn(&mut openpbm_core::Family);
    let plants: [(Plant, &str); 4] = [
        (|family| family.accumulators[0].deductible = Cents::new(-1), "accumulators"),
        (|family| family.fills[0].id = ClaimId::new(0, 0), "fills"),
        (|family| family.version += 1, "versions"),
        (|family| drop(family.members.pop()), "members"),
    ];
    let (workload, house) = House::at_work(1, 400);
    for (plant, what) in plants {
        let (id, _) = house.find(is_paid);
        let with =
            house.journal.keys().copied().find(|id| {
                !id.as_str().starts_with('~') && !house.family(*id).accumulators.is_empty()
            });
        let id = with.unwrap_or(id);
        let mut auditor = begin(&workload);
        send_all(&mut auditor, &house);
        for (version, entry) in (1..).zip(&house.journal[&id]) {
            auditor.follow(id, version, entry);
        }
        auditor.compare(house.family(id));
        assert_eq!(auditor.findings(), [], "the family is right");
        let mut family = house.family(id).clone();
        plant(&mut family);
        auditor.compare(&family);
        assert_eq!(auditor.findings()[0].wrong, Wrong::State(what));
    }
}

#[test]
fn answers_may_be_lost_but_not_contradicted() {
    let (workload, house) = House::at_work(2, 400);
    let mut auditor = begin(&workload);
    send_all(&mut auditor, &house);
    let findings = end(auditor, &house);
    assert_eq!(findings, [], "everything happened, nothing was answered");

    let mut auditor = begin(&workload);
    send_all(&mut auditor, &house);
    assert_eq!(auditor.finish().findings, [], "nothing happened, nothing was answered");
}

#[test]
fn a_duplicate_of_what_was_taken_back_is_found() {
    let (workload, mut house) = House::at_work(1, 1);
    // Pay, take back, and then the first answer again out of a stale memory.
    let mut pharmacies = workload;
    let (paid, operation) = loop {
        let operation = pharmacies.next(house::today());
        let reply = house.ask(&operation);
        house.calls.push(house::Call { operation: operation.clone(), reply: reply.clone() });
        if is_first_paid(&reply) {
            break (reply, operation);
        }
    };
    let openpbm_model::workload::Request::Bill(claim) = &operation.request else {
        panic!("the first payment is that of a claim")
    };
    let reversal = openpbm_core::Reversal::of_rebill(claim);
    let reversal = openpbm_model::workload::Operation::reverse(operation.family, reversal);
    let reply = house.ask(&reversal);
    house.calls.push(house::Call { operation: reversal, reply });
    let right = audit(&pharmacies, &house);
    assert_eq!(right, []);
    let reply = Reply { status: Status::Duplicate, ..paid };
    house.calls.push(house::Call { operation, reply });
    let wrong = audit(&pharmacies, &house);
    assert!(
        matches!(wrong.as_slice(), [Finding { wrong: Wrong::NotPaidThen(_), .. }]),
        "{wrong:?}"
    );
}

#[test]
fn a_journal_in_another_order_than_the_answers_is_found() {
    let (workload, house) = House::at_work(1, 400);
    let mut auditor = begin(&workload);
    // The second of two rejections of a family is answered before the first one is sent.
    let family = workload.families().next().unwrap().0;
    let mut of_family: Vec<_> = house
        .calls
        .iter()
        .filter(|call| call.operation.family == family && call.reply.id.is_some())
        .collect();
    of_family.reverse();
    for call in of_family {
        let ticket = auditor.send(&call.operation);
        auditor.answer(ticket, &call.reply);
    }
    let refusals = house.journal.iter().filter(|(id, _)| id.as_str().starts_with('~'));
    for (id, entries) in refusals.chain(house.journal.get_key_value(&family)) {
        for (version, entry) in (1..).zip(entries) {
            let is_of_family = *id == family || house.is_answer_of(entry.id, family);
            if is_of_family {
                auditor.follow(*id, version, entry);
            }
        }
    }
    auditor.close(family);
    let found = &auditor.findings()[0].wrong;
    assert!(matches!(found, Wrong::OutOfOrder | Wrong::NotPaidThen(_)), "{found}");
}

#[test]
fn a_live_auditor_sees_an_answer_before_its_entry() {
    let (workload, house) = House::at_work(1, 50);
    let mut auditor = openpbm_model::auditor::Auditor::live();
    auditor.book(house::version(), house::rules());
    for (family, members) in workload.families() {
        auditor.enroll(family, members);
    }
    let call = house.calls.iter().find(|call| is_first_paid(&call.reply)).unwrap();
    let ticket = auditor.send(&call.operation);
    let found = auditor.answer(ticket, &call.reply).map(|finding| finding.wrong.clone());
    assert!(matches!(found, Some(Wrong::NotYetDurable(_))), "{found:?}");
}

#[test]
fn a_book_that_was_withdrawn_does_not_decide() {
    let (workload, house) = House::at_work(1, 50);
    let mut auditor = begin(&workload);
    auditor.withdraw(house::version());
    for call in &house.calls {
        let ticket = auditor.send(&call.operation);
        auditor.answer(ticket, &call.reply);
    }
    let findings = end(auditor, &house);
    let is_told = |finding: &Finding| matches!(finding.wrong, Wrong::BookNotInForce(_));
    assert!(!findings.is_empty() && findings.iter().all(is_told), "{findings:?}");
}
