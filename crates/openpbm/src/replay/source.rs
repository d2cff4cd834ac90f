//! Where the claims and the members come from.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use openpbm_analytics::claims::{Layout, Mistake, Row, Sent};
use openpbm_analytics::table::{self, Batch, Format};
use openpbm_core::{CardholderId, Event as Kept, Member};
use openpbm_service::replay::Request;
use openpbm_service::replay::{self, Chunk, Event, Families, Place, Sink};
use openpbm_service::{EnrollError, households};
use openpbm_store::{Cursor, Kind, Reader, Sealed};

use super::books::{self, Books};
use crate::cli::{ClaimsFrom, Replay};
use crate::data::store;
use crate::failure::{Context, Failure};
use crate::{progress, terminal};

type Chunks<'c> = Box<dyn Iterator<Item = Result<Chunk<Failure>, Failure>> + 'c>;

/// Families of an enrollment file, or entries of a journal, that are handed on at once.
const PAGE: usize = 1024;

/// Gathers what happened to each family.
pub(super) fn gather(
    args: &Replay,
    books: &Books,
    aside: File,
    threads: usize,
) -> Result<Families, Failure> {
    match &args.claims {
        ClaimsFrom::Journal => {
            let reader = books::data(args)?.reader()?;
            replay::gather(aside, &mut entries(reader, opened)?, threads)
        }
        ClaimsFrom::File(path) => {
            let members = match (&args.members, &args.data) {
                (Some(roster), _) => members(roster, books)?,
                (None, Some(_)) => entries(books::data(args)?.reader()?, members_of)?,
                (None, None) => {
                    let failure = Failure::new("no members are named for the claims of the file");
                    return Err(failure.hint("name the enrollment file: --members members.csv"));
                }
            };
            let claims = claims(path)?;
            replay::gather(aside, &mut members.chain(claims), threads)
        }
    }
}

fn members<'c>(path: &Path, books: &'c Books) -> Result<Chunks<'c>, Failure> {
    let shown = path.display();
    let file = File::open(path).context(format!("opening {shown}"))?;
    let mut families =
        households(books.book(), std::io::BufReader::new(file)).map_err(|error| {
            if let EnrollError::Mistakes { mistakes, total } = &error {
                mistakes.iter().for_each(terminal::note);
                return Failure::new(format!("{} in {shown}", terminal::count(*total, "mistake")));
            }
            Failure::new(format!("reading {shown}: {error}"))
        })?;
    Ok(Box::new(std::iter::from_fn(move || {
        let mut page = Vec::with_capacity(PAGE);
        for family in families.by_ref().take(PAGE) {
            match family {
                Ok(family) => page.push(family),
                Err(error) => return Some(Err(Failure::new(error))),
            }
        }
        (!page.is_empty()).then(|| Ok(enrolled(page)))
    })))
}

fn enrolled(families: Vec<(CardholderId, Vec<Member>)>) -> Chunk<Failure> {
    Box::new(move |sink: &mut Sink| {
        for (cardholder, members) in families {
            sink.add(cardholder, Place::Before(0), &Event::enrolled(members));
        }
        Ok(())
    })
}

/// The claims of a file.
fn claims(path: &Path) -> Result<Chunks<'static>, Failure> {
    let shown = path.display().to_string();
    let Some(format) = Format::of(path) else {
        let failure = Failure::new(format!("{shown} is no claims file by its name"));
        return Err(failure.hint("the name of a claims file ends in .csv or .parquet"));
    };
    let file = File::open(path).context(format!("opening {shown}"))?;
    let mut table = table::open(file, format).context(format!("reading {shown}"))?;
    let layout = Layout::new(table.header()).map_err(|mistakes| wrong(&mistakes, &shown))?;
    let layout = Arc::new(layout);
    let bar = progress::bytes(table.total(), "reading claims");
    Ok(Box::new(std::iter::from_fn(move || {
        let batch = table.next_batch().context(format!("reading {shown}"));
        bar.set_position(table.position());
        match batch {
            Ok(batch) if batch.is_empty() => {
                bar.finish_and_clear();
                None
            }
            Ok(batch) => Some(Ok(sent(batch, layout.clone(), shown.clone()))),
            Err(failure) => Some(Err(failure)),
        }
    })))
}

fn wrong(mistakes: &[Mistake], file: &str) -> Failure {
    const MOST_LISTED: usize = 20;
    mistakes.iter().take(MOST_LISTED).for_each(terminal::note);
    Failure::new(format!("{} in {file}", terminal::count(mistakes.len(), "mistake")))
        .hint("reading ended there; the columns are described in docs/reference/claims-file.md")
}

fn sent(batch: Batch, layout: Arc<Layout>, file: String) -> Chunk<Failure> {
    Box::new(move |sink: &mut Sink| {
        let mut mistakes = Vec::new();
        for (line, record) in &batch {
            match layout.read(*line, record) {
                Ok(row) => add(*line, row, sink),
                Err(more) => mistakes.extend(more),
            }
        }
        if mistakes.is_empty() { Ok(()) } else { Err(wrong(&mistakes, &file)) }
    })
}

fn add(line: u64, row: Row, sink: &mut Sink) {
    let (family, request) = match row.sent {
        Sent::Billing(claim) => (claim.cardholder, Request::Billing(Arc::new(claim))),
        Sent::Rebill(claim) => (claim.cardholder, Request::Rebill(Arc::new(claim))),
        Sent::Reversal(reversal) => {
            let Some(cardholder) = reversal.cardholder else { return };
            (cardholder, Request::Reversal(reversal))
        }
    };
    sink.add(family, Place::At(line), &Event::Sent { id: row.id, request, answer: row.answer });
}

/// The entries of a journal, up to where it ends now.
fn entries(
    reader: Arc<dyn Reader>,
    open: fn(Vec<Sealed>) -> Chunk<Failure>,
) -> Result<Chunks<'static>, Failure> {
    let mut heads = reader.heads().map_err(store)?.into_iter();
    let total = reader.heads().map_err(store)?.iter().map(|head| head.sequence).sum();
    let bar = progress::items(total, "reading the journal");
    let mut read = 0;
    let mut shard: Option<(Cursor, Cursor)> = None;
    Ok(Box::new(std::iter::from_fn(move || {
        loop {
            let (cursor, head) = match shard.take() {
                Some(shard) => shard,
                None => match heads.next() {
                    Some(head) => (Cursor::start(head.shard), head),
                    None => {
                        bar.finish_and_clear();
                        return None;
                    }
                },
            };
            let rest = head.sequence.saturating_sub(cursor.sequence);
            let limit = usize::try_from(rest).unwrap_or(PAGE).min(PAGE);
            if limit == 0 {
                continue;
            }
            let page = match reader.read_from(cursor, limit) {
                Ok(page) => page,
                Err(error) => return Some(Err(store(error))),
            };
            let Some(last) = page.last() else { continue };
            shard = Some((cursor.past(last), head));
            read += u64::try_from(page.len()).unwrap_or(0);
            bar.set_position(read);
            return Some(Ok(open(page)));
        }
    })))
}

fn opened(page: Vec<Sealed>) -> Chunk<Failure> {
    Box::new(move |sink: &mut Sink| {
        for sealed in &page {
            let recorded = sealed.open().map_err(|damage| store(damage.into()))?;
            let place = Place::At(recorded.sequence);
            sink.add(recorded.family, place, &Event::Entry(recorded.entry));
        }
        Ok(())
    })
}

/// Of entries, only who is enrolled and what their medical side has come to; claims come from
/// elsewhere.
fn members_of(page: Vec<Sealed>) -> Chunk<Failure> {
    Box::new(move |sink: &mut Sink| {
        // Claims are many, and need not be opened for this.
        const KINDS: [Kind; 3] = [Kind::Enrolled, Kind::Medical, Kind::Carried];
        for sealed in page.iter().filter(|sealed| sealed.may_be(&KINDS)) {
            let recorded = sealed.open().map_err(|damage| store(damage.into()))?;
            let (members, medical) = match recorded.entry.event {
                Kept::Enrolled { members } => (members, Vec::new()),
                Kept::Medical { totals } => (Vec::new(), totals),
                Kept::Carried { family } => (family.members, family.medical),
                _ => continue,
            };
            let place = Place::Before(recorded.sequence);
            if !members.is_empty() {
                sink.add(recorded.family, place, &Event::enrolled(members));
            }
            if !medical.is_empty() {
                sink.add(recorded.family, place, &Event::medical(medical));
            }
        }
        Ok(())
    })
}
