//! A claim on its way: what it is decided from, and the steps taken so far.

use openpbm_book::{Book, Plan};
use openpbm_core::{
    Account, Alternative, AmountChange, Cents, Claim, Date, DurAlert, Family, Fill, Finding,
    Overflow, PersonCode, RejectCode, Source, Stage, Step,
};

/// A claim, what it is decided from, and what has been found.
pub(crate) struct Case<'a> {
    pub(crate) book: &'a Book,
    pub(crate) family: &'a Family,
    pub(crate) claim: &'a Claim,
    /// The plan that applies, once eligibility has found it.
    pub(crate) plan: Option<&'a Plan>,
    pub(crate) steps: Vec<Step>,
    pub(crate) alerts: Vec<DurAlert>,
    pub(crate) alternatives: Vec<Alternative>,
    pub(crate) next_fill: Option<Date>,
    balances: [Cents; Account::ALL.len()],
    refused: bool,
}

impl<'a> Case<'a> {
    /// A paid claim takes about this many steps; one allocation holds them.
    const USUAL_STEPS: usize = 20;

    pub(crate) fn new(book: &'a Book, family: &'a Family, claim: &'a Claim) -> Self {
        Self {
            book,
            family,
            claim,
            plan: None,
            steps: Vec::with_capacity(Self::USUAL_STEPS),
            alerts: Vec::new(),
            alternatives: Vec::new(),
            next_fill: None,
            balances: [Cents::ZERO; Account::ALL.len()],
            refused: false,
        }
    }

    /// 401-D1, the day whose rules apply.
    pub(crate) const fn date(&self) -> Date {
        self.claim.key.date_of_service
    }

    /// True once a stage has refused the claim.
    pub(crate) const fn is_refused(&self) -> bool {
        self.refused
    }

    /// Records what a stage found.
    pub(crate) fn note(
        &mut self,
        stage: Stage,
        finding: Finding,
        source: impl Into<Option<Source>>,
    ) {
        self.steps.push(Step { stage, finding, source: source.into(), amount: None });
    }

    /// Refuses the claim; later stages still look for more to mend.
    pub(crate) fn refuse(
        &mut self,
        stage: Stage,
        code: RejectCode,
        message: impl Into<Box<str>>,
        source: impl Into<Option<Source>>,
    ) {
        self.refused = true;
        self.note(stage, Finding::Refused { code, message: message.into() }, source);
    }

    /// Refuses a claim whose amounts cannot be represented.
    pub(crate) fn refuse_overflow(&mut self, _: Overflow) {
        let message = "an amount of this claim is too large; check quantity and prices";
        self.refuse(Stage::Pricing, RejectCode::HostProcessingError, message, None);
    }

    /// Sets a balance and records why.
    pub(crate) fn post(
        &mut self,
        stage: Stage,
        finding: Finding,
        source: impl Into<Option<Source>>,
        account: Account,
        after: Cents,
    ) {
        let before = self.balance(account);
        if let Some(balance) = self.balances.get_mut(account as usize) {
            *balance = after;
        }
        let amount = Some(AmountChange { account, before, after });
        self.steps.push(Step { stage, finding, source: source.into(), amount });
    }

    /// The person's fills that count beside this claim: not one under its own key, which is this
    /// claim itself, billed before with another content.
    pub(crate) fn other_fills(
        &self,
        person: PersonCode,
    ) -> impl Iterator<Item = &'a Fill> + use<'a> {
        let key = self.claim.key;
        self.family.fills_of(person).filter(move |fill| fill.key != key)
    }

    /// What an account holds so far.
    pub(crate) fn balance(&self, account: Account) -> Cents {
        self.balances.get(account as usize).copied().unwrap_or_default()
    }
}
