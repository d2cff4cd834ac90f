//! The NADAC file of CMS, in the layout of its weekly download.

use openpbm_book::import::{ImportError, InForce, Reason, Source, convert_nadac};

use super::{Imported, import_nadac};

pub(super) const HEADER: &str = "\"NDC Description\",NDC,\"NADAC Per Unit\",\"Effective Date\",\
    \"Pricing Unit\",\"Pharmacy Type Indicator\",OTC,\"Explanation Code\",\
    \"Classification for Rate Setting\",\"Corresponding Generic Drug NADAC Per Unit\",\
    \"Corresponding Generic Drug Effective Date\",\"As of Date\"\n";

fn row(ndc: &str, price: &str, effective: &str, as_of: &str) -> String {
    format!(
        "\"DRUG, 5 MG \"\"X\"\" TAB\",{ndc},{price},{effective},EA,C/I,N,\"1, 5\",G,,,{as_of}\n"
    )
}

fn import(rows: &[String], in_force: InForce) -> Imported {
    import_nadac((HEADER.to_owned() + &rows.concat()).as_bytes(), in_force)
}

fn in_force(from: Option<&str>, to: Option<&str>) -> InForce {
    let date = |text: &str| text.parse().expect("a date");
    InForce { from: from.map(date), to: to.map(date) }
}

const ELIQUIS: &str = "00003089421";
const METFORMIN: &str = "65862000801";

/// Two products: one with three prices, one with one; in no order, some of them repeated by the
/// list of the next week.
fn year() -> Vec<String> {
    vec![
        row(METFORMIN, "0.01394", "04/22/2026", "04/29/2026"),
        row(ELIQUIS, "5.52654", "03/18/2026", "03/25/2026"),
        row(ELIQUIS, "5.40000", "01/01/2026", "01/07/2026"),
        row(ELIQUIS, "5.40000", "01/01/2026", "01/14/2026"),
        row(ELIQUIS, "5.60", "04/22/2026", "04/29/2026"),
    ]
}

#[test]
fn prices_follow_each_other() {
    let imported = import(&year(), InForce::default());
    let expected = "\
ndc,unit_price,from,to
00003089421,5.40000,2026-01-01,2026-03-17
00003089421,5.52654,2026-03-18,2026-04-21
00003089421,5.60000,2026-04-22,
65862000801,0.01394,2026-04-22,
";
    assert_eq!(imported.document, expected);
    assert_eq!(imported.refusals(), [(5, Reason::PriceAgain)]);
}

#[test]
fn other_days_can_be_asked_for() {
    // A list in force for the whole year: the newest price of each product.
    let imported = import(&year(), in_force(Some("2026-01-01"), Some("2026-12-31")));
    let expected =
        ["00003089421,5.60000,2026-01-01,2026-12-31", "65862000801,0.01394,2026-01-01,2026-12-31"];
    assert_eq!(imported.rows(), expected);
    let replaced = Reason::PriceReplaced;
    assert_eq!(imported.refusals(), [(3, replaced), (4, replaced), (5, Reason::PriceAgain)]);

    // Only an end: prices that begin after it are left out.
    let imported = import(&year(), in_force(None, Some("2026-03-31")));
    let expected =
        ["00003089421,5.40000,2026-01-01,2026-03-17", "00003089421,5.52654,2026-03-18,2026-03-31"];
    assert_eq!(imported.rows(), expected);
    let late = Reason::PriceLate;
    assert_eq!(imported.refusals(), [(2, late), (5, Reason::PriceAgain), (6, late)]);
}

#[test]
fn the_newer_list_is_right() {
    let day = "01/01/2026";
    let rows = [
        row(ELIQUIS, "5.4", day, "01/07/2026"),
        row(ELIQUIS, "5.5", day, "01/14/2026"),
        row(ELIQUIS, "5.6", day, "01/07/2026"),
        row(ELIQUIS, "5.7", day, "01/14/2026"),
    ];
    let imported = import(&rows, InForce::default());
    assert_eq!(imported.rows(), ["00003089421,5.50000,2026-01-01,"]);
    let expected =
        [(2, Reason::PriceReplaced), (4, Reason::PriceReplaced), (5, Reason::PriceConflict)];
    assert_eq!(imported.refusals(), expected);
}

#[test]
fn rows_are_refused_with_their_reason() {
    let (day, list) = ("04/22/2026", "04/29/2026");
    let rows = [
        row("3089421", "5.4", day, list),
        row("0003-0894-21", "5.4", day, list),
        row(ELIQUIS, "$5.4", day, list),
        row(ELIQUIS, "5.400001", day, list),
        row(ELIQUIS, "-5.4", day, list),
        row(ELIQUIS, "0.00000", day, list),
        row(ELIQUIS, "5.4", "02/30/2026", list),
        row(ELIQUIS, "5.4", day, "yesterday"),
        "\"unclosed,00003089421,5.4\n".to_owned(),
        "too,short\n".to_owned(),
        "\n".to_owned(),
        row(ELIQUIS, "5.4", day, list),
    ];
    let imported = import(&rows, InForce::default());
    let expected = [
        (2, Reason::Code),
        (3, Reason::Code),
        (4, Reason::Price),
        (5, Reason::Price),
        (6, Reason::Price),
        (7, Reason::ZeroPrice),
        (8, Reason::Date),
        (9, Reason::Date),
        (10, Reason::Quotes),
        (11, Reason::CellCount),
    ];
    assert_eq!(imported.refusals(), expected, "{}", imported.summary);
    assert_eq!(imported.rows(), ["00003089421,5.40000,2026-04-22,"]);
}

#[test]
fn another_file_is_not_a_price_list() {
    let list = Source::from_bytes("prices.csv", b"NDC,Price\n");
    let error = convert_nadac(list, InForce::default(), &mut Vec::new(), &mut |_| ());
    let error = error.expect_err("no such columns");
    assert!(matches!(error, ImportError::Header { .. }));
    let expected = "prices.csv:1: no column `NADAC Per Unit`, `Effective Date`, `As of Date`; \
                    expected the header of a NADAC file of CMS";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_summary_is_data_too() {
    let imported = import(&[row("1", "5.4", "01/01/2026", "01/07/2026")], InForce::default());
    let summary = serde_json::to_value(&imported.summary).expect("JSON");
    let expected = serde_json::json!({
        "files": [{
            "file": "nadac.csv",
            "rows": 1,
            "taken": 0,
            "refused": [{
                "reason": "code",
                "count": 1,
                "examples": [{ "line": 2, "found": "1" }]
            }]
        }],
        "document": "",
        "written": 0
    });
    assert_eq!(summary, expected);
}
