//! Signed amounts: every sign, every magnitude.

use openpbm_wire::ncpdp::{read_overpunch, write_overpunch};
use proptest::prelude::{any, prop_assert_eq, proptest};

#[test]
fn the_twenty_signs() {
    for (signs, sign) in [("{ABCDEFGHI", 1), ("}JKLMNOPQR", -1)] {
        for (unit, last) in (0..).zip(signs.chars()) {
            let text = format!("12{last}");
            assert_eq!(read_overpunch(text.as_bytes()), Some(sign * (120 + unit)));
            if sign * (120 + unit) != 0 {
                let mut out = Vec::new();
                write_overpunch(sign * (120 + unit), 3, &mut out);
                assert_eq!(out, text.as_bytes());
            }
        }
    }
}

#[test]
fn plain_digits_are_positive() {
    assert_eq!(read_overpunch(b"1250"), Some(1250));
    assert_eq!(read_overpunch(b"0"), Some(0));
}

#[test]
fn nothing_else_is_an_amount() {
    for last in 0..=u8::MAX {
        let good = matches!(last, b'{' | b'}' | b'A'..=b'R' | b'0'..=b'9');
        assert_eq!(read_overpunch(&[b'1', last]).is_some(), good, "{last:#04x}");
        // A sign anywhere but at the end is none.
        assert_eq!(read_overpunch(&[last, b'{']).is_some(), last.is_ascii_digit());
    }
    assert_eq!(read_overpunch(b""), None);
}

#[test]
fn magnitudes_at_the_edge() {
    assert_eq!(read_overpunch(b"0000000000000000000000000001A"), Some(11));
    assert_eq!(read_overpunch(b"99999999999999999999999999999{"), None);
    for amount in [i64::MIN + 1, i64::MIN / 10, -1, 0, 1, i64::MAX / 10] {
        let mut out = Vec::new();
        write_overpunch(amount, 3, &mut out);
        if out.len() <= 19 && amount.unsigned_abs() < 10u64.pow(18) {
            assert_eq!(read_overpunch(&out), Some(amount));
        }
    }
}

#[test]
fn every_amount_of_a_small_picture_comes_back() {
    let mut out = Vec::new();
    for amount in -100_000..=100_000 {
        out.clear();
        write_overpunch(amount, 3, &mut out);
        assert!(out.len() >= 3);
        assert_eq!(read_overpunch(&out), Some(amount));
    }
}

proptest! {
    #[test]
    fn any_amount_comes_back(amount in -999_999_999_999_999_999i64..=999_999_999_999_999_999) {
        let mut out = Vec::new();
        write_overpunch(amount, 3, &mut out);
        prop_assert_eq!(read_overpunch(&out), Some(amount));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in any::<Vec<u8>>()) {
        if let Some(amount) = read_overpunch(&bytes) {
            let mut out = Vec::new();
            write_overpunch(amount, bytes.len(), &mut out);
            prop_assert_eq!(read_overpunch(&out), Some(amount));
        }
    }
}
