//! The sample book that the project ships.

use std::path::{Path, PathBuf};
use std::process::Command;

use openpbm_book::{Book, Folder, Severity, import};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sample")
}

#[test]
fn the_sample_book_has_no_mistake() {
    let checked = Book::check(&Folder::new(folder()));
    assert_eq!(checked.mistakes.count(Severity::Mistake), 0, "{}", checked.mistakes);
    let book = checked.book.unwrap();
    assert_eq!(book.groups().count(), 4);
    assert_eq!(book.plans().len(), 4);
    assert_eq!(book.networks().len(), 5);
    assert_eq!((book.pharmacies().count(), book.prescribers().count()), (5, 3));
}

/// What its README says of a few drugs, by name.
#[test]
fn the_sample_formulary_places_drugs_as_it_says() {
    let book = Book::load(&folder()).unwrap();
    let day = "2026-03-01".parse().unwrap();
    let formulary = book.formularies()[0].on(day).unwrap();
    let drugs = book.drugs();
    let tiers = |label: &str| {
        let named = drugs.ids().filter(|id| drugs.product(*id).unwrap().name.starts_with(label));
        let tiers: Vec<_> = named
            .map(|id| formulary.placement(id).and_then(|p| p.tier.as_ref()).map(|t| t.value))
            .collect();
        assert!(!tiers.is_empty(), "no {label}");
        tiers
    };
    for (label, tier) in [
        ("Eliquis", 3),
        ("Jardiance", 3),
        ("Ozempic", 3),
        ("Farxiga", 3),
        ("Humira", 5),
        ("atorvastatin", 1),
        ("Lipitor", 4),
    ] {
        for found in tiers(label) {
            assert_eq!(found, Some(tier), "{label}");
        }
    }
}

/// The whole FDA directory beside the sample's own tables: every package with its true line, in
/// less than 150 MiB.
#[test]
#[ignore = "real-data lane"]
fn the_whole_directory_fits_into_memory_with_true_lines() {
    let shared = std::env::var("OPENPBM_SHARED").expect("OPENPBM_SHARED names the real data");
    let target = tempfile::tempdir().unwrap();
    copy(&folder(), target.path());
    let directory = target.path().join("drugs/directory.csv");
    let source = |name: &str| Path::new(&shared).join("data/drugs").join(name);
    import::import_ndc_directory(
        &source("fda_ndc_product_2019-04.txt.gz"),
        &source("fda_ndc_package_2019-04.txt.gz"),
        &directory,
        &mut |_| (),
    )
    .unwrap();
    // Another process measures, because this one runs other tests as well.
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "sample::peak_of_a_load", "--ignored"])
        .env(MEASURED, target.path())
        .output()
        .unwrap();
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stdout));
    let book = Book::load(target.path()).unwrap();
    assert!(book.drugs().len() > 240_000, "{} drugs", book.drugs().len());
    let text = std::fs::read_to_string(&directory).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    for drug in book.drugs().ids().filter_map(|id| book.drugs().drug(id)) {
        if book.locate(drug.source).starts_with("drugs/directory.csv") {
            let line = lines[drug.source.line as usize - 1];
            assert!(line.starts_with(&drug.ndc.to_string()), "{line}");
        }
    }
}

/// Names the book to be loaded by the process that is measured.
const MEASURED: &str = "OPENPBM_MEASURED_BOOK";

#[test]
#[ignore = "run by the test above in a process of its own"]
fn peak_of_a_load() {
    let Ok(folder) = std::env::var(MEASURED) else { return };
    let book = Book::load(Path::new(&folder)).unwrap();
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        let kibibytes: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
        assert!(kibibytes < 150 * 1024, "peak of {kibibytes} KiB");
    }
    drop(book);
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}
