//! A year's claims under two books, from what was sent to the sums, beside plain decisions of the
//! same claims: the ratio of the two says what reading, sorting and comparing costs.
//!
//! `cargo bench -p openpbm-benches --bench replay`

use std::path::Path;
use std::sync::{Arc, LazyLock};

use divan::{Bencher, black_box, counter::ItemsCount};
use openpbm_book::Book;
use openpbm_core::{
    BillingKey, CardholderId, Cents, Circumstances, Claim, ClaimId, Coverage, Date, Details,
    DrugUse, Family, Member, PrescriptionNumber, Quantity, Relationship, Sex, Timestamp,
};
use openpbm_engine::transaction::{Request, Stamp};
use openpbm_engine::{ledger, transaction};
use openpbm_service::replay::{self, Chunk, Event, Place, Plan, ReplayError, Rules, Sink};

fn main() {
    divan::main();
}

#[expect(clippy::expect_used, reason = "a bench without a book measures nothing")]
static BOOK: LazyLock<Arc<Book>> = LazyLock::new(|| {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../sample"));
    Arc::new(Book::load(folder).expect("the sample book has no mistake"))
});

const FAMILIES: u64 = 4_000;
/// Long-term drugs, each filled every 30 days: NDC and units.
const FILLED: [(&str, u32); 3] = [("68180098003", 30), ("65862037401", 30), ("00597015230", 30)];
const MONTHS: i64 = 12;

/// A card with one member, and a year of fills.
struct Household {
    card: CardholderId,
    member: Member,
    claims: Vec<Arc<Claim>>,
}

#[expect(clippy::unwrap_used, reason = "the values are written here")]
fn household(number: u64) -> Household {
    let first = Date::new(2026, 1, 1).unwrap();
    let card = format!("CSC6{number:07}").parse().unwrap();
    let birth = Date::new(1984, 3, 12).unwrap();
    let member = Member {
        person_code: "01".parse().unwrap(),
        first_name: "Ada".to_owned(),
        last_name: "Sample".to_owned(),
        birth,
        sex: Some(Sex::Female),
        relationship: Relationship::Subscriber,
        coverage: vec![Coverage { group: "CSCPPO".parse().unwrap(), from: first, to: None }],
        diagnoses: Vec::new(),
        allergies: Vec::new(),
        pregnant_until: None,
        circumstances: Circumstances::default(),
    };
    let months = (0..MONTHS).flat_map(|month| FILLED.iter().map(move |drug| (month, drug)));
    let claims = (1..).zip(months).map(|(prescription, (month, (ndc, units)))| {
        let date = first.plus_days(month * 30);
        Arc::new(Claim {
            key: BillingKey {
                pharmacy: "1999000015".parse().unwrap(),
                prescription: PrescriptionNumber::new(number * 100 + prescription).unwrap(),
                fill: 0,
                date_of_service: date,
            },
            received: date,
            group: "CSCPPO".parse().ok(),
            cardholder: card,
            person_code: "01".parse().ok(),
            birth,
            sex: Some(Sex::Female),
            pregnant: false,
            prescriber: "1999000114".parse().unwrap(),
            drug: DrugUse {
                ndc: ndc.parse().unwrap(),
                quantity: Quantity::units(*units),
                days_supply: 30,
            },
            daw: 0,
            compound: false,
            other_coverage: None,
            usual_and_customary: Some(Cents::new(99_999)),
            gross_amount_due: Cents::new(99_999),
            diagnoses: Vec::new(),
            dur_overrides: Vec::new(),
            details: Details::default(),
        })
    });
    Household { card, member, claims: claims.collect() }
}

static HOUSEHOLDS: LazyLock<Vec<Household>> =
    LazyLock::new(|| (0..FAMILIES).map(household).collect());

fn claims() -> ItemsCount {
    ItemsCount::new(HOUSEHOLDS.iter().map(|household| household.claims.len()).sum::<usize>())
}

/// Every claim decided once, on one thread, and folded into its family.
#[divan::bench(sample_count = 10)]
#[expect(clippy::unwrap_used, reason = "an entry follows from its family")]
fn decide_plainly(bencher: Bencher<'_, '_>) {
    bencher.counter(claims()).bench(|| {
        for household in HOUSEHOLDS.iter() {
            let mut family = Family::unknown(household.card);
            family.members.push(household.member.clone());
            for (number, claim) in (1..).zip(&household.claims) {
                let stamp = Stamp {
                    recorded: Timestamp::from_millis(number),
                    id: ClaimId::new(number, 1),
                    second: ClaimId::new(number, 2),
                };
                let request = Request::Billing(claim.clone());
                let decision = transaction::decide(&BOOK, &family, &request, stamp);
                for entry in &decision.entries {
                    ledger::apply(&mut family, entry).unwrap();
                }
            }
            black_box(&family);
        }
    });
}

/// The same claims gathered, decided under two books and compared, on so many threads.
#[divan::bench(sample_count = 10, args = [1, 2])]
#[expect(clippy::unwrap_used, reason = "a bench that fails measures nothing")]
fn replay_under_two_books(bencher: Bencher<'_, '_>, threads: usize) {
    let rules = Rules::Book(BOOK.clone());
    bencher.counter(claims()).bench(|| {
        let mut chunks = (0..HOUSEHOLDS.len()).step_by(32).map(chunk).map(Ok);
        let file = tempfile::tempfile().unwrap();
        let families = replay::gather(file, &mut chunks, threads).unwrap();
        let plan = Plan {
            book: &rules,
            against: Some(&rules),
            verifies: false,
            wants_changes: false,
            threads,
        };
        replay::decide::<ReplayError>(&families, &plan, &|_| None, &mut |_| Ok(()), &mut |_| {})
            .unwrap()
    });
}

/// Some households, handed on together.
fn chunk(first: usize) -> Chunk<ReplayError> {
    Box::new(move |sink: &mut Sink| {
        for household in HOUSEHOLDS.iter().skip(first).take(32) {
            let enrolled = Event::enrolled(vec![household.member.clone()]);
            sink.add(household.card, Place::Before(0), &enrolled);
            for (line, claim) in (1..).zip(&household.claims) {
                let request = Request::Billing(claim.clone());
                let event = Event::Sent { id: None, request, answer: None };
                sink.add(household.card, Place::At(line), &event);
            }
        }
        Ok(())
    })
}
