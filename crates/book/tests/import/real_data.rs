//! The whole public files, where they are at hand: `OPENPBM_SHARED` names the folder that holds
//! `data/drugs` and `data/prices`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use openpbm_book::Book;
use openpbm_book::import::{InForce, Reason, Summary, import_nadac, import_ndc_directory};

use super::sample::{sample, table};

fn shared(path: &str) -> PathBuf {
    let folder = std::env::var("OPENPBM_SHARED").expect("OPENPBM_SHARED names a folder");
    Path::new(&folder).join("data").join(path)
}

fn import_directory(document: &Path) -> Summary {
    let products = shared("drugs/fda_ndc_product_2019-04.txt.gz");
    let packages = shared("drugs/fda_ndc_package_2019-04.txt.gz");
    import_ndc_directory(&products, &packages, document, &mut |_| ()).expect("imported")
}

#[test]
#[ignore = "real-data lane"]
fn the_whole_ndc_directory() {
    let folder = tempfile::tempdir().expect("a folder");
    let document = folder.path().join("directory.csv");
    let summary = import_directory(&document);
    let [products, packages] = &summary.files[..] else { panic!("two files") };
    assert_eq!((products.rows, products.taken), (128_241, 128_241), "{summary}");
    assert_eq!(packages.rows, 243_960, "{summary}");
    // 516 samples; 19 codes that stand under two products.
    assert_eq!(packages.refused_for(Reason::Sample), 516, "{summary}");
    assert_eq!(packages.refused_for(Reason::CodeAgain), 19, "{summary}");
    assert_eq!((packages.taken, packages.refused_rows()), (243_425, 535), "{summary}");
    assert_eq!(summary.written, 243_425);

    let text = fs::read_to_string(&document).expect("a document");
    let row = |ndc: &str| text.lines().find(|line| line.starts_with(ndc)).expect("a row");
    for expected in [
        "00003089421,ELIQUIS 5 mg tablet,apixaban,5 mg,\"tablet, film coated\",\
         factor xa inhibitor,brand,,false,EA,,,",
        "00378932032,Wixela Inhub 100 mcg-50 mcg powder,\
         fluticasone propionate / salmeterol xinafoate,100 mcg / 50 mcg,powder,corticosteroid,\
         generic,,false,,,,",
        "57894006003,STELARA 45 mg/0.5 mL injection,ustekinumab,45 mg/0.5 mL,\
         \"injection, solution\",interleukin-23 antagonist,brand,,false,ML,,,",
    ] {
        let (ndc, _) = expected.split_once(',').expect("a code");
        assert_eq!(row(ndc), expected);
    }
}

#[test]
#[ignore = "real-data lane"]
fn the_nadac_selection() {
    let folder = tempfile::tempdir().expect("a folder");
    let document = folder.path().join("nadac.csv");
    let list = shared("prices/nadac_2026-04-29_selected.csv");
    let days = |from: &str, to: &str| InForce { from: from.parse().ok(), to: to.parse().ok() };
    let in_force = days("2026-01-01", "2026-12-31");
    let summary = import_nadac(&list, &document, in_force, &mut |_| ()).expect("imported");
    let file = &summary.files[0];
    assert_eq!((file.rows, file.taken, file.refused_rows()), (398, 398, 0), "{summary}");
    // The sample's list is this import, to the byte.
    let imported = fs::read_to_string(&document).expect("a document");
    let sample = fs::read_to_string(sample("prices/nadac.csv")).expect("a list");
    assert_eq!(imported, sample);
}

/// Where the directory has a package of the sample, the two agree on what they both say.
#[test]
#[ignore = "real-data lane"]
fn the_sample_agrees_with_the_directory() {
    let folder = tempfile::tempdir().expect("a folder");
    let document = folder.path().join("directory.csv");
    import_directory(&document);
    let mut reader = csv::Reader::from_path(&document).expect("a table");
    let rows = reader.deserialize::<BTreeMap<String, String>>().map(|row| row.expect("a row"));
    let directory: BTreeMap<_, _> = rows.map(|row| (row["ndc"].clone(), row)).collect();

    let mut compared = 0;
    for drug in table("drugs/sample.csv") {
        let Some(listed) = directory.get(&drug["ndc"]) else { continue };
        compared += 1;
        // The directory of 2019 forgets the schedule of one package of Lyrica.
        let schedule = if drug["ndc"] == "00071101468" { "5" } else { &listed["schedule"] };
        assert_eq!(drug["schedule"], schedule, "{}", drug["name"]);
        assert_eq!(drug["otc"], listed["otc"], "{}", drug["name"]);
        if !listed["unit"].is_empty() {
            assert_eq!(drug["unit"], listed["unit"], "{}", drug["name"]);
        }
        if listed["strength"].starts_with("not listed") {
            continue;
        }
        for ingredient in drug["ingredient"].split(" / ") {
            let word = ingredient.split(' ').next().expect("a word");
            assert!(listed["ingredient"].contains(word), "{}: {listed:?}", drug["name"]);
        }
    }
    assert_eq!(compared, 331);
}

/// The sample's own rows come first: of its 405 drugs the directory has 331.
#[test]
#[ignore = "real-data lane"]
fn the_sample_book_takes_the_whole_directory() {
    let folder = tempfile::tempdir().expect("a folder");
    copy(&sample(""), folder.path());
    let document = folder.path().join("drugs/directory.csv");
    import_directory(&document);
    let book = Book::load(folder.path()).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    assert_eq!(book.drugs().len(), 243_425 + 405 - 331);
    let eliquis = book.drugs().find("00003089421".parse().expect("an NDC")).expect("a drug");
    assert_eq!(&*book.drugs().product(eliquis).expect("a product").name, "Eliquis 5 mg tablet");
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("copied");
        }
    }
}
