//! Files of what the medical side has come to: checked as a whole, applied once, late or not, and
//! silent about persons.

use std::path::Path;
use std::sync::Arc;

use openpbm_book::{Book, Folder, InMemory};
use openpbm_core::{FamilyId, Timestamp};
use openpbm_service::{
    Depth, Due, FeedError, FeedImported, Options, Pbm, enroll, import_accumulators, reprocess,
    verify,
};
use openpbm_store::sqlite::SqliteJournal;
use openpbm_store::{Journal, Reader};

use crate::house::{NoonClock, Sent, TODAY, ask, lisinopril, sample};

const HEADER: &str =
    "id,cardholder_id,person_code,group,plan_year,as_of,deductible,out_of_pocket\n";

/// The sample book, but that the PPO shares its limits with the medical side.
fn shared() -> Arc<Book> {
    let mut documents = InMemory::copy_of(&Folder::new(sample())).unwrap();
    let text = documents.get("plans/ppo.toml").unwrap().to_vec();
    let text = String::from_utf8(text).unwrap();
    let text = text.replace("kind = \"embedded\"", "with_medical = true\nkind = \"embedded\"");
    documents.put("plans/ppo.toml", text);
    Arc::new(Book::from_documents(&documents).unwrap())
}

fn house() -> (tempfile::TempDir, Pbm) {
    let directory = tempfile::tempdir().unwrap();
    let journal = SqliteJournal::open(directory.path()).unwrap();
    let clock = NoonClock::on(TODAY);
    let pbm = Pbm::start(shared(), Box::new(journal), clock, Options::default()).unwrap();
    let members = std::fs::File::open(sample().join("members.csv")).unwrap();
    enroll(&pbm, members, &mut |_| {}).unwrap();
    (directory, pbm)
}

fn import(pbm: &Pbm, lines: &str) -> Result<FeedImported, FeedError> {
    import_accumulators(pbm, format!("{HEADER}{lines}").as_bytes(), &mut |_| {})
}

fn reader(directory: &Path) -> Arc<dyn Reader> {
    SqliteJournal::open(directory).unwrap().reader()
}

/// 340.75: what is left of the deductible, and a copay of 45.00.
fn jardiance(date: &'static str, prescription: &'static str) -> Sent {
    Sent { ndc: "00597015230", date, prescription, charge: 90_000, ..lisinopril() }
}

#[test]
fn what_comes_late_is_put_right_and_the_same_file_twice_changes_nothing() {
    let (directory, pbm) = house();
    assert_eq!(ask(&pbm, &jardiance("20260301", "000000000010")).patient, Some(29_500));
    // By the end of February 180.00 of the deductible were met elsewhere; a line for Luis beside.
    let lines = "f1,CSC100001,01,CSCPPO,2026-01-01,2026-02-28,180.00,600.00\n\
                 f2,CSC100001,02,CSCPPO,2026-01-01,2026-02-28,0.00,0.00\n";
    let imported = import(&pbm, lines).unwrap();
    assert_eq!(imported, FeedImported { lines: 2, families: 1, added: 2 });
    let again = import(&pbm, lines).unwrap();
    assert_eq!(again, FeedImported { lines: 2, families: 1, added: 0 });
    pbm.shut_down();

    let due = Due::since(&*reader(directory.path()), &[], Timestamp::default(), &mut |_| {});
    let due = due.unwrap();
    let family: FamilyId = "CSC100001".parse().unwrap();
    assert_eq!(due.iter().map(|due| due.family).collect::<Vec<_>>(), [family]);
    let journal = SqliteJournal::open(directory.path()).unwrap();
    let clock = NoonClock::on(TODAY);
    let pbm = Pbm::start(shared(), Box::new(journal), clock, Options::default()).unwrap();
    let done = reprocess(&pbm, &due, false, &mut |_| {}).unwrap();
    let owed: Vec<_> = done.adjustments.iter().map(|it| it.member.unwrap().get()).collect();
    assert_eq!(owed, [-18_000], "70.00 and 45.00 instead of 250.00 and 45.00");
    assert_eq!(done.adjustments[0].because, due[0].because);
    assert!(reprocess(&pbm, &due, false, &mut |_| {}).unwrap().adjustments.is_empty());
    // A later total that takes it back again does so.
    import(&pbm, "f3,CSC100001,01,CSCPPO,2026-01-01,2026-02-28,0.00,0.00\n").unwrap();
    let done = reprocess(&pbm, &due, false, &mut |_| {}).unwrap();
    let owed: Vec<_> = done.adjustments.iter().map(|it| it.member.unwrap().get()).collect();
    assert_eq!(owed, [18_000]);
    // And the first file once more does not take the place of what corrected it.
    assert_eq!(import(&pbm, lines).unwrap().added, 0);
    assert!(reprocess(&pbm, &due, false, &mut |_| {}).unwrap().adjustments.is_empty());
    pbm.shut_down();

    let library = |version| Some(shared()).filter(|book| book.version() == version);
    let report = verify(&*reader(directory.path()), &library, Depth::Decide, 2, &mut |_| {});
    let report = report.unwrap();
    assert!(report.is_clean(), "{report:#?}");
    assert_eq!((report.decisions, report.replayed), (3, 3));
}

#[test]
fn every_mistake_is_told_and_nothing_is_imported() {
    let (_directory, pbm) = house();
    let right = "f1,CSC100001,01,CSCPPO,2026-01-01,2026-02-28,180.00,600.00\n";
    import(&pbm, right).unwrap();
    let wrong = "\
        f1,CSC100001,01,CSCPPO,2026-01-01,2026-02-28,180.01,600.00\n\
        ,CSC100001,1,CSCPPO,2026-02-30,2026-02-28,-1.00,\n\
        f3,CSC100001,01,CSCPPO,2026-01-01,2026-03-03,1.00,1.00\n\
        f4,CSC777777,01,CSCPPO,2026-01-01,2026-02-28,1.00,1.00\n\
        f5,CSC100001,09,CSCPPO,2026-01-01,2026-02-28,1.00,1.00\n\
        f6,CSC100001,02,NOSUCH,2026-01-01,2026-02-28,1.00,1.00\n\
        f7,CSC100001,02,CSCMCD,2026-01-01,2026-02-28,1.00,1.00\n\
        f8,CSC100002,01,CSCHDHP,2026-01-01,2026-02-28,1.00,1.00\n\
        f9,CSC100001,02,CSCPPO,2026-02-01,2026-02-28,1.00,1.00\n\
        f10,CSC100001,02,CSCPPO,2024-01-01,2024-02-28,1.00,1.00\n\
        f11,CSC100001,02,CSCPPO,2026-01-01,2026-01-31,1.00,1.00\n\
        f11,CSC100001,03,CSCPPO,2026-01-01,2026-01-31,1.00,1.00\n\
        f12,CSC100001,03,CSCPPO,2026-01-01,2026-01-31,2.00,2.00\n";
    let Err(FeedError::Mistakes { mistakes, total }) = import(&pbm, wrong) else {
        panic!("the file has mistakes");
    };
    let told: Vec<_> = mistakes.iter().map(ToString::to_string).collect();
    let expected = [
        "line 2: id: found an id that was imported before with other content, expected an id of its \
         own for what is stated anew",
        "line 3: id: found nothing, expected 1 to 40 printable characters",
        "line 3: person_code: found something else, expected two digits, like 01",
        "line 3: plan_year: found something else, expected a calendar date like 2026-03-12",
        "line 3: deductible: found something else, expected dollars from 0.00 to 10000000.00, like \
         1250.00",
        "line 3: out_of_pocket: found nothing, expected dollars from 0.00 to 10000000.00, like \
         1250.00",
        "line 4: as_of: found a day that has not come yet, expected a day up to 2026-03-02",
        "line 5: cardholder_id: found a card on which nobody is enrolled, expected the card of \
         enrolled members",
        "line 6: person_code: found nobody on the card, expected a person who is enrolled on the \
         card",
        "line 7: group: found a group that the book does not have, expected a group of the book",
        "line 8: group: found a group in which the person is not enrolled, expected the group of a \
         span of the person's coverage",
        "line 9: group: found a group whose plan shares no limit with the medical side on that day, \
         expected one whose plan has a limit `with_medical`",
        "line 10: plan_year: found another day, expected 2026-01-01, the first day of the period that \
         holds as_of",
        "line 11: as_of: found a day on which the group has no benefit, expected a day on which it \
         has one",
        "line 13: id: found the id of line 12, expected an id of its own",
        "line 14: as_of: found the person, group, plan year and day of line 13, expected one line \
         for each",
    ];
    assert_eq!(told, expected);
    assert_eq!(total, expected.len());
    let text = told.join("\n");
    for personal in ["CSC", "f1", "180", "Rivera"] {
        assert!(!text.contains(personal), "{personal} is personal: {text}");
    }
    // Nothing of line 12, which is right, has come in: 70.00 are left for Ana, all for Luis.
    assert_eq!(ask(&pbm, &jardiance("20260302", "000000000010")).patient, Some(11_500));
    let luis = Sent { person: "02", birth: "19821105", gender: 1, ..jardiance("20260302", "11") };
    assert_eq!(ask(&pbm, &luis).patient, Some(29_500));
}

#[test]
fn a_header_names_every_column_and_no_other() {
    let (_directory, pbm) = house();
    let file = "id,cardholder_id,person_code,group,plan_year,asof,deductible,out_of_pocket\n";
    let error = import_accumulators(&pbm, file.as_bytes(), &mut |_| {});
    let Err(FeedError::Mistakes { mistakes, .. }) = error else { panic!("{error:?}") };
    let told: Vec<_> = mistakes.iter().map(ToString::to_string).collect();
    let expected = [
        "line 1: as_of: found no such column, expected one of this name",
        "line 1: header: found a column of 4 characters that is not known, expected only id, \
         cardholder_id, person_code, group, plan_year, as_of, deductible, out_of_pocket",
    ];
    assert_eq!(told, expected);
}
