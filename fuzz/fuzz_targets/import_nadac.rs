//! Any file behind the NADAC header: importing never panics, counts every row once, and writes
//! one line for each price taken.

#![no_main]

use libfuzzer_sys::fuzz_target;
use openpbm_book::import::{InForce, Source, convert_nadac};

const HEADER: &[u8] = b"NDC,NADAC Per Unit,Effective Date,As of Date\n";

fuzz_target!(|bytes: &[u8]| {
    let list = [HEADER, bytes].concat();
    let day = |text: &str| text.parse().ok();
    for in_force in [
        InForce::default(),
        InForce { from: day("2026-01-01"), to: day("2026-12-31") },
        InForce { from: None, to: day("2026-06-30") },
    ] {
        let mut document = Vec::new();
        let list = Source::from_bytes("nadac.csv", &list);
        let summary =
            convert_nadac(list, in_force, &mut document, &mut |_| ()).expect("the header is right");
        for file in &summary.files {
            assert_eq!(file.taken + file.refused_rows(), file.rows);
        }
        let document = String::from_utf8(document).expect("a list is UTF-8");
        assert_eq!(document.lines().count() as u64, summary.written + 1);
    }
    let list = Source::from_bytes("any", bytes);
    convert_nadac(list, InForce::default(), &mut Vec::new(), &mut |_| ()).ok();
});
