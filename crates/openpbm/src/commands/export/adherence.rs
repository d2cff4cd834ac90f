//! `openpbm export adherence`: how much of the time members' fills last, by the book's measures.

use openpbm_book::{Book, Measure};
use openpbm_service::adherence::{Asked, Fills, LeftOutCounts, Measured, Summary, header};

use crate::cli::OfYear;
use crate::data::Data;
use crate::failure::Failure;
use crate::{entries, terminal};

/// Reads the journal once, tells what each measure comes to, and writes its members.
pub(super) fn adherence(args: &OfYear, measure: Option<&str>) -> Result<(), Failure> {
    let period = super::period(args.year, args.through)?;
    let data = Data::at(&args.place);
    let book = data.current_book()?;
    let measures = measures(&book, measure)?;
    let reader = data.reader()?;
    let mut fills = Fills::new(Asked { book: &book, period, group: args.group });
    entries::each(&*reader, "reading entries", |recorded| {
        fills.take(recorded.family, &recorded.entry);
        Ok(())
    })?;
    let measured: Vec<_> = measures.into_iter().map(|measure| fills.measured(measure)).collect();
    if let Some(to) = &args.to {
        super::table(to, header(), measured.iter().flat_map(Measured::lines))?;
    }
    let unknown = u64::try_from(fills.unknown()).unwrap_or(u64::MAX);
    if unknown > 0 {
        terminal::note(format_args!(
            "{} of drugs that the book does not know, which no measure counts",
            terminal::count_of(unknown, "fill", "fills"),
        ));
    }
    let summaries: Vec<_> = measured.iter().map(Measured::summary).collect();
    if args.json {
        return terminal::json(&summaries);
    }
    summaries.iter().for_each(|summary| terminal::out(words(summary)));
    Ok(())
}

fn measures<'b>(book: &'b Book, asked: Option<&str>) -> Result<Vec<&'b Measure>, Failure> {
    let all: Vec<_> = book.measures().iter().collect();
    if all.is_empty() {
        let failure = Failure::new(format!("the book {} has no measures", book.name()));
        return Err(failure.hint("write a measures.toml; docs/reference/book.md describes it"));
    }
    let Some(asked) = asked else { return Ok(all) };
    match all.iter().find(|measure| *measure.id == *asked) {
        Some(measure) => Ok(vec![measure]),
        None => {
            let ids: Vec<_> = all.iter().map(|measure| &*measure.id).collect();
            Err(Failure::new(format!("the book has no measure `{asked}`"))
                .hint(format!("its measures are {}", ids.join(", "))))
        }
    }
}

fn words(summary: &Summary) -> String {
    let Summary { measure, name, from, to, members, adherent, rate, left_out } = summary;
    let counted = terminal::count_of(*members, "member", "members");
    let rate = match rate {
        Some(rate) => format!("{adherent} of {counted} adherent, {rate}%"),
        None => "no members".to_owned(),
    };
    let LeftOutCounts { young, not_covered, one_fill, late, excluded } = left_out;
    let reasons = [
        (one_fill, "one fill"),
        (late, "begun too late"),
        (excluded, "another drug"),
        (young, "under 18"),
        (not_covered, "not covered"),
    ];
    let reasons = reasons.iter().filter(|(count, _)| **count > 0);
    let reasons: Vec<_> = reasons.map(|(count, reason)| format!("{reason} {count}")).collect();
    let mut text = format!("{measure}: {rate}\n  {name}, {from} to {to}");
    if !reasons.is_empty() {
        text.push_str(&format!("\n  left out: {}", reasons.join(", ")));
    }
    text
}
