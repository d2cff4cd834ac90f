//! The fields that most claims do without: each is read into its place, and a bad value gets
//! the reject that names the field and its occurrence.

use std::path::Path;

use openpbm_core::{
    Cents, Charges, ClaimedAuthorization, Completed, Compound, Coupon, Details, Event, Ingredient,
    OtherPayer, PartialFill, Prescribed, PrescriptionNumber, QualifiedAmount, Quantity, Setting,
    TaxBasis,
};
use openpbm_store::sqlite::SqliteJournal;
use openpbm_store::{Cursor, Journal};

use crate::house::{Got, ask_bytes, lisinopril, sample_house, transmission};

/// The canonical claim with more fields in a segment of the transaction or the transmission, or
/// with another segment; `|` stands for the field separator.
fn with(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut text = String::from_utf8(transmission(&[lisinopril()])).unwrap();
    for (segment, fields) in parts {
        let fields = format!("\u{1c}{}", fields.replace('|', "\u{1c}"));
        let opening = format!("\u{1e}\u{1c}AM{segment}");
        match text.find(&opening) {
            Some(start) => {
                let from = start + opening.len();
                let rest = text[from..].find(['\u{1d}', '\u{1e}']);
                text.insert_str(rest.map_or(text.len(), |rest| from + rest), &fields);
            }
            None => text.push_str(&format!("{opening}{fields}")),
        }
    }
    text.into_bytes()
}

fn answer(parts: &[(&str, &str)]) -> Got {
    let (_directory, pbm) = sample_house();
    let got = ask_bytes(&pbm, with(parts));
    assert_eq!(got.len(), 1, "{got:?}");
    got.into_iter().next().unwrap()
}

/// What the journal holds of a claim that was sent.
fn stored(parts: &[(&str, &str)]) -> Details {
    let (directory, pbm) = sample_house();
    let got = ask_bytes(&pbm, with(parts));
    assert!(!got[0].id.is_empty(), "{got:?}");
    pbm.shut_down();
    drop(pbm);
    last_claim(directory.path())
}

/// What the last claim of a journal said.
fn last_claim(directory: &Path) -> Details {
    let journal = SqliteJournal::open(directory).unwrap();
    let entries = journal.reader().read_from(Cursor::START, 10_000).unwrap();
    let mut claims = entries.iter().filter_map(|sealed| match sealed.open().unwrap().entry.event {
        Event::Decided { claim, .. } => Some(claim.details.clone()),
        _ => None,
    });
    claims.next_back().unwrap()
}

fn of(qualifier: u8, cents: i64) -> QualifiedAmount {
    QualifiedAmount { qualifier, amount: Cents::new(cents) }
}

#[test]
fn a_claim_without_them_has_none() {
    assert_eq!(stored(&[]), Details::default());
}

#[test]
fn charges_are_read_part_by_part() {
    let details = stored(&[(
        "11",
        "D90000100{|DC0000020{|BE0000001A|DX0000050{|E30000200{|H72|H801|H90000025{|H809|H90000030{\
         |HA0000005{|GE0000012C|HE0062500|JE03|DN08",
    )]);
    let cents = |cents| Some(Cents::new(cents));
    assert_eq!(
        details.charges,
        Charges {
            ingredient_cost: cents(1000),
            dispensing_fee: cents(200),
            professional_service_fee: cents(11),
            incentive: cents(2000),
            other_amounts: vec![of(1, 250), of(9, 300)],
            flat_tax: cents(50),
            percentage_tax: cents(123),
            tax_rate: Some(62_500),
            tax_basis: Some(TaxBasis::IngredientCostAndFee),
            patient_paid: cents(500),
            cost_basis: Some(8),
        }
    );
}

#[test]
fn other_payers_and_coupons_are_read() {
    let details = stored(&[
        (
            "05",
            "4C2|5C01|6C03|7C610001|E820260302|HB1|HC07|DV0000125{|NR2|NP05|NQ0000100{|NP07\
             |NQ0000020{|MU1|MV02|MW0000245{|5C02|E820260302|5E2|6E70|6E75",
        ),
        ("09", "KE99|MESAVE1|NE0000500{"),
    ]);
    let date = "2026-03-02".parse().ok();
    assert_eq!(
        details.other_payers,
        [
            OtherPayer {
                coverage_type: 1,
                id: Some("610001".to_owned()),
                date,
                paid: vec![of(7, 1250)],
                rejects: Vec::new(),
                left_to_patient: vec![of(5, 1000), of(7, 200)],
                benefit_stages: vec![of(2, 2450)],
            },
            OtherPayer {
                coverage_type: 2,
                date,
                rejects: vec!["70".to_owned(), "75".to_owned()],
                ..OtherPayer::default()
            },
        ]
    );
    let coupon = Coupon { kind: 99, number: "SAVE1".to_owned(), value: Some(Cents::new(5000)) };
    assert_eq!(details.coupon, Some(coupon));
}

#[test]
fn the_prescription_and_its_setting_are_read() {
    let details = stored(&[
        ("01", "C701|4X03"),
        ("07", "NX2|DK5|DK8|DE20260227|DJ3|ET90000|DF05|DI3|DT3|EU8|EV00000012345|U75"),
        ("08", "7E1|E5MA|8E12"),
    ]);
    assert_eq!(
        details,
        Details {
            clarifications: vec![5, 8],
            setting: Setting {
                residence: Some(3),
                place_of_service: Some(1),
                pharmacy_service: Some(5),
                level_of_service: Some(3),
                packaging: Some(3),
            },
            prescribed: Prescribed {
                written: "2026-02-27".parse().ok(),
                origin: Some(3),
                quantity: Some(Quantity::units(90)),
                refills: Some(5),
            },
            authorization: Some(ClaimedAuthorization { kind: 8, number: 12_345 }),
            professional_services: vec!["MA".to_owned()],
            level_of_effort: Some(12),
            ..Details::default()
        }
    );
}

#[test]
fn a_completion_names_what_it_completes() {
    let details = stored(&[("07", "HDC|HF60000|HG60|EN000000000001|EP20260302")]);
    let completes = Some(Completed {
        prescription: PrescriptionNumber::new(1).unwrap(),
        date_of_service: "2026-03-02".parse().unwrap(),
    });
    let quantity_intended = Quantity::units(60);
    let partial = PartialFill { quantity_intended, days_intended: 60, completes };
    assert_eq!(details.partial, Some(partial));
    let details = stored(&[("07", "HDP|HF60000|HG60")]);
    assert_eq!(details.partial.unwrap().completes, None);
}

/// The canonical claim with 406-D6 at 2, and more.
fn compounded(parts: &[(&str, &str)]) -> Vec<u8> {
    let text = String::from_utf8(with(parts)).unwrap();
    text.replace("\u{1c}D61", "\u{1c}D62").into_bytes()
}

#[test]
fn compounds_list_their_ingredients() {
    let (directory, pbm) = sample_house();
    let parts = [
        ("10", "EF11|EG2|EC2|RE03|TE68180098003|ED30000|EE0000015{|UE01|RE03|TE65862000801|ED1500"),
        ("07", "E26064005"),
    ];
    ask_bytes(&pbm, compounded(&parts));
    pbm.shut_down();
    drop(pbm);
    let expected = Compound {
        ingredients: vec![
            Ingredient {
                ndc: "68180098003".parse().unwrap(),
                quantity: Quantity::units(30),
                cost: Some(Cents::new(150)),
                cost_basis: Some(1),
            },
            Ingredient {
                ndc: "65862000801".parse().unwrap(),
                quantity: Quantity::from_thousandths(1500).unwrap(),
                cost: None,
                cost_basis: None,
            },
        ],
        form: Some("11".to_owned()),
        route: Some("6064005".to_owned()),
    };
    assert_eq!(last_claim(directory.path()).compound, Some(expected));
}

#[test]
fn compounds_with_bad_ingredients_are_refused() {
    let (_directory, pbm) = sample_house();
    for (fields, codes) in [
        ("", &["PF"][..]),
        ("EF11", &["EC"]),
        ("EC1|RE01|TE68180098003|ED30000", &["RE"]),
        ("EC2|RE03|TE68180098003|ED30000|RE03|TE1|ED0", &["TE/2", "ED/2"]),
        ("EC1|RE03|TE68180098003|ED30000|EE0000015}", &["EE"]),
    ] {
        let parts = [("10", fields)];
        let parts = if fields.is_empty() { &parts[..0] } else { &parts[..] };
        let got = ask_bytes(&pbm, compounded(parts));
        assert_eq!(got[0].codes, codes, "{fields}: {got:?}");
    }
}

/// A segment, its fields, and the codes that answer them.
#[test]
fn bad_values_get_the_code_of_their_field() {
    for (segment, fields, codes) in [
        ("01", "4X999", &["4X"][..]),
        ("01", "C7xx", &["12"]),
        ("05", "4C1|E820260302", &["5C"]),
        ("05", "4C1|5C01", &["E8"]),
        ("05", "4C1|5C01|E820260302|HB1|DV0000125{", &["HC"]),
        ("05", "4C1|5C01|E820260302|HB1|HC07|DV12.50", &["DV"]),
        ("05", "4C2|5C01|E820260302|5C02|E820260302|NR1|NP05|NQ0000100}", &["NQ"]),
        ("05", "4C1|5C01|E820260302|NR2|NP05|NQ0000100{|NP06|NQ0000100}", &["NQ/2"]),
        ("05", "4C2|5C01|E820260302", &["4C"]),
        ("07", "NX4|DK1|DK2|DK3|DK4", &["NX"]),
        ("07", "NX1|DKxx", &["34"]),
        ("07", "HDX", &["HD"]),
        ("07", "HDP", &["HF", "HG"]),
        ("07", "HDC|HF60000|HG60", &["EN", "EP"]),
        ("07", "HDP|HF0|HG0", &["HF", "HG"]),
        ("07", "ET0", &["ET"]),
        ("07", "DI999", &["32"]),
        ("08", "7E1|8E9", &["8E"]),
        ("08", "7E1|E4DD|E5M0|E61G|7E2|E4D/|E5M0|E61G", &["E4/2"]),
        ("13", "VE1|WE02|DOE11 9", &["39"]),
        ("13", "VE2|WE02|DOE11.9|WE02|DO.", &["39/2"]),
        ("09", "KE99", &["ME"]),
        ("09", "MEX|KExx", &["KE"]),
        ("11", "E30000200}", &["E3"]),
        ("11", "GE0000012C|JE09", &["JE"]),
        ("11", "H71|H80x|H90000025{", &["H8"]),
        ("11", "DNxx", &["DN"]),
    ] {
        let got = answer(&[(segment, fields)]);
        assert_eq!(got.codes, codes, "{segment} {fields}: {got:?}");
        assert_eq!(got.status, "R");
    }
}
