//! A real-time benefit check: what a drug would cost a member today, at which pharmacy, and what is
//! covered instead. Each offer is the decision that a claim for it would get; nothing is changed.

use openpbm_book::{Book, DrugId};
use openpbm_core::{
    Adjudication, BillingKey, Cents, Channel, Claim, Date, Details, DrugUse, Family, GroupId,
    Member, Ndc, Npi, PersonCode, PrescriptionNumber, ProductKind, RefusalReason, RejectCode,
};

use crate::alternatives::TRIED;
use crate::case::Case;
use crate::{decide, response};

/// At most so many alternatives are offered for one drug at one pharmacy.
pub const MOST_ALTERNATIVES: usize = 20;

/// The longest supply that an alternative offers, in days.
const LONG_SUPPLY: u16 = 90;

/// A drug that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    /// Product, quantity and days.
    pub drug: DrugUse,
    /// 408-D8, 0 to 9.
    pub daw: u8,
}

/// What is asked for a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// 303-C3.
    pub person_code: PersonCode,
    /// 301-C1, where the card names it.
    pub group: Option<GroupId>,
    /// The day of the fill.
    pub date: Date,
    /// Who prescribes; where nobody is named, nobody is looked at.
    pub prescriber: Option<Npi>,
    /// ICD-10-CM codes without dots.
    pub diagnoses: Vec<String>,
    /// Which drugs.
    pub wishes: Vec<Wish>,
    /// At which pharmacies.
    pub pharmacies: Vec<Npi>,
}

/// What an offer is to what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// Itself.
    Asked,
    /// The same drug as a generic, or another maker's.
    Generic,
    /// The same drug as a brand.
    Brand,
    /// Another drug of the same class.
    SameClass,
    /// The same product for a longer time.
    LongerSupply,
    /// The same product through another channel.
    Channel(Channel),
}

/// A product at a pharmacy, and how a claim for it would be decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// What it is to what was asked.
    pub relation: Relation,
    /// Where.
    pub pharmacy: Npi,
    /// What.
    pub drug: DrugUse,
    /// Its name.
    pub name: Box<str>,
    /// The decision, with its steps.
    pub adjudication: Adjudication,
}

/// The answer for one drug at one pharmacy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// What was asked.
    pub asked: Offer,
    /// What is covered instead, cheapest for the member first, by what 30 days cost.
    pub alternatives: Vec<Offer>,
}

/// Answers a question: a quote for each drug at each pharmacy, in the order asked.
///
/// # Errors
/// Nobody of the family has the person code.
pub fn quote(
    book: &Book,
    family: &Family,
    question: &Question,
) -> Result<Vec<Quote>, RefusalReason> {
    let member = family.members.iter().find(|m| m.person_code == question.person_code);
    let Some(member) = member else {
        let (code, message) = match family.members.is_empty() {
            true => (RejectCode::UnknownCardholder, "no such cardholder id; check the card"),
            false => (RejectCode::UnknownPersonCode, "nobody on the card has this person code"),
        };
        return Err(RefusalReason::new(code, message));
    };
    let teller = Teller { book, family, question, member };
    let wishes = question.wishes.iter();
    let pairs = wishes.flat_map(|wish| question.pharmacies.iter().map(move |at| (*wish, *at)));
    Ok(pairs.map(|(wish, pharmacy)| teller.quote(wish, pharmacy)).collect())
}

struct Teller<'q> {
    book: &'q Book,
    family: &'q Family,
    question: &'q Question,
    member: &'q Member,
}

impl Teller<'_> {
    fn quote(&self, wish: Wish, pharmacy: Npi) -> Quote {
        let asked = self.offer(Relation::Asked, wish, pharmacy);
        let mut alternatives: Vec<Offer> = Vec::new();
        let candidates = self.other_products(wish).into_iter().map(|(r, w)| (r, w, pharmacy));
        let candidates = candidates.chain(self.other_ways(wish, pharmacy));
        for (relation, wish, pharmacy) in candidates {
            let known = |offer: &Offer| offer.pharmacy == pharmacy && offer.drug == wish.drug;
            if known(&asked) || alternatives.iter().any(known) {
                continue;
            }
            let offer = self.offer(relation, wish, pharmacy);
            if offer.adjudication.paid().is_some() {
                alternatives.push(offer);
            }
        }
        alternatives.sort_by(|a, b| {
            let key = |offer: &Offer| (offer.name.clone(), offer.drug.ndc, offer.pharmacy);
            cost(a).cmp(&cost(b)).then_with(|| key(a).cmp(&key(b)))
        });
        alternatives.truncate(MOST_ALTERNATIVES);
        Quote { asked, alternatives }
    }

    /// Decides a claim for it as it would be decided now.
    fn offer(&self, relation: Relation, wish: Wish, pharmacy: Npi) -> Offer {
        let claim = self.claim(wish, pharmacy);
        let mut case = Case::new(self.book, self.family, &claim);
        case.prescriber = self.question.prescriber;
        let paid = decide(&mut case).unwrap_or_else(|overflow| {
            case.refuse_overflow(overflow);
            None
        });
        let adjudication = response::answer(case, paid);
        let product = self.book.drugs().find(wish.drug.ndc);
        let product = product.and_then(|id| self.book.drugs().product(id));
        let name = product.map_or_else(Box::default, |product| product.name.clone());
        Offer { relation, pharmacy, drug: wish.drug, name, adjudication }
    }

    /// A claim as the pharmacy would send it. What it would charge others is not known, so the
    /// contract price holds.
    fn claim(&self, wish: Wish, pharmacy: Npi) -> Claim {
        let Question { group, date, prescriber, diagnoses, .. } = self.question;
        Claim {
            key: self.new_key(pharmacy),
            received: *date,
            group: *group,
            cardholder: self.family.id,
            person_code: Some(self.member.person_code),
            birth: self.member.birth,
            sex: self.member.sex,
            pregnant: false,
            // Not looked at where nobody is named: see `Case::prescriber`.
            prescriber: prescriber.unwrap_or(pharmacy),
            drug: wish.drug,
            daw: wish.daw,
            compound: false,
            other_coverage: None,
            usual_and_customary: None,
            gross_amount_due: Cents::new(i64::MAX),
            diagnoses: diagnoses.clone(),
            dur_overrides: Vec::new(),
            details: Details::default(),
        }
    }

    /// A fill that the family does not have: of a prescription number that nobody comes to, the
    /// first fill, or the next that is free.
    fn new_key(&self, pharmacy: Npi) -> BillingKey {
        let prescription = PrescriptionNumber::MOST;
        let date_of_service = self.question.date;
        let key = |fill| BillingKey { pharmacy, prescription, fill, date_of_service };
        let is_new = |key: &BillingKey| self.family.fills.iter().all(|fill| fill.key != *key);
        (0..u8::MAX).map(key).find(is_new).unwrap_or_else(|| key(u8::MAX))
    }

    /// The same drug from others, and other drugs of its class.
    fn other_products(&self, wish: Wish) -> Vec<(Relation, Wish)> {
        let drugs = self.book.drugs();
        let Some(id) = drugs.find(wish.drug.ndc) else { return Vec::new() };
        let Some(product) = drugs.product(id) else { return Vec::new() };
        let same = drugs.equivalents(product.equivalence).iter().filter(|&&other| other != id);
        let mut found: Vec<(Relation, Wish)> = same
            .filter_map(|&other| {
                let relation = match drugs.product(other)?.kind {
                    ProductKind::Generic => Relation::Generic,
                    ProductKind::Brand => Relation::Brand,
                };
                Some((relation, with(wish, self.ndc(other)?, None)?))
            })
            .take(TRIED)
            .collect();
        let class = product.class.zip(self.formulary());
        let preferred = class.map_or(&[][..], |(class, formulary)| formulary.preferred(class));
        found.extend(preferred.iter().take(TRIED).filter_map(|&other| {
            let usual = drugs.product(other)?.usual_30?;
            Some((Relation::SameClass, with(wish, self.ndc(other)?, Some(usual))?))
        }));
        found
    }

    fn ndc(&self, id: DrugId) -> Option<Ndc> {
        self.book.drugs().drug(id).map(|drug| drug.ndc)
    }

    fn formulary(&self) -> Option<&openpbm_book::Formulary> {
        let date = self.question.date;
        let is_meant = |group: GroupId| self.question.group.is_none_or(|asked| asked == group);
        let coverage = self.member.coverage.iter().find(|c| is_meant(c.group) && c.holds(date))?;
        let group = self.book.group(coverage.group)?.on(date)?;
        self.book.formulary(self.book.plan(group, date)?, date)
    }

    /// The same product for longer, and through other channels.
    fn other_ways(&self, wish: Wish, pharmacy: Npi) -> Vec<(Relation, Wish, Npi)> {
        let longer = longer(wish);
        let mut found: Vec<_> =
            longer.iter().map(|wish| (Relation::LongerSupply, *wish, pharmacy)).collect();
        let here = self.book.pharmacy(pharmacy).map(|known| known.channel);
        for channel in [Channel::Retail, Channel::Mail, Channel::Specialty] {
            let there = self.book.pharmacies().filter(|p| p.channel == channel);
            let in_network = there.filter(|p| !p.contracts.is_empty()).map(|p| p.npi);
            let Some(at) = in_network.min().filter(|_| here != Some(channel)) else { continue };
            let wishes = [Some(wish), longer];
            let wishes = wishes.into_iter().flatten();
            found.extend(wishes.map(|wish| (Relation::Channel(channel), wish, at)));
        }
        found
    }
}

/// The same wish for another product: its usual quantity, or the same one.
fn with(wish: Wish, ndc: Ndc, usual_30: Option<openpbm_core::Quantity>) -> Option<Wish> {
    let days_supply = wish.drug.days_supply;
    let quantity = usual_30.map_or(wish.drug.quantity, |usual| usual.at_rate(days_supply, 30));
    let drug = DrugUse { ndc, quantity, days_supply };
    (!quantity.is_zero()).then_some(Wish { drug, daw: 0 })
}

/// The same product at the same rate for longer.
fn longer(wish: Wish) -> Option<Wish> {
    let days = wish.drug.days_supply;
    (days < LONG_SUPPLY).then(|| {
        let quantity = wish.drug.quantity.at_rate(LONG_SUPPLY, days);
        let drug = DrugUse { quantity, days_supply: LONG_SUPPLY, ..wish.drug };
        Wish { drug, ..wish }
    })
}

/// What 30 days cost the member, in ten-thousandths of a cent.
fn cost(offer: &Offer) -> i128 {
    let pays = offer.adjudication.paid().and_then(|paid| paid.patient_pay().ok());
    let pays = pays.map_or(i128::MAX / 1_000_000, |pays| i128::from(pays.get()));
    pays * 300_000 / i128::from(offer.drug.days_supply.max(1))
}
