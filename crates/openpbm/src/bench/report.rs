//! What a run found, for programs and for people. [`super::help`] says what each figure is.

use std::collections::BTreeMap;
use std::fmt;

use indicatif::HumanCount;
use serde::Serialize;

use super::house::{House, State};
use super::limits::{Limits, per_second};
use super::load::{Driven, THREADS};
use super::process;
use super::thousandths::Thousandths;
use crate::cli::Bench;

/// The figures of a run; a figure that is unknown here is `None`, never zero.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    store: &'static str,
    #[serde(rename = "loop")]
    kind: &'static str,
    seconds: u64,
    connections: u16,
    outstanding: Option<u16>,
    rate: Option<u32>,
    members: u32,
    families: u32,
    entries_before: u64,
    cores: Option<usize>,
    load_average: Option<Thousandths>,
    sent: u64,
    answered: u64,
    paid: u64,
    rejected: u64,
    unavailable: u64,
    other: u64,
    pub(crate) unanswered: u64,
    pub(super) claims_per_s: u64,
    p50_ms: Thousandths,
    p99_ms: Thousandths,
    p999_ms: Thousandths,
    max_ms: Thousandths,
    late_p99_ms: Thousandths,
    batch_claims: Thousandths,
    commits_per_s: u64,
    bytes_per_claim: Option<u64>,
    written_per_claim: Option<u64>,
    cpu_us_per_claim: Option<Thousandths>,
    cpu_us_by_thread: BTreeMap<String, Thousandths>,
    wait_us_per_claim: Option<Thousandths>,
    generator_us_per_claim: Option<Thousandths>,
    peak_resident_mib: Option<u64>,
    syncs_per_s: u64,
    appends_per_s: u64,
    append_batch: u64,
    echoes_per_s: u64,
    echo_p99_ms: Thousandths,
    ratio_to_sync: Option<Thousandths>,
    ratio_to_append: Option<Thousandths>,
    ratio_to_echo: Option<Thousandths>,
}

/// The machine before the run.
pub(super) struct Machine {
    cores: Option<usize>,
    load_average: Option<Thousandths>,
}

impl Machine {
    pub(super) fn now() -> Self {
        let cores = std::thread::available_parallelism().ok().map(std::num::NonZero::get);
        Self { cores, load_average: process::load_average().map(Thousandths) }
    }
}

impl Report {
    pub(super) fn new(
        args: &Bench,
        machine: &Machine,
        house: &House,
        driven: &Driven,
        (before, after): (&State, &State),
        limits: &Limits,
    ) -> Self {
        let Driven { record, usage } = driven;
        let (answers, elapsed) = (record.answers, record.elapsed());
        // A claim that was answered with 92 is not durable.
        let durable = answers.all() - answers.unavailable;
        let claims_per_s = per_second(durable, elapsed);
        let echo = &limits.echoes.record;
        let echoes_per_s = per_second(echo.answers.all(), echo.elapsed());
        let cpu = Cpu::of(usage, answers.all());
        let closed = args.rate.is_none();
        // What a database server stores and writes is not this process's to see.
        let here = args.store.is_none();
        let written = usage.written.filter(|_| here);
        Self {
            store: house.data().store_name(),
            kind: if closed { "closed" } else { "open" },
            seconds: args.seconds,
            connections: args.connections,
            outstanding: closed.then_some(args.outstanding),
            rate: args.rate,
            members: args.members,
            families: house.families(),
            entries_before: before.entries(),
            cores: machine.cores,
            load_average: machine.load_average,
            sent: record.sent,
            answered: answers.all(),
            paid: answers.paid,
            rejected: answers.rejected,
            unavailable: answers.unavailable,
            other: answers.other,
            unanswered: record.sent.saturating_sub(answers.all()),
            claims_per_s,
            p50_ms: Thousandths(record.quantile(0.5)),
            p99_ms: Thousandths(record.quantile(0.99)),
            p999_ms: Thousandths(record.quantile(0.999)),
            max_ms: Thousandths(record.most()),
            late_p99_ms: Thousandths(record.late_p99()),
            batch_claims: after.claims_per_batch_since(before),
            commits_per_s: per_second(after.batches_since(before), elapsed),
            bytes_per_claim: here.then(|| after.bytes_since(before).checked_div(durable)).flatten(),
            written_per_claim: written.and_then(|bytes| bytes.checked_div(durable)),
            cpu_us_per_claim: cpu.server,
            cpu_us_by_thread: cpu.by_thread,
            wait_us_per_claim: cpu.wait,
            generator_us_per_claim: cpu.generator,
            peak_resident_mib: process::peak_resident_mib(),
            syncs_per_s: limits.syncs_per_s,
            appends_per_s: limits.appends.per_s,
            append_batch: limits.appends.batch,
            echoes_per_s,
            echo_p99_ms: Thousandths(echo.quantile(0.99)),
            ratio_to_sync: Thousandths::ratio(claims_per_s, limits.syncs_per_s),
            ratio_to_append: Thousandths::ratio(claims_per_s, limits.appends.per_s),
            ratio_to_echo: Thousandths::ratio(claims_per_s, echoes_per_s),
        }
    }
}

/// Microseconds of a core by claim; nanoseconds are their thousandths.
struct Cpu {
    server: Option<Thousandths>,
    by_thread: BTreeMap<String, Thousandths>,
    wait: Option<Thousandths>,
    generator: Option<Thousandths>,
}

impl Cpu {
    fn of(usage: &process::Usage, claims: u64) -> Self {
        let is_load = |name: &str| THREADS.contains(&name);
        let by_claim = |nanos: u64| nanos.checked_div(claims).map(Thousandths);
        let known = !usage.threads.is_empty();
        let sum = |load: bool, part: fn(&process::Cpu) -> u64| {
            let threads = usage.threads.iter().filter(|(name, _)| is_load(name) == load);
            known.then(|| threads.map(|(_, cpu)| part(cpu)).sum()).and_then(by_claim)
        };
        let threads = usage.threads.iter().filter(|(name, _)| !is_load(name));
        let by_thread =
            threads.filter_map(|(name, cpu)| Some((name.clone(), by_claim(cpu.run)?))).collect();
        Self {
            server: sum(false, |cpu| cpu.run),
            by_thread,
            wait: sum(false, |cpu| cpu.wait),
            generator: sum(true, |cpu| cpu.run),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.circumstances(f)?;
        self.answers(f)?;
        self.costs(f)?;
        self.limits(f)
    }
}

impl Report {
    /// What was asked, in one line; the picture has it as its subtitle.
    pub(super) fn load_in_words(&self) -> String {
        let pace = match (self.rate, self.outstanding) {
            (Some(rate), _) => format!("{} claims a second due", HumanCount(rate.into())),
            (None, Some(outstanding)) => format!("{outstanding} outstanding on each"),
            (None, None) => String::new(),
        };
        let members = HumanCount(self.members.into());
        let (connections, seconds) = (self.connections, self.seconds);
        format!("{connections} connections, {pace}, {seconds} s, {members} members")
    }

    fn circumstances(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cores = self.cores.map_or_else(String::new, |cores| format!(", {cores} cores"));
        let load = self.load_average.map(|load| format!(", load {load} before"));
        let (store, load) = (self.store, load.unwrap_or_default());
        writeln!(f, "{}; {store}{cores}{load}\n", self.load_in_words())
    }

    fn answers(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = HumanCount;
        writeln!(f, "claims    {:>9} a second, durable and answered", n(self.claims_per_s))?;
        writeln!(
            f,
            "          {:>9} sent: {} paid, {} rejected, {} unavailable, {} other, {} unanswered",
            n(self.sent),
            n(self.paid),
            n(self.rejected),
            n(self.unavailable),
            n(self.other),
            n(self.unanswered)
        )?;
        writeln!(
            f,
            "latency   {:>9} ms p50, {} p99, {} p99.9, {} max",
            self.p50_ms, self.p99_ms, self.p999_ms, self.max_ms
        )
    }

    fn costs(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let figure = |figure: Option<Thousandths>| known(figure.map(|figure| figure.to_string()));
        let bytes = |bytes: Option<u64>| known(bytes.map(|bytes| HumanCount(bytes).to_string()));
        writeln!(f, "core      {:>9} us a claim", figure(self.cpu_us_per_claim))?;
        for (thread, us) in &self.cpu_us_by_thread {
            writeln!(f, "          {us:>9} of it in {thread}")?;
        }
        writeln!(f, "          {:>9} us waited for a core", figure(self.wait_us_per_claim))?;
        writeln!(f, "          {:>9} us in the load", figure(self.generator_us_per_claim))?;
        writeln!(
            f,
            "journal   {:>9} claims a commit, {} commits a second",
            self.batch_claims,
            HumanCount(self.commits_per_s)
        )?;
        writeln!(
            f,
            "          {:>9} bytes stored a claim, {} written",
            bytes(self.bytes_per_claim),
            bytes(self.written_per_claim)
        )?;
        writeln!(f, "memory    {:>9} MiB at most\n", bytes(self.peak_resident_mib))
    }

    fn limits(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = [
            ("fdatasync of 4 KiB".to_owned(), self.syncs_per_s, self.ratio_to_sync),
            (
                format!("the same rows, {} a commit", self.append_batch),
                self.appends_per_s,
                self.ratio_to_append,
            ),
            ("the same bytes, echoed".to_owned(), self.echoes_per_s, self.ratio_to_echo),
        ];
        write!(
            f,
            "{:<32} {:>12} {:>14}",
            "this machine, in the same run", "a second", "claims to it"
        )?;
        for (what, per_s, ratio) in rows {
            let ratio = known(ratio.map(|ratio| ratio.to_string()));
            write!(f, "\n  {what:<30} {:>12} {ratio:>14}", HumanCount(per_s).to_string())?;
        }
        Ok(())
    }
}

fn known(figure: Option<String>) -> String {
    figure.unwrap_or_else(|| "unknown".to_owned())
}
