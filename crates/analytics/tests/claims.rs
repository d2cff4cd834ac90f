//! Rows of claims files, and the files that hold them.

use openpbm_analytics::claims::{COLUMNS, Layout, Row, Sent, record};
use openpbm_analytics::table::{self, Batch, Format};
use openpbm_core::{
    BillingKey, Cents, Claim, ClaimId, Details, DrugUse, DurOverride, PrescriptionNumber,
    QualifiedAmount, Quantity, Reversal, Sex,
};

/// A claim that says all that a claim can.
fn talkative() -> Claim {
    let mut details = Details { clarifications: vec![7, 20], ..Details::default() };
    details.charges.ingredient_cost = Some(Cents::new(12_345));
    details.charges.other_amounts = vec![QualifiedAmount { qualifier: 4, amount: Cents::new(1) }];
    Claim {
        key: BillingKey {
            pharmacy: "1999000015".parse().unwrap(),
            prescription: PrescriptionNumber::new(999_999_999_999).unwrap(),
            fill: 99,
            date_of_service: "2026-02-28".parse().unwrap(),
        },
        received: "2026-03-01".parse().unwrap(),
        group: Some("CSCPPO".parse().unwrap()),
        cardholder: "CSC100001".parse().unwrap(),
        person_code: Some("01".parse().unwrap()),
        birth: "1984-03-12".parse().unwrap(),
        sex: Some(Sex::Female),
        pregnant: true,
        prescriber: "1999000114".parse().unwrap(),
        drug: DrugUse {
            ndc: "00003089421".parse().unwrap(),
            quantity: Quantity::from_thousandths(2_500).unwrap(),
            days_supply: 999,
        },
        daw: 9,
        compound: true,
        other_coverage: Some(8),
        usual_and_customary: Some(Cents::new(99_999_999)),
        gross_amount_due: Cents::ZERO,
        diagnoses: vec!["E119".to_owned(), "I10".to_owned()],
        dur_overrides: vec![DurOverride {
            reason: "DD".to_owned(),
            service: "M0".to_owned(),
            result: "1G".to_owned(),
        }],
        details,
    }
}

/// A claim that says only what every claim must.
fn terse() -> Claim {
    let day = "2026-02-28".parse().unwrap();
    Claim {
        received: day,
        group: None,
        person_code: None,
        sex: None,
        pregnant: false,
        daw: 0,
        compound: false,
        other_coverage: None,
        usual_and_customary: None,
        diagnoses: Vec::new(),
        dur_overrides: Vec::new(),
        details: Details::default(),
        ..talkative()
    }
}

fn rows() -> Vec<Row> {
    let id = Some(ClaimId::new(1_767_225_600_000, 7));
    let reversal = Reversal { ndc: None, fill: None, ..Reversal::of_rebill(&terse()) };
    vec![
        Row { id, sent: Sent::Billing(talkative()), answer: Some(0x0123_4567_89ab_cdef) },
        Row { id: None, sent: Sent::Billing(terse()), answer: None },
        Row { id: None, sent: Sent::Reversal(Reversal::of_rebill(&terse())), answer: None },
        Row { id, sent: Sent::Reversal(reversal), answer: None },
        Row { id: None, sent: Sent::Rebill(talkative()), answer: Some(0) },
    ]
}

fn written(format: Format) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    let mut table = table::create(file.reopen().unwrap(), format, COLUMNS).unwrap();
    for row in rows() {
        table.write(&record(&row).unwrap()).unwrap();
    }
    table.finish().unwrap();
    file
}

fn batches(file: &tempfile::NamedTempFile, format: Format) -> (Layout, Batch) {
    let mut table = table::open(file.reopen().unwrap(), format).unwrap();
    let layout = Layout::new(table.header()).unwrap();
    let mut rows = Batch::new();
    loop {
        let batch = table.next_batch().unwrap();
        if batch.is_empty() {
            return (layout, rows);
        }
        rows.extend(batch);
    }
}

fn round_trip(format: Format) {
    let file = written(format);
    let (layout, batch) = batches(&file, format);
    let read: Vec<_> =
        batch.iter().map(|(line, record)| layout.read(*line, record).unwrap()).collect();
    assert_eq!(read, rows());
}

#[test]
fn what_is_written_as_csv_is_read() {
    round_trip(Format::Csv);
}

#[test]
fn what_is_written_as_parquet_is_read() {
    round_trip(Format::Parquet);
}

#[test]
fn what_is_wrong_with_a_row_is_told_all_at_once() {
    let header: Vec<_> = COLUMNS.iter().map(|column| column.name).collect();
    let layout = Layout::new(&header.clone().into()).unwrap();
    let good = record(&Row { id: None, sent: Sent::Billing(terse()), answer: None }).unwrap();
    // Column, a value that is wrong, and a word of what would be right.
    let wrong = [
        ("transaction", "B4", "B1, B2, B3"),
        ("authorization", "1", "20 characters"),
        ("received", "2026-02-29", "calendar date"),
        ("cardholder_id", "~1", "not beginning with ~"),
        ("person_code", "1234", "3 characters"),
        ("birth", "12.3.1984", "calendar date"),
        ("sex", "2", "female, male"),
        ("pregnant", "yes", "true, false"),
        ("pharmacy", "1999000016", "check digit"),
        ("prescription", "1000000000000", "12 digits"),
        ("fill", "100", "0 to 99"),
        ("date_of_service", "", "calendar date"),
        ("prescriber", "", "NPI"),
        ("ndc", "0003-0894-21", "11 digits"),
        ("quantity", "0", "above zero"),
        ("days_supply", "1000", "1 to 999"),
        ("daw", "10", "a digit"),
        ("compound", "2", "true, false"),
        ("other_coverage", "9", "0 to 8"),
        ("usual_and_customary", "-1", "not below zero"),
        ("gross_amount_due", "1.005", "dollars"),
        ("dur_overrides", "DD;M0", "DD/M0/1G"),
        ("details", "{\"clarifications\":7}", "JSON"),
        ("answer", "12", "hexadecimal"),
    ];
    for (column, value, right) in wrong {
        let place = header.iter().position(|name| *name == column).unwrap();
        let bad: Vec<_> = good
            .iter()
            .enumerate()
            .map(|(number, cell)| if number == place { value } else { cell })
            .collect();
        let mistakes = layout.read(7, &bad.into()).unwrap_err();
        assert_eq!(mistakes.len(), 1, "{column}: {mistakes:?}");
        let said = mistakes[0].to_string();
        assert!(said.starts_with(&format!("line 7: {column} must be ")), "{said}");
        assert!(said.contains(right), "{said}");
        assert!(value.is_empty() || value.len() < 5 || !said.contains(value), "{said}");
    }
    // The last row of a broken file has many mistakes; they are all told.
    let empty = vec![""; header.len()];
    assert_eq!(layout.read(8, &empty.into()).unwrap_err().len(), 11);
}
