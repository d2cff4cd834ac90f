//! Whatever the files hold, an import neither panics nor loses a row.

use std::io::Write;

use openpbm_book::import::{
    FileSummary, InForce, Source, Summary, convert_nadac, convert_ndc_directory,
};
use proptest::prelude::*;

use super::nadac::HEADER;
use super::ndc::{PACKAGE_HEADER, PRODUCT_HEADER};

/// Files that begin with their header, and then hold anything: bytes, or lines of cells that are
/// nearly right.
fn table(header: &'static str, cells: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
    let separator = if header.contains('\t') { "\t" } else { "," };
    let width = if separator == "\t" { header.matches('\t').count() + 1 } else { 12 };
    let row = prop::collection::vec(prop::sample::select(cells), width)
        .prop_map(move |row| (row.join(separator) + "\n").into_bytes());
    let line = prop_oneof![4 => row, 1 => prop::collection::vec(any::<u8>(), 0..200)];
    prop::collection::vec(line, 0..30)
        .prop_map(move |lines| [header.as_bytes(), &lines.concat()].concat())
}

const PRODUCT_CELLS: &[&str] = &[
    "", "a", "b", "N", "E", "CII", "ANDA", "A; B", "1; 2", "mg/.5mL", "\"", "x [EPC]", "20261231",
];
const PACKAGE_CELLS: &[&str] =
    &["a", "b", "0002-8215-01", "50242-040-62", "N", "Y", "", "20261231"];
const NADAC_CELLS: &[&str] =
    &["00003089421", "65862000801", "5.4", "0.1", "04/22/2026", "01/01/2026", "", "\"1, 5\"", "\""];

/// Rows in a file as an importer counts them: lines that are not blank, without the header.
fn rows(file: &[u8]) -> u64 {
    let lines = file.split(|&byte| byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    (lines.count() as u64).saturating_sub(1)
}

fn assert_counted(file: &FileSummary, bytes: &[u8]) {
    assert_eq!(file.rows, rows(bytes), "rows of {}", file.file);
    assert_eq!(file.taken + file.refused_rows(), file.rows, "{file:?}");
}

fn assert_written(summary: &Summary, document: &[u8]) {
    let text = std::str::from_utf8(document).expect("UTF-8");
    assert_eq!(text.lines().count() as u64, summary.written + 1, "{text}");
}

fn convert_ndc(products: &[u8], packages: &[u8]) -> Option<(Summary, Vec<u8>)> {
    let mut document = Vec::new();
    let products = Source::from_bytes("product.txt", products);
    let packages = Source::from_bytes("package.txt", packages);
    let summary = convert_ndc_directory(products, packages, &mut document, &mut |_| ()).ok()?;
    Some((summary, document))
}

fn convert_list(list: &[u8], in_force: InForce) -> Option<(Summary, Vec<u8>)> {
    let mut document = Vec::new();
    let list = Source::from_bytes("nadac.csv", list);
    let summary = convert_nadac(list, in_force, &mut document, &mut |_| ()).ok()?;
    Some((summary, document))
}

proptest! {
    #[test]
    fn every_row_of_the_directory_is_counted(
        products in table(PRODUCT_HEADER, PRODUCT_CELLS),
        packages in table(PACKAGE_HEADER, PACKAGE_CELLS),
    ) {
        let (summary, document) = convert_ndc(&products, &packages).expect("headers");
        assert_counted(&summary.files[0], &products);
        assert_counted(&summary.files[1], &packages);
        assert_written(&summary, &document);
        prop_assert_eq!(summary.written, summary.files[1].taken);
    }

    #[test]
    fn every_row_of_a_price_list_is_counted(
        list in table(HEADER, NADAC_CELLS),
        from in any::<bool>(),
        to in any::<bool>(),
    ) {
        let day = |text: &str| text.parse().expect("a date");
        let in_force = InForce {
            from: from.then(|| day("2026-01-01")),
            to: to.then(|| day("2026-03-31")),
        };
        let (summary, document) = convert_list(&list, in_force).expect("a header");
        assert_counted(&summary.files[0], &list);
        assert_written(&summary, &document);
        prop_assert_eq!(summary.written, summary.files[0].taken);
    }

    #[test]
    fn bytes_are_imported_or_refused(
        one in prop::collection::vec(any::<u8>(), 0..400),
        other in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        convert_ndc(&one, &other);
        convert_ndc(&[PRODUCT_HEADER.as_bytes(), &one].concat(), &other);
        convert_list(&one, InForce::default());
        // What claims to be compressed and is not.
        convert_list(&[b"\x1f\x8b".as_slice(), &one].concat(), InForce::default());
    }

    #[test]
    fn compressed_files_read_the_same(list in table(HEADER, NADAC_CELLS)) {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&list).expect("compressed");
        let gzip = gzip.finish().expect("compressed");
        let plain = convert_list(&list, InForce::default()).expect("a header");
        prop_assert_eq!(convert_list(&gzip, InForce::default()).expect("a header"), plain);
    }
}
