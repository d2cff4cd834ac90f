//! Deciding claims on the sample book: a mix as a pharmacy counter sees it, and its parts.
//!
//! `cargo bench -p openpbm-benches --bench engine`
//!
//! `OPENPBM_DIRECTORY` names another book's folder, like a copy of the sample with the full FDA
//! directory beside its drugs.

use std::sync::Arc;

use std::path::PathBuf;
use std::sync::LazyLock;

use divan::{Bencher, black_box, counter::ItemsCount};
use openpbm_book::Book;
use openpbm_core::{
    BillingKey, Cents, Circumstances, Claim, ClaimId, Coverage, Date, DrugUse, Family, Member,
    PrescriptionNumber, Quantity, Relationship, Sex, Timestamp,
};
use openpbm_engine::transaction::{Request, Stamp};
use openpbm_engine::{adjudicate, ledger, transaction};

fn main() {
    divan::main();
}

static BOOK: LazyLock<Book> = LazyLock::new(|| {
    let sample = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../sample"));
    let folder = std::env::var_os("OPENPBM_DIRECTORY").map_or_else(sample, PathBuf::from);
    #[expect(clippy::panic, reason = "a bench without a book measures nothing")]
    Book::load(&folder).unwrap_or_else(|mistakes| panic!("{}: {mistakes}", folder.display()))
});

/// Long-term drugs, each filled for 30 days in several months before.
const FILLED: [(&str, u32); 5] = [
    ("68180098003", 30), // lisinopril 10 mg
    ("65862037401", 30), // escitalopram 10 mg
    ("00597015230", 30), // Jardiance 10 mg
    ("65862000801", 60), // metformin 500 mg
    ("60505257909", 30), // atorvastatin 20 mg
];

/// A month of claims: NDC, units, days, DAW, and the day of the year. About one in four is
/// refused.
const MIX: [(&str, u32, u16, u8, i64); 12] = [
    ("68180098003", 30, 30, 0, 150), // a refill in time
    ("00597015230", 30, 30, 0, 150), // a preferred brand
    ("60505257909", 30, 30, 0, 150), // preventive
    ("65862000801", 60, 30, 0, 150), // metformin
    ("00093310905", 30, 10, 0, 150), // amoxicillin, for once
    ("00069154068", 30, 30, 2, 150), // Norvasc, the patient's choice
    ("00310621030", 30, 30, 0, 150), // Farxiga after metformin
    ("00480235701", 30, 30, 0, 150), // topiramate ER
    ("00054074287", 7, 30, 0, 150),  // an inhaler
    ("65862037401", 30, 30, 0, 100), // escitalopram too soon
    ("00378363701", 30, 30, 0, 150), // cetirizine without a prescription
    ("00169413013", 3, 28, 0, 150),  // Ozempic without a diagnosis: alternatives are priced
];

#[expect(clippy::unwrap_used, reason = "the values are written here")]
fn claim(number: u64, (ndc, units, days, daw, day): (&str, u32, u16, u8, i64)) -> Claim {
    let date = Date::new(2026, 1, 1).unwrap().plus_days(day);
    Claim {
        key: BillingKey {
            pharmacy: "1999000015".parse().unwrap(),
            prescription: PrescriptionNumber::new(number).unwrap(),
            fill: 0,
            date_of_service: date,
        },
        received: date,
        group: "CSCPPO".parse().ok(),
        cardholder: "CSC900001".parse().unwrap(),
        person_code: "01".parse().ok(),
        birth: Date::new(1984, 3, 12).unwrap(),
        sex: Some(Sex::Female),
        pregnant: false,
        prescriber: "1999000114".parse().unwrap(),
        drug: DrugUse {
            ndc: ndc.parse().unwrap(),
            quantity: Quantity::units(units),
            days_supply: days,
        },
        daw,
        compound: false,
        other_coverage: None,
        usual_and_customary: Some(Cents::new(99_999)),
        gross_amount_due: Cents::new(99_999),
        diagnoses: Vec::new(),
        dur_overrides: Vec::new(),
        details: openpbm_core::Details::default(),
    }
}

fn stamp(number: u64) -> Stamp {
    Stamp {
        recorded: Timestamp::from_millis(number),
        id: ClaimId::new(number, 1),
        second: ClaimId::new(number, 2),
    }
}

#[expect(clippy::unwrap_used, clippy::panic, reason = "a bench on a wrong family is none")]
fn apply(family: &mut Family, request: &Request, number: u64) {
    let decision = transaction::decide(&BOOK, family, request, stamp(number));
    if let transaction::Answer::Decided { adjudication, .. } = &decision.answer
        && adjudication.paid().is_none()
    {
        panic!("refused: {:?}", adjudication.rejections());
    }
    decision.entries.iter().for_each(|entry| ledger::apply(family, entry).unwrap());
}

/// A person with 20 fills: five drugs in four months.
#[expect(clippy::unwrap_used, reason = "the values are written here")]
fn family() -> Family {
    let first = Date::new(2026, 1, 1).unwrap();
    let mut family = Family::unknown("CSC900001".parse().unwrap());
    let member = Member {
        person_code: "01".parse().unwrap(),
        first_name: "Ada".to_owned(),
        last_name: "Sample".to_owned(),
        birth: Date::new(1984, 3, 12).unwrap(),
        sex: Some(Sex::Female),
        relationship: Relationship::Subscriber,
        coverage: vec![Coverage { group: "CSCPPO".parse().unwrap(), from: first, to: None }],
        diagnoses: Vec::new(),
        allergies: Vec::new(),
        pregnant_until: None,
        circumstances: Circumstances::default(),
    };
    apply(&mut family, &Request::Enrollment(vec![member]), 1);
    let months = (0..4).flat_map(|month| FILLED.iter().map(move |drug| (month, drug)));
    for (number, (month, (ndc, units))) in (2..).zip(months) {
        let claim = claim(number, (ndc, *units, 30, 0, month * 30));
        apply(&mut family, &Request::Billing(Arc::new(claim)), number);
    }
    family
}

/// How many claims of the mix are paid; they stand first.
const PAID: usize = 9;

/// The mix, after a look at whether it still is what it says.
fn mix(family: &Family) -> Vec<Claim> {
    let claims: Vec<_> = (1000..).zip(MIX).map(|(number, cells)| claim(number, cells)).collect();
    for (place, claim) in claims.iter().enumerate() {
        let adjudication = adjudicate(&BOOK, family, claim);
        assert_eq!(
            adjudication.paid().is_some(),
            place < PAID,
            "claim {place} of the mix: {:?}",
            adjudication.rejections()
        );
    }
    claims
}

fn decide(bencher: Bencher<'_, '_>, family: &Family, claims: &[Claim]) {
    bencher.counter(ItemsCount::new(claims.len())).bench(|| {
        for claim in claims {
            black_box(adjudicate(&BOOK, black_box(family), black_box(claim)));
        }
    });
}

/// The mix: nine paid, three refused.
#[divan::bench]
fn a_mix(bencher: Bencher<'_, '_>) {
    let family = family();
    decide(bencher, &family, &mix(&family));
}

/// Its paid claims.
#[divan::bench]
fn paid(bencher: Bencher<'_, '_>) {
    let family = family();
    decide(bencher, &family, mix(&family).get(..PAID).unwrap_or_default());
}

/// A refill that comes too soon.
#[divan::bench]
fn too_soon(bencher: Bencher<'_, '_>) {
    decide(bencher, &family(), &[claim(1, MIX[9])]);
}

/// A refusal with alternatives: the claim is decided once for each of them.
#[divan::bench]
fn with_alternatives(bencher: Bencher<'_, '_>) {
    decide(bencher, &family(), &[claim(1, MIX[11])]);
}

/// A whole transaction: decision, entry, and the family taken on.
#[divan::bench]
fn decide_and_apply(bencher: Bencher<'_, '_>) {
    let family = family();
    let request = Request::Billing(Arc::new(claim(1000, MIX[1])));
    bencher.counter(ItemsCount::new(1_usize)).with_inputs(|| family.clone()).bench_values(
        |mut family| {
            apply(&mut family, &request, 1000);
            family
        },
    );
}
