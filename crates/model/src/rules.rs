//! What the documents say, as plain structs in the words of the documents.
//!
//! Keys that the model does not know are refused: when the book learns a rule, the model must
//! learn it, too, or say that it cannot judge.

use openpbm_core::{
    Channel, CoordinationMethod, Date, ExemptGroup, GroupId, Ndc, Npi, PayerKind, Period,
    PriceBasis, ProductKind, RejectCode, Sex,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::decimal::{Money, Rate, UnitPrice, Units};
use crate::{Documents, Unreadable};

/// All rules of a book.
#[derive(Debug)]
pub struct Rules {
    pub(crate) lists: Vec<List>,
    pub(crate) groups: Vec<Group>,
    pub(crate) plans: Vec<Plan>,
    pub(crate) formularies: Vec<Formulary>,
    pub(crate) networks: Vec<Network>,
    pub(crate) pharmacies: Vec<Pharmacy>,
    pub(crate) prescribers: Vec<Prescriber>,
    pub(crate) drugs: Vec<Drug>,
    pub(crate) prices: Vec<(String, Price)>,
    pub(crate) reviews: Vec<Review>,
}

impl Rules {
    /// Reads the documents.
    ///
    /// # Errors
    /// The first document that cannot be read.
    pub fn read(documents: &Documents) -> Result<Self, Unreadable> {
        let below = |folder: &str| -> Vec<&str> {
            documents.iter().map(|(path, _)| path).filter(|p| p.starts_with(folder)).collect()
        };
        let mut rules = Self {
            lists: toml::<BookPage>(documents, "book.toml")?.list,
            groups: toml::<GroupPage>(documents, "groups.toml")?.group,
            plans: below("plans/").iter().map(|p| toml(documents, p)).collect::<Result<_, _>>()?,
            formularies: below("formularies/")
                .iter()
                .map(|p| toml(documents, p))
                .collect::<Result<_, _>>()?,
            networks: toml::<NetworkPage>(documents, "networks.toml")?.network,
            pharmacies: csv(documents, "pharmacies.csv")?,
            prescribers: csv(documents, "prescribers.csv")?,
            drugs: Vec::new(),
            prices: Vec::new(),
            reviews: match documents.get("dur.toml") {
                Some(_) => toml::<ReviewPage>(documents, "dur.toml")?.rule,
                None => Vec::new(),
            },
        };
        // An imported directory yields to the book's own tables.
        let (directories, own): (Vec<_>, Vec<_>) =
            below("drugs/").into_iter().partition(|path| path.starts_with("drugs/directory"));
        for path in own.into_iter().chain(directories) {
            for drug in csv::<Drug>(documents, path)? {
                if rules.drug(drug.ndc).is_none() {
                    rules.drugs.push(drug);
                }
            }
        }
        for list in rules.lists.iter().map(|list| list.id.clone()) {
            let prices = csv::<Price>(documents, &format!("prices/{list}.csv"))?;
            rules.prices.extend(prices.into_iter().map(|price| (list.clone(), price)));
        }
        Ok(rules)
    }

    /// What a product is.
    pub(crate) fn drug(&self, ndc: Ndc) -> Option<&Drug> {
        self.drugs.iter().find(|drug| drug.ndc == ndc)
    }

    /// The price of a product in a list on a day.
    pub(crate) fn price(&self, list: &str, ndc: Ndc, day: Date) -> Option<UnitPrice> {
        let mut prices = self.prices.iter().filter(|(id, _)| id == list).map(|(_, price)| price);
        let found = prices.find(|p| p.ndc == ndc && within(p.from, p.to, day))?;
        Some(found.unit_price)
    }
}

/// True if a day lies in a span; one without an end has none.
pub(crate) fn within(from: Date, to: Option<Date>, day: Date) -> bool {
    from <= day && to.is_none_or(|to| day <= to)
}

fn toml<T: DeserializeOwned>(documents: &Documents, path: &str) -> Result<T, Unreadable> {
    let text = documents.get(path).ok_or_else(|| Unreadable::new(path, "there is none"))?;
    ::toml::from_str(text).map_err(|error| Unreadable::new(path, error))
}

fn csv<T: DeserializeOwned>(documents: &Documents, path: &str) -> Result<Vec<T>, Unreadable> {
    let text = documents.get(path).ok_or_else(|| Unreadable::new(path, "there is none"))?;
    let mut reader =
        ::csv::ReaderBuilder::new().trim(::csv::Trim::All).from_reader(text.as_bytes());
    reader.deserialize().collect::<Result<_, _>>().map_err(|error| Unreadable::new(path, error))
}

/// A date of a TOML document.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "::toml::value::Datetime")]
pub(crate) struct Day(pub(crate) Date);

impl TryFrom<::toml::value::Datetime> for Day {
    type Error = openpbm_core::ParseError;
    fn try_from(day: ::toml::value::Datetime) -> Result<Self, Self::Error> {
        day.to_string().parse().map(Self)
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct BookPage {
    #[expect(dead_code, reason = "for people")]
    name: String,
    #[expect(dead_code, reason = "routing is not adjudication")]
    bin: String,
    #[expect(dead_code, reason = "routing is not adjudication")]
    pcn: String,
    list: Vec<List>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct List {
    pub(crate) id: String,
    pub(crate) basis: PriceBasis,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupPage {
    group: Vec<Group>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "name and sponsor decide nothing")]
pub(crate) struct Group {
    pub(crate) id: GroupId,
    name: String,
    sponsor: String,
    pub(crate) line: String,
    pub(crate) plan: String,
    pub(crate) from: Day,
    pub(crate) to: Option<Day>,
    /// Groups whose balances it carries on.
    #[serde(default)]
    pub(crate) continues: Vec<GroupId>,
    /// Everything begins anew with it.
    #[serde(default)]
    pub(crate) resets: bool,
}

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
    pub(crate) vaccines: Option<Vaccines>,
    pub(crate) discount: Vec<Discount>,
    pub(crate) low_income: Vec<LowIncome>,
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
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Vaccines {
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

/// What a household pays at most of its income.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IncomeCap {
    pub(crate) rate: Rate,
    pub(crate) period: Period,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Formulary {
    pub(crate) id: String,
    #[expect(dead_code, reason = "for people")]
    name: String,
    pub(crate) from: Day,
    pub(crate) to: Option<Day>,
    pub(crate) priced_by: Option<String>,
    pub(crate) priced_on: Option<Day>,
    pub(crate) place: Vec<Row>,
}

/// A row of a formulary: which drugs, and the parts of a placement that it sets.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    #[expect(dead_code, reason = "for people")]
    name: String,
    #[serde(rename = "where")]
    pub(crate) drugs: Selector,
    pub(crate) tier: Option<u8>,
    pub(crate) preventive: Option<Preventive>,
    pub(crate) exclude: Option<String>,
    pub(crate) authorization: Option<Authorization>,
    pub(crate) step: Option<StepTherapy>,
    pub(crate) quantity: Option<QuantityLimit>,
    pub(crate) days_max: Option<u16>,
    pub(crate) ages: Option<(i32, i32)>,
    pub(crate) sex: Option<Sex>,
    pub(crate) channel: Option<Channel>,
    pub(crate) first_fill: Option<FirstFill>,
    pub(crate) mme_a_day: Option<Units>,
    pub(crate) preferred: Option<bool>,
    pub(crate) not_part_d: Option<bool>,
    pub(crate) part_b: Option<PartB>,
}

/// When Medicare Part B covers a drug.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PartB {
    #[serde(default)]
    pub(crate) diagnoses: Vec<String>,
    #[serde(default)]
    pub(crate) residences: Vec<u8>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Preventive {
    pub(crate) tier: u8,
    pub(crate) ages: Option<(i32, i32)>,
    pub(crate) sex: Option<Sex>,
    pub(crate) pregnant: Option<bool>,
    pub(crate) diagnoses: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Authorization {
    #[serde(default)]
    pub(crate) diagnoses: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StepTherapy {
    #[expect(dead_code, reason = "for people")]
    name: String,
    pub(crate) drugs: Selector,
    pub(crate) days: i64,
    pub(crate) within: i64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct QuantityLimit {
    pub(crate) units: Units,
    pub(crate) days: u16,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FirstFill {
    pub(crate) days: u16,
    pub(crate) within: i64,
}

/// Conditions on a drug, all of which must hold.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Selector {
    pub(crate) kind: Option<ProductKind>,
    pub(crate) otc: Option<bool>,
    pub(crate) class: Option<OneOf<String>>,
    pub(crate) ingredient: Option<OneOf<String>>,
    pub(crate) any_ingredient: Option<OneOf<String>>,
    pub(crate) strength: Option<OneOf<String>>,
    pub(crate) form: Option<OneOf<String>>,
    pub(crate) brand: Option<OneOf<String>>,
    pub(crate) name: Option<OneOf<String>>,
    pub(crate) schedule: Option<OneOf<u8>>,
    pub(crate) ndc: Option<OneOf<Ndc>>,
    pub(crate) cost_30_over: Option<Money>,
    pub(crate) cost_30_from: Option<Money>,
    pub(crate) generic_on_formulary: Option<bool>,
}

/// A value or a list, one of which must match.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum OneOf<T> {
    One(T),
    Many(Vec<T>),
}

impl<T> OneOf<T> {
    /// True if one of them passes.
    pub(crate) fn any(&self, passes: impl Fn(&T) -> bool) -> bool {
        match self {
            Self::One(value) => passes(value),
            Self::Many(values) => values.iter().any(passes),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NetworkPage {
    network: Vec<Network>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Network {
    pub(crate) id: String,
    #[expect(dead_code, reason = "for people")]
    name: String,
    pub(crate) from: Day,
    pub(crate) to: Option<Day>,
    pub(crate) brand: Vec<Terms>,
    pub(crate) generic: Vec<Terms>,
    pub(crate) dispensing_fee: Money,
    pub(crate) effort_fees: Option<[Money; 5]>,
    #[serde(default)]
    pub(crate) administration: Vec<Administration>,
    #[serde(default)]
    pub(crate) other_amounts: Vec<OtherAmount>,
    #[serde(default)]
    pub(crate) sales_tax: SalesTax,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Administration {
    pub(crate) drugs: Selector,
    pub(crate) at_most: Money,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OtherAmount {
    pub(crate) qualifier: u8,
    pub(crate) at_most: Money,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SalesTax {
    pub(crate) flat: Option<Money>,
    pub(crate) rate: Option<Rate>,
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

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Terms {
    pub(crate) list: String,
    pub(crate) rate: Rate,
}

/// A pharmacy and one of its contracts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pharmacy {
    pub(crate) npi: Npi,
    #[expect(dead_code, reason = "for people")]
    name: String,
    pub(crate) channel: Channel,
    pub(crate) network: Option<String>,
    pub(crate) from: Option<Date>,
    pub(crate) to: Option<Date>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Prescriber {
    pub(crate) npi: Npi,
    #[expect(dead_code, reason = "for people")]
    name: String,
    pub(crate) sanctioned_from: Option<Date>,
    pub(crate) sanctioned_to: Option<Date>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Drug {
    pub(crate) ndc: Ndc,
    pub(crate) name: String,
    pub(crate) ingredient: String,
    pub(crate) strength: String,
    pub(crate) form: String,
    pub(crate) kind: ProductKind,
    pub(crate) otc: bool,
    pub(crate) class: Option<String>,
    pub(crate) schedule: Option<u8>,
    #[expect(dead_code, reason = "nothing is decided by it")]
    unit: Option<String>,
    pub(crate) usual_30: Option<Units>,
    pub(crate) mme: Option<Units>,
    pub(crate) discontinued: Option<Date>,
}

impl Drug {
    /// Products with the same ingredient, strength and form are the same drug.
    pub(crate) fn is_same_as(&self, other: &Self) -> bool {
        self.ingredient == other.ingredient
            && self.strength == other.strength
            && self.form == other.form
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Price {
    pub(crate) ndc: Ndc,
    pub(crate) unit_price: UnitPrice,
    pub(crate) from: Date,
    pub(crate) to: Option<Date>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReviewPage {
    rule: Vec<Review>,
}

/// A rule of drug utilization review.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Review {
    #[expect(dead_code, reason = "for people")]
    name: String,
    pub(crate) drugs: Selector,
    pub(crate) with: Option<Selector>,
    pub(crate) allergy: Option<String>,
    pub(crate) pregnancy: Option<bool>,
    pub(crate) reason: String,
    pub(crate) significance: u8,
    pub(crate) text: String,
    pub(crate) overrides: Vec<String>,
}
