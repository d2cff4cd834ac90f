//! The sample book, and the sample book with one document changed.

use std::path::Path;
use std::sync::LazyLock;

use openpbm_book::{Book, Folder, InMemory};

/// Where the sample book's documents are.
pub(crate) const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../sample");

/// The sample book as it is.
pub(crate) fn sample() -> &'static Book {
    static BOOK: LazyLock<Book> = LazyLock::new(|| match Book::load(Path::new(SAMPLE)) {
        Ok(book) => book,
        Err(mistakes) => panic!("the sample book has mistakes:\n{mistakes}"),
    });
    &BOOK
}

/// A book by the name that a table's `book=` gives it.
pub(crate) fn named(name: &str) -> &'static Book {
    // The high-deductible group's contract ends with June.
    static ENDED: LazyLock<Book> = LazyLock::new(|| {
        let from = "plan = \"hdhp\"\nfrom = 2026-01-01";
        changed("groups.toml", from, &format!("{from}\nto = 2026-06-30"))
    });
    // The maker stops lisinopril 20 mg with March.
    static STOPPED: LazyLock<Book> = LazyLock::new(|| {
        let row = "00591040801,lisinopril 20 mg tablet,lisinopril,20 mg,tablet,ace inhibitor,\
                   generic,,false,EA,30,,";
        changed("drugs/sample.csv", row, &format!("{row}2026-03-31"))
    });
    // The maker of the only generic of Symbicort 160 stops it with March.
    static NO_GENERIC: LazyLock<Book> = LazyLock::new(|| {
        let row = "00310737020,budesonide-formoterol 160-4.5 mcg inhaler,\
                   budesonide / formoterol,160 mcg / 4.5 mcg,\"aerosol, metered\",\
                   inhaled corticosteroid and long-acting beta agonist,generic,,false,GM,10.2,,";
        changed("drugs/sample.csv", row, &format!("{row}2026-03-31"))
    });
    match name {
        "sample" => sample(),
        "ended" => &ENDED,
        "stopped" => &STOPPED,
        "no-generic" => &NO_GENERIC,
        _ => panic!("`{name}` is no book of these tests"),
    }
}

/// The sample book with a text in one of its documents put in the place of another.
fn changed(path: &str, from: &str, to: &str) -> Book {
    let mut documents = InMemory::copy_of(&Folder::new(SAMPLE)).expect("the sample is readable");
    let text = documents.get(path).expect("the document is there").to_vec();
    let text = String::from_utf8(text).expect("the document is text");
    assert_eq!(text.matches(from).count(), 1, "{path} holds this once: {from}");
    documents.put(path, text.replace(from, to));
    match Book::from_documents(&documents) {
        Ok(book) => book,
        Err(mistakes) => panic!("the changed book has mistakes:\n{mistakes}"),
    }
}
