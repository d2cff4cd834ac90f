//! Prescription drug events: what a plan of Medicare Part D reports to CMS of each claim
//! (42 CFR 423.322), as lines of CSV whose columns have the names of CMS's record of 2025.

use openpbm_book::Book;
use openpbm_core::{
    Adjudication, Cents, Channel, Claim, ClaimId, Date, Overflow, Paid, ProductKind, RejectCode,
    Sex, Timestamp,
};
use openpbm_engine::drug_event::{DrugEvent, drug_event};
use serde::Serialize;

use crate::csv::{self, text};

/// The columns, in the order in which a line has them.
pub const COLUMNS: [&str; 52] = [
    "adjustment_deletion_code",
    "claim_control_number",
    "entry",
    "recorded",
    "group",
    "cardholder_id",
    "person_code",
    "patient_date_of_birth",
    "patient_gender_code",
    "date_of_service",
    "paid_date",
    "prescription_service_reference_no",
    "product_service_id",
    "service_provider_id",
    "fill_number",
    "dispensing_status",
    "compound_code",
    "daw_product_selection_code",
    "quantity_dispensed",
    "quantity_prescribed",
    "days_supply",
    "prescriber_id",
    "drug_coverage_status_code",
    "non_standard_format_code",
    "pricing_exception_code",
    "catastrophic_coverage_code",
    "ingredient_cost_paid",
    "dispensing_fee_paid",
    "total_amount_attributed_to_sales_tax",
    "gdcb",
    "gdca",
    "patient_pay_amount",
    "other_troop_amount",
    "lics",
    "plro",
    "cpp",
    "npp",
    "vaccine_administration_fee",
    "prescription_origin_code",
    "date_original_claim_received",
    "total_gross_covered_drug_cost_accumulator",
    "troop_accumulator",
    "brand_generic_code",
    "beginning_benefit_phase",
    "ending_benefit_phase",
    "reported_manufacturer_discount",
    "tier",
    "formulary_code",
    "pharmacy_service_type",
    "patient_residence",
    "submission_clarification_code",
    "transition",
];

/// What a record does to what CMS has (its adjustment or deletion code).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Code {
    /// Blank: reported for the first time.
    Original,
    /// `A`: in the place of what was reported.
    Adjustment,
    /// `D`: the claim is no drug event any more.
    Deletion,
}

impl Code {
    const fn code(self) -> &'static str {
        match self {
            Self::Original => "",
            Self::Adjustment => "A",
            Self::Deletion => "D",
        }
    }
}

/// Which entry of the journal reports what of which claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Report {
    /// What it does.
    pub code: Code,
    /// The decision that first paid the claim.
    pub claim: ClaimId,
    /// The day of that decision, UTC.
    pub paid: Date,
    /// The entry that reports it.
    pub entry: ClaimId,
    /// When that was recorded.
    pub recorded: Timestamp,
}

/// The line of the columns' names.
pub fn header() -> String {
    COLUMNS.join(",")
}

/// The drug event of a claim that a book decided; `None` if it is no paid claim of Part D.
///
/// # Errors
///
/// If an amount does not fit, which no decision's do.
pub fn event(
    book: &Book,
    claim: &Claim,
    decided: &Adjudication,
) -> Result<Option<DrugEvent>, Overflow> {
    let Some(paid) = decided.paid().filter(|_| decided.part_d.is_some()) else { return Ok(None) };
    let date = claim.key.date_of_service;
    let group = book.group(paid.group).and_then(|group| group.on(date));
    match group.and_then(|group| book.plan(group, date)) {
        Some(plan) => drug_event(plan, decided),
        None => Ok(None),
    }
}

/// The line of a record.
pub fn line(report: &Report, claim: &Claim, decided: &Adjudication, event: &DrugEvent) -> String {
    let Some(paid) = decided.paid() else { return String::new() };
    let part_d = decided.part_d.as_deref();
    let transition = part_d.is_some_and(|part_d| part_d.transition);
    let unlisted = part_d.and_then(|part_d| part_d.passed) == Some(RejectCode::NotOnFormulary);
    let cells = about(report, claim, paid)
        .into_iter()
        .chain(dispensed(claim, paid))
        .chain([event.catastrophic_code().to_owned()])
        .chain(amounts(event).map(|amount| amount.to_string()))
        .chain(beside(claim, paid, unlisted, event))
        .chain([transition.to_string()]);
    csv::line(cells)
}

fn about(report: &Report, claim: &Claim, paid: &Paid) -> [String; 11] {
    [
        report.code.code().to_owned(),
        report.claim.to_string(),
        report.entry.to_string(),
        report.recorded.to_string(),
        paid.group.to_string(),
        claim.cardholder.to_string(),
        paid.person.to_string(),
        claim.birth.to_string(),
        claim.sex.map_or("", |sex| if sex == Sex::Male { "1" } else { "2" }).to_owned(),
        claim.key.date_of_service.to_string(),
        report.paid.to_string(),
    ]
}

fn dispensed(claim: &Claim, paid: &Paid) -> [String; 14] {
    let partial = claim.details.partial.as_ref();
    let status = partial.map_or("", |part| if part.completes.is_some() { "C" } else { "P" });
    let is_outside = paid.design.channel == Some(Channel::OutOfNetwork);
    let format = if claim.details.member_submitted { "B" } else { "" };
    [
        claim.key.prescription.to_string(),
        paid.compound.unwrap_or(claim.drug).ndc.to_string(),
        claim.key.pharmacy.to_string(),
        claim.key.fill.to_string(),
        status.to_owned(),
        if claim.compound { "2" } else { "1" }.to_owned(),
        claim.daw.to_string(),
        claim.drug.quantity.to_string(),
        text(claim.details.prescribed.quantity),
        claim.drug.days_supply.to_string(),
        claim.prescriber.to_string(),
        "C".to_owned(),
        format.to_owned(),
        if is_outside { "O" } else { "" }.to_owned(),
    ]
}

fn amounts(event: &DrugEvent) -> [Cents; 12] {
    [
        event.ingredient_cost,
        event.dispensing_fee,
        event.sales_tax,
        event.gdcb,
        event.gdca,
        event.patient_pay,
        event.other_troop,
        event.lics,
        event.plro,
        event.cpp,
        event.npp,
        event.vaccine_administration,
    ]
}

fn beside(claim: &Claim, paid: &Paid, unlisted: bool, event: &DrugEvent) -> [String; 13] {
    let details = &claim.details;
    let kind = match paid.kind {
        ProductKind::Brand => "B",
        ProductKind::Generic => "G",
    };
    let clarifications = details.clarifications.iter().map(u16::to_string);
    [
        text(details.prescribed.origin),
        claim.received.to_string(),
        event.gross_accumulator.to_string(),
        event.troop_accumulator.to_string(),
        kind.to_owned(),
        event.begins.code().to_owned(),
        event.ends.code().to_owned(),
        event.manufacturer_discount.to_string(),
        paid.tier.to_string(),
        if unlisted { "N" } else { "F" }.to_owned(),
        text(details.setting.pharmacy_service),
        text(details.setting.residence),
        clarifications.collect::<Vec<_>>().join(" "),
    ]
}

/// What records of one code come to.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub struct Sums {
    /// Records.
    pub records: u64,
    /// Below the threshold.
    pub gdcb: Cents,
    /// Above it.
    pub gdca: Cents,
    /// Of the member.
    pub patient_pay_amount: Cents,
    /// Counted as the member's.
    pub other_troop_amount: Cents,
    /// Of the low-income subsidy.
    pub lics: Cents,
    /// Of other payers.
    pub plro: Cents,
    /// Of the plan's basic benefit.
    pub cpp: Cents,
    /// Of its supplemental benefit.
    pub npp: Cents,
    /// Of manufacturers.
    pub reported_manufacturer_discount: Cents,
}

impl Sums {
    /// Adds a record.
    ///
    /// # Errors
    ///
    /// If a sum does not fit; then nothing is added.
    pub fn add(&mut self, event: &DrugEvent) -> Result<(), Overflow> {
        *self = Self {
            records: self.records.saturating_add(1),
            gdcb: self.gdcb.plus(event.gdcb)?,
            gdca: self.gdca.plus(event.gdca)?,
            patient_pay_amount: self.patient_pay_amount.plus(event.patient_pay)?,
            other_troop_amount: self.other_troop_amount.plus(event.other_troop)?,
            lics: self.lics.plus(event.lics)?,
            plro: self.plro.plus(event.plro)?,
            cpp: self.cpp.plus(event.cpp)?,
            npp: self.npp.plus(event.npp)?,
            reported_manufacturer_discount: self
                .reported_manufacturer_discount
                .plus(event.manufacturer_discount)?,
        };
        Ok(())
    }
}
