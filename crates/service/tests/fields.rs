//! Missing and invalid fields: each gets the reject that names it, never a broken answer.

use proptest::prelude::{any, prop};
use proptest::{prop_assert, proptest};

use crate::house::{Got, Sent, ask, ask_bytes, lisinopril, read, sample_house, transmission};

/// What is changed in a right claim, and the codes that answer it.
#[test]
fn each_wrong_field_gets_its_code() {
    let (_directory, pbm) = sample_house();
    let right = lisinopril();
    let table: Vec<(&str, Sent, &[&str])> = vec![
        ("no cardholder id", Sent { cardholder: "", ..right.clone() }, &["07"]),
        ("another BIN", Sent { bin: "999999", ..right.clone() }, &["01"]),
        ("another PCN", Sent { pcn: "OTHER", ..right.clone() }, &["04"]),
        ("version 5.1", Sent { version: "51", ..right.clone() }, &["1R"]),
        ("no such transaction", Sent { code: "N1", ..right.clone() }, &["1S"]),
        ("pharmacy check digit", Sent { pharmacy: "1999000016", ..right.clone() }, &["05"]),
        ("no date of service", Sent { date: "", ..right.clone() }, &["15"]),
        ("no birth date", Sent { birth: "", ..right.clone() }, &["09"]),
        ("gender 7", Sent { gender: 7, ..right.clone() }, &["10"]),
        ("quantity 0", Sent { quantity: 0, ..right.clone() }, &["E7"]),
        ("days supply 0", Sent { days: 0, ..right.clone() }, &["19"]),
        ("NDC of 5 digits", Sent { ndc: "12345", ..right.clone() }, &["21"]),
        ("prescriber check digit", Sent { prescriber: "1999000115", ..right.clone() }, &["25"]),
        ("no charge", Sent { charge: 0, ..right.clone() }, &["DU", "DQ"]),
        ("prescription 0", Sent { prescription: "0", ..right.clone() }, &["16"]),
        (
            "three at once",
            Sent { quantity: 0, days: 0, ndc: "1", ..right.clone() },
            &["19", "21", "E7"],
        ),
    ];
    for (what, sent, codes) in table {
        let got = ask(&pbm, &sent);
        assert_eq!(
            (got.status.as_str(), got.codes.as_slice()),
            ("R", strings(codes).as_slice()),
            "{what}: {got:?}"
        );
        assert!(!got.message.is_empty(), "{what}");
    }
}

fn strings(codes: &[&str]) -> Vec<String> {
    codes.iter().map(|code| (*code).to_owned()).collect()
}

/// A field of the canonical bytes, replaced by other text of any length.
fn with_field(id: &str, value: &str) -> Vec<u8> {
    let bytes = transmission(&[lisinopril()]);
    let text = String::from_utf8(bytes).unwrap();
    let start = text.find(&format!("\u{1c}{id}")).unwrap() + 3;
    let end = text[start..].find(['\u{1c}', '\u{1d}', '\u{1e}']).map_or(text.len(), |e| start + e);
    format!("{}{value}{}", &text[..start], &text[end..]).into_bytes()
}

fn one(got: Vec<Got>) -> Got {
    assert_eq!(got.len(), 1, "{got:?}");
    got.into_iter().next().unwrap()
}

#[test]
fn unreadable_values_get_the_code_of_their_field() {
    let (_directory, pbm) = sample_house();
    for (id, value, code) in [
        ("DU", "0000150?", "DU"),
        ("DQ", "12.50", "DQ"),
        ("E7", "thirty", "E7"),
        ("C4", "20260231", "09"),
        ("D5", "1234567", "19"),
        ("D3", "xx", "17"),
        ("D8", "", "22"),
    ] {
        let got = one(ask_bytes(&pbm, with_field(id, value)));
        assert_eq!(got.codes, [code], "{id}={value}: {got:?}");
    }
    let long = "9".repeat(10_000);
    let got = one(ask_bytes(&pbm, with_field("D7", &long)));
    assert_eq!(got.codes, ["21"], "a field of 10,000 bytes");
}

#[test]
fn what_cannot_be_divided_is_refused_as_a_whole() {
    let (_directory, pbm) = sample_house();
    let right = transmission(&[lisinopril()]);
    for cut in 0..right.len() {
        let got = one(ask_bytes(&pbm, right[..cut].to_vec()));
        // Cut off inside the last fields, a charge may read as a smaller one.
        assert!(got.status == "R" || cut > right.len() - 20, "cut at {cut}: {got:?}");
    }
    for bytes in [vec![], vec![0x1c; 1 << 20], vec![0xff; 5000], b"GET / HTTP/1.1\r\n\r\n".to_vec()]
    {
        let got = one(ask_bytes(&pbm, bytes));
        assert_eq!((got.header.as_str(), got.status.as_str()), ("R", "R"), "{got:?}");
    }
}

/// What never became whole is refused by what has arrived of its header, and never decided.
#[test]
fn every_beginning_of_a_transmission_is_refused_with_its_header() {
    let pbm = shared_house();
    let whole = transmission(&[lisinopril()]);
    for length in 0..=whole.len() {
        let response = pbm.refuse(whole[..length].to_vec(), "cut short").wait();
        assert_eq!(one(read(&response)).codes, ["R8"], "{length}");
        if length > 45 {
            assert!(String::from_utf8_lossy(&response).contains("1999000015"), "{length}");
        }
    }
    for byte in 0..=u8::MAX {
        let got = one(read(&pbm.refuse(vec![byte; 60], "cut short").wait()));
        assert_eq!((got.header.as_str(), got.codes.as_slice()), ("R", strings(&["R8"]).as_slice()));
    }
    assert_eq!(one(ask_bytes(&pbm, vec![0x1e; 60])).codes[0], "R8");
}

#[test]
fn counts_that_lie_are_refused() {
    let (_directory, pbm) = sample_house();
    let mut bytes = transmission(&[lisinopril()]);
    bytes[20] = b'3';
    assert_eq!(one(ask_bytes(&pbm, bytes.clone())).codes, ["1U"]);
    bytes[20] = b'9';
    assert_eq!(one(ask_bytes(&pbm, bytes)).codes, ["A9", "1U"]);
}

#[test]
fn five_transactions_are_refused() {
    let (_directory, pbm) = sample_house();
    let one_claim = transmission(&[lisinopril()]);
    let group = one_claim.iter().position(|&byte| byte == 0x1d).unwrap();
    let mut bytes = one_claim.clone();
    (0..4).for_each(|_| bytes.extend_from_slice(&one_claim[group..]));
    bytes[20] = b'5';
    let got = one(ask_bytes(&pbm, bytes));
    assert_eq!((got.header.as_str(), got.codes.as_slice()), ("R", strings(&["A9"]).as_slice()));
}

proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(64))]

    /// Whatever is sent, an answer comes that decodes, and every part of it has a status.
    #[test]
    fn any_bytes_get_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let got = ask_bytes(&shared_house(), bytes);
        prop_assert!(!got.is_empty() && got.iter().all(|got| got.status == "R"), "{got:?}");
    }

    /// A right claim with a byte changed anywhere still gets one answer.
    #[test]
    fn one_wrong_byte_gets_an_answer(place in 0_usize..250, byte in any::<u8>()) {
        let mut bytes = transmission(&[lisinopril()]);
        let place = place % bytes.len();
        bytes[place] = byte;
        let got = ask_bytes(&shared_house(), bytes);
        prop_assert!(got.iter().all(|got| !got.status.is_empty()), "{got:?}");
    }
}

/// One house for all cases of a property: they do not depend on each other.
fn shared_house() -> openpbm_service::Pbm {
    static HOUSE: std::sync::LazyLock<(tempfile::TempDir, openpbm_service::Pbm)> =
        std::sync::LazyLock::new(sample_house);
    HOUSE.1.clone()
}
