//! What a book says, for people: the book as a whole, and all that it says of one drug.

use std::fmt;

use openpbm_core::Ndc;
use serde::Serialize;

use crate::facts::{
    Fact, counted, drug_facts, group_facts, label, listed, measure_facts, network_facts, parts,
    period, plan_summary, tier_counts,
};
use crate::{Book, Dated, Formulary, Placement, Span};

/// A book as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Its name.
    pub name: String,
    /// Its version, 64 hex digits.
    pub version: String,
    /// 101-A1 that it answers for.
    pub bin: String,
    /// 104-A4 that it answers for.
    pub pcn: String,
    /// Groups, plans, formularies and networks at each of their times; measures.
    pub sections: Vec<Section>,
    /// How much there is of what is too much to list.
    pub counts: Vec<String>,
}

/// One thing at one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Section {
    /// What it is: `plan ppo`.
    pub title: String,
    /// When it is in force.
    pub period: String,
    /// What it says, each with its line.
    pub lines: Vec<Line>,
}

/// A statement and the line of the book that makes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The statement.
    pub text: String,
    /// The line, as `plans/ppo.toml:14`; `None` for what follows from many lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl Book {
    /// The book as a whole.
    pub fn summary(&self) -> Summary {
        let mut sections = Vec::new();
        let mut groups: Vec<_> = self.groups().collect();
        groups.sort_by_key(|(id, _)| **id);
        for (id, group) in groups {
            let title = format!("group {id}");
            sections.extend(over_time(group, &title, |group, span| {
                self.lines(group_facts(self, group, span.from))
            }));
        }
        for plan in self.plans() {
            let title = titled("plan", plan, |plan| &plan.id);
            sections.extend(over_time(plan, &title, |plan, span| {
                self.lines(plan_summary(self, plan, span.from))
            }));
        }
        for formulary in self.formularies() {
            let title = titled("formulary", formulary, |formulary| &formulary.id);
            sections.extend(over_time(formulary, &title, |f, _| self.formulary_lines(f)));
        }
        for network in self.networks() {
            let title = titled("network", network, |network| &network.id);
            sections.extend(over_time(network, &title, |network, _| {
                self.lines(network_facts(self, network))
            }));
        }
        sections.extend(self.measures().iter().map(|measure| Section {
            title: format!("measure {}", measure.id),
            period: String::new(),
            lines: self.lines(measure_facts(measure)),
        }));
        Summary {
            name: self.name().to_owned(),
            version: self.version().to_string(),
            bin: self.bin().to_string(),
            pcn: self.pcn().to_string(),
            sections,
            counts: self.counts(),
        }
    }

    /// All that the book says of one drug; `None` if no table has it.
    pub fn drug_sheet(&self, ndc: Ndc) -> Option<DrugSheet> {
        let id = self.drugs().find(ndc)?;
        let mut sections = vec![Section {
            title: "product".to_owned(),
            period: String::new(),
            lines: self.lines(drug_facts(self, id)),
        }];
        for formulary in self.formularies() {
            let title = titled("formulary", formulary, |formulary| &formulary.id);
            sections.extend(over_time(formulary, &title, |formulary, _| {
                formulary.placement(id).map_or_else(
                    || vec![Line { text: "not on the formulary".to_owned(), source: None }],
                    |placement| self.placement_lines(placement),
                )
            }));
        }
        for list in self.lists() {
            let prices = list.prices().iter().filter(|price| price.ndc == ndc);
            let lines: Vec<Line> = prices
                .map(|price| Line {
                    text: format!("${} a unit {}", price.unit, period(price.span)),
                    source: Some(self.locate(price.source)),
                })
                .collect();
            let title = format!("price list {}", list.id);
            let none = || vec![Line { text: "no price".to_owned(), source: None }];
            let lines = if lines.is_empty() { none() } else { lines };
            sections.push(Section { title, period: String::new(), lines });
        }
        Some(DrugSheet { title: label(self, ndc), sections })
    }

    fn lines(&self, facts: Vec<Fact>) -> Vec<Line> {
        facts
            .into_iter()
            .map(|fact| Line { text: fact.to_string(), source: Some(self.locate(fact.source)) })
            .collect()
    }

    fn formulary_lines(&self, formulary: &Formulary) -> Vec<Line> {
        let counts = tier_counts(formulary, self.drugs());
        let tiers = counts
            .iter()
            .map(|(tier, count)| format!("{} in tier {tier}", counted(*count, "drug")));
        let placements = self.drugs().ids().filter_map(|id| formulary.placement(id));
        let mut by_part: Vec<(&'static str, usize)> = Vec::new();
        for part in placements.flat_map(parts) {
            match by_part.iter_mut().find(|(key, _)| *key == part.key) {
                Some((_, count)) => *count += 1,
                None => by_part.push((part.key, 1)),
            }
        }
        by_part.sort_unstable();
        let limits = by_part
            .iter()
            .map(|(key, count)| format!("{} with a rule on {key}", counted(*count, "drug")));
        let line = |text| Line { text, source: None };
        tiers.chain(limits).map(line).collect()
    }

    fn placement_lines(&self, placement: &Placement) -> Vec<Line> {
        let tier = placement.tier.as_ref().map_or_else(
            || Line { text: "in no tier, so it is not covered".to_owned(), source: None },
            |tier| Line {
                text: format!("in tier {}", tier.value),
                source: Some(self.locate(tier.source)),
            },
        );
        let others = parts(placement).into_iter().map(|part| Line {
            text: format!("{} {}", part.verb, part.text),
            source: Some(self.locate(part.source)),
        });
        std::iter::once(tier).chain(others).collect()
    }

    fn counts(&self) -> Vec<String> {
        let mut counts = vec![
            counted(self.pharmacies().count(), "pharmacy"),
            counted(self.prescribers().count(), "prescriber"),
            counted(self.drugs().len(), "drug"),
            counted(self.dur_rules().len(), "drug utilization review rule"),
        ];
        let lists = self.lists().iter();
        counts.extend(
            lists.map(|list| {
                format!("{} in list {}", counted(list.prices().len(), "price"), list.id)
            }),
        );
        counts
    }
}

fn titled<T>(noun: &str, rows: &Dated<T>, id: impl Fn(&T) -> &str) -> String {
    format!("{noun} {}", rows.rows().first().map_or("", |(_, thing)| id(thing)))
}

fn over_time<T>(
    rows: &Dated<T>,
    title: &str,
    lines: impl Fn(&T, Span) -> Vec<Line>,
) -> Vec<Section> {
    let section = |(span, thing): &(Span, T)| Section {
        title: title.to_owned(),
        period: period(*span),
        lines: lines(thing, *span),
    };
    rows.rows().iter().map(section).collect()
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let version: String = self.version.chars().take(12).collect();
        writeln!(f, "{}, version {version}", self.name)?;
        writeln!(f, "answers for BIN {} and PCN {}", self.bin, self.pcn)?;
        writeln!(f, "holds {}", listed(&self.counts))?;
        self.sections.iter().try_for_each(|section| section.fmt(f))
    }
}

/// All that a book says of one drug.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DrugSheet {
    /// The drug's name and code.
    pub title: String,
    /// The product, its placement in each formulary, its price in each list.
    pub sections: Vec<Section>,
}

impl fmt::Display for DrugSheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.title)?;
        self.sections.iter().try_for_each(|section| section.fmt(f))
    }
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n{}", format!("{} {}", self.title, self.period).trim_end())?;
        let width = self.lines.iter().map(|line| line.text.chars().count()).max().unwrap_or(0);
        for Line { text, source } in &self.lines {
            match source {
                Some(source) => writeln!(f, "  {text:width$}  {source}", width = width.min(70))?,
                None => writeln!(f, "  {text}")?,
            }
        }
        Ok(())
    }
}
