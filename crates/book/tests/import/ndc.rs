//! The FDA's NDC directory, in the layout of its `product.txt` and `package.txt`.

use std::fs;

use openpbm_book::import::import_ndc_directory;
use openpbm_book::import::{ImportError, Progress, Reason, Source, convert_ndc_directory};

use super::{Imported, import_ndc};

pub(super) const PRODUCT_HEADER: &str = "PRODUCTID\tPRODUCTNDC\tPRODUCTTYPENAME\tPROPRIETARYNAME\t\
    PROPRIETARYNAMESUFFIX\tNONPROPRIETARYNAME\tDOSAGEFORMNAME\tROUTENAME\tSTARTMARKETINGDATE\t\
    ENDMARKETINGDATE\tMARKETINGCATEGORYNAME\tAPPLICATIONNUMBER\tLABELERNAME\tSUBSTANCENAME\t\
    ACTIVE_NUMERATOR_STRENGTH\tACTIVE_INGRED_UNIT\tPHARM_CLASSES\tDEASCHEDULE\tNDC_EXCLUDE_FLAG\t\
    LISTING_RECORD_CERTIFIED_THROUGH\r\n";
pub(super) const PACKAGE_HEADER: &str = "PRODUCTID\tPRODUCTNDC\tNDCPACKAGECODE\tPACKAGEDESCRIPTION\
    \tSTARTMARKETINGDATE\tENDMARKETINGDATE\tNDC_EXCLUDE_FLAG\tSAMPLE_PACKAGE\r\n";

/// A row of `product.txt`: Eliquis 5 mg, with other values in the columns named.
fn product(id: &str, changes: &[(&str, &str)]) -> String {
    let usual = [
        ("PRODUCTID", id),
        ("PRODUCTNDC", "0003-0894"),
        ("PRODUCTTYPENAME", "HUMAN PRESCRIPTION DRUG"),
        ("PROPRIETARYNAME", "ELIQUIS"),
        ("NONPROPRIETARYNAME", "apixaban"),
        ("DOSAGEFORMNAME", "TABLET, FILM COATED"),
        ("MARKETINGCATEGORYNAME", "NDA"),
        ("SUBSTANCENAME", "APIXABAN"),
        ("ACTIVE_NUMERATOR_STRENGTH", "5"),
        ("ACTIVE_INGRED_UNIT", "mg/1"),
        ("PHARM_CLASSES", "Factor Xa Inhibitor [EPC],Factor Xa Inhibitors [MoA]"),
        ("NDC_EXCLUDE_FLAG", "N"),
    ];
    row(PRODUCT_HEADER, &usual, changes)
}

/// A row of `package.txt`: a bottle of 60 tablets.
fn package(id: &str, code: &str, changes: &[(&str, &str)]) -> String {
    let usual = [
        ("PRODUCTID", id),
        ("NDCPACKAGECODE", code),
        ("PACKAGEDESCRIPTION", "60 TABLET, FILM COATED in 1 BOTTLE"),
        ("NDC_EXCLUDE_FLAG", "N"),
        ("SAMPLE_PACKAGE", "N"),
    ];
    row(PACKAGE_HEADER, &usual, changes)
}

fn row(header: &str, usual: &[(&str, &str)], changes: &[(&str, &str)]) -> String {
    let value = |name: &str| {
        let mut all = changes.iter().chain(usual);
        all.find(|(column, _)| *column == name).map_or("", |(_, value)| *value)
    };
    let cells: Vec<_> = header.trim_end().split('\t').map(value).collect();
    cells.join("\t") + "\r\n"
}

fn import(products: &[String], packages: &[String]) -> Imported {
    let products = PRODUCT_HEADER.to_owned() + &products.concat();
    let packages = PACKAGE_HEADER.to_owned() + &packages.concat();
    import_ndc(products.as_bytes(), packages.as_bytes())
}

/// Imports one product with one package; the row without its code.
fn import_one(changes: &[(&str, &str)]) -> String {
    let imported = import(&[product("a", changes)], &[package("a", "0003-0894-21", &[])]);
    let rows = imported.rows();
    assert_eq!(rows.len(), 1, "{}", imported.summary);
    rows[0].strip_prefix("00003089421,").expect("the code first").to_owned()
}

#[test]
fn a_package_becomes_a_row() {
    let imported = import(&[product("a", &[])], &[package("a", "0003-0894-21", &[])]);
    let expected = "\
ndc,name,ingredient,strength,form,class,kind,schedule,otc,unit,usual_30,mme,discontinued
00003089421,ELIQUIS 5 mg tablet,apixaban,5 mg,\"tablet, film coated\",factor xa inhibitor,brand,,\
false,EA,,,
";
    assert_eq!(imported.document, expected);
    assert_eq!(imported.summary.written, 1);
}

#[test]
fn codes_of_three_shapes_become_eleven_digits_in_order() {
    let packages = ["60575-4112-1", "50242-040-62", "0002-8215-01", "00093-7270-98"];
    let packages = packages.map(|code| package("a", code, &[]));
    let imported = import(&[product("a", &[])], &packages);
    let codes: Vec<_> = imported.rows().iter().map(|row| &row[..11]).collect();
    assert_eq!(codes, ["00002821501", "00093727098", "50242004062", "60575411201"]);
}

#[test]
fn products_are_read_as_what_they_are() {
    for (changes, expected) in [
        // A generic under an abbreviated application; a controlled substance.
        (
            &[
                ("PROPRIETARYNAME", "Hydrocodone Bitartrate and Acetaminophen"),
                ("MARKETINGCATEGORYNAME", "ANDA"),
                ("DOSAGEFORMNAME", "TABLET"),
                ("SUBSTANCENAME", "HYDROCODONE BITARTRATE; ACETAMINOPHEN"),
                ("ACTIVE_NUMERATOR_STRENGTH", "10; 325"),
                ("ACTIVE_INGRED_UNIT", "mg/1; mg/1"),
                ("PHARM_CLASSES", "Opioid Agonist [EPC],Opioid Agonists [MoA]"),
                ("DEASCHEDULE", "CII"),
            ][..],
            "Hydrocodone Bitartrate and Acetaminophen 325 mg-10 mg tablet,\
             acetaminophen / hydrocodone bitartrate,325 mg / 10 mg,tablet,opioid agonist,generic,2,\
             false,EA,,,",
        ),
        // Over the counter, by monograph, under the drug's own name; class unknown.
        (
            &[
                ("PRODUCTTYPENAME", "HUMAN OTC DRUG"),
                ("PROPRIETARYNAME", "good sense aspirin"),
                ("NONPROPRIETARYNAME", "Aspirin"),
                ("DOSAGEFORMNAME", "TABLET, CHEWABLE"),
                ("MARKETINGCATEGORYNAME", "OTC MONOGRAPH NOT FINAL"),
                ("SUBSTANCENAME", "ASPIRIN"),
                ("ACTIVE_NUMERATOR_STRENGTH", "81"),
                ("PHARM_CLASSES", ""),
            ][..],
            "good sense aspirin 81 mg tablet,aspirin,81 mg,\"tablet, chewable\",,generic,,true,EA,,,",
        ),
        // A kit has no substances; a listing that was not renewed is taken.
        (
            &[
                ("PRODUCTNDC", "0074-4339"),
                ("PROPRIETARYNAME", "Humira"),
                ("NONPROPRIETARYNAME", "adalimumab"),
                ("DOSAGEFORMNAME", "KIT"),
                ("MARKETINGCATEGORYNAME", "BLA"),
                ("SUBSTANCENAME", ""),
                ("ACTIVE_NUMERATOR_STRENGTH", ""),
                ("ACTIVE_INGRED_UNIT", ""),
                ("PHARM_CLASSES", ""),
                ("NDC_EXCLUDE_FLAG", "E"),
            ][..],
            "Humira kit,adalimumab,not listed (0074-4339),kit,,brand,,false,EA,,,",
        ),
        // A suffix belongs to the name; marketing ends.
        (
            &[
                ("PROPRIETARYNAME", "Adderall"),
                ("PROPRIETARYNAMESUFFIX", "XR"),
                ("ENDMARKETINGDATE", "20261231"),
                ("DOSAGEFORMNAME", "CAPSULE, EXTENDED RELEASE"),
            ][..],
            "Adderall XR 5 mg capsule,apixaban,5 mg,\"capsule, extended release\",\
             factor xa inhibitor,brand,,false,EA,,,2026-12-31",
        ),
    ] {
        assert_eq!(import_one(changes), expected);
    }
}

#[test]
fn odd_text_is_read_as_text() {
    // Windows-1252 bytes, a stray quote, a quoted cell.
    let marker = ("PROPRIETARYNAME", "#");
    for (bytes, name) in [
        (&b"Wong\x92s Balm\xe4"[..], "Wong’s Balmä"),
        ("Wong’s Balmä".as_bytes(), "Wong’s Balmä"),
        (b"8\" \x00Wrap", "\"8\"\" Wrap"),
        (b"\"Dr. \"\"Good\"\" Co\"", "\"Dr. \"\"Good\"\" Co"),
    ] {
        let text = PRODUCT_HEADER.to_owned() + &product("a", &[marker]);
        let place = text.find('#').expect("the marker");
        let products = [&text.as_bytes()[..place], bytes, &text.as_bytes()[place + 1..]].concat();
        let packages = PACKAGE_HEADER.to_owned() + &package("a", "0003-0894-21", &[]);
        let imported = import_ndc(&products, packages.as_bytes());
        let start = format!("00003089421,{name} 5 mg tablet");
        assert!(imported.rows()[0].starts_with(&start), "{}", imported.document);
    }
}

#[test]
fn the_earlier_end_of_marketing_counts() {
    for (of_product, of_package, expected) in [
        ("", "", ""),
        ("20251231", "", "2025-12-31"),
        ("", "20250630", "2025-06-30"),
        ("20251231", "20250630", "2025-06-30"),
    ] {
        let imported = import(
            &[product("a", &[("ENDMARKETINGDATE", of_product)])],
            &[package("a", "0003-0894-21", &[("ENDMARKETINGDATE", of_package)])],
        );
        let row = imported.rows()[0].to_owned();
        assert_eq!(row.rsplit(',').next(), Some(expected), "{row}");
    }
}

#[test]
fn rows_are_refused_with_their_reason() {
    let products = [
        product("good", &[]),
        product("good", &[]),
        product("bulk", &[("PRODUCTTYPENAME", "BULK INGREDIENT")]),
        product("export", &[("MARKETINGCATEGORYNAME", "EXPORT ONLY")]),
        product("excluded", &[("NDC_EXCLUDE_FLAG", "Y")]),
        product("schedule", &[("DEASCHEDULE", "CI")]),
        product("date", &[("ENDMARKETINGDATE", "20260231")]),
        product("nameless", &[("PROPRIETARYNAME", ""), ("NONPROPRIETARYNAME", "")]),
        product("empty", &[("SUBSTANCENAME", ""), ("NONPROPRIETARYNAME", "")]),
        "short\t0003-0894\r\n".to_owned(),
        "\r\n".to_owned(),
    ];
    let packages = [
        package("good", "0003-0894-21", &[]),
        package("good", "00003-0894-21", &[]),
        package("good", "0003-0894-22", &[("SAMPLE_PACKAGE", "Y")]),
        package("good", "0003-0894-23", &[("NDC_EXCLUDE_FLAG", "Y")]),
        package("good", "0003089424", &[]),
        package("good", "0003-0894-25", &[("ENDMARKETINGDATE", "soon")]),
        package("nobody", "0003-0894-26", &[]),
        package("bulk", "0003-0894-27", &[]),
        format!("{}\n", "x".repeat(300_000)),
        package("good", "0003-0894-28", &[]),
    ];
    let imported = import(&products, &packages);
    let expected = [
        (3, Reason::ProductAgain),
        (4, Reason::NotDispensed),
        (5, Reason::NotDispensed),
        (6, Reason::Excluded),
        (7, Reason::Schedule),
        (8, Reason::Date),
        (9, Reason::NoName),
        (10, Reason::NoIngredient),
        (11, Reason::CellCount),
        (3, Reason::CodeAgain),
        (4, Reason::Sample),
        (5, Reason::Excluded),
        (6, Reason::Code),
        (7, Reason::Date),
        (8, Reason::NoProduct),
        (9, Reason::ProductRefused),
        (10, Reason::LineLength),
    ];
    assert_eq!(imported.refusals(), expected, "{}", imported.summary);
    let codes: Vec<_> = imported.rows().iter().map(|row| &row[..11]).collect();
    assert_eq!(codes, ["00003089421", "00003089428"]);
    // The summary says what was found.
    let summary = imported.summary.to_string();
    for found in ["0003-0894 20260231", "0003-0894 CI", "0003-0894 EXPORT ONLY", "0003089424"] {
        assert!(summary.contains(found), "{found} in {summary}");
    }
}

#[test]
fn columns_are_found_by_name() {
    let products = "nonsense\tPRODUCTID\r\n";
    let products = Source::from_bytes("product.txt", products.as_bytes());
    let packages = Source::from_bytes("package.txt", PACKAGE_HEADER.as_bytes());
    let error = convert_ndc_directory(products, packages, &mut Vec::new(), &mut |_| ());
    let error = error.expect_err("a header without columns").to_string();
    assert!(
        error.starts_with("product.txt:1: no column `PRODUCTNDC`, `PRODUCTTYPENAME`"),
        "{error}"
    );
    assert!(error.ends_with("expected the header of the FDA's NDC directory"), "{error}");
}

#[test]
fn a_document_is_replaced_whole_or_not_at_all() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let document = path("drugs/directory.csv");
    let products = PRODUCT_HEADER.to_owned() + &product("a", &[]);
    fs::write(path("product.txt"), products).expect("written");
    let packages = PACKAGE_HEADER.to_owned() + &package("a", "0003-0894-21", &[]);
    fs::write(path("package.txt"), packages).expect("written");

    let mut last = None;
    let mut progress = |now: Progress| last = Some(now);
    let import = |packages: &str, progress: &mut dyn FnMut(Progress)| {
        import_ndc_directory(&path("product.txt"), &path(packages), &document, progress)
    };
    let summary = import("package.txt", &mut progress).expect("imported");
    assert!(summary.to_string().ends_with("directory.csv: 1 rows written"), "{summary}");
    let last = last.expect("progress");
    assert_eq!((last.read, last.read > 0), (last.total, true));
    let before = fs::read_to_string(&document).expect("a document");

    // Nothing to take: the document stays, and nothing else is left in its folder.
    fs::write(path("empty.txt"), PACKAGE_HEADER).expect("written");
    let error = import("empty.txt", &mut |_| ()).expect_err("nothing to take");
    assert!(matches!(error, ImportError::NothingTaken(_)), "{error}");
    assert!(import("missing.txt", &mut |_| ()).is_err());
    assert_eq!(fs::read_to_string(&document).expect("the same document"), before);
    let left = fs::read_dir(path("drugs")).expect("a folder").count();
    assert_eq!(left, 1);
}
