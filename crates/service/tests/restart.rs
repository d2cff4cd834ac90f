//! What was acknowledged is there after a restart, and nothing is applied twice.

use crate::house::{Sent, ask, lisinopril, open, sample_house};

#[test]
fn accumulators_and_histories_survive() {
    let (directory, pbm) = sample_house();
    let eliquis = Sent {
        ndc: "00003089421",
        quantity: 60_000,
        charge: 90_000,
        prescription: "5",
        ..lisinopril()
    };
    let first = ask(&pbm, &eliquis);
    assert_eq!(first.patient, Some(29_500), "{first:?}");
    pbm.shut_down();
    drop(pbm);
    let pbm = open(directory.path());
    let again = ask(&pbm, &eliquis);
    assert_eq!((again.status.as_str(), again.id), ("D", first.id));
    // The deductible was met before the restart: only the copay is left.
    let jardiance = Sent { ndc: "00597015230", charge: 90_000, prescription: "6", ..lisinopril() };
    assert_eq!(ask(&pbm, &jardiance).patient, Some(4_500));
}

#[test]
fn a_reversal_after_a_restart_gives_the_deductible_back() {
    let (directory, pbm) = sample_house();
    let eliquis = Sent { ndc: "00003089421", quantity: 60_000, charge: 90_000, ..lisinopril() };
    ask(&pbm, &eliquis);
    pbm.shut_down();
    drop(pbm);
    let pbm = open(directory.path());
    assert_eq!(ask(&pbm, &Sent { code: "B2", ..eliquis.clone() }).status, "A");
    assert_eq!(ask(&pbm, &eliquis).patient, Some(29_500));
}
