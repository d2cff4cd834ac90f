//! Several claims of a transmission, and many transmissions at once.

use openpbm_service::Pbm;

use crate::house::{Sent, ask, ask_all, lisinopril, read, sample_house, transmission};

fn four() -> Vec<Sent> {
    let claim = |prescription, ndc, quantity| Sent {
        prescription,
        ndc,
        quantity,
        charge: 90_000,
        ..lisinopril()
    };
    vec![
        claim("11", "68180098003", 30_000),
        // The same drug on the same day: it sees the claim before it.
        claim("12", "68180098003", 30_000),
        claim("13", "00003089421", 60_000),
        claim("14", "00597015230", 30_000),
    ]
}

#[test]
fn a_claim_sees_the_ones_before_it_in_its_transmission() {
    let (_directory, pbm) = sample_house();
    let got = ask_all(&pbm, &four());
    let statuses: Vec<_> = got.iter().map(|got| got.status.as_str()).collect();
    assert_eq!(statuses, ["P", "R", "P", "P"], "{got:?}");
    assert_eq!(got[1].codes, ["83"]);
    // Eliquis: 5.52654 x 1.01 x 60 = 334.91 + 1.50 = 336.41; the deductible takes 250.00 and the
    // copay 45.00. Jardiance: 11.19625 x 1.01 x 30 = 339.25 + 1.50 = 340.75; only the copay.
    assert_eq!((got[2].patient, got[2].plan), (Some(29_500), Some(4_141)));
    assert_eq!((got[3].patient, got[3].plan), (Some(4_500), Some(29_575)));
}

#[test]
fn they_commit_together() {
    let (directory, pbm) = sample_house();
    let ids: Vec<_> = ask_all(&pbm, &four()).into_iter().map(|got| got.id).collect();
    pbm.shut_down();
    drop(pbm);
    let pbm = crate::house::open(directory.path());
    for id in ids {
        assert!(pbm.decision(id.parse().unwrap()).unwrap().is_some(), "{id}");
    }
}

/// Many pharmacies at once bill the family's last deductible dollars: it is met exactly once.
#[test]
fn one_family_is_never_decided_twice_at_once() {
    const PRESCRIPTIONS: [&str; 8] = ["21", "22", "23", "24", "25", "26", "27", "28"];
    const NDCS: [&str; 8] = [
        "00003089421",
        "00003089321",
        "00597015230",
        "00597015330",
        "00078065920",
        "00078077720",
        "00078069620",
        "00310621030",
    ];
    let (_directory, pbm) = sample_house();
    let pending: Vec<_> = PRESCRIPTIONS
        .into_iter()
        .zip(NDCS)
        .map(|(prescription, ndc)| {
            let sent = Sent { prescription, ndc, charge: 200_000, ..lisinopril() };
            pbm.submit(transmission(&[sent]))
        })
        .collect();
    let got: Vec<_> = pending.into_iter().flat_map(|p| read(&p.wait())).collect();
    let paid: Vec<_> = got.iter().filter(|got| got.status == "P").collect();
    assert_eq!(paid.len(), 7, "Farxiga needs metformin first: {got:?}");
    let patient: i64 = paid.iter().filter_map(|got| got.patient).sum();
    // 30 Eliquis cost less than the deductible's 250.00, so the first claim has no copay.
    assert_eq!(patient, 25_000 + 6 * 4_500, "one deductible and six copays");
}

#[test]
fn after_the_end_claims_are_refused_with_92() {
    let (_directory, pbm) = sample_house();
    let late: Pbm = pbm.clone();
    pbm.shut_down();
    let got = ask(&late, &lisinopril());
    assert_eq!((got.status.as_str(), got.codes), ("R", vec!["92".to_owned()]));
}
