//! A place in the journal as people type it.

use openpbm_core::ParseError;
use openpbm_store::Cursor;

/// `0:1234`, or `1234` for the first shard.
pub(crate) fn parse(text: &str) -> Result<Cursor, ParseError> {
    match text.parse() {
        Ok(sequence) => Ok(Cursor { sequence, ..Cursor::START }),
        Err(_) => text.parse(),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use openpbm_store::Cursor;

    #[test]
    fn a_number_alone_is_of_the_first_shard() {
        assert_eq!(parse("1234").unwrap(), Cursor { shard: 0, sequence: 1234 });
        assert_eq!(parse("3:7").unwrap(), Cursor { shard: 3, sequence: 7 });
        assert!(parse("3:").is_err() && parse("-1").is_err() && parse("").is_err());
    }
}
