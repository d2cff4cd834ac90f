//! The generator goes where fills in two parts can go.

use std::collections::BTreeMap;

use openpbm_core::{Claim, RejectCode};
use openpbm_model::{
    Answer, Case, Event, Generator, Implementation, Reference, Rng, Rules, Status,
};

use crate::setting::sample;

/// What an answer shows of a fill in two parts.
fn corners(event: &Event, answer: &Answer) -> Vec<String> {
    let part = |claim: &Claim| {
        let part = claim.details.partial.as_ref();
        part.map(|part| if part.completes.is_some() { "completion" } else { "partial fill" })
    };
    let what = match event {
        Event::Bill(claim) => part(claim),
        Event::Rebill(claim) => part(claim).and(Some("rebill")),
        Event::Reverse(_) => Some("reversal"),
        _ => None,
    };
    let Some(what) = what else { return Vec::new() };
    match answer.status {
        Status::Rejected => answer.rejects.iter().map(|code| format!("{what} {code}")).collect(),
        status => vec![format!("{what} {status:?}")],
    }
}

#[test]
fn generated_claims_go_everywhere_in_fills_in_two_parts() {
    let base = sample();
    let (generator, mut rng) = (Generator::new(&base).unwrap(), Rng::new(2026));
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for _ in 0..200 {
        let case = Case { changes: generator.changes(&mut rng), ..Case::default() };
        let rules = Rules::read(&case.documents(&base).unwrap()).unwrap();
        for _ in 0..30 {
            let (members, events) = generator.history(&mut rng);
            let answers = Reference.play(&rules, &members, &events);
            for (event, seen) in events.iter().zip(answers) {
                for corner in corners(event, &seen.answer) {
                    *counts.entry(corner).or_default() += 1;
                }
            }
        }
    }
    let code = |what: &str, code: RejectCode| format!("{what} {code}");
    for corner in [
        "partial fill Paid".to_owned(),
        "completion Paid".to_owned(),
        "completion Duplicate".to_owned(),
        "rebill Paid".to_owned(),
        code("partial fill", RejectCode::PartialNotSupported),
        code("partial fill", RejectCode::InvalidQuantity),
        code("partial fill", RejectCode::InvalidDaysSupply),
        code("partial fill", RejectCode::DuplicatePaid),
        code("completion", RejectCode::PartialNotOnFile),
        code("completion", RejectCode::OtherPatientCompleted),
        code("completion", RejectCode::OtherDrugCompleted),
        code("completion", RejectCode::CompletedSameDay),
        code("completion", RejectCode::CompletedBefore),
        code("completion", RejectCode::InvalidQuantityIntended),
        code("completion", RejectCode::InvalidDaysIntended),
        code("completion", RejectCode::InvalidQuantity),
        code("completion", RejectCode::InvalidDaysSupply),
        code("reversal", RejectCode::PartialIsCompleted),
        code("rebill", RejectCode::PartialIsCompleted),
        code("partial fill", RejectCode::PartialAgain),
    ] {
        assert!(counts.get(&corner).is_some_and(|count| *count >= 1), "{corner}: {counts:#?}");
    }
    assert!(counts["completion Paid"] >= 50, "{counts:#?}");
}

/// A claim with another quantity or other days could never be sent.
#[test]
fn every_part_can_be_sent() {
    let generator = Generator::new(&sample()).unwrap();
    let mut parts = 0;
    for seed in 0..3_000 {
        let (_, events) = generator.history(&mut Rng::new(seed));
        for event in events {
            let (Event::Bill(claim) | Event::Rebill(claim)) = event else { continue };
            let Some(part) = &claim.details.partial else { continue };
            parts += 1;
            for quantity in [claim.drug.quantity, part.quantity_intended] {
                assert!((1..=9_999_999_999).contains(&quantity.thousandths()), "{claim:?}");
            }
            for days in [claim.drug.days_supply, part.days_intended] {
                assert!((1..=999).contains(&days), "{claim:?}");
            }
        }
    }
    assert!(parts > 1_000, "{parts}");
}
