//! Any bytes as an enrollment file: reading never panics and never says who is in it.

#![no_main]

use std::path::Path;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use openpbm_book::Book;
use openpbm_service::check_members;

static BOOK: LazyLock<Book> = LazyLock::new(|| {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sample");
    Book::load(&sample).expect("the sample book has no mistake")
});

const START: &str = "cardholder_id,person_code,group,first_name,last_name,birth,sex,relationship,\
    from,to,diagnoses,allergies,pregnant_until\n\
    SECRET1,01,CSCPPO,SECRET2,SECRET3,1980-01-01,female,subscriber,2026-01-01,,,,\n";

fuzz_target!(|input: (bool, &[u8])| {
    let (behind, bytes) = input;
    let file = if behind { [START.as_bytes(), bytes].concat() } else { bytes.to_vec() };
    if let Err(error) = check_members(&BOOK, file.as_slice()) {
        assert!(!format!("{error:?}").contains("SECRET"));
    }
});
