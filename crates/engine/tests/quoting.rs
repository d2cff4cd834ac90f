//! A benefit check gives the price that the counter then asks.

use openpbm_core::{Cents, Claim, Family};
use openpbm_engine::quote::{MOST_ALTERNATIVES, Offer, Question, Relation, Wish, quote};
use openpbm_engine::transaction::Answer;
use proptest::prelude::*;

use crate::books::sample;
use crate::workload::{self, Carried};

fn question(claim: &Claim) -> Question {
    Question {
        person_code: claim.person_code.unwrap(),
        group: claim.group,
        date: claim.key.date_of_service,
        prescriber: Some(claim.prescriber),
        diagnoses: claim.diagnoses.clone(),
        wishes: vec![Wish { drug: claim.drug, daw: claim.daw }],
        pharmacies: vec![claim.key.pharmacy],
    }
}

/// The claim that an offer speaks of, with nothing that could make it cheaper.
fn billed(claim: &Claim, offer: &Offer) -> Claim {
    let mut billed = claim.clone();
    billed.key.pharmacy = offer.pharmacy;
    billed.received = billed.key.date_of_service;
    billed.drug = offer.drug;
    if offer.relation != Relation::Asked && offer.drug.ndc != claim.drug.ndc {
        billed.daw = 0;
    }
    billed.usual_and_customary = None;
    billed.gross_amount_due = Cents::new(i64::MAX);
    billed.pregnant = false;
    billed.dur_overrides = Vec::new();
    billed
}

fn offers(family: &Family, claim: &Claim) -> Vec<Offer> {
    let quotes = quote(sample(), family, &question(claim)).unwrap();
    let [quote] = <[_; 1]>::try_from(quotes).unwrap();
    assert!(quote.alternatives.len() <= MOST_ALTERNATIVES);
    assert!(quote.alternatives.iter().all(|offer| offer.adjudication.paid().is_some()));
    std::iter::once(quote.asked).chain(quote.alternatives).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// Whatever the family has filled before: each offer is decided as the same claim is when it
    /// is billed next, with the same amounts or the same reasons.
    #[test]
    fn what_was_quoted_is_what_is_billed(
        members in workload::household("CSCPPO"),
        sketches in workload::claims(12),
    ) {
        let mut carried = Carried::new(members);
        for sketch in &sketches {
            let claim = sketch.claim(&carried.family);
            for offer in offers(&carried.family, &claim) {
                let billed = billed(&claim, &offer);
                let decided = openpbm_engine::adjudicate(sample(), &carried.family, &billed);
                prop_assert_eq!(&decided.outcome, &offer.adjudication.outcome);
                decided.check_sums().unwrap();
            }
            let _: Answer = carried.bill(&claim);
        }
    }
}

/// Nobody prescribes, and nobody is refused for it; a sanctioned prescriber is.
#[test]
fn who_prescribes_is_looked_at_only_where_somebody_is_named() {
    let members = crate::cast::on_card("CSC100001".parse().unwrap());
    let carried = Carried::new(members);
    let ask = |prescriber: Option<&str>| {
        let question = Question {
            person_code: "01".parse().unwrap(),
            group: None,
            date: crate::tables::notation::date("03-02"),
            prescriber: prescriber.map(|npi| npi.parse().unwrap()),
            diagnoses: Vec::new(),
            wishes: vec![Wish {
                drug: openpbm_core::DrugUse {
                    ndc: crate::cast::drug("atorvastatin 20"),
                    quantity: openpbm_core::Quantity::units(30),
                    days_supply: 30,
                },
                daw: 0,
            }],
            pharmacies: vec![crate::cast::provider("Harborview")],
        };
        let quotes = quote(sample(), &carried.family, &question).unwrap();
        quotes[0].asked.adjudication.paid().is_some()
    };
    assert!(ask(None));
    assert!(ask(Some("1999000114")));
    assert!(!ask(Some("1999000130")), "sanctioned");
}
