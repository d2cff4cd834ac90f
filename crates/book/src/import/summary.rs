//! What an import took and what it refused, for people and for programs.

use std::fmt;

use serde::Serialize;

/// Why a row was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The line is longer than any of such a file.
    LineLength,
    /// The row has more or fewer cells than the header.
    CellCount,
    /// The quotes of the row do not pair.
    Quotes,
    /// The code is not an NDC.
    Code,
    /// The same 11 digits stand in an earlier row.
    CodeAgain,
    /// The date is not in the calendar, or not written as it should be.
    Date,
    /// The unit price is not a number of dollars with at most five decimals.
    Price,
    /// The unit price is zero.
    ZeroPrice,
    /// A bulk ingredient, a drug for further processing, for export or for animals.
    NotDispensed,
    /// The FDA has taken it out of its directory.
    Excluded,
    /// A package that is given away.
    Sample,
    /// The product has no name.
    NoName,
    /// The product has neither substances nor a nonproprietary name.
    NoIngredient,
    /// The DEA schedule is none that a pharmacy can dispense.
    Schedule,
    /// The same product id stands in an earlier row.
    ProductAgain,
    /// No product has the package's product id.
    NoProduct,
    /// The package's product was refused.
    ProductRefused,
    /// The same price stands in an earlier row.
    PriceAgain,
    /// Another row has another price for the same product and day, and neither is newer.
    PriceConflict,
    /// A newer row has the price of the product.
    PriceReplaced,
    /// The price begins after the last day asked for.
    PriceLate,
}

impl Reason {
    /// The reason in words.
    pub const fn text(self) -> &'static str {
        match self {
            Self::LineLength => "the line is too long",
            Self::CellCount => "not as many cells as the header",
            Self::Quotes => "quotes that do not pair",
            Self::Code => "not an NDC",
            Self::CodeAgain => "the same NDC stands in an earlier row",
            Self::Date => "not a date",
            Self::Price => "not a unit price",
            Self::ZeroPrice => "a unit price of zero",
            Self::NotDispensed => "not a finished drug for people",
            Self::Excluded => "excluded from the directory by the FDA",
            Self::Sample => "a sample, not sold",
            Self::NoName => "no name",
            Self::NoIngredient => "no ingredient",
            Self::Schedule => "not a DEA schedule from CII to CV",
            Self::ProductAgain => "the same product id stands in an earlier row",
            Self::NoProduct => "no product has this product id",
            Self::ProductRefused => "its product was refused",
            Self::PriceAgain => "the same price stands in an earlier row",
            Self::PriceConflict => "two prices for the same product and day",
            Self::PriceReplaced => "a newer row has the price",
            Self::PriceLate => "begins after the last day asked for",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.text())
    }
}

/// A refused row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Example {
    /// Its line, from 1.
    pub line: u64,
    /// What stood there.
    pub found: String,
}

/// The rows refused for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// The reason.
    pub reason: Reason,
    /// How many.
    pub count: u64,
    /// The first of them.
    pub examples: Vec<Example>,
}

impl Refused {
    const EXAMPLES: usize = 3;
}

/// What became of the rows of one file: `rows` is `taken` and all `refused` together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FileSummary {
    /// The file's name.
    pub file: String,
    /// Rows read, without the header and blank lines.
    pub rows: u64,
    /// Rows used.
    pub taken: u64,
    /// Rows not used, most frequent reason first.
    pub refused: Vec<Refused>,
}

impl FileSummary {
    pub(super) fn new(file: &str) -> Self {
        Self { file: file.to_owned(), ..Self::default() }
    }

    /// How many rows were refused in all.
    pub fn refused_rows(&self) -> u64 {
        self.refused.iter().fold(0, |sum, refused| sum.saturating_add(refused.count))
    }

    /// How many rows were refused for a reason.
    pub fn refused_for(&self, reason: Reason) -> u64 {
        self.refused.iter().find(|r| r.reason == reason).map_or(0, |refused| refused.count)
    }

    /// Counts a row that is used.
    pub(super) fn take(&mut self) {
        self.rows = self.rows.saturating_add(1);
        self.taken = self.taken.saturating_add(1);
    }

    /// Counts a row that is not used.
    pub(super) fn refuse(&mut self, reason: Reason, line: u64, found: &str) {
        self.rows = self.rows.saturating_add(1);
        let index = self.refused.iter().position(|r| r.reason == reason).unwrap_or_else(|| {
            self.refused.push(Refused { reason, count: 0, examples: Vec::new() });
            self.refused.len().saturating_sub(1)
        });
        if let Some(refused) = self.refused.get_mut(index) {
            refused.count = refused.count.saturating_add(1);
            if refused.examples.len() < Refused::EXAMPLES {
                let found = super::text::words(found).chars().take(60).collect();
                refused.examples.push(Example { line, found });
            }
        }
    }

    /// Puts the reasons in the order in which they are shown.
    pub(super) fn sorted(mut self) -> Self {
        self.refused.sort_by_key(|refused| (std::cmp::Reverse(refused.count), refused.reason));
        for refused in &mut self.refused {
            refused.examples.sort_by_key(|example| example.line);
        }
        self
    }
}

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// The files read, in order.
    pub files: Vec<FileSummary>,
    /// The document written, as it was named.
    pub document: String,
    /// Rows written to it.
    pub written: u64,
}

impl Summary {
    /// A file's part of the summary.
    pub fn file(&self, name: &str) -> Option<&FileSummary> {
        self.files.iter().find(|file| file.file == name)
    }
}

impl fmt::Display for Summary {
    /// A table: a line for each file, below it the reasons with their counts and examples.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for file in &self.files {
            let (rows, taken) = (thousands(file.rows), thousands(file.taken));
            let refused = thousands(file.refused_rows());
            writeln!(f, "{}: {rows} rows, {taken} taken, {refused} refused", file.file)?;
            for refused in &file.refused {
                writeln!(f, "{:>11}  {}", thousands(refused.count), refused.reason)?;
                for Example { line, found } in &refused.examples {
                    writeln!(f, "{:>11}  line {line}: {found}", "")?;
                }
            }
        }
        let document = if self.document.is_empty() { "document" } else { &self.document };
        write!(f, "{document}: {} rows written", thousands(self.written))
    }
}

/// A count as people read it: `243,960`.
fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && digits.len().saturating_sub(place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_reads_as_a_table() {
        let mut file = FileSummary::new("package.txt");
        (0..1234).for_each(|_| file.take());
        file.refuse(Reason::Code, 7, "0002\t8215");
        for line in 8..12 {
            file.refuse(Reason::Sample, line, "0002-8215-01");
        }
        let document = "drugs/directory.csv".to_owned();
        let summary = Summary { files: vec![file.sorted()], document, written: 1_234_567 };
        let expected = "\
package.txt: 1,239 rows, 1,234 taken, 5 refused
          4  a sample, not sold
             line 8: 0002-8215-01
             line 9: 0002-8215-01
             line 10: 0002-8215-01
          1  not an NDC
             line 7: 0002 8215
drugs/directory.csv: 1,234,567 rows written";
        assert_eq!(summary.to_string(), expected);
    }
}
