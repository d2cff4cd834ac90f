//! Cases that were found before, each as small as it could be made, with what was settled.

use std::path::Path;

use openpbm_model::{Case, Documents, Implementation, Reference};

use crate::setting::{against, here, sample};

fn cases(folder: &Path) -> Vec<(String, Case)> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> = entries.filter(|path| path.is_file()).collect();
    paths.sort();
    let read = |path: &Path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let case = Case::from_toml(&name, &std::fs::read_to_string(path).unwrap()).unwrap();
        (name, case)
    };
    paths.iter().map(|path| read(path)).collect()
}

#[test]
fn what_was_settled_stays_settled() {
    let base = sample();
    let cases = cases(&here().join("fixtures"));
    assert!(cases.len() >= 10, "only {} fixtures", cases.len());
    for (name, case) in cases {
        assert!(!case.about.is_empty(), "{name} does not say what it is about");
        if let Some(seen) = against(&base, None).judge(&case).unwrap() {
            panic!("{name}, {}\n{seen}", case.about);
        }
        assert_eq!(answers(&base, &case), case.answers, "{name}, {}", case.about);
    }
}

/// What the model answers, in brief.
fn answers(base: &Documents, case: &Case) -> Vec<String> {
    let rules = Reference.read(&case.documents(base).unwrap()).unwrap();
    let seen = Reference.play(&rules, &case.members, &case.events);
    seen.iter().map(|seen| seen.answer.brief()).collect()
}

#[test]
fn a_case_reads_as_it_was_written() {
    for (name, case) in cases(&here().join("fixtures")) {
        assert_eq!(Case::from_toml(&name, &case.to_toml().unwrap()).unwrap(), case);
    }
}
