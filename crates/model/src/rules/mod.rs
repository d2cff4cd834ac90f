//! What the documents say, as plain structs in the words of the documents.
//!
//! Keys that the model does not know are refused: when the book learns a rule, the model must
//! learn it, too, or say that it cannot judge.

mod plan;

use openpbm_core::{Channel, Date, GroupId, Ndc, Npi, PriceBasis, ProductKind, Sex};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::decimal::{Money, Rate, UnitPrice, Units};
use crate::{Documents, Unreadable};
pub(crate) use plan::*;

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
