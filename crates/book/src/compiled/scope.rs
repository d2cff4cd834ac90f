//! Scopes: which claims a rule of a plan is about. Deductibles, maximums, shares and every other
//! row of a plan say it with the same keys.

use openpbm_core::{Channel, ProductKind};

use super::{DrugId, DrugSet};

/// What a scope looks at in a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Supplied {
    /// The tier that applies to the person.
    pub tier: u8,
    /// How the member gets it.
    pub channel: Channel,
    /// Brand or generic.
    pub kind: ProductKind,
    /// 405-D5.
    pub days: u16,
    /// The product.
    pub drug: DrugId,
}

/// Drugs that a plan means, and what it calls them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrugList {
    /// The list's name in the plan; `None` for a selector that stands in its place.
    pub name: Option<Box<str>>,
    /// The drugs.
    pub drugs: DrugSet,
}

impl DrugList {
    /// `the list \`preventive\``, `some drugs (12)`.
    pub fn words(&self) -> String {
        let count = self.drugs.len();
        match &self.name {
            Some(name) => format!("the list `{name}` ({count} drugs)"),
            None => format!("some drugs ({count})"),
        }
    }
}

/// Which claims a rule is about: all conditions must hold, and one that is not set holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// Tiers; empty for all.
    pub tiers: Vec<u8>,
    /// Channels; empty for all.
    pub channels: Vec<Channel>,
    /// Brand or generic; `None` for both.
    pub kind: Option<ProductKind>,
    /// Days supply, both included.
    pub days: Option<(u16, u16)>,
    /// These drugs alone.
    pub drugs: Option<DrugList>,
    /// All drugs but these.
    pub except: Option<DrugList>,
}

impl Scope {
    /// True if the rule is about such a claim.
    pub fn holds(&self, of: &Supplied) -> bool {
        self.misses(of).is_none()
    }

    /// What of a claim the rule is not about, in words; `None` if it is about the claim.
    pub fn misses(&self, of: &Supplied) -> Option<String> {
        if let Some(except) = self.except.as_ref().filter(|list| list.drugs.contains(of.drug)) {
            return Some(match &except.name {
                Some(name) => format!("the drugs of list {name}"),
                None => "this drug".to_owned(),
            });
        }
        if self.drugs.as_ref().is_some_and(|list| !list.drugs.contains(of.drug)) {
            return Some("this drug".to_owned());
        }
        if !self.tiers.is_empty() && !self.tiers.contains(&of.tier) {
            return Some(format!("tier {}", of.tier));
        }
        if !self.channels.is_empty() && !self.channels.contains(&of.channel) {
            return Some(format!("the {} channel", of.channel));
        }
        if self.kind.is_some_and(|kind| kind != of.kind) {
            return Some(format!("{}s", of.kind));
        }
        let (days, range) = (of.days, self.days);
        let outside = range.is_some_and(|(from, to)| days < from || to < days);
        outside.then(|| format!("a supply of {days} days"))
    }

    /// True if some drug makes the rule be about such claims.
    pub fn can_hold(&self, tier: u8, channel: Channel, kind: ProductKind, days: u16) -> bool {
        (self.tiers.is_empty() || self.tiers.contains(&tier))
            && (self.channels.is_empty() || self.channels.contains(&channel))
            && self.kind.is_none_or(|wanted| wanted == kind)
            && self.days.is_none_or(|(from, to)| from <= days && days <= to)
    }

    /// True if it is about all drugs of its tiers.
    pub const fn is_of_all_drugs(&self) -> bool {
        self.drugs.is_none() && self.except.is_none()
    }

    /// True if neither drugs nor days matter: tier, channel and kind decide.
    pub const fn is_general(&self) -> bool {
        self.is_of_all_drugs() && self.days.is_none()
    }
}
