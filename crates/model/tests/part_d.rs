//! The generator goes where Medicare Part D can go: an agreement about what never happens would
//! show nothing.

use std::collections::BTreeMap;

use openpbm_core::{Cents, RejectCode};
use openpbm_model::{Answer, Case, Generator, Implementation, Reference, Rng, Rules};

use crate::setting::sample;

/// What an answer shows of Part D.
fn corners(answer: &Answer) -> Vec<String> {
    let mut seen: Vec<_> = answer.rejects.iter().map(|code| format!("rejected {code}")).collect();
    let Some(part_d) = &answer.part_d else { return seen };
    let parts = [
        ("deductible", part_d.deductible_phase),
        ("initial", part_d.initial_phase),
        ("catastrophic", part_d.catastrophic_phase),
        ("subsidy", part_d.low_income_subsidy),
        ("discount", part_d.manufacturer_discount),
        ("selected", part_d.selected_drug_subsidy),
        ("reinsurance", part_d.reinsurance),
        ("supplemental", part_d.supplemental),
        ("employer", part_d.employer),
    ];
    let some = parts.iter().filter(|(_, amount)| *amount != Cents::ZERO);
    seen.extend(some.map(|(name, _)| (*name).to_owned()));
    if part_d.supplemental.is_negative() {
        seen.push("dearer than the standard".to_owned());
    }
    if Cents::ZERO < part_d.employer && Cents::ZERO < part_d.low_income_subsidy {
        seen.push("wrapped subsidy".to_owned());
    }
    if answer.paid.is_some_and(|paid| paid.brought.gross != Cents::ZERO) {
        seen.push("moved".to_owned());
    }
    seen.extend(part_d.passed.map(|code| format!("passed {code}")));
    seen
}

#[test]
fn generated_claims_go_everywhere_in_part_d() {
    let base = sample();
    let (generator, mut rng) = (Generator::new(&base).unwrap(), Rng::new(2026));
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for _ in 0..120 {
        let case = Case { changes: generator.changes(&mut rng), ..Case::default() };
        let rules = Rules::read(&case.documents(&base).unwrap()).unwrap();
        for _ in 0..30 {
            let (members, events) = generator.history(&mut rng);
            for seen in Reference.play(&rules, &members, &events) {
                for corner in corners(&seen.answer) {
                    *counts.entry(corner).or_default() += 1;
                }
            }
        }
    }
    for corner in [
        "deductible",
        "initial",
        "catastrophic",
        "subsidy",
        "discount",
        "selected",
        "reinsurance",
        "supplemental",
        "dearer than the standard",
        "employer",
        "wrapped subsidy",
        "moved",
    ] {
        assert!(counts.get(corner).is_some_and(|count| *count >= 5), "{corner}: {counts:?}");
    }
    for code in [RejectCode::NotOfPartD, RejectCode::MayBeOfPartB] {
        assert!(counts.contains_key(&format!("rejected {code}")), "{code}: {counts:?}");
    }
    for code in [
        RejectCode::NotOnFormulary,
        RejectCode::PriorAuthorizationRequired,
        RejectCode::StepTherapyRequired,
        RejectCode::QuantityExceeded,
        RejectCode::PlanLimitsExceeded,
    ] {
        assert!(counts.contains_key(&format!("passed {code}")), "{code}: {counts:?}");
    }
}
