//! Finds separators. The hot loop of decoding, so it looks at 64 bytes at a time.

/// Separates the fields of a segment (FS).
pub(crate) const FIELD: u8 = 0x1C;
/// Separates transactions (GS).
pub(crate) const GROUP: u8 = 0x1D;
/// Separates segments (RS).
pub(crate) const SEGMENT: u8 = 0x1E;

/// How many bytes one mask covers, a bit for each.
const STRIDE: usize = u64::BITS as usize;
const STRIDE_PLACES: u32 = u64::BITS;

/// Whether every byte is printable ASCII or a separator, as nearly every transmission is.
pub(crate) fn is_plain(bytes: &[u8]) -> bool {
    // Separators lie just below the printable range, but for 0x1F between them. A fold without an
    // early exit, so that the compiler can use vector instructions.
    let odd = |odd: u8, &byte: &u8| {
        odd | u8::from(byte.wrapping_sub(FIELD) > b'~' - FIELD) | u8::from(byte == 0x1F)
    };
    let (strides, rest) = bytes.as_chunks::<STRIDE>();
    strides.iter().all(|stride| stride.iter().fold(0, odd) == 0) && rest.iter().fold(0, odd) == 0
}

/// Calls `found` with the offset of each separator at or after `from`, in order, until it fails.
/// For fewer than 4 GiB.
#[inline]
pub(crate) fn each_separator<E>(
    bytes: &[u8],
    from: u32,
    mut found: impl FnMut(u32) -> Result<(), E>,
) -> Result<(), E> {
    let (strides, rest) = bytes.get(from as usize..).unwrap_or_default().as_chunks::<STRIDE>();
    let mut last = [0; STRIDE];
    last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    let mut base = from;
    for stride in strides.iter().chain([&last]) {
        let mut mask = mask_of(stride);
        while mask != 0 {
            found(base + mask.trailing_zeros())?;
            mask &= mask - 1;
        }
        base += STRIDE_PLACES;
    }
    Ok(())
}

/// One bit for each byte that is a separator, the first byte's lowest.
fn mask_of(stride: &[u8; STRIDE]) -> u64 {
    // Gathers the low bits of eight bytes in the highest byte, in order.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    // A plain loop over a fixed length, so that the compiler can use vector instructions.
    let flags = stride.map(|byte| u8::from(byte.wrapping_sub(FIELD) <= SEGMENT - FIELD));
    let (words, _) = flags.as_chunks::<8>();
    words
        .iter()
        .rev()
        .fold(0, |mask, word| (mask << 8) | (u64::from_le_bytes(*word).wrapping_mul(GATHER) >> 56))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8]) {
        let length = u32::try_from(bytes.len()).unwrap();
        for from in 0..=length {
            let mut found = Vec::new();
            let told: Result<(), ()> = each_separator(bytes, from, |at| {
                found.push(at);
                Ok(())
            });
            assert_eq!(told, Ok(()));
            let is_separator = |&at: &u32| matches!(bytes[at as usize], FIELD | GROUP | SEGMENT);
            let expected: Vec<u32> = (from..length).filter(is_separator).collect();
            assert_eq!(found, expected, "from {from} in {bytes:x?}");
        }
    }

    #[test]
    fn every_byte_at_every_place() {
        for place in 0..130 {
            let mut bytes = [b'x'; 131];
            bytes[place] = FIELD;
            check(&bytes);
            check(&bytes[..=place]);
        }
        for byte in 0..=u8::MAX {
            for place in 0..9 {
                let mut bytes = [b'x'; 9];
                bytes[place] = byte;
                check(&bytes);
            }
        }
    }

    #[test]
    fn neighbours_do_not_disturb() {
        for first in 0..=u8::MAX {
            for second in 0..=u8::MAX {
                check(&[b'x', first, second, FIELD, first, second, 0x1F, GROUP]);
            }
        }
    }
}
