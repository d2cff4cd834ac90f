//! `openpbm export claims`: what pharmacies sent, as a file that `openpbm replay` reads.

use std::io::BufWriter;
use std::path::Path;

use openpbm_analytics::claims::{COLUMNS, Row, Sent, record};
use openpbm_analytics::table::{self, Format, Writer};
use openpbm_core::{Entry, Event, FamilyId};

use crate::failure::{Context, Failure};
use crate::store::Store;
use crate::{entries, files, terminal};

/// Writes the claims and reversals of a journal, up to where it ends now. The file is there when
/// it is whole: half a year of claims would look like a small year.
pub(super) fn claims(store: &Store, to: &Path) -> Result<(), Failure> {
    let aside = to.with_extension(files::ASIDE);
    let written = write(store, to, &aside);
    if written.is_err() {
        // It may never have been made.
        let _ = std::fs::remove_file(&aside);
    }
    written
}

fn write(store: &Store, to: &Path, aside: &Path) -> Result<(), Failure> {
    let shown = to.display().to_string();
    let Some(format) = Format::of(to) else {
        let failure = Failure::new(format!("{shown} names no format"));
        return Err(failure.hint("the name of a claims file ends in .csv or .parquet"));
    };
    let reader = store.reader()?;
    let file = files::private(aside).context(format!("making {shown}"))?;
    let table = table::create(BufWriter::new(file), format, COLUMNS);
    let table = table.context(format!("writing {shown}"))?;
    let mut rows =
        Rows { table, file: shown.clone(), half: None, claims: 0, reversals: 0, left_out: 0 };
    entries::each(&*reader, "writing claims", |recorded| {
        rows.entry(recorded.family, recorded.entry)
    })?;
    let left_out = rows.left_out;
    let (claims, reversals) = rows.finish()?;
    std::fs::rename(aside, to).context(format!("writing {shown}"))?;
    terminal::note(format_args!(
        "{} and {} written; they are about patients",
        terminal::count_of(claims, "claim", "claims"),
        terminal::count_of(reversals, "reversal", "reversals"),
    ));
    if left_out > 0 {
        terminal::note(format_args!(
            "{} left out, which no pharmacy sent: `openpbm replay --claims journal` has them",
            terminal::count_of(left_out, "adjustment", "adjustments"),
        ));
    }
    Ok(())
}

/// Makes rows of entries.
struct Rows {
    table: Box<dyn Writer>,
    file: String,
    /// The entry before, if it was a reversal: perhaps the first half of a rebill, whose entries
    /// follow each other.
    half: Option<(FamilyId, Entry)>,
    claims: u64,
    reversals: u64,
    /// Adjustments, which no pharmacy sent.
    left_out: u64,
}

impl Rows {
    fn entry(&mut self, family: FamilyId, entry: Entry) -> Result<(), Failure> {
        let half = self.half.take();
        let is_whole = match (&half, &entry.event) {
            (
                Some((of, Entry { event: Event::Reversed { claim, .. }, .. })),
                Event::Decided { rebills: Some(rebills), adjudication, .. },
            ) => *of == family && claim == rebills && adjudication.paid().is_some(),
            _ => false,
        };
        if let Some((family, half)) = half.filter(|_| !is_whole) {
            self.reversal(family, &half)?;
        }
        match &entry.event {
            Event::Reversed { .. } => {
                self.half = Some((family, entry));
                Ok(())
            }
            Event::Decided { claim, rebills, adjudication, .. } => {
                let claim = (**claim).clone();
                let sent = match rebills {
                    Some(_) => Sent::Rebill(claim),
                    None => Sent::Billing(claim),
                };
                self.claims += 1;
                let answer = Some(adjudication.fingerprint());
                self.write(&Row { id: Some(entry.id), sent, answer })
            }
            Event::Adjusted(_) => {
                self.left_out += 1;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn reversal(&mut self, family: FamilyId, entry: &Entry) -> Result<(), Failure> {
        let Event::Reversed { reversal, .. } = &entry.event else { return Ok(()) };
        // The pharmacy need not have named the card; a file has nobody who would look it up.
        let mut reversal = reversal.clone();
        reversal.cardholder = Some(family);
        self.reversals += 1;
        self.write(&Row { id: Some(entry.id), sent: Sent::Reversal(reversal), answer: None })
    }

    fn write(&mut self, row: &Row) -> Result<(), Failure> {
        let written = record(row).map_err(Failure::new)?;
        self.table.write(&written).context(format!("writing {}", self.file))
    }

    fn finish(mut self) -> Result<(u64, u64), Failure> {
        if let Some((family, half)) = self.half.take() {
            self.reversal(family, &half)?;
        }
        self.table.finish().context(format!("writing {}", self.file))?;
        Ok((self.claims, self.reversals))
    }
}
