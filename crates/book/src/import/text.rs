//! Text as it comes: of one of two encodings, with quotes, blanks and capitals as each maker
//! typed them.

use std::borrow::Cow;

/// The bytes 0x80 to 0x9F of Windows-1252; the five that it leaves open become U+FFFD.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{fffd}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{fffd}', 'Ž',
    '\u{fffd}', '\u{fffd}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{fffd}',
    'ž', 'Ÿ',
];

/// A line without its end and without the mark that some programs put before the first one.
pub(super) fn line(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// Reads UTF-8, or else Windows-1252, which the FDA's files are in: every byte is a character.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|&byte| windows_1252(byte)).collect()),
    }
}

fn windows_1252(byte: u8) -> char {
    let place = byte.checked_sub(0x80).map(usize::from);
    place.and_then(|place| WINDOWS_1252.get(place).copied()).unwrap_or(char::from(byte))
}

/// The cells of a tab-separated line. Quotes are characters like others, except for a pair
/// around a whole cell, which spreadsheet programs add.
pub(super) fn tab_cells(line: &str) -> Vec<Cow<'_, str>> {
    line.split('\t').map(|cell| unquoted(cell.trim())).collect()
}

fn unquoted(cell: &str) -> Cow<'_, str> {
    let inner = cell.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    match inner {
        Some(inner) if inner.contains("\"\"") => Cow::Owned(inner.replace("\"\"", "\"")),
        Some(inner) if !inner.contains('"') => Cow::Borrowed(inner),
        _ => Cow::Borrowed(cell),
    }
}

/// The cells of a line of CSV; `None` if its quotes do not pair. Each line is read by itself, so
/// that a stray quote spoils one row and not the rest of the file.
pub(super) fn comma_cells(line: &str) -> Option<Vec<Cow<'_, str>>> {
    let mut cells = Vec::new();
    let mut rest = line;
    loop {
        let (cell, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted_cell(quoted)?,
            None => plain_cell(rest)?,
        };
        cells.push(cell);
        match after {
            Some(after) => rest = after,
            None => return Some(cells),
        }
    }
}

type CellAndRest<'a> = (Cow<'a, str>, Option<&'a str>);

fn plain_cell(text: &str) -> Option<CellAndRest<'_>> {
    let (cell, rest) = match text.split_once(',') {
        Some((cell, rest)) => (cell, Some(rest)),
        None => (text, None),
    };
    (!cell.contains('"')).then_some((Cow::Borrowed(cell.trim()), rest))
}

/// Reads on after the opening quote.
fn quoted_cell(text: &str) -> Option<CellAndRest<'_>> {
    let mut from = 0_usize;
    loop {
        let end = from.checked_add(text.get(from..)?.find('"')?)?;
        let after = text.get(end.checked_add(1)?..)?;
        if after.starts_with('"') {
            from = end.checked_add(2)?;
            continue;
        }
        let inner = text.get(..end)?;
        let cell =
            if inner.contains('"') { inner.replace("\"\"", "\"").into() } else { inner.into() };
        return match after.strip_prefix(',') {
            Some(rest) => Some((cell, Some(rest))),
            None => after.trim().is_empty().then_some((cell, None)),
        };
    }
}

/// One line of words: no control characters, one blank between two words.
pub(super) fn words(text: &str) -> String {
    let is_gap = |c: char| c.is_whitespace() || c.is_control();
    text.split(is_gap).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_read_as_some_character() {
        assert_eq!(decode("Schwäbisch".as_bytes()), "Schwäbisch");
        assert_eq!(decode(b"Schw\xe4bisch Gm\xfcnd"), "Schwäbisch Gmünd");
        assert_eq!(decode(b"Wong\x92s \x80 \x81"), "Wong’s € \u{fffd}");
        assert_eq!(line(b"\xef\xbb\xbfNDC\r\n"), b"NDC");
    }

    #[test]
    fn quotes_in_tab_separated_cells_are_mostly_characters() {
        let cells = tab_cells(
            "as \"Sultan Healthcare\"\t\"quoted\"\t\"say \"\"ah\"\"\"\t\"a\" b \"c\"\t\"",
        );
        assert_eq!(
            cells,
            ["as \"Sultan Healthcare\"", "quoted", "say \"ah\"", "\"a\" b \"c\"", "\""]
        );
    }

    #[test]
    fn a_line_of_csv_is_cells_or_nothing() {
        let read = |line| comma_cells(line).map(|cells| cells.join("|"));
        for (line, cells) in [
            ("", ""),
            ("a,b", "a|b"),
            ("\"a,b\",c,", "a,b|c|"),
            ("\"3\"\" tube\",x", "3\" tube|x"),
            ("\"\",\"\"", "|"),
            ("\"1, 5\"", "1, 5"),
        ] {
            assert_eq!(read(line).as_deref(), Some(cells), "{line}");
        }
        for line in ["\"a", "\"a\"b,c", "a\"b,c", "\"a\"\"", "a,\""] {
            assert_eq!(read(line), None, "{line}");
        }
    }

    #[test]
    fn words_stand_on_one_line() {
        assert_eq!(words("  Baryta\t muriatica\u{0}\n 6C "), "Baryta muriatica 6C");
    }
}
