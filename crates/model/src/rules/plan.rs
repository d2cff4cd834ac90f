//! What a plan's documents say: what its members pay, what it limits and what it asks.

use openpbm_core::{
    Channel, CoordinationMethod, ExemptGroup, PayerKind, Period, ProductKind, RejectCode,
};
use serde::Deserialize;

use super::{Day, OneOf, Selector};
use crate::decimal::{Money, Rate, Units};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Plan {
    pub(crate) id: String,
    #[expect(dead_code, reason = "for people")]
    name: String,
    pub(crate) from: Day,
    pub(crate) to: Option<Day>,
    /// `MM-DD`.
    pub(crate) year_starts: String,
    #[serde(default)]
    pub(crate) accumulates: Accumulates,
    pub(crate) formulary: String,
    pub(crate) networks: Vec<String>,
    pub(crate) out_of_network: Option<String>,
    #[serde(default)]
    pub(crate) drug_list: Vec<DrugList>,
    pub(crate) claims_accepted_for: i64,
    pub(crate) prescribers: Prescribers,
    pub(crate) deductible: Option<Limit>,
    pub(crate) out_of_pocket_maximum: Option<Limit>,
    pub(crate) income_cap: Option<IncomeCap>,
    #[serde(default)]
    pub(crate) sales_tax: TaxPayer,
    pub(crate) compounds: Option<CompoundRule>,
    pub(crate) emergency_supply: Option<EmergencySupply>,
    pub(crate) partial_fills: Option<PartialFills>,
    pub(crate) coordination: Option<Coordination>,
    pub(crate) coupon: Option<Coupon>,
    pub(crate) reimbursement: Option<Reimbursement>,
    pub(crate) part_d: Option<PartDPage>,
    #[serde(default)]
    pub(crate) dispense_as_written: Vec<DispenseAsWritten>,
    #[serde(default)]
    pub(crate) reference_price: Vec<ReferencePrice>,
    #[serde(default)]
    pub(crate) benefit_maximum: Vec<BenefitMaximum>,
    #[serde(default)]
    pub(crate) mandatory_channel: Vec<MandatoryChannel>,
    #[serde(default, rename = "override")]
    pub(crate) overrides: Vec<Override>,
    pub(crate) refill: Refill,
    pub(crate) supply: Supply,
    pub(crate) share: Vec<Share>,
    #[serde(default)]
    pub(crate) exempt: Vec<Exempt>,
}

/// What deductible and maximum are for.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Accumulates {
    #[default]
    PlanYear,
    CalendarYear,
    CalendarQuarter,
    Rolling,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Prescribers {
    Listed,
    Any,
}

/// Which claims a row of a plan is about.
#[derive(Debug, Deserialize)]
pub(crate) struct Scope {
    pub(crate) tiers: Option<Vec<u8>>,
    pub(crate) channels: Option<Vec<Channel>>,
    pub(crate) days: Option<(u16, u16)>,
    #[serde(rename = "where")]
    pub(crate) drugs: Option<Drugs>,
    pub(crate) except: Option<Drugs>,
}

/// A plan's drug list by name, a selector, or several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Drugs {
    Named(String),
    Selected(Box<OneOf<Selector>>),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DrugList {
    pub(crate) name: String,
    #[serde(rename = "where")]
    pub(crate) drugs: OneOf<Selector>,
}

/// The keys that nobody asked for, of which there must be none.
#[derive(Debug)]
pub(crate) struct NoMore;

impl<'de> Deserialize<'de> for NoMore {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let rest = std::collections::BTreeMap::<String, ::toml::Value>::deserialize(deserializer)?;
        match rest.keys().next() {
            Some(key) => Err(serde::de::Error::custom(format!("unknown field `{key}`"))),
            None => Ok(Self),
        }
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Limit {
    pub(crate) person: Money,
    pub(crate) family: Option<Money>,
    pub(crate) kind: Option<LimitKind>,
    pub(crate) embedded_person: Option<Money>,
    /// Medical costs count toward it, too.
    #[serde(default)]
    pub(crate) with_medical: bool,
    /// What counts in so many months before the period counts in it, too.
    pub(crate) carry_over_months: Option<i32>,
    #[serde(flatten)]
    pub(crate) scope: Scope,
    #[serde(flatten)]
    _rest: NoMore,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LimitKind {
    Embedded,
    Aggregate,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PartDPage {
    pub(crate) deductible: Money,
    pub(crate) coinsurance: Rate,
    pub(crate) threshold: Money,
    pub(crate) supplement: String,
    pub(crate) reinsurance: Reinsurance,
    pub(crate) selected: Option<Selected>,
    pub(crate) insulin: Option<Insulin>,
    pub(crate) vaccines: Option<Named>,
    pub(crate) discount: Vec<Discount>,
    pub(crate) low_income: Vec<LowIncome>,
    pub(crate) lower_copay: Option<Named>,
    pub(crate) transition: Option<Transition>,
}

/// What is supplied once of what would be refused.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Transition {
    pub(crate) window: i64,
    pub(crate) days: i64,
    pub(crate) tier: u8,
    pub(crate) filled_within: Option<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reinsurance {
    pub(crate) applicable: Rate,
    pub(crate) other: Rate,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Selected {
    pub(crate) list: String,
    pub(crate) subsidy: Rate,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Insulin {
    #[serde(rename = "where")]
    pub(crate) drugs: Selector,
    pub(crate) a_month: Money,
    pub(crate) of_price: Option<Rate>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Named {
    #[serde(rename = "where")]
    pub(crate) drugs: Selector,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Discount {
    #[serde(rename = "where")]
    pub(crate) drugs: Option<Selector>,
    pub(crate) low_income_only: Option<bool>,
    pub(crate) initial: Rate,
    pub(crate) catastrophic: Rate,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LowIncome {
    pub(crate) level: u8,
    pub(crate) generic: Money,
    pub(crate) brand: Money,
}

#[derive(Debug, Deserialize)]
pub(crate) struct DispenseAsWritten {
    pub(crate) codes: Vec<u8>,
    #[serde(flatten)]
    pub(crate) scope: Scope,
    pub(crate) pays: Written,
    #[serde(default)]
    pub(crate) counts: Counts,
    #[serde(flatten)]
    _rest: NoMore,
}

/// What a brand costs that is dispensed as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Written {
    Share,
    Difference,
    AsGeneric,
    Reject,
}

/// What the price of a choice counts toward.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Counts {
    #[default]
    Nothing,
    Maximum,
    Both,
}

/// By the cheapest generic, or by a list.
#[derive(Debug, Deserialize)]
pub(crate) struct ReferencePrice {
    #[serde(flatten)]
    pub(crate) scope: Scope,
    #[expect(dead_code, reason = "what is not of a list is of the generic")]
    of: Option<String>,
    pub(crate) list: Option<String>,
    #[serde(default)]
    pub(crate) counts: Counts,
    #[serde(flatten)]
    _rest: NoMore,
}

#[derive(Debug, Deserialize)]
pub(crate) struct BenefitMaximum {
    #[expect(dead_code, reason = "for people")]
    name: String,
    #[serde(flatten)]
    pub(crate) scope: Scope,
    pub(crate) plan_pays: Option<Money>,
    pub(crate) fills: Option<i64>,
    pub(crate) units: Option<Units>,
    pub(crate) per: BenefitPeriod,
    pub(crate) beyond: Option<Beyond>,
    #[serde(flatten)]
    _rest: NoMore,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum BenefitPeriod {
    #[default]
    PlanYear,
    CalendarQuarter,
    RollingYear,
    Lifetime,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Beyond {
    MemberPays,
    Reject,
}

#[derive(Debug, Deserialize)]
pub(crate) struct MandatoryChannel {
    #[serde(flatten)]
    pub(crate) scope: Scope,
    pub(crate) fill_at: OneOf<Channel>,
    pub(crate) after: usize,
    pub(crate) within: i64,
    pub(crate) opt_out: Option<String>,
    #[serde(flatten)]
    _rest: NoMore,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Override {
    pub(crate) code: u16,
    pub(crate) allows: Vec<RejectCode>,
    pub(crate) times: usize,
    pub(crate) per_days: i64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Refill {
    pub(crate) used: Rate,
    pub(crate) controlled: Rate,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Supply {
    retail: Option<Vec<SupplyStep>>,
    mail: Option<Vec<SupplyStep>>,
    specialty: Option<Vec<SupplyStep>>,
    #[serde(rename = "out-of-network")]
    out_of_network: Option<Vec<SupplyStep>>,
}

impl Supply {
    /// What a channel may dispense; `None` if the plan does not cover it.
    pub(crate) fn of(&self, channel: Channel) -> Option<&[SupplyStep]> {
        let steps = match channel {
            Channel::Retail => &self.retail,
            Channel::Mail => &self.mail,
            Channel::Specialty => &self.specialty,
            Channel::OutOfNetwork => &self.out_of_network,
        };
        steps.as_deref()
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SupplyStep {
    pub(crate) days: u16,
    pub(crate) copays: i128,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Share {
    #[serde(flatten)]
    pub(crate) scope: Scope,
    pub(crate) kind: Option<ProductKind>,
    pub(crate) copay: Option<Money>,
    pub(crate) coinsurance: Option<Rate>,
    pub(crate) at_least: Option<Money>,
    pub(crate) at_most: Option<Money>,
    pub(crate) whichever: Option<Whichever>,
    #[serde(flatten)]
    _rest: NoMore,
}

/// Which of a copay and a coinsurance counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Whichever {
    Greater,
    Lesser,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Exempt {
    pub(crate) under_age: Option<i32>,
    pub(crate) pregnant: Option<bool>,
    pub(crate) member: Option<ExemptGroup>,
}

/// What a plan does where there are other payers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Coordination {
    pub(crate) method: CoordinationMethod,
    pub(crate) accepts: Vec<u8>,
    pub(crate) on_file: String,
    #[serde(default)]
    pub(crate) chase: Vec<Chase>,
}

/// How members who submit a claim are paid.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reimbursement {
    pub(crate) claims_accepted_for: i64,
    pub(crate) network: Option<String>,
}

/// What counts of what a coupon pays.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Coupon {
    pub(crate) counts: String,
    pub(crate) toward_deductible: Option<bool>,
}

/// Claims that are paid although another payer is first.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Chase {
    pub(crate) under_age: Option<i32>,
    pub(crate) tiers: Option<Vec<u8>>,
    pub(crate) payers: Option<Vec<PayerKind>>,
}

/// A short supply without an authorization, once in a while.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EmergencySupply {
    pub(crate) days: u16,
    pub(crate) within: i64,
    pub(crate) authorization_type: Option<u8>,
}

/// Which part of a fill in two parts bears what is paid once for both.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PartialFills {
    pub(crate) dispensing_fee: Borne,
    pub(crate) copay: Borne,
}

/// The partial fill, the completion, or each by its quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Borne {
    First,
    Last,
    Shared,
}

/// What a household pays at most of its income.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IncomeCap {
    pub(crate) rate: Rate,
    pub(crate) period: Period,
}

/// By which ingredient a compound goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum CompoundRule {
    MostExpensive,
    HighestTier,
}

/// Who pays sales tax.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum TaxPayer {
    #[default]
    Shared,
    Plan,
}
