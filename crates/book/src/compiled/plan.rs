//! Groups and plans: who has which benefit, and what a member pays.

use openpbm_core::{Cents, Channel, Date, ExemptGroup, GroupId, Percent, Period, Source};

use super::{
    BenefitMaximum, CoordinationRule, CouponRule, DispenseAsWritten, MandatoryChannel, Override,
    PartD, Ref, ReferencePrice, Reimbursement, Scope, Sourced,
};

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
    /// The groups whose balances it carries on.
    pub continues: Vec<GroupId>,
    /// The day from which on all balances begin anew, if they do with this contract.
    pub resets: Option<Date>,
    /// Its first line.
    pub source: Source,
}

/// How long amounts add up toward deductible and maximum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Accumulates {
    /// From each first day of the plan year.
    PlanYear,
    /// From each first of January.
    CalendarYear,
    /// From the first day of each quarter of the calendar year.
    CalendarQuarter,
    /// From the family's first day covered in the group, and each of its anniversaries.
    Rolling,
}

impl Accumulates {
    /// The words of the book.
    pub const ALL: [(&'static str, Self); 4] = [
        ("plan-year", Self::PlanYear),
        ("calendar-year", Self::CalendarYear),
        ("calendar-quarter", Self::CalendarQuarter),
        ("rolling", Self::Rolling),
    ];
}

/// A limit of a period, for a person and for the family.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// For one person.
    pub person: Cents,
    /// For the family together; `None` if only persons are limited.
    pub family: Option<Cents>,
    /// Embedded: each person has the person's limit within the family's. Otherwise aggregate:
    /// a family of more than one has the family's limit alone.
    pub embedded: bool,
    /// Under an aggregate limit, what no one person of a family pays beyond: 45 CFR 156.130
    /// holds each person to the self-only limit.
    pub embedded_person: Option<Cents>,
    /// What it applies to.
    pub scope: Scope,
    /// True if the medical side of the benefit shares it.
    pub with_medical: bool,
    /// Of a deductible: so many months before a period, 1 to 6, what counts then counts in the
    /// period, too.
    pub carry_over_months: Option<u8>,
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

/// A part of the price, within bounds for each copay that the supply counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coinsurance {
    /// The part.
    pub rate: Percent,
    /// At least.
    pub at_least: Option<Cents>,
    /// At most.
    pub at_most: Option<Cents>,
}

/// A member's share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShareKind {
    /// An amount for each copay that the supply counts as.
    Copay(Cents),
    /// A part of the price.
    Coinsurance(Coinsurance),
    /// The greater of a copay and a coinsurance; the copay where they are equal.
    Greater(Cents, Coinsurance),
    /// The lesser of both; the copay where they are equal.
    Lesser(Cents, Coinsurance),
}

/// A row of the plan's share table. The first row that fits applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// Which claims it is for.
    pub scope: Scope,
    /// What the member pays.
    pub share: ShareKind,
    /// Its line.
    pub source: Source,
}

/// Who pays nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exemption {
    /// Members below an age in full years.
    UnderAge(u8),
    /// Pregnant members.
    Pregnant,
    /// Members whose file says that they are in the group.
    Group(ExemptGroup),
}

/// What a household pays at most, as a part of its income (42 CFR 447.56(f)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IncomeCap {
    /// The part, at most 5%.
    pub rate: Percent,
    /// What payments and income are added up for.
    pub period: Period,
    /// Its line.
    pub source: Source,
}

/// Which ingredient of a compound decides tier, limits and conditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompoundRule {
    /// The covered one that costs most.
    MostExpensive,
    /// The covered one in the highest tier, and among those the one that costs most.
    HighestTier,
}

/// A supply in an emergency, without the authorization that the drug needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EmergencySupply {
    /// Days supply at most.
    pub days: u16,
    /// Once for the same drug in so many days.
    pub within: u16,
    /// 461-EU that says that it is one, beside level of service (418-DI) 3.
    pub authorization_type: Option<u8>,
    /// Its line.
    pub source: Source,
}

/// How fills are dispensed in two parts (343-HD).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartialFills {
    /// Which part bears the dispensing fee.
    pub dispensing_fee: Borne,
    /// Which part bears copays, and the bounds of a coinsurance.
    pub copay: Borne,
    /// Its line.
    pub source: Source,
}

/// Which part of a fill bears an amount that is asked once for the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Borne {
    /// The partial fill.
    First,
    /// The completion.
    Last,
    /// Both, by what they dispense of what was intended.
    Shared,
}

impl Borne {
    /// The words for them.
    pub const ALL: [(&'static str, Self); 3] =
        [("first", Self::First), ("last", Self::Last), ("shared", Self::Shared)];
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
    /// How long amounts add up.
    pub accumulates: Sourced<Accumulates>,
    /// Its formulary.
    pub formulary: Ref,
    /// Its networks, in the order in which a pharmacy's contracts are looked for.
    pub networks: Vec<Ref>,
    /// The network whose terms pay a pharmacy that has no contract in any of them; `None` where
    /// such pharmacies are not covered.
    pub out_of_network: Option<Sourced<Ref>>,
    /// Claims are accepted for so many days after the date of service.
    pub accepted_for: Sourced<u16>,
    /// True if a prescriber whom the book does not name is accepted.
    pub any_prescriber: Sourced<bool>,
    /// Which ingredient decides for a compound; `None` where compounds are not covered.
    pub compounds: Option<Sourced<CompoundRule>>,
    /// The line that lets the plan pay sales tax alone; `None` where it is part of the price that
    /// the member shares.
    pub pays_tax: Option<Source>,
    /// What brands cost that are dispensed as written.
    pub dispense_as_written: Vec<DispenseAsWritten>,
    /// Where the plan pays no more than another price.
    pub reference_prices: Vec<ReferencePrice>,
    /// The most that the plan covers of some drugs.
    pub benefit_maximums: Vec<BenefitMaximum>,
    /// Where some drugs must be filled.
    pub mandatory_channels: Vec<MandatoryChannel>,
    /// What pharmacists may override.
    pub overrides: Vec<Override>,
    /// What a member pays first.
    pub deductible: Option<Limit>,
    /// What a member pays at most.
    pub out_of_pocket: Option<Limit>,
    /// What a household pays at most of its income, where that is on file.
    pub income_cap: Option<IncomeCap>,
    /// What is paid in an emergency without an authorization.
    pub emergency_supply: Option<EmergencySupply>,
    /// How fills are dispensed in two parts; `None` if it does not take them.
    pub partial_fills: Option<PartialFills>,
    /// How it shares a claim with other payers; `None` if it pays as primary alone.
    pub coordination: Option<CoordinationRule>,
    /// What a coupon counts toward; `None` if the plan looks at none, so that all counts.
    pub coupon: Option<CouponRule>,
    /// How it pays members who submit a claim; `None` if it pays pharmacies alone.
    pub reimbursement: Option<Reimbursement>,
    /// The standard benefit, if it is a plan of Medicare Part D.
    pub part_d: Option<PartD>,
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

impl Group {
    /// True if what was paid under a group counts under this one.
    pub fn counts(&self, group: GroupId) -> bool {
        group == self.id || self.continues.contains(&group)
    }

    /// The later of two days, if the first is one on which a period begins and the second one
    /// that it holds: the day on which balances begin anew in between.
    pub fn reset_since(&self, begins: Date, date: Date) -> Option<Date> {
        self.resets.filter(|reset| begins < *reset && *reset <= date)
    }
}

impl Plan {
    /// Every network whose terms may pay a claim.
    pub fn all_networks(&self) -> impl Iterator<Item = Ref> {
        self.networks.iter().copied().chain(self.out_of_network.as_ref().map(|n| n.value))
    }

    /// The first day of the plan year that holds a day.
    pub fn year_of(&self, date: Date) -> Date {
        let (year, month, day) = date.ymd();
        let (start_month, start_day) = self.year_starts;
        let year = if (month, day) < (start_month, start_day) { year - 1 } else { year };
        Date::new(year, start_month, start_day).unwrap_or(Date::FIRST)
    }

    /// The first day of the period that holds a day, in which amounts add up; `began` is the
    /// family's first day covered in the group.
    pub fn period_of(&self, date: Date, began: Date) -> Date {
        let (year, month, _) = date.ymd();
        let first = |month| Date::new(year, month, 1).unwrap_or(Date::FIRST);
        match self.accumulates.value {
            Accumulates::PlanYear => self.year_of(date),
            Accumulates::CalendarYear => first(1),
            Accumulates::CalendarQuarter => first((month - 1) / 3 * 3 + 1),
            Accumulates::Rolling => anniversary(began, date),
        }
    }
}

/// The last anniversary of a day up to another. Twelve months from 29 February end with the last
/// of February, so that the next begin on 1 March.
fn anniversary(of: Date, date: Date) -> Date {
    let (_, month, day) = of.ymd();
    let (year, ..) = date.ymd();
    let on = |year| Date::new(year, month, day).or_else(|| Date::new(year, 3, 1));
    let last = on(year).filter(|day| *day <= date).or_else(|| on(year - 1));
    last.unwrap_or(Date::FIRST)
}
