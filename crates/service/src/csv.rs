//! Lines of CSV (RFC 4180), as the exports are made of.

use std::borrow::Cow;

/// A line of these cells, without its end.
pub(crate) fn line(cells: impl IntoIterator<Item = String>) -> String {
    let cells = cells.into_iter().map(|cell| quoted(&cell).into_owned());
    cells.collect::<Vec<_>>().join(",")
}

/// What a cell says of something that may not be there: nothing.
pub(crate) fn text<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// A cell with a comma, a quote or a line end is put in quotes, and a quote in it is doubled.
fn quoted(cell: &str) -> Cow<'_, str> {
    match cell.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")).into(),
        false => cell.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn what_would_end_a_cell_is_quoted() {
        let cells = ["A1", "A,1", "A\"1", "", "A\n1"].map(str::to_owned);
        assert_eq!(line(cells), "A1,\"A,1\",\"A\"\"1\",,\"A\n1\"");
    }
}
