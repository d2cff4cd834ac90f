//! A real-time benefit check as a prescriber's or a member's program asks for it: nothing is
//! committed, and each price is what a claim would get at the counter now.

use openpbm_book::Book;
use openpbm_core::{
    CardholderId, Cents, Channel, Date, DrugUse, DurAlert, GroupId, Ndc, Npi, PartD, PersonCode,
    Quantity,
};
use openpbm_engine::quote::{Offer, Question, Quote, Relation, Wish};
use serde::{Deserialize, Serialize};

use crate::families::FamilyError;
use crate::shared::Shared;
use crate::{StepView, families};

/// At most so many drugs, and so many pharmacies, in one check.
pub const MOST_ASKED: usize = 10;

/// What is asked. Unknown keys are refused, so that a misspelt one is found.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct BenefitCheck {
    /// 302-C2.
    pub cardholder: String,
    /// 303-C3.
    #[serde(default = "subscriber")]
    pub person: String,
    /// 301-C1, where the card names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The day of the fill; today, if it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The prescriber's NPI; where nobody is named, nobody is looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prescriber: Option<String>,
    /// ICD-10-CM codes, with or without dots.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub diagnoses: Vec<String>,
    /// Which drugs, 1 to 10.
    pub drugs: Vec<AskedDrug>,
    /// At which pharmacies, by NPI, 1 to 10.
    pub pharmacies: Vec<String>,
}

fn subscriber() -> String {
    "01".to_owned()
}

/// A drug that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AskedDrug {
    /// 11 digits.
    pub ndc: String,
    /// Billing units, with at most three decimals, as text: `"60"`, `"2.5"`.
    pub quantity: String,
    /// Days supply, 1 to 999.
    pub days: u16,
    /// 408-D8, 0 to 9.
    #[serde(default)]
    pub daw: u8,
}

/// A check that cannot be answered.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// Something in the question is wrong. Never repeats what identifies a member.
    #[error("{field}: expected {expected}")]
    Field {
        /// Where, like `drugs[0].ndc`.
        field: String,
        /// What would be right.
        expected: String,
    },
    /// Nobody is covered by that name.
    #[error("{0}")]
    Unknown(String),
    /// The family cannot be read.
    #[error(transparent)]
    Family(#[from] FamilyError),
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BenefitAnswer {
    /// The day that the answer is for.
    pub date: Date,
    /// One for each drug at each pharmacy, in the order asked.
    pub quotes: Vec<QuoteView>,
}

/// A drug at a pharmacy, and what is covered instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QuoteView {
    /// What was asked.
    #[serde(flatten)]
    pub asked: OfferView,
    /// Covered alternatives, cheapest for the member first, by what 30 days cost.
    pub alternatives: Vec<OfferView>,
}

/// One product at one pharmacy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OfferView {
    /// `asked`, `generic`, `brand`, `same class`, `longer supply` or `other channel`.
    pub relation: &'static str,
    /// The product.
    pub ndc: Ndc,
    /// Its name; empty if the book does not know it.
    pub drug: String,
    /// Billing units, as text like `60` or `2.5`.
    pub quantity: String,
    /// Days supply.
    pub days: u16,
    /// The pharmacy's NPI.
    pub pharmacy: Npi,
    /// Its name, where the book knows it.
    pub pharmacy_name: Option<String>,
    /// How members get products from it.
    pub channel: Option<Channel>,
    /// True if a claim would be paid.
    pub covered: bool,
    /// The formulary tier.
    pub tier: Option<u8>,
    /// What the pharmacy would get in all, in cents.
    pub price: Option<Cents>,
    /// 505-F5, in cents.
    pub patient_pay: Option<Cents>,
    /// 509-F9, in cents.
    pub plan_pays: Option<Cents>,
    /// Of the patient's: 517-FH.
    pub deductible: Option<Cents>,
    /// 513-FD, after such a claim, in cents.
    pub deductible_left: Option<Cents>,
    /// What is left of the out-of-pocket maximum after such a claim, in cents.
    pub out_of_pocket_left: Option<Cents>,
    /// How the price divides by phases and payers of Medicare Part D, and what the year has come to
    /// with such a claim; `None` for other plans.
    pub part_d: Option<PartDView>,
    /// Why it would be refused, in order of precedence.
    pub restrictions: Vec<Restriction>,
    /// The day on which a refill that comes too soon is possible.
    pub next_fill: Option<Date>,
    /// What the pharmacist would be told.
    pub alerts: Vec<DurAlert>,
    /// The decision's steps.
    pub why: Vec<StepView>,
}

/// A price in Medicare Part D, in cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PartDView {
    /// The part of the price in the standard deductible.
    pub deductible_phase: Cents,
    /// The part in the initial coverage phase.
    pub initial_phase: Cents,
    /// The part above the out-of-pocket threshold.
    pub catastrophic_phase: Cents,
    /// What CMS pays of the member's share.
    pub low_income_subsidy: Cents,
    /// What the manufacturer pays.
    pub manufacturer_discount: Cents,
    /// What counts toward the threshold: true out-of-pocket cost (TrOOP).
    pub true_out_of_pocket: Cents,
    /// Gross covered drug cost of the year, this claim included.
    pub gross_so_far: Cents,
}

impl From<&PartD> for PartDView {
    fn from(part_d: &PartD) -> Self {
        Self {
            deductible_phase: part_d.deductible_phase,
            initial_phase: part_d.initial_phase,
            catastrophic_phase: part_d.catastrophic_phase,
            low_income_subsidy: part_d.low_income_subsidy,
            manufacturer_discount: part_d.manufacturer_discount,
            true_out_of_pocket: part_d.toward_threshold,
            gross_so_far: part_d.gross_so_far,
        }
    }
}

/// A reason for refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Restriction {
    /// 511-FB.
    pub code: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// What can be done.
    pub message: String,
}

impl BenefitCheck {
    /// Reads the question.
    fn read(&self, today: Date) -> Result<(CardholderId, Question), CheckError> {
        let id = "1 to 20 printable characters";
        let cardholder = parsed("cardholder", &self.cardholder, id)?;
        let person_code: PersonCode = parsed("person", &self.person, "two digits, like 01")?;
        let group: Option<GroupId> = optional("group", self.group.as_deref(), "a group id")?;
        let day = "a calendar date like 2026-03-12";
        let date = optional("date", self.date.as_deref(), day)?.unwrap_or(today);
        let npi = "an NPI of 10 digits with a right check digit";
        let prescriber = optional("prescriber", self.prescriber.as_deref(), npi)?;
        counted("drugs", self.drugs.len())?;
        counted("pharmacies", self.pharmacies.len())?;
        let wishes = self.drugs.iter().enumerate().map(|(place, drug)| drug.read(place));
        let pharmacies = self.pharmacies.iter().enumerate();
        let pharmacies =
            pharmacies.map(|(place, text)| parsed(&format!("pharmacies[{place}]"), text, npi));
        let diagnoses = self.diagnoses.iter();
        let question = Question {
            person_code,
            group,
            date,
            prescriber,
            diagnoses: diagnoses.map(|code| code.replace('.', "").to_ascii_uppercase()).collect(),
            wishes: wishes.collect::<Result<_, _>>()?,
            pharmacies: pharmacies.collect::<Result<_, _>>()?,
        };
        Ok((cardholder, question))
    }
}

impl AskedDrug {
    fn read(&self, place: usize) -> Result<Wish, CheckError> {
        let field = |name: &str| format!("drugs[{place}].{name}");
        let ndc = parsed(&field("ndc"), &self.ndc, "an NDC of 11 digits without hyphens")?;
        let units = "billing units above zero with at most three decimals, like \"60\"";
        let quantity: Quantity = parsed(&field("quantity"), &self.quantity, units)?;
        if quantity.is_zero() {
            return Err(wrong(&field("quantity"), units));
        }
        if !(1..=999).contains(&self.days) {
            return Err(wrong(&field("days"), "1 to 999"));
        }
        if self.daw > 9 {
            return Err(wrong(&field("daw"), "0 to 9"));
        }
        Ok(Wish { drug: DrugUse { ndc, quantity, days_supply: self.days }, daw: self.daw })
    }
}

/// Answers a check from what the journal says now.
pub(crate) fn answer(shared: &Shared, asked: &BenefitCheck) -> Result<BenefitAnswer, CheckError> {
    let (cardholder, question) = asked.read(shared.clock.now().date())?;
    let family = families::read(&*shared.reader, cardholder)?.family;
    let book = shared.book();
    let quotes = openpbm_engine::quote::quote(&book, &family, &question)
        .map_err(|reason| CheckError::Unknown(reason.message))?;
    let quotes = quotes.iter().map(|quote| QuoteView::of(quote, &book)).collect();
    Ok(BenefitAnswer { date: question.date, quotes })
}

impl QuoteView {
    fn of(quote: &Quote, book: &Book) -> Self {
        let alternatives = quote.alternatives.iter().map(|offer| OfferView::of(offer, book));
        Self { asked: OfferView::of(&quote.asked, book), alternatives: alternatives.collect() }
    }
}

impl OfferView {
    fn of(offer: &Offer, book: &Book) -> Self {
        let decision = &offer.adjudication;
        let (paid, pharmacy) = (decision.paid(), book.pharmacy(offer.pharmacy));
        let rejections = decision.rejections().into_iter();
        Self {
            relation: match offer.relation {
                Relation::Asked => "asked",
                Relation::Generic => "generic",
                Relation::Brand => "brand",
                Relation::SameClass => "same class",
                Relation::LongerSupply => "longer supply",
                Relation::Channel(_) => "other channel",
            },
            ndc: offer.drug.ndc,
            drug: offer.name.to_string(),
            quantity: offer.drug.quantity.to_string(),
            days: offer.drug.days_supply,
            pharmacy: offer.pharmacy,
            pharmacy_name: pharmacy.map(|pharmacy| pharmacy.name.to_string()),
            channel: pharmacy.map(|pharmacy| pharmacy.channel),
            covered: paid.is_some(),
            tier: paid.map(|paid| paid.tier),
            price: paid.and_then(|paid| paid.price().ok()),
            patient_pay: paid.and_then(|paid| paid.patient_pay().ok()),
            plan_pays: paid.and_then(|paid| paid.plan_pays().ok()),
            deductible: paid.map(|paid| paid.deductible),
            deductible_left: paid.and_then(|paid| paid.remaining_deductible),
            out_of_pocket_left: paid.and_then(|paid| paid.remaining_out_of_pocket),
            part_d: decision.part_d.as_deref().map(PartDView::from),
            restrictions: rejections
                .map(|rejection| Restriction {
                    code: rejection.code.code(),
                    meaning: rejection.code.meaning(),
                    message: rejection.message,
                })
                .collect(),
            next_fill: decision.next_fill,
            alerts: decision.alerts.clone(),
            why: decision.steps.iter().map(|step| StepView::of(step, Some(book))).collect(),
        }
    }
}

fn wrong(field: &str, expected: &str) -> CheckError {
    CheckError::Field { field: field.to_owned(), expected: expected.to_owned() }
}

fn parsed<T: std::str::FromStr>(field: &str, text: &str, expected: &str) -> Result<T, CheckError> {
    text.parse().map_err(|_| wrong(field, expected))
}

fn optional<T: std::str::FromStr>(
    field: &str,
    text: Option<&str>,
    expected: &str,
) -> Result<Option<T>, CheckError> {
    text.map(|text| parsed(field, text, expected)).transpose()
}

fn counted(field: &str, found: usize) -> Result<(), CheckError> {
    if (1..=MOST_ASKED).contains(&found) {
        return Ok(());
    }
    Err(wrong(field, &format!("1 to {MOST_ASKED} of them, found {found}")))
}
