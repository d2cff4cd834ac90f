//! Where a formulary places a drug: every row that fits, from the first to the last, a later one
//! replacing what an earlier one set, part by part.

use openpbm_core::{Channel, Date, ProductKind, Sex};

use crate::decide::Situation;
use crate::decimal::{Units, half_up};
use crate::household::Fill;
use crate::rules::{
    Authorization, Drug, Drugs, FirstFill, Formulary, PartB, Plan, Preventive, QuantityLimit, Row,
    Rules, Scope, Selector, StepTherapy,
};

/// What the rows say of one drug.
#[derive(Default)]
pub(crate) struct Placement<'r> {
    pub(crate) tier: Option<u8>,
    pub(crate) preventive: Option<&'r Preventive>,
    pub(crate) exclude: Option<&'r String>,
    pub(crate) authorization: Option<&'r Authorization>,
    pub(crate) step: Option<&'r StepTherapy>,
    pub(crate) quantity: Option<&'r QuantityLimit>,
    pub(crate) days_max: Option<u16>,
    pub(crate) ages: Option<(i32, i32)>,
    pub(crate) sex: Option<Sex>,
    pub(crate) channel: Option<Channel>,
    pub(crate) first_fill: Option<&'r FirstFill>,
    pub(crate) mme_a_day: Option<Units>,
    pub(crate) preferred: Option<bool>,
    pub(crate) not_part_d: Option<bool>,
    pub(crate) part_b: Option<&'r PartB>,
}

impl Placement<'_> {
    /// True if the drug is on the formulary.
    fn is_listed(&self) -> bool {
        self.exclude.is_none() && self.tier.is_some()
    }

    /// The tier for the person: another one where the drug is preventive care.
    pub(crate) fn tier_for(&self, s: &Situation<'_>) -> Option<u8> {
        let preventive = self.preventive.filter(|p| {
            let sex = s.covered.member.sex.or(s.claim.sex);
            let mut codes = s.claim.diagnoses.iter().chain(&s.covered.member.diagnoses);
            // Nobody has an age before birth.
            0 <= s.age
                && p.ages.is_none_or(|(from, to)| from <= s.age && s.age <= to)
                && p.sex.is_none_or(|wanted| sex == Some(wanted))
                && (p.pregnant.is_none() || s.pregnant)
                && p.diagnoses
                    .as_ref()
                    .is_none_or(|risks| codes.any(|c| risks.iter().any(|r| c.starts_with(r))))
        });
        self.tier.map(|tier| preventive.map_or(tier, |preventive| preventive.tier))
    }
}

/// Where a formulary places a drug.
pub(crate) fn place<'r>(rules: &Rules, formulary: &'r Formulary, drug: &Drug) -> Placement<'r> {
    by_rows(rules, formulary, &formulary.place, drug)
}

fn by_rows<'r>(
    rules: &Rules,
    formulary: &'r Formulary,
    rows: &'r [Row],
    drug: &Drug,
) -> Placement<'r> {
    let mut placement = Placement::default();
    for (index, row) in rows.iter().enumerate() {
        let before = rows.get(..index).unwrap_or_default();
        if !fits(rules, formulary, before, &row.drugs, drug) {
            continue;
        }
        placement = Placement {
            tier: row.tier.or(placement.tier),
            preventive: row.preventive.as_ref().or(placement.preventive),
            exclude: row.exclude.as_ref().or(placement.exclude),
            authorization: row.authorization.as_ref().or(placement.authorization),
            step: row.step.as_ref().or(placement.step),
            quantity: row.quantity.as_ref().or(placement.quantity),
            days_max: row.days_max.or(placement.days_max),
            ages: row.ages.or(placement.ages),
            sex: row.sex.or(placement.sex),
            channel: row.channel.or(placement.channel),
            first_fill: row.first_fill.as_ref().or(placement.first_fill),
            mme_a_day: row.mme_a_day.or(placement.mme_a_day),
            preferred: row.preferred.or(placement.preferred),
            not_part_d: row.not_part_d.or(placement.not_part_d),
            part_b: row.part_b.as_ref().or(placement.part_b),
        };
    }
    placement
}

/// True if a row of a formulary is about a drug.
fn fits(
    rules: &Rules,
    formulary: &Formulary,
    before: &[Row],
    selector: &Selector,
    drug: &Drug,
) -> bool {
    // In cents: five decimals of the price and three of the quantity, but two of them.
    let cost = || {
        let price = rules.price(formulary.priced_by.as_ref()?, drug.ndc, formulary.priced_on?.0)?;
        Some(half_up(price.0 * drug.usual_30?.0, 1_000_000))
    };
    let over = selector.cost_30_over.is_none_or(|m| cost().is_some_and(|c| c > m.0));
    let from = selector.cost_30_from.is_none_or(|m| cost().is_some_and(|c| c >= m.0));
    let has_generic = || {
        rules.drugs.iter().any(|other| {
            other.ndc != drug.ndc
                && other.is_same_as(drug)
                && other.kind == ProductKind::Generic
                && !other.otc
                && by_rows(rules, formulary, before, other).is_listed()
        })
    };
    selects(selector, drug)
        && over
        && from
        && selector.generic_on_formulary.is_none_or(|wanted| wanted == has_generic())
}

/// The generics that a brand can be replaced by: same drug, prescription, on the formulary, still
/// sold.
pub(crate) fn generics<'r>(
    rules: &'r Rules,
    formulary: &'r Formulary,
    brand: &'r Drug,
    day: Date,
) -> impl Iterator<Item = &'r Drug> {
    rules.drugs.iter().filter(move |other| {
        other.is_same_as(brand)
            && other.kind == ProductKind::Generic
            && !other.otc
            && other.discontinued.is_none_or(|last| day <= last)
            && place(rules, formulary, other).is_listed()
    })
}

/// True if a selector's conditions on the drug itself hold.
pub(crate) fn selects(selector: &Selector, drug: &Drug) -> bool {
    let class = drug.class.as_deref().unwrap_or_default();
    selector.kind.is_none_or(|kind| kind == drug.kind)
        && selector.otc.is_none_or(|otc| otc == drug.otc)
        && selector.class.as_ref().is_none_or(|t| t.any(|t| same(t, class)))
        && selector.ingredient.as_ref().is_none_or(|t| t.any(|t| all_meant(t, &drug.ingredient)))
        && selector.any_ingredient.as_ref().is_none_or(|t| {
            t.any(|t| drug.ingredient.split(" / ").any(|ingredient| meant(t, ingredient)))
        })
        && selector.strength.as_ref().is_none_or(|t| t.any(|t| same(t, &drug.strength)))
        && selector.form.as_ref().is_none_or(|t| t.any(|t| begins(&drug.form, t)))
        && selector.brand.as_ref().is_none_or(|t| t.any(|t| begins(&drug.name, t)))
        && selector.name.as_ref().is_none_or(|t| t.any(|t| same(t, &drug.name)))
        && selector.schedule.as_ref().is_none_or(|s| s.any(|s| drug.schedule == Some(*s)))
        && selector.ndc.as_ref().is_none_or(|n| n.any(|n| *n == drug.ndc))
}

impl Scope {
    /// True if a row is about a claim of this tier.
    pub(crate) fn holds(&self, s: &Situation<'_>, tier: u8) -> bool {
        let channel = s.channel.unwrap_or(Channel::Retail);
        self.fits(s.covered.plan, s.drug, tier, channel, s.whole().days_supply)
    }

    /// True if a row is about an earlier fill.
    pub(crate) fn held(&self, plan: &Plan, fill: &Fill, drug: &Drug) -> bool {
        let channel = fill.paid.design.channel.unwrap_or(Channel::Retail);
        self.fits(plan, drug, fill.paid.tier, channel, fill.days())
    }

    fn fits(&self, plan: &Plan, drug: &Drug, tier: u8, channel: Channel, days: u16) -> bool {
        self.tiers.as_ref().is_none_or(|tiers| tiers.contains(&tier))
            && self.channels.as_ref().is_none_or(|channels| channels.contains(&channel))
            && self.days.is_none_or(|(from, to)| from <= days && days <= to)
            && self.drugs.as_ref().is_none_or(|drugs| drugs.hold(plan, drug))
            && !self.except.as_ref().is_some_and(|drugs| drugs.hold(plan, drug))
    }
}

impl Drugs {
    /// True if a drug is one of them.
    pub(crate) fn hold(&self, plan: &Plan, drug: &Drug) -> bool {
        match self {
            Self::Selected(selectors) => selectors.any(|selector| selects(selector, drug)),
            Self::Named(name) => {
                let mut lists = plan.drug_list.iter().filter(|list| list.name == *name);
                lists.any(|list| list.drugs.any(|selector| selects(selector, drug)))
            }
        }
    }
}

/// True if a text names all ingredients and no others, in any order.
fn all_meant(text: &str, ingredients: &str) -> bool {
    fn pair(texts: &[&str], ingredients: &[&str]) -> bool {
        let Some((first, rest)) = texts.split_first() else { return ingredients.is_empty() };
        ingredients.iter().enumerate().any(|(taken, ingredient)| {
            let others = ingredients.iter().enumerate().filter(|(i, _)| *i != taken);
            let others: Vec<_> = others.map(|(_, other)| *other).collect();
            meant(first, ingredient) && pair(rest, &others)
        })
    }
    let texts: Vec<_> = text.split(" / ").collect();
    let ingredients: Vec<_> = ingredients.split(" / ").collect();
    pair(&texts, &ingredients)
}

/// True if a text is an ingredient's first words. Words are parted by blanks: a biologic with a
/// suffix, like `insulin lispro-aabc`, is another ingredient than the one without.
fn meant(text: &str, ingredient: &str) -> bool {
    begins(ingredient, text) && matches!(ingredient.as_bytes().get(text.len()), None | Some(b' '))
}

fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

fn begins(text: &str, beginning: &str) -> bool {
    text.get(..beginning.len()).is_some_and(|head| same(head, beginning))
}
