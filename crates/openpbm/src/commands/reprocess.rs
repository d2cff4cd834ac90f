//! `openpbm reprocess`: decides paid claims again where something came late.

use openpbm_core::{Cents, Timestamp};
use openpbm_service::{Adjusted, Due, ReprocessError, Reprocessed, reprocess};

use crate::cli::{Reprocess, instant};
use crate::data::{Data, store};
use crate::failure::Failure;
use crate::{progress, terminal};

pub(crate) fn run(args: &Reprocess) -> Result<(), Failure> {
    let data = Data::at(&args.place);
    let pbm = data.start_now()?;
    let reprocessed = due(&data, args).and_then(|due| {
        let bar = progress::items(due.len().try_into().unwrap_or(u64::MAX), "reprocessing");
        let done = &mut |families: usize| bar.set_position(families.try_into().unwrap_or(0));
        let reprocessed = reprocess(&pbm, &due, args.dry_run, done);
        bar.finish_and_clear();
        reprocessed.map_err(failed)
    });
    pbm.shut_down();
    let reprocessed = reprocessed?;
    if args.json {
        return terminal::json(&reprocessed);
    }
    terminal::out(words(&reprocessed, args.dry_run));
    Ok(())
}

/// Whose claims are to be decided again.
fn due(data: &Data, args: &Reprocess) -> Result<Vec<Due>, Failure> {
    if let Some(family) = args.family {
        return Ok(vec![Due { family, because: None }]);
    }
    let reader = data.reader()?;
    let since = args.since.map_or(Timestamp::default(), instant::start_of);
    let heads = reader.heads().map_err(store)?;
    let bar = progress::items(heads.iter().map(|head| head.sequence).sum(), "reading entries");
    let due = Due::since(&*reader, &[], since, &mut |read| bar.set_position(read));
    bar.finish_and_clear();
    due.map_err(failed)
}

pub(super) fn failed(error: ReprocessError) -> Failure {
    match error {
        ReprocessError::Store(error) => store(error),
        error @ ReprocessError::Family(_) => {
            Failure::new(error).hint("run `openpbm verify`; what was adjusted before stays so")
        }
        error @ ReprocessError::Unavailable => {
            Failure::new(error).hint("the same again goes on from there")
        }
    }
}

pub(super) fn words(reprocessed: &Reprocessed, dry_run: bool) -> String {
    let Reprocessed { families, adjusted_families, adjustments, not_at_hand } = reprocessed;
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let many = |number: usize, one, many| terminal::count_of(count(number), one, many);
    let done = if dry_run { "would be adjusted" } else { "adjusted" };
    let mut text = format!(
        "{} looked at, {} of {} {done}",
        many(*families, "family", "families"),
        many(adjustments.len(), "claim", "claims"),
        many(*adjusted_families, "family", "families"),
    );
    let settled = |wanted: fn(Cents) -> bool| {
        let members = adjustments.iter().filter_map(|it| it.member).filter(|it| wanted(*it));
        Cents::sum(members).map_or_else(|_| "too much to add".to_owned(), |sum| sum.to_string())
    };
    if !adjustments.is_empty() {
        let (owed, back) = (settled(|it| it > Cents::ZERO), settled(Cents::is_negative));
        text.push_str(&format!("\nmembers owe {owed} and are owed {}", back.replace('-', "")));
    }
    if *not_at_hand > 0 {
        let claims = many(*not_at_hand, "claim stays as it is", "claims stay as they are");
        text.push_str(&format!("\n{claims}: what decided them is not at hand"));
    }
    for adjusted in adjustments {
        text.push_str(&format!("\n{}", line(adjusted)));
    }
    text
}

fn line(adjusted: &Adjusted) -> String {
    let patient = |amount: Option<Cents>| {
        amount.map_or_else(|| "not covered".to_owned(), |amount| amount.to_string())
    };
    let (before, now) = (patient(adjusted.patient_before), patient(adjusted.patient_now));
    let Adjusted { claim, date_of_service, .. } = adjusted;
    let member = adjusted.member.map_or_else(String::new, |amount| format!(", member {amount}"));
    format!("{date_of_service} {claim}: patient {before} -> {now}{member}")
}
