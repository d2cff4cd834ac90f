//! The bills of the Medicare Prescription Payment Plan, of claims that a PBM decided.
//!
//! Grace has no subsidy: a deductible of 615.00, then 25%, up to 2,100.00. Eliquis costs 232.50,
//! Jardiance 198.50. By hand:
//!
//! - 01-15 Eliquis: 232.50 in the deductible, at the counter.
//! - 04-10 Eliquis: 232.50 in the deductible. The plan bills at most
//!   (2100 - 232.50) / 9 = 207.50; 25.00 are left.
//! - 05-10 Jardiance: 150.00 in the deductible and 25% of 48.50 = 12.13, together 162.13. Of
//!   187.13 an eighth is 23.39; 163.74 are left.

use std::io::Cursor as Bytes;
use std::path::Path;

use openpbm_core::Date;
use openpbm_service::payment_plan::{Asked, Claims, Summary};
use openpbm_service::{Clock, Due, EnrollError, Options, Pbm, enroll, outdated, reprocess, retire};
use openpbm_store::sqlite::SqliteJournal;
use openpbm_store::{Cursor, Journal};

use crate::house::{NoonClock, Sent, ask, book, lisinopril, open};

fn eliquis(date: &'static str) -> Sent {
    Sent {
        cardholder: "CSC200001",
        group: "CSCPDP",
        birth: "19530505",
        date,
        prescription: date,
        ndc: "00003089421",
        quantity: 60_000,
        charge: 90_000,
        ..lisinopril()
    }
}

fn jardiance(date: &'static str) -> Sent {
    Sent { ndc: "00597015230", quantity: 30_000, ..eliquis(date) }
}

fn taken_back(sent: Sent) -> Sent {
    Sent { code: "B2", ..sent }
}

/// Grace, covered until a day and in the plan for a time.
fn members(last: &str, in_plan: &str) -> Bytes<String> {
    Bytes::new(format!(
        "cardholder_id,person_code,group,first_name,last_name,birth,sex,relationship,from,to,\
         diagnoses,allergies,pregnant_until,payment_plan\n\
         CSC200001,01,CSCPDP,Grace,Okafor,1953-05-05,female,subscriber,2026-01-01,{last},,,,\
         {in_plan}\n"
    ))
}

struct World(tempfile::TempDir);

impl World {
    /// With the fills up to May.
    fn until_may(in_plan: &str) -> Self {
        let world = Self(tempfile::tempdir().unwrap());
        world.on("2026-01-15", |pbm| {
            enroll(pbm, members("", in_plan), &mut |_| {}).unwrap();
            assert_eq!(ask(pbm, &eliquis("20260115")).patient, Some(23_250));
        });
        world.on("2026-04-10", |pbm| {
            assert_eq!(ask(pbm, &eliquis("20260410")).patient, Some(23_250));
        });
        world.on("2026-05-10", |pbm| {
            assert_eq!(ask(pbm, &jardiance("20260510")).patient, Some(16_213));
        });
        world
    }

    /// Works on a day at noon.
    fn on(&self, day: &str, work: impl FnOnce(&Pbm)) {
        let journal = SqliteJournal::open(self.0.path()).unwrap();
        let clock = NoonClock::on(day);
        let pbm = Pbm::start(book(), Box::new(journal), clock, Options::default()).unwrap();
        work(&pbm);
        pbm.shut_down();
    }

    fn billed(&self, through: Option<&str>) -> (Vec<String>, Summary) {
        billed(self.0.path(), through.map(|day| day.parse().unwrap()))
    }
}

/// Month, cap, cost, credit, billed, refunded and owed of each bill.
fn billed(directory: &Path, through: Option<Date>) -> (Vec<String>, Summary) {
    let book = book();
    let asked = Asked { book: &book, year: 2026, through, group: None };
    let mut claims = Claims::new(asked);
    let reader = SqliteJournal::open(directory).unwrap().reader();
    for sealed in reader.read_from(Cursor::START, 10_000).unwrap() {
        let recorded = sealed.open().unwrap();
        claims.take(recorded.family, &recorded.entry).unwrap();
    }
    let billed = claims.billed().unwrap();
    let summary = Summary::of(&asked, &billed).unwrap();
    let lines = billed.iter().flat_map(|billed| billed.lines(2026));
    let short = |line: String| {
        let line = line.strip_prefix("CSCPDP,CSC200001,01,2026-").unwrap().replace(',', " ");
        line.replace(" first", "").replace(" later", "")
    };
    (lines.map(short).collect(), summary)
}

fn put_right(pbm: &Pbm) {
    let due = [Due { family: "CSC200001".parse().unwrap(), because: None }];
    reprocess(pbm, &due, false, &mut |_| {}).unwrap();
}

const APRIL: &str = "04 207.50 232.50 0.00 207.50 0.00 25.00";
const MAY: &str = "05 23.39 162.13 0.00 23.39 0.00 163.74";

type Work = fn(&Pbm);

/// What happens on 06-20, and the bills from June on.
#[test]
fn what_changes_after_a_bill_is_settled_in_the_bills_after_it() {
    let without_jardiance = [
        // 163.74 less 162.13 are 1.61, of which a seventh is 0.23.
        "06 0.23 0.00 162.13 0.23 0.00 1.38",
        "07 0.23 0.00 0.00 0.23 0.00 1.15",
        "08 0.23 0.00 0.00 0.23 0.00 0.92",
        "09 0.23 0.00 0.00 0.23 0.00 0.69",
        "10 0.23 0.00 0.00 0.23 0.00 0.46",
        "11 0.23 0.00 0.00 0.23 0.00 0.23",
        "12 0.23 0.00 0.00 0.23 0.00 0.00",
    ];
    let without_eliquis = [
        // Of 232.50 only 163.74 were not billed yet: 68.76 go back.
        "06 0.00 0.00 232.50 0.00 68.76 0.00",
        "07 0.00 0.00 0.00 0.00 0.00 0.00",
        "08 0.00 0.00 0.00 0.00 0.00 0.00",
        "09 0.00 0.00 0.00 0.00 0.00 0.00",
        "10 0.00 0.00 0.00 0.00 0.00 0.00",
        "11 0.00 0.00 0.00 0.00 0.00 0.00",
        "12 0.00 0.00 0.00 0.00 0.00 0.00",
    ];
    let adjusted = [
        // All of Jardiance's 198.50 lie in the deductible: 36.37 more. Of 200.11 a seventh is
        // 28.59; and so on, with 114.34 / 4 = 28.585 and 57.17 / 2 = 28.585 rounded up.
        "06 28.59 36.37 0.00 28.59 0.00 171.52",
        "07 28.59 0.00 0.00 28.59 0.00 142.93",
        "08 28.59 0.00 0.00 28.59 0.00 114.34",
        "09 28.59 0.00 0.00 28.59 0.00 85.75",
        "10 28.58 0.00 0.00 28.58 0.00 57.17",
        "11 28.59 0.00 0.00 28.59 0.00 28.58",
        "12 28.58 0.00 0.00 28.58 0.00 0.00",
    ];
    let table: [(&str, Work, [&str; 7]); 4] = [
        (
            "Jardiance is brought back",
            |pbm| assert_eq!(ask(pbm, &taken_back(jardiance("20260510"))).status, "A"),
            without_jardiance,
        ),
        (
            "it turns out that coverage had ended before",
            |pbm| {
                enroll(pbm, members("2026-05-05", "2026-04-01.."), &mut |_| {}).unwrap();
                put_right(pbm);
            },
            without_jardiance,
        ),
        (
            "April's Eliquis is brought back",
            |pbm| assert_eq!(ask(pbm, &taken_back(eliquis("20260410"))).status, "A"),
            without_eliquis,
        ),
        (
            "January's is, which is settled at the counter, and what came after it is put right",
            |pbm| {
                assert_eq!(ask(pbm, &taken_back(eliquis("20260115"))).status, "A");
                put_right(pbm);
            },
            adjusted,
        ),
    ];
    for (what, work, expected) in table {
        let world = World::until_may("2026-04-01..");
        world.on("2026-06-20", work);
        let (bills, summary) = world.billed(None);
        assert_eq!(bills, [&[APRIL, MAY][..], &expected].concat(), "{what}");
        assert_eq!((summary.members, summary.owed.get()), (1, 0), "{what}");
        // The bills that were sent before are what they were.
        assert_eq!(world.billed(Some("2026-05-31")).0, [APRIL, MAY], "{what}");
    }
}

/// July's fill is paid at the counter; 163.74 are billed on, 23.39 of them in June.
#[test]
fn who_leaves_is_billed_what_is_owed() {
    let world = World::until_may("2026-04-01..2026-05-31");
    world.on("2026-07-05", |pbm| assert_eq!(ask(pbm, &eliquis("20260705")).status, "P"));
    let (bills, summary) = world.billed(Some("2026-06-30"));
    assert_eq!(bills, [APRIL, MAY, "06 23.39 0.00 0.00 23.39 0.00 140.35"]);
    assert_eq!((summary.left, summary.owed_by_left.get()), (1, 14_035));
    let (bills, summary) = world.billed(None);
    assert_eq!(bills.len(), 9);
    let cents = [summary.cost, summary.billed, summary.owed].map(|cents| cents.get());
    assert_eq!(cents, [39_463, 39_463, 0]);
}

/// January's 232.50 count, on whichever day the program begins after it.
#[test]
fn only_what_is_dispensed_in_the_program_is_billed() {
    for (in_plan, first) in [
        // 2100 / 12 = 175.00 of 232.50.
        ("2026-01-01..", "01 175.00 232.50 0.00 175.00 0.00 57.50"),
        ("2025-06-01..", "01 175.00 232.50 0.00 175.00 0.00 57.50"),
        // From the day after on nothing of January is in it: (2100 - 232.50) / 12 = 155.63.
        ("2026-01-16..", "01 155.63 0.00 0.00 0.00 0.00 0.00"),
        // (2100 - 465.00) / 8 = 204.38.
        ("2026-05-10..", "05 204.38 162.13 0.00 162.13 0.00 0.00"),
    ] {
        assert_eq!(World::until_may(in_plan).billed(None).0[0], first, "{in_plan}");
    }
    for in_plan in ["", "2026-05-11..", "2025-06-01..2025-12-31", "2027-01-01.."] {
        let (bills, summary) = World::until_may(in_plan).billed(None);
        assert_eq!((bills.len(), summary.members), (0, 0), "{in_plan}");
    }
}

/// A claim stays in the month in which it was decided when its entry is let go of.
#[test]
fn what_is_carried_on_is_billed_as_before() {
    let world = World::until_may("2026-04-01..");
    let (before, _) = world.billed(None);
    let mut journal = SqliteJournal::open(world.0.path()).unwrap();
    let until = NoonClock::on("2026-06-01").now();
    let old = outdated(&*journal.reader(), until, &mut |_| {}).unwrap();
    assert_eq!(retire(&mut journal, &old, &mut |_| {}).unwrap().entries, 4);
    drop(journal);
    assert_eq!(world.billed(None).0, before);
    world.on("2026-06-20", |pbm| {
        assert_eq!(ask(pbm, &taken_back(jardiance("20260510"))).status, "A");
    });
    let (after, _) = world.billed(Some("2026-06-30"));
    assert_eq!(after, [APRIL, MAY, "06 0.23 0.00 162.13 0.23 0.00 1.38"]);
}

#[test]
fn spans_that_nobody_could_bill_are_told() {
    let directory = tempfile::tempdir().unwrap();
    let pbm = open(directory.path());
    for wrong in [
        "yes",
        "2026-04-01",
        "..2026-04-01",
        "2026-04-01..2026-03-31",
        // Twice in one year, without an end, out of order.
        "2026-01-01..2026-02-28 2026-06-01..",
        "2025-01-01.. 2026-06-01..",
        "2026-01-01..2026-12-31 2025-01-01..2025-12-31",
    ] {
        let told = enroll(&pbm, members("", wrong), &mut |_| {});
        let Err(EnrollError::Mistakes { mistakes, total: 1 }) = told else { panic!("{wrong}") };
        assert_eq!((mistakes[0].line, mistakes[0].column), (2, "payment_plan"), "{wrong}");
    }
    let right = members("", "2025-02-01..2025-12-31 2026-04-01..");
    assert_eq!(enroll(&pbm, right, &mut |_| {}).unwrap().members, 1);
}
