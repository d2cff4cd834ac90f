//! Checks across documents: what is in force needs what it names to be in force, and what is
//! never named was probably meant to be.

use openpbm_core::{Channel, Date};

use super::pharmacies::Pharmacies;
use super::series::Series;
use crate::documents::{Place, Report};
use crate::{Formulary, Group, Network, Plan, Ref, Span};

/// Notes gaps and what nothing uses.
pub(super) fn check(
    report: &Report,
    groups: &Series<Group>,
    plans: &Series<Plan>,
    formularies: &Series<Formulary>,
    networks: &Series<Network>,
) {
    for row in &groups.rows {
        let who = &groups.name(row.id);
        Needed { report, who, place: row.place, span: row.span }.check(plans, row.thing.plan);
    }
    for row in &plans.rows {
        let who = &plans.name(row.id);
        let needed = Needed { report, who, place: row.place, span: row.span };
        needed.check(formularies, row.thing.formulary);
        for network in row.thing.all_networks() {
            needed.check(networks, network);
        }
    }
    if !groups.incomplete() {
        unused(report, plans, |id| groups.rows.iter().any(|group| group.thing.plan == id));
    }
    if !plans.incomplete() {
        let used = |id| plans.rows.iter().any(|plan| plan.thing.formulary == id);
        unused(report, formularies, used);
        let used = |id| {
            plans.rows.iter().any(|plan| plan.thing.all_networks().any(|network| network == id))
        };
        unused(report, networks, used);
    }
}

/// Notes contracts of pharmacies without terms, and channels of plans without a pharmacy.
pub(super) fn check_pharmacies(
    report: &Report,
    pharmacies: &Pharmacies,
    plans: &Series<Plan>,
    networks: &Series<Network>,
) {
    for contract in pharmacies.by_npi.values().flat_map(|pharmacy| &pharmacy.contracts) {
        let place = Place::line(contract.source.document, contract.source.line);
        let who = "this contract";
        Needed { report, who, place, span: contract.span }.check(networks, contract.network);
    }
    if !pharmacies.clean {
        return;
    }
    for row in &plans.rows {
        for supply in row.thing.supply.iter().filter(|s| s.channel != Channel::OutOfNetwork) {
            let in_network = |network| row.thing.networks.contains(&network);
            let mut of_channel =
                pharmacies.by_npi.values().filter(|pharmacy| pharmacy.channel == supply.channel);
            if !of_channel.any(|pharmacy| pharmacy.contracts.iter().any(|c| in_network(c.network)))
            {
                let channel = supply.channel;
                let text = format!("`{channel}`: no {channel} pharmacy is in the plan's networks");
                report.warning(Place::line(supply.source.document, supply.source.line), text);
            }
        }
    }
}

fn unused<T>(report: &Report, series: &Series<T>, used: impl Fn(Ref) -> bool) {
    for row in series.firsts().filter(|row| !used(row.id)) {
        report.warning(row.place, format!("nothing uses {}", series.name(row.id)));
    }
}

/// Something that needs something else to be in force.
struct Needed<'a> {
    report: &'a Report,
    who: &'a str,
    place: Place,
    span: Span,
}

impl Needed<'_> {
    /// A day without the thing at the beginning or in between is a mistake. Behind its last day
    /// there may be a later version yet to be written: that is worth a warning if the row says
    /// until when it is needed.
    fn check<U>(&self, series: &Series<U>, id: Ref) {
        if series.incomplete() {
            return;
        }
        let whose = series.name(id);
        let span = self.span;
        let mut spans: Vec<Span> = series.of(id).map(|row| row.span).collect();
        spans.sort_unstable();
        let mut next = span.from;
        for found in spans.iter().filter(|found| found.overlaps(&span)) {
            if found.from > next {
                let gap = Span { from: next, to: found.from.plus_days(-1) };
                self.report.mistake(self.place, self.text(&whose, gap));
            }
            if found.to >= span.to {
                return;
            }
            next = next.max(found.to.plus_days(1));
        }
        let rest = Span { from: next, to: span.to };
        if next == span.from {
            self.report.mistake(self.place, self.text(&whose, rest));
        } else if span.to != Date::LAST {
            self.report.warning(self.place, self.text(&whose, rest));
        }
    }

    fn text(&self, whose: &str, gap: Span) -> String {
        let until = if gap.to == Date::LAST { String::new() } else { format!(" to {}", gap.to) };
        format!("{} needs {whose}, which has no terms from {}{until}", self.who, gap.from)
    }
}
