//! The check that tells a damaged entry from a whole one.
//!
//! A CRC-32 (the one of zlib and PNG) finds every flipped bit and all but one in four billion
//! of other accidents, at a cost that a claim does not notice; anyone can recompute it with
//! common tools. It is no signature: someone who may write to the file can also seal again.

/// The seal of an entry: the CRC-32 of `sequence|family|version|entry`.
pub(crate) fn seal(sequence: u64, family: &[u8], version: u64, entry: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(sequence.to_string().as_bytes());
    crc.update(b"|");
    crc.update(family);
    crc.update(b"|");
    crc.update(version.to_string().as_bytes());
    crc.update(b"|");
    crc.update(entry);
    crc.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seal_is_zlibs_crc_of_the_readable_text() {
        // `python3 -c 'import zlib; print(zlib.crc32(b"7|A1|2|{}"))'`
        assert_eq!(seal(7, b"A1", 2, b"{}"), PYTHON_SAYS);
    }

    #[test]
    fn every_part_is_sealed() {
        let whole = seal(7, b"A1", 2, b"{}");
        let others = [seal(8, b"A1", 2, b"{}"), seal(7, b"A2", 2, b"{}"), seal(7, b"A1", 3, b"{}")];
        assert!(!others.contains(&whole));
        assert_ne!(seal(7, b"A1", 2, b"{ }"), whole);
    }

    const PYTHON_SAYS: u32 = 2_741_540_547;
}
