//! Any two files behind the FDA's headers: importing never panics, counts every row once, and
//! writes one line for each package taken.

#![no_main]

use libfuzzer_sys::fuzz_target;
use openpbm_book::import::{Source, convert_ndc_directory};

const PRODUCTS: &[u8] = b"PRODUCTID\tPRODUCTNDC\tPRODUCTTYPENAME\tPROPRIETARYNAME\t\
    PROPRIETARYNAMESUFFIX\tNONPROPRIETARYNAME\tDOSAGEFORMNAME\tENDMARKETINGDATE\t\
    MARKETINGCATEGORYNAME\tSUBSTANCENAME\tACTIVE_NUMERATOR_STRENGTH\tACTIVE_INGRED_UNIT\t\
    PHARM_CLASSES\tDEASCHEDULE\tNDC_EXCLUDE_FLAG\n";
const PACKAGES: &[u8] = b"PRODUCTID\tNDCPACKAGECODE\tPACKAGEDESCRIPTION\tENDMARKETINGDATE\t\
    NDC_EXCLUDE_FLAG\tSAMPLE_PACKAGE\n";

fuzz_target!(|files: (&[u8], &[u8])| {
    let products = [PRODUCTS, files.0].concat();
    let packages = [PACKAGES, files.1].concat();
    let products = Source::from_bytes("product.txt", &products);
    let packages = Source::from_bytes("package.txt", &packages);
    let mut document = Vec::new();
    let summary = convert_ndc_directory(products, packages, &mut document, &mut |_| ())
        .expect("the headers are right");
    for file in &summary.files {
        assert_eq!(file.taken + file.refused_rows(), file.rows);
    }
    let document = String::from_utf8(document).expect("a table is UTF-8");
    assert_eq!(document.lines().count() as u64, summary.written + 1);
    // Bytes without a header, or that look compressed, are refused as a whole or read.
    let (one, other) = (Source::from_bytes("one", files.0), Source::from_bytes("other", files.1));
    convert_ndc_directory(one, other, &mut Vec::new(), &mut |_| ()).ok();
});
