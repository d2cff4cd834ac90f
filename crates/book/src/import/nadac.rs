//! The CMS NADAC file (national average drug acquisition cost): one row per product and week.
//!
//! Its columns that count here: `NDC` in 11 digits, `NADAC Per Unit` in dollars, `Effective
//! Date` (from when the price is in force) and `As of Date` (the list that says so). A product's
//! prices become consecutive spans: each ends the day before the next begins.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Write;

use openpbm_core::{Date, Ndc, UnitPrice};

use super::input::{Lines, Source, find_columns};
use super::progress::Meter;
use super::{FileSummary, ImportError, Progress, Reason, Summary, text};

/// Other days than the file's own from and to which a list is in force.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct InForce {
    /// With a first day, the newest price of each product is in force from that day on, and
    /// older ones are left out.
    pub from: Option<Date>,
    /// The last day of prices that would have no end.
    pub to: Option<Date>,
}

/// Turns a NADAC file into a price list of the columns `ndc,unit_price,from,to`, by product and
/// first day.
pub fn convert_nadac(
    list: Source<'_>,
    in_force: InForce,
    output: &mut dyn Write,
    progress: &mut dyn FnMut(Progress),
) -> Result<Summary, ImportError> {
    let mut meter = Meter::new(list.size(), progress);
    let mut file = FileSummary::new(list.name());
    let prices = read_list(list, &mut file, &mut meter)?;
    let spans = spans(prices, in_force, &mut file);
    write_list(&spans, output)
        .map_err(|source| ImportError::Write { file: "the price list".to_owned(), source })?;
    meter.done();
    let written = u64::try_from(spans.len()).unwrap_or(u64::MAX);
    Ok(Summary { files: vec![file.sorted()], document: String::new(), written })
}

/// A price and where it stands.
struct Price {
    unit: UnitPrice,
    as_of: Date,
    line: u64,
}

/// Prices by product and effective date. It holds what a year's file says, not its rows: most
/// of them repeat what the list of the week before said.
type Prices = BTreeMap<(Ndc, Date), Price>;

const COLUMNS: [&str; 4] = ["NDC", "NADAC Per Unit", "Effective Date", "As of Date"];

fn read_list(
    list: Source<'_>,
    file: &mut FileSummary,
    meter: &mut Meter<'_>,
) -> Result<Prices, ImportError> {
    let mut lines = list.lines(meter)?;
    let (width, columns) = read_header(&mut lines, &file.file)?;
    let mut prices = Prices::new();
    while let Some(line) = lines.next()? {
        meter.tick();
        match line.text.map(|text| text::comma_cells(&text).map(own)) {
            Err(reason) => file.refuse(reason, line.number, ""),
            Ok(None) => file.refuse(Reason::Quotes, line.number, ""),
            Ok(Some(cells)) if cells.len() != width => {
                let found = format!("{} cells, expected {width}", cells.len());
                file.refuse(Reason::CellCount, line.number, &found);
            }
            Ok(Some(cells)) => {
                let cells = columns.map(|column| cells.get(column).map_or("", |cell| cell));
                match read_row(cells) {
                    Ok((key, unit, as_of)) => {
                        keep(&mut prices, key, Price { unit, as_of, line: line.number }, file);
                    }
                    Err((reason, found)) => file.refuse(reason, line.number, found),
                }
            }
        }
    }
    Ok(prices)
}

fn own(cells: Vec<Cow<'_, str>>) -> Vec<String> {
    cells.into_iter().map(Cow::into_owned).collect()
}

fn read_header(lines: &mut Lines<'_>, file: &str) -> Result<(usize, [usize; 4]), ImportError> {
    let header = match lines.next()? {
        Some(line) => line.text.unwrap_or_default().into_owned(),
        None => String::new(),
    };
    let cells = text::comma_cells(&header).unwrap_or_default();
    let columns = find_columns(file, &cells, COLUMNS, "a NADAC file of CMS")?;
    Ok((cells.len(), columns))
}

type Row = ((Ndc, Date), UnitPrice, Date);

fn read_row([ndc, unit, effective, as_of]: [&str; 4]) -> Result<Row, (Reason, &str)> {
    let code = ndc.parse::<Ndc>().map_err(|_| (Reason::Code, ndc))?;
    let price = unit.parse::<UnitPrice>().map_err(|_| (Reason::Price, unit))?;
    if price == UnitPrice::default() {
        return Err((Reason::ZeroPrice, ndc));
    }
    let date = |text| us_date(text).ok_or((Reason::Date, text));
    Ok(((code, date(effective)?), price, date(as_of)?))
}

/// Reads `MM/DD/YYYY`.
fn us_date(text: &str) -> Option<Date> {
    let mut parts = text.split('/');
    let (month, day, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || (month.len(), day.len(), year.len()) != (2, 2, 4) {
        return None;
    }
    Date::from_compact(&format!("{year}{month}{day}")).ok()
}

/// Keeps a price, unless what is known of its product and day is as new.
fn keep(prices: &mut Prices, key: (Ndc, Date), new: Price, file: &mut FileSummary) {
    let found = format!("{} at {}", key.0, new.unit);
    match prices.get_mut(&key) {
        None => {
            prices.insert(key, new);
        }
        Some(known) if known.unit == new.unit => {
            file.refuse(Reason::PriceAgain, new.line, &found);
            known.as_of = known.as_of.max(new.as_of);
        }
        Some(known) if known.as_of < new.as_of => {
            let replaced = format!("{} at {}", key.0, known.unit);
            file.refuse(Reason::PriceReplaced, known.line, &replaced);
            *known = new;
        }
        Some(known) => {
            let is_older = new.as_of < known.as_of;
            let reason = if is_older { Reason::PriceReplaced } else { Reason::PriceConflict };
            file.refuse(reason, new.line, &found);
        }
    }
}

/// A row of the price list; without a last day it has no end.
struct Span {
    ndc: Ndc,
    unit: UnitPrice,
    from: Date,
    to: Option<Date>,
}

/// Puts the prices of each product one after the other, and counts the rows they came from.
fn spans(prices: Prices, in_force: InForce, file: &mut FileSummary) -> Vec<Span> {
    let mut spans = Vec::with_capacity(prices.len());
    let mut prices = prices.into_iter().peekable();
    while let Some(((ndc, effective), price)) = prices.next() {
        let next = prices.peek().filter(|(key, _)| key.0 == ndc).map(|(key, _)| key.1);
        let from = in_force.from.unwrap_or(effective);
        let to = match next {
            Some(next) => Some(next.plus_days(-1)),
            None => in_force.to,
        };
        let to = match (to, in_force.to) {
            (Some(to), Some(last)) => Some(to.min(last)),
            (to, _) => to,
        };
        let refusal = if in_force.from.is_some() && next.is_some() {
            Some(Reason::PriceReplaced)
        } else if to.is_some_and(|to| to < from) {
            Some(Reason::PriceLate)
        } else {
            None
        };
        match refusal {
            Some(reason) => file.refuse(reason, price.line, &format!("{ndc} from {effective}")),
            None => {
                file.take();
                spans.push(Span { ndc, unit: price.unit, from, to });
            }
        }
    }
    spans
}

fn write_list(spans: &[Span], output: &mut dyn Write) -> std::io::Result<()> {
    let mut table = csv::Writer::from_writer(output);
    table.write_record(["ndc", "unit_price", "from", "to"])?;
    for span in spans {
        let to = span.to.map(|to| to.to_string()).unwrap_or_default();
        let (ndc, unit) = (span.ndc.to_string(), span.unit.to_string());
        table.write_record([&ndc, &unit, &span.from.to_string(), &to])?;
    }
    table.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_american_and_in_the_calendar() {
        assert_eq!(us_date("04/29/2026").unwrap().to_string(), "2026-04-29");
        for bad in ["4/29/2026", "2026-04-29", "02/31/2026", "04/29/26", "04/29/2026/1", "", "//"] {
            assert_eq!(us_date(bad), None, "{bad}");
        }
    }
}
