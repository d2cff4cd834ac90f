//! Groups and plans: who has which benefit, and what a member pays.

use openpbm_core::{Cents, Channel, Date, GroupId, Percent, ProductKind, Source};

use super::{Ref, Sourced};

/// Under which law a group's benefit runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LineOfBusiness {
    /// Employers and individuals.
    Commercial,
    /// Medicare Part D.
    Medicare,
    /// Medicaid managed care.
    Medicaid,
}

/// A group's contract at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// 301-C1.
    pub id: GroupId,
    /// For people.
    pub name: Box<str>,
    /// Who pays.
    pub sponsor: Box<str>,
    /// Under which law.
    pub line: LineOfBusiness,
    /// Its plan.
    pub plan: Ref,
    /// Its first line.
    pub source: Source,
}

/// A yearly limit, for a person and for the family.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// For one person.
    pub person: Cents,
    /// For the family together; `None` if only persons are limited.
    pub family: Option<Cents>,
    /// Embedded: each person has the person's limit within the family's. Otherwise aggregate:
    /// a family of more than one has the family's limit alone.
    pub embedded: bool,
    /// Tiers that it applies to; empty for all.
    pub tiers: Vec<u8>,
    /// Its first line.
    pub source: Source,
}

/// When a refill is possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefillRule {
    /// Part of the days supply that must be used up.
    pub used: Percent,
    /// The same for DEA schedules 2 to 5.
    pub controlled: Percent,
    /// Its line.
    pub source: Source,
}

/// A supply of up to so many days counts as so many copays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SupplyStep {
    /// Days at most.
    pub days: u16,
    /// Copays.
    pub copays: u8,
}

/// What a channel may dispense at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supply {
    /// The channel.
    pub channel: Channel,
    /// In order of days; the last is the most that is covered.
    pub steps: Vec<SupplyStep>,
    /// Its line.
    pub source: Source,
}

/// A member's share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShareKind {
    /// An amount for each copay that the supply counts as.
    Copay(Cents),
    /// A part of the price, within bounds for each copay that the supply counts as.
    Coinsurance {
        /// The part.
        rate: Percent,
        /// At least.
        at_least: Option<Cents>,
        /// At most.
        at_most: Option<Cents>,
    },
}

/// A row of the plan's share table. The first row that fits applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// Tiers; empty for all.
    pub tiers: Vec<u8>,
    /// Channels; empty for all.
    pub channels: Vec<Channel>,
    /// Brand or generic; `None` for both.
    pub kind: Option<ProductKind>,
    /// What the member pays.
    pub share: ShareKind,
    /// Its line.
    pub source: Source,
}

impl Share {
    /// True if the row is for such a claim.
    pub fn fits(&self, tier: u8, channel: Channel, kind: ProductKind) -> bool {
        (self.tiers.is_empty() || self.tiers.contains(&tier))
            && (self.channels.is_empty() || self.channels.contains(&channel))
            && self.kind.is_none_or(|wanted| wanted == kind)
    }
}

/// Who pays nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exemption {
    /// Members below an age in full years.
    UnderAge(u8),
    /// Pregnant members.
    Pregnant,
}

/// A benefit at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Its id.
    pub id: Box<str>,
    /// For people.
    pub name: Box<str>,
    /// Month and day on which its year begins.
    pub year_starts: (u8, u8),
    /// Its formulary.
    pub formulary: Ref,
    /// Its networks, in the order in which a pharmacy's contracts are looked for.
    pub networks: Vec<Ref>,
    /// Claims are accepted for so many days after the date of service.
    pub accepted_for: Sourced<u16>,
    /// True if a prescriber whom the book does not name is accepted.
    pub any_prescriber: Sourced<bool>,
    /// The line that lets a patient who chooses a brand over its generic (DAW 2) pay the
    /// difference of their contract prices; `None` where the tier's share is all.
    pub patient_choice_pays_difference: Option<Source>,
    /// What a member pays first.
    pub deductible: Option<Limit>,
    /// What a member pays at most.
    pub out_of_pocket: Option<Limit>,
    /// When a refill is possible.
    pub refill: RefillRule,
    /// What each channel may dispense; a channel that is not named is not covered.
    pub supply: Vec<Supply>,
    /// What the member pays.
    pub shares: Vec<Share>,
    /// Who pays nothing.
    pub exemptions: Vec<Sourced<Exemption>>,
    /// Its first line.
    pub source: Source,
}

impl Plan {
    /// The first day of the plan year that holds a day.
    pub fn year_of(&self, date: Date) -> Date {
        let (year, month, day) = date.ymd();
        let (start_month, start_day) = self.year_starts;
        let year = if (month, day) < (start_month, start_day) { year - 1 } else { year };
        Date::new(year, start_month, start_day).unwrap_or(Date::FIRST)
    }
}
