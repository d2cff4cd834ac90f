//! Billing, the same again, reversal, rebill and eligibility, in the pharmacy's own terms.

use crate::house::{Got, Sent, ask, lisinopril, sample_house};

/// 0.01873 x 30 = 0.5619, $0.56, and the fee of $1.50: $2.06, less than the copay of $10.00.
#[test]
fn a_generic_cheaper_than_its_copay_costs_its_price() {
    let (_directory, pbm) = sample_house();
    let got = ask(&pbm, &lisinopril());
    assert_eq!((got.header.as_str(), got.status.as_str()), ("A", "P"), "{got:?}");
    assert_eq!((got.patient, got.plan), (Some(206), Some(0)));
    assert_eq!(got.id.len(), 20);
}

/// 15.66469 x 1.01 x 90 = 1423.92 and the fee of 1.50: 615.00 of it in the deductible, and 25% of
/// the other 810.42 is 202.61 (202.605).
#[test]
fn a_claim_of_part_d_tells_its_stages() {
    let (_directory, pbm) = sample_house();
    let celebrex = Sent {
        cardholder: "CSC200001",
        group: "CSCPDP",
        birth: "19530505",
        ndc: "58151008401",
        quantity: 90_000,
        days: 90,
        charge: 200_000,
        ..lisinopril()
    };
    let got = ask(&pbm, &celebrex);
    assert_eq!((got.status.as_str(), got.patient, got.plan), ("P", Some(81_761), Some(60_781)));
    assert_eq!(got.stages, [("01".to_owned(), 61_500), ("02".to_owned(), 81_042)]);
    assert_eq!(ask(&pbm, &celebrex), Got { status: "D".to_owned(), ..got });
}

#[test]
fn the_same_claim_again_gets_its_first_answer() {
    let (_directory, pbm) = sample_house();
    let first = ask(&pbm, &lisinopril());
    let again = ask(&pbm, &lisinopril());
    assert_eq!(again, Got { status: "D".to_owned(), ..first });
}

#[test]
fn a_reversed_claim_may_be_billed_again() {
    let (_directory, pbm) = sample_house();
    let reversal = Sent { code: "B2", ..lisinopril() };
    let first = ask(&pbm, &lisinopril());
    let reversed = ask(&pbm, &reversal);
    assert_eq!((reversed.status.as_str(), reversed.codes.len()), ("A", 0), "{reversed:?}");
    assert_eq!(ask(&pbm, &reversal).codes, ["87"]);
    let second = ask(&pbm, &lisinopril());
    assert_eq!((second.status.as_str(), second.patient), ("P", first.patient));
    assert_ne!(second.id, first.id);
}

#[test]
fn a_reversal_of_nothing_is_refused() {
    let (_directory, pbm) = sample_house();
    let got = ask(&pbm, &Sent { code: "B2", ..lisinopril() });
    assert_eq!((got.status.as_str(), got.codes), ("R", vec!["84".to_owned()]));
}

#[test]
fn a_reversal_without_cardholder_id_finds_its_claim() {
    let (_directory, pbm) = sample_house();
    ask(&pbm, &lisinopril());
    let got = ask(&pbm, &Sent { code: "B2", cardholder: "", ..lisinopril() });
    assert_eq!(got.status, "A", "{got:?}");
    let unknown = Sent { code: "B2", cardholder: "", prescription: "77", ..lisinopril() };
    assert_eq!(ask(&pbm, &unknown).codes, ["84"]);
}

#[test]
fn a_rebill_replaces_the_claim() {
    let (_directory, pbm) = sample_house();
    let first = ask(&pbm, &lisinopril());
    let rebill = Sent { code: "B3", quantity: 60_000, days: 60, ..lisinopril() };
    let second = ask(&pbm, &rebill);
    // 0.01873 x 60 = 1.1238, $1.12, and the fee of $1.50.
    assert_eq!((second.status.as_str(), second.patient), ("P", Some(262)), "{second:?}");
    assert_ne!(second.id, first.id);
    let again = ask(&pbm, &Sent { code: "B1", ..rebill });
    assert_eq!((again.status.as_str(), again.id), ("D", second.id));
}

#[test]
fn a_rejected_rebill_leaves_the_claim_paid() {
    let (_directory, pbm) = sample_house();
    let first = ask(&pbm, &lisinopril());
    let got = ask(&pbm, &Sent { code: "B3", days: 100, quantity: 100_000, ..lisinopril() });
    assert_eq!(got.codes, ["7X"]);
    assert!(got.message.contains("the earlier claim stays paid"), "{}", got.message);
    assert_eq!(ask(&pbm, &lisinopril()).id, first.id);
}

#[test]
fn a_rebill_of_nothing_is_refused() {
    let (_directory, pbm) = sample_house();
    assert_eq!(ask(&pbm, &Sent { code: "B3", ..lisinopril() }).codes, ["84"]);
}

#[test]
fn eligibility_says_who_is_covered_since_when() {
    let (_directory, pbm) = sample_house();
    let got = ask(&pbm, &Sent { code: "E1", ..lisinopril() });
    assert_eq!(got.status, "A", "{got:?}");
    assert!(got.message.contains("2026-01-01"), "{}", got.message);
    let got = ask(&pbm, &Sent { code: "E1", cardholder: "CSC999999", ..lisinopril() });
    assert_eq!((got.status.as_str(), got.codes), ("R", vec!["52".to_owned()]));
}

#[test]
fn a_refill_too_soon_names_the_day() {
    let (_directory, pbm) = sample_house();
    ask(&pbm, &Sent { date: "20260210", ..lisinopril() });
    let got = ask(&pbm, &Sent { fill: 1, ..lisinopril() });
    // 75% of 30 days is 22.5, so from day 23 on: 10 February and 23 days is 5 March.
    assert_eq!(got.codes, ["79"]);
    assert!(got.message.contains("2026-03-05"), "{}", got.message);
    assert!(got.message.ends_with("20260305"), "the date by itself, 132-UH 10: {}", got.message);
}

#[test]
fn what_is_paid_can_be_explained() {
    let (_directory, pbm) = sample_house();
    let got = ask(&pbm, &lisinopril());
    let page = pbm.decision(got.id.parse().unwrap()).unwrap().unwrap();
    assert_eq!(page.row.status, "paid");
    let words: Vec<_> = page.steps.iter().map(|step| step.words.as_str()).collect();
    assert!(words.iter().any(|words| words.contains("copay of $10.00 x 1")), "{words:#?}");
    let source = page.steps.iter().find(|step| step.words.starts_with("copay")).unwrap();
    assert!(source.source.as_ref().unwrap().starts_with("plans/ppo.toml:"), "{source:?}");
    assert_eq!(pbm.decisions(None, 10).unwrap().len(), 1);
}
