//! Measures what a pharmacy gets: a real server on loopback, driven over TCP by threads of this
//! process. A figure of a shared machine says little by itself, so the same run measures what the
//! disk, the journal alone and the sockets alone can do, and reports the ratios.

mod chart;
mod claims;
mod figures;
mod house;
mod latency;
mod limits;
mod load;
mod people;
pub(crate) mod process;
mod report;
mod served;
mod thousandths;

use std::time::Duration;

pub(crate) use chart::chart;
pub(crate) use figures::help;
pub(crate) use latency::Point;
pub(crate) use report::Report;

use crate::cli::Bench;
use crate::failure::Failure;
use house::House;
use limits::Limits;
use load::Load;
use report::Machine;
use served::Served;

/// Runs the whole bench: the figures, and the latency over time.
pub(crate) fn run(args: &Bench) -> Result<(Report, Vec<Point>), Failure> {
    let machine = Machine::now();
    let span = Duration::from_secs(args.seconds);
    let house = House::build(args)?;
    let load = Load::new(args, span);
    let disk_before = limits::syncs_per_second(house.root(), span / 8)?;

    let before = house.state()?;
    let served = Served::start(house.pbm())?;
    let driven = load.drive(served.address(), house.claims(&before)?, "driving the server")?;
    let after = house.state()?;
    served.stop()?;

    // The limits take a share of the time each, on the same load and the same rows.
    let batch = after.claims_per_batch_since(&before);
    let appends = limits::appends(&house, &before, batch, span / 2)?;
    let echoes = limits::echo(&Load::new(args, span / 2), house.claims(&before)?)?;
    let disk_after = limits::syncs_per_second(house.root(), span / 8)?;

    let limits = Limits { syncs_per_s: disk_before.max(disk_after), appends, echoes };
    let report = Report::new(args, &machine, &house, &driven, (&before, &after), &limits);
    Ok((report, driven.into_series()))
}
