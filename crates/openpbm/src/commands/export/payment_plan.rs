//! `openpbm export payment-plan`: the bills of Medicare's Prescription Payment Plan.

use openpbm_core::Cents;
use openpbm_service::payment_plan::{Asked, BillingError, Claims, Summary, header};

use crate::cli::OfYear;
use crate::data::Data;
use crate::failure::Failure;
use crate::{entries, terminal};

/// Reads the journal once, tells what the bills come to, and writes them.
pub(super) fn payment_plan(args: &OfYear) -> Result<(), Failure> {
    super::period(args.year, args.through)?;
    let data = Data::at(&args.place);
    let book = data.current_book()?;
    let reader = data.reader()?;
    let (year, through, group) = (args.year, args.through, args.group);
    let asked = Asked { book: &book, year, through, group };
    let mut claims = Claims::new(asked);
    entries::each(&*reader, "reading entries", |recorded| {
        claims.take(recorded.family, &recorded.entry).map_err(Failure::new)
    })?;
    let billed = claims.billed().map_err(failure)?;
    if let Some(to) = &args.to {
        super::table(to, header(), billed.iter().flat_map(|billed| billed.lines(year)))?;
    }
    let summary = Summary::of(&asked, &billed).map_err(Failure::new)?;
    if args.json {
        return terminal::json(&summary);
    }
    terminal::out(words(&summary));
    Ok(())
}

fn failure(error: BillingError) -> Failure {
    let is_of_book = matches!(error, BillingError::NoPlan { .. });
    let failure = Failure::new(error);
    if is_of_book {
        failure.hint("publish a book that has the plan, or bill another group with --group")
    } else {
        failure.hint("`openpbm verify` tells whether the journal is whole")
    }
}

fn words(summary: &Summary) -> String {
    let Summary { year, through, members, cost, credit, billed, refunded, owed, .. } = summary;
    let through = through.map(|day| format!(", through {day}")).unwrap_or_default();
    let members = terminal::count_of(*members, "member", "members");
    let mut text = format!(
        "{year}{through}: {members} in the payment plan\n  \
         owed at pharmacies ${cost}, billed ${billed}, left ${owed}"
    );
    if Cents::ZERO < *credit {
        let credit = format!("\n  taken back ${credit}, of it refunded ${refunded}");
        text.push_str(&credit);
    }
    if summary.left > 0 {
        let left = terminal::count_of(summary.left, "member has", "members have");
        let owed = summary.owed_by_left;
        text.push_str(&format!("\n  {left} left it, of whom ${owed} are left"));
    }
    text
}
