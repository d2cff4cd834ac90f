//! Enrollment files: checked as a whole, applied once, and silent about persons.

use std::io::Cursor;

use openpbm_service::{EnrollError, Enrolled, enroll};

use crate::house::{ask, lisinopril, open, sample, sample_house};

fn file() -> String {
    std::fs::read_to_string(sample().join("members.csv")).unwrap()
}

#[test]
fn the_same_file_twice_changes_nothing() {
    let (_directory, pbm) = sample_house();
    let again = enroll(&pbm, Cursor::new(file()), &mut |_| {}).unwrap();
    assert_eq!(again.changed, 0);
    assert!(again.members >= 8 && again.families >= 5, "{again:?}");
}

#[test]
fn a_changed_member_replaces_the_known_one() {
    let (_directory, pbm) = sample_house();
    let changed = file().replace("Ana,Rivera,1984-03-12", "Ana,Rivera,1984-03-13");
    let done = enroll(&pbm, Cursor::new(changed), &mut |_| {}).unwrap();
    assert_eq!(done.changed, 1);
    assert_eq!(ask(&pbm, &lisinopril()).codes, ["09"]);
}

#[test]
fn every_mistake_is_told_and_nobody_is_enrolled() {
    let directory = tempfile::tempdir().unwrap();
    let pbm = open(directory.path());
    let wrong = file()
        .replace("CSC100002,01,CSCHDHP", "CSC100002,01,NOSUCH")
        .replace("1982-11-05", "1982-02-30")
        .replace("Sam,Ortiz,1990-04-04,male", "Sam,Ortiz,1990-04-04,M");
    let Err(EnrollError::Mistakes { mistakes, total }) =
        enroll(&pbm, Cursor::new(wrong), &mut |_| {})
    else {
        panic!("the file has mistakes");
    };
    let told: Vec<_> = mistakes.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "line 3: birth must be a calendar date like 2026-03-12",
            "line 5: group must be a group of the book",
            "line 8: sex must be female, male or empty",
        ]
    );
    assert_eq!(total, 3);
    let text = told.join("\n");
    for personal in ["CSC1", "Rivera", "Chen", "Ortiz", "1982", "1990"] {
        assert!(!text.contains(personal), "{personal} is personal: {text}");
    }
    assert_eq!(ask(&pbm, &lisinopril()).codes, ["52"]);
}

#[test]
fn rows_of_a_family_stand_together_and_spans_do_not_overlap() {
    let directory = tempfile::tempdir().unwrap();
    let pbm = open(directory.path());
    let header = "cardholder_id,person_code,group,first_name,last_name,birth,sex,relationship,\
                  from,to,diagnoses,allergies,pregnant_until\n";
    let row = |id: &str, from: &str, to: &str| {
        format!("{id},01,CSCPPO,Ada,Example,1980-01-01,female,subscriber,{from},{to},,,\n")
    };
    let spans =
        [header.to_owned(), row("A1", "2026-01-01", "2026-01-31"), row("A1", "2026-03-01", "")];
    let done = enroll(&pbm, Cursor::new(spans.concat()), &mut |_| {}).unwrap();
    assert_eq!(done, Enrolled { families: 1, members: 1, changed: 1 });
    for (rows, right) in [
        ([row("A2", "2026-01-01", ""), row("A2", "2026-03-01", "")], "other spans"),
        ([row("A3", "2026-03-01", "2026-02-01"), row("A4", "2026-03-01", "")], "on or after from"),
    ] {
        let file = format!("{header}{}", rows.concat());
        let error = enroll(&pbm, Cursor::new(file), &mut |_| {});
        let Err(EnrollError::Mistakes { mistakes, .. }) = error else { panic!("{right}") };
        assert!(mistakes[0].to_string().contains(right), "{mistakes:?}");
    }
    let split = format!(
        "{header}{}{}{}",
        row("A5", "2026-01-01", "2026-01-31"),
        row("A6", "2026-01-01", ""),
        row("A5", "2026-03-01", "")
    );
    let error = enroll(&pbm, Cursor::new(split), &mut |_| {});
    assert!(matches!(error, Err(EnrollError::Mistakes { total: 1, .. })), "{error:?}");
}
