//! Signed amounts as D.0 writes them: the last digit carries the sign.
//!
//! `{` and `A` to `I` stand for 0 to 9 of a positive amount, `}` and `J` to `R` of a negative one.
//! A plain last digit is read as positive, as zoned decimals have it and as several pharmacy
//! systems send; it is never written.

const POSITIVE: &[u8; 10] = b"{ABCDEFGHI";
const NEGATIVE: &[u8; 10] = b"}JKLMNOPQR";

/// Reads a signed amount, without its implied decimal point; `None` if it is not one, or larger
/// than 18 digits.
#[inline]
pub fn read_overpunch(bytes: &[u8]) -> Option<i64> {
    let (&last, digits) = bytes.split_last()?;
    let (negative, unit) = match last {
        b'{' => (false, 0),
        b'A'..=b'I' => (false, last - b'A' + 1),
        b'}' => (true, 0),
        b'J'..=b'R' => (true, last - b'J' + 1),
        b'0'..=b'9' => (false, last - b'0'),
        _ => return None,
    };
    let magnitude = read_digits(digits)?.checked_mul(10)?.checked_add(i64::from(unit))?;
    Some(if negative { magnitude.checked_neg()? } else { magnitude })
}

/// Appends `amount` with its sign in the last digit, zero-filled to at least `digits` digits.
pub fn write_overpunch(amount: i64, digits: usize, out: &mut Vec<u8>) {
    let magnitude = amount.unsigned_abs();
    write_digits(magnitude, digits, out);
    let signs = if amount < 0 { NEGATIVE } else { POSITIVE };
    if let Some(last) = out.last_mut() {
        let unit = usize::from(last.saturating_sub(b'0'));
        *last = signs.get(unit).copied().unwrap_or(*last);
    }
}

/// Reads unsigned digits, at most 18; no digits are zero.
#[inline]
pub(crate) fn read_digits(bytes: &[u8]) -> Option<i64> {
    const MOST: usize = 18;
    // Leading zeros carry no value, so they do not count.
    let zeros =
        if bytes.len() > MOST { bytes.iter().take_while(|&&b| b == b'0').count() } else { 0 };
    let bytes = bytes.get(zeros..)?;
    if bytes.len() > MOST {
        return None;
    }
    let mut value = 0i64;
    for &byte in bytes {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + i64::from(digit);
    }
    Some(value)
}

/// Appends `value` in decimal, zero-filled to at least `digits` digits (at most 20).
pub(crate) fn write_digits(value: u64, digits: usize, out: &mut Vec<u8>) {
    let mut buffer = [b'0'; 20];
    let mut rest = value;
    let mut used = 0;
    for slot in buffer.iter_mut().rev() {
        if rest == 0 {
            break;
        }
        // A remainder of ten always fits a byte.
        *slot = b'0' + (rest % 10) as u8;
        rest /= 10;
        used += 1;
    }
    let length = used.max(digits).clamp(1, buffer.len());
    out.extend_from_slice(buffer.get(buffer.len() - length..).unwrap_or_default());
}
