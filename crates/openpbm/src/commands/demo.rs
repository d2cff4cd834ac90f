//! `openpbm demo`: a running PBM on the sample book, and somebody to watch it with.

use std::io::{Cursor, IsTerminal};
use std::sync::Arc;
use std::time::Duration;

use openpbm_core::Date;
use openpbm_service::{Clock, DecisionRow, Pbm, SystemClock, enroll};

use crate::cli::Demo;
use crate::commands::serve::serve;
use crate::data::Data;
use crate::failure::{Context, Failure};
use crate::traffic::{self, Households};
use crate::{sample, terminal};

pub(crate) fn run(args: &Demo) -> Result<(), Failure> {
    // Kept until the end: a fresh directory is removed when it is dropped.
    let fresh = match &args.data {
        Some(_) => None,
        None => Some(tempfile::tempdir().context("making a directory for the demo's data")?),
    };
    let root = match (&args.data, &fresh) {
        (Some(data), _) => data.clone(),
        (None, Some(fresh)) => fresh.path().to_owned(),
        (None, None) => return Err(Failure::new("no directory for the demo's data")),
    };
    let data = Data::new(&root);
    let folder = data.book_folder();
    if !folder.join("book.toml").exists() {
        sample::write_book(&folder)?;
    }
    data.publish(&folder)?;
    let clock = Arc::new(SystemClock::new().context("asking for random bits")?);
    let clock = Arc::new(in_plan_year(&clock)?);
    let pbm = data.start(clock.clone())?;
    pbm.start_reprocessing().map_err(Failure::new)?;
    let households = Households::new();
    enroll(&pbm, Cursor::new(sample::MEMBERS), &mut |_| {}).map_err(Failure::new)?;
    enroll(&pbm, Cursor::new(households.csv()), &mut |_| {}).map_err(Failure::new)?;
    let traffic = !args.no_traffic;
    serve(pbm.clone(), &args.listen, |server| {
        introduce(server.http_addr(), server.ncpdp_addr());
        tokio::spawn(watch(pbm.clone()));
        if traffic {
            let today = clock.now().date();
            tokio::spawn(traffic::run(server.ncpdp_addr(), households, today));
        }
    })
}

/// The sample book is in force in 2026. In another year the demo's clock is set back or forward
/// by whole days, so that today is a day of that year.
fn in_plan_year(clock: &SystemClock) -> Result<SystemClock, Failure> {
    let today = clock.now().date();
    let (year, month, day) = today.ymd();
    let fresh = SystemClock::new().context("asking for random bits")?;
    if year == 2026 {
        return Ok(fresh);
    }
    // 29 February becomes 28 February.
    let same_day = Date::new(2026, month, day).or_else(|| Date::new(2026, month, 28));
    let days = same_day.map_or(0, |same_day| same_day.days_since(today));
    Ok(fresh.shifted_by_days(days))
}

fn introduce(http: std::net::SocketAddr, ncpdp: std::net::SocketAddr) {
    terminal::note(format_args!(
        "console   http://{http}\n\
         NCPDP     {ncpdp} (BIN 900001, PCN OPENPBM)\n\
         try       openpbm claim fixtures/claims/paid.d0 --explain --http {http} --ncpdp {ncpdp}\n\
         stop      Ctrl-C\n"
    ));
}

/// Prints decisions soon after they are durable, if somebody is there to see them.
async fn watch(pbm: Pbm) {
    const EVERY: Duration = Duration::from_millis(250);
    const AT_ONCE: usize = 50;
    if !std::io::stderr().is_terminal() {
        return;
    }
    terminal::note(HEADER);
    let mut last = None;
    loop {
        tokio::time::sleep(EVERY).await;
        let asked = pbm.clone();
        let newest = tokio::task::spawn_blocking(move || asked.decisions(None, AT_ONCE)).await;
        let Ok(Ok(mut rows)) = newest else { continue };
        match rows.iter().position(|row| Some(row.id) == last) {
            Some(seen) => rows.truncate(seen),
            None if last.is_some() => terminal::note("... and more"),
            None => {}
        }
        last = rows.first().map(|row| row.id).or(last);
        rows.iter().rev().for_each(|row| terminal::note(line(row)));
    }
}

const HEADER: &str = concat!(
    "time      status    pharmacy                  drug                            qty  days",
    "   patient      plan  why"
);

fn line(row: &DecisionRow) -> String {
    let time = row.recorded.to_string();
    let time = time.get(11..19).unwrap_or_default();
    let dollars = |cents: Option<openpbm_core::Cents>| {
        cents.map_or_else(String::new, |cents| format!("${cents}"))
    };
    let number = |text: Option<String>| text.unwrap_or_default();
    let why = if row.reject_codes.is_empty() {
        row.words.clone()
    } else {
        format!("{} {}", row.reject_codes.join(" "), row.words)
    };
    format!(
        "{time}  {status:<8}  {pharmacy:<24.24}  {drug:<28.28}  {quantity:>5} {days:>5} \
         {patient:>9} {plan:>9}  {why:.60}",
        status = row.status,
        pharmacy = row.pharmacy_name.as_deref().unwrap_or(""),
        drug = row.drug.as_deref().unwrap_or(""),
        quantity = number(row.quantity.map(|q| q.to_string())),
        days = number(row.days_supply.map(|d| d.to_string())),
        patient = dollars(row.patient_pay),
        plan = dollars(row.plan_pays),
    )
}
