//! Decisions as people look at them: a row in a list, and a page with every step. Neither names
//! the member: who looks at more than this passes the privacy gate.

use openpbm_book::Book;
use openpbm_core::{
    Adjudication, Adjustment, AmountChange, BookVersion, Cents, Claim, ClaimId, Date, Difference,
    Entry, Event, Npi, Quantity, RefusalReason, Stage, Step, Timestamp,
};
use serde::Serialize;

/// One decision in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DecisionRow {
    /// 503-F3.
    pub id: ClaimId,
    /// When it was decided.
    pub recorded: Timestamp,
    /// `paid`, `rejected`, `reversed`, `refused` or `adjusted`.
    pub status: &'static str,
    /// The pharmacy's number.
    pub pharmacy: Option<Npi>,
    /// The pharmacy's name, where the book knows it.
    pub pharmacy_name: Option<String>,
    /// 402-D2.
    pub prescription: Option<u64>,
    /// 401-D1.
    pub date_of_service: Option<Date>,
    /// The product's name, where the book knows it.
    pub drug: Option<String>,
    /// 442-E7.
    pub quantity: Option<Quantity>,
    /// 405-D5.
    pub days_supply: Option<u16>,
    /// 505-F5, in cents.
    pub patient_pay: Option<Cents>,
    /// 509-F9, in cents.
    pub plan_pays: Option<Cents>,
    /// 511-FB, in order of precedence.
    pub reject_codes: Vec<&'static str>,
    /// The first words of a refusal; the claim taken back by a reversal.
    pub words: String,
}

impl DecisionRow {
    /// The row of an entry; `None` for entries that answer no pharmacy.
    pub fn of(entry: &Entry, book: &Book) -> Option<Self> {
        let mut row = Self {
            id: entry.id,
            recorded: entry.recorded,
            status: "refused",
            pharmacy: None,
            pharmacy_name: None,
            prescription: None,
            date_of_service: None,
            drug: None,
            quantity: None,
            days_supply: None,
            patient_pay: None,
            plan_pays: None,
            reject_codes: Vec::new(),
            words: String::new(),
        };
        match &entry.event {
            Event::Enrolled { .. }
            | Event::Medical { .. }
            | Event::Retired
            | Event::Carried { .. } => return None,
            Event::Decided { claim, adjudication, .. } => row.decided(claim, adjudication, book),
            Event::Reversed { claim, key, .. } => {
                row.status = "reversed";
                row.prescription = Some(key.prescription.number());
                row.date_of_service = Some(key.date_of_service);
                row.pharmacy = Some(key.pharmacy);
                row.words = format!("takes back {claim}");
            }
            Event::Adjusted(adjustment) => {
                row.decided(&adjustment.claim, &adjustment.adjudication, book);
                row.status = "adjusted";
                row.words = settled(adjustment);
            }
            Event::Refused(refusal) => {
                row.prescription = refusal.prescription.map(|number| number.number());
                row.date_of_service = refusal.date_of_service;
                row.pharmacy = refusal.pharmacy;
                row.reject_codes = refusal.reasons.iter().map(|r| r.code.code()).collect();
                row.words = refusal.reasons.first().map_or("", |r| &r.message).to_owned();
            }
        }
        let pharmacy = row.pharmacy.and_then(|npi| book.pharmacy(npi));
        row.pharmacy_name = pharmacy.map(|pharmacy| pharmacy.name.to_string());
        Some(row)
    }

    fn decided(&mut self, claim: &Claim, adjudication: &Adjudication, book: &Book) {
        self.pharmacy = Some(claim.key.pharmacy);
        self.prescription = Some(claim.key.prescription.number());
        self.date_of_service = Some(claim.key.date_of_service);
        self.quantity = Some(claim.drug.quantity);
        self.days_supply = Some(claim.drug.days_supply);
        let drugs = book.drugs();
        let product = drugs.find(claim.drug.ndc).and_then(|id| drugs.product(id));
        self.drug = product.map(|product| product.name.to_string());
        if let Some(paid) = adjudication.paid() {
            self.status = "paid";
            self.patient_pay = paid.patient_pay().ok();
            self.plan_pays = paid.plan_pays().ok();
        } else {
            self.status = "rejected";
            let rejections = adjudication.rejections();
            self.reject_codes = rejections.iter().map(|r| r.code.code()).collect();
            self.words = rejections.into_iter().next().map_or_else(String::new, |r| r.message);
        }
    }
}

/// What an adjustment settles, in words.
fn settled(adjustment: &Adjustment) -> String {
    let Ok(Difference { member, .. }) = adjustment.difference() else {
        return "an amount does not fit".to_owned();
    };
    let uncovered = if adjustment.adjudication.paid().is_none() { "not covered: " } else { "" };
    match Cents::ZERO.minus(member) {
        Ok(back) if back > Cents::ZERO => format!("{uncovered}the member gets ${back} back"),
        _ if member > Cents::ZERO => format!("{uncovered}the member owes ${member}"),
        _ => format!("{uncovered}nobody owes anything"),
    }
}

/// One step, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepView {
    /// Where on the claim's way.
    pub stage: Stage,
    /// What was found.
    pub words: String,
    /// The line of the book that says so, like `plans/ppo.toml:14`.
    pub source: Option<String>,
    /// What it did to a balance, in cents.
    pub amount: Option<AmountChange>,
    /// True if this step refuses the claim.
    pub refuses: bool,
}

impl StepView {
    /// Puts a step into words; without the book that decided, its sources stay unnamed.
    pub fn of(step: &Step, book: Option<&Book>) -> Self {
        Self {
            stage: step.stage,
            words: step.finding.to_string(),
            source: step.source.and_then(|source| Some(book?.locate(source))),
            amount: step.amount,
            refuses: matches!(step.finding, openpbm_core::Finding::Refused { .. }),
        }
    }
}

/// A decision with everything that explains it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DecisionPage {
    /// The row of the list.
    #[serde(flatten)]
    pub row: DecisionRow,
    /// The book that decided; none for what never reached a decision.
    pub book: Option<BookVersion>,
    /// The steps, in order.
    pub steps: Vec<StepView>,
    /// The amounts, if it was paid.
    pub paid: Option<openpbm_core::Paid>,
    /// What is covered instead.
    pub alternatives: Vec<openpbm_core::Alternative>,
    /// What drug utilization review found.
    pub alerts: Vec<openpbm_core::DurAlert>,
    /// Why it was refused, in order of precedence.
    pub reasons: Vec<RefusalReason>,
    /// The claim that a reversal takes back.
    pub takes_back: Option<ClaimId>,
    /// What an adjustment adjusts.
    pub adjusts: Option<AdjustmentView>,
}

/// A claim's amounts before and after it was decided again, and who settles what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AdjustmentView {
    /// The decision that first paid it.
    pub claim: ClaimId,
    /// The entry that came late, where it is known.
    pub because: Option<ClaimId>,
    /// What that entry is: `enrolled`, `reversed` or `paid`.
    pub because_of: Option<&'static str>,
    /// The amounts until now; none if it was not covered.
    pub before: Option<openpbm_core::Paid>,
    /// What member and plan settle, in cents; none if an amount does not fit.
    pub difference: Option<Difference>,
}

impl DecisionPage {
    /// The page of an entry, with the book that decided it (or the current one).
    pub fn of(entry: &Entry, decided_by: Option<&Book>, current: &Book) -> Option<Self> {
        let row = DecisionRow::of(entry, decided_by.unwrap_or(current))?;
        let mut page = Self {
            row,
            book: None,
            steps: Vec::new(),
            paid: None,
            alternatives: Vec::new(),
            alerts: Vec::new(),
            reasons: Vec::new(),
            takes_back: None,
            adjusts: None,
        };
        match &entry.event {
            Event::Decided { book, adjudication, .. } => {
                page.decided(*book, adjudication, decided_by);
            }
            Event::Adjusted(adjustment) => {
                page.decided(adjustment.book, &adjustment.adjudication, decided_by);
                page.adjusts = Some(AdjustmentView {
                    claim: adjustment.of,
                    because: adjustment.because,
                    because_of: None,
                    before: adjustment.before,
                    difference: adjustment.difference().ok(),
                });
            }
            Event::Refused(refusal) => page.reasons.clone_from(&refusal.reasons),
            Event::Reversed { claim, .. } => page.takes_back = Some(*claim),
            Event::Enrolled { .. }
            | Event::Medical { .. }
            | Event::Retired
            | Event::Carried { .. } => {}
        }
        Some(page)
    }

    fn decided(
        &mut self,
        book: BookVersion,
        adjudication: &Adjudication,
        decided_by: Option<&Book>,
    ) {
        self.book = Some(book);
        let steps = adjudication.steps.iter();
        self.steps = steps.map(|step| StepView::of(step, decided_by)).collect();
        self.paid = adjudication.paid().copied();
        self.alternatives.clone_from(&adjudication.alternatives);
        self.alerts.clone_from(&adjudication.alerts);
        let rejections = adjudication.rejections().into_iter();
        self.reasons = rejections.map(|r| RefusalReason::new(r.code, r.message)).collect();
    }
}
