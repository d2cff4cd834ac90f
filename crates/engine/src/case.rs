//! A claim on its way: what it is decided from, and the steps taken so far.

use crate::overrides::Clarified;
use crate::words::count_of;
use openpbm_book::{Book, Plan};
use openpbm_core::{
    Account, Alternative, AmountChange, Beside, Cents, Claim, Coordination, Date, Design, DrugUse,
    DurAlert, Family, Fill, Finding, Npi, Overflow, PartD, PersonCode, PlanFinding, RejectCode,
    Source, Stage, Step,
};

use crate::compound::Part;
use crate::transition::Offer;

/// A claim, what it is decided from, and what has been found.
pub(crate) struct Case<'a> {
    pub(crate) book: &'a Book,
    pub(crate) family: &'a Family,
    pub(crate) claim: &'a Claim,
    /// What was paid for this claim, if it is decided again.
    pub(crate) dispensed: Option<&'a Fill>,
    /// Who prescribes; `None` in a benefit check that names nobody.
    pub(crate) prescriber: Option<Npi>,
    /// The plan that applies, once eligibility has found it.
    pub(crate) plan: Option<&'a Plan>,
    pub(crate) steps: Vec<Step>,
    pub(crate) alerts: Vec<DurAlert>,
    pub(crate) alternatives: Vec<Alternative>,
    pub(crate) next_fill: Option<Date>,
    /// What is dispensed; of a compound the ingredient that decides.
    pub(crate) drug: DrugUse,
    /// The ingredients of a compound that are paid for.
    pub(crate) mixture: Vec<Part<'a>>,
    /// What is paid beside the product, as far as the balances do not say it.
    pub(crate) beside: Beside,
    /// True if the product was bought at a 340B price.
    pub(crate) bought_340b: bool,
    /// How a claim of Part D divides, once the benefit has found it.
    pub(crate) part_d: Option<Box<PartD>>,
    /// What the plan's design has done.
    pub(crate) design: Design,
    /// True for an emergency supply.
    pub(crate) emergency: bool,
    /// What the plan would supply in transition.
    pub(crate) transition: Option<Offer<'a>>,
    /// For a transition supply, the first code that it would have been refused with.
    pub(crate) passed: Option<RejectCode>,
    /// What others have to do with the claim.
    pub(crate) coordination: Coordination,
    /// What the pharmacist may override.
    pub(crate) overrides: Vec<Clarified<'a>>,
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
            dispensed: None,
            prescriber: Some(claim.prescriber),
            plan: None,
            steps: Vec::with_capacity(Self::USUAL_STEPS),
            alerts: Vec::new(),
            alternatives: Vec::new(),
            next_fill: None,
            drug: claim.drug,
            mixture: Vec::new(),
            beside: Beside::default(),
            bought_340b: false,
            part_d: None,
            design: Design::default(),
            emergency: false,
            transition: None,
            passed: None,
            coordination: Coordination::default(),
            overrides: Vec::new(),
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

    /// Refuses the claim; later stages still look for more to mend. False if the pharmacist's
    /// clarification lets the refusal pass.
    pub(crate) fn refuse(
        &mut self,
        stage: Stage,
        code: RejectCode,
        message: impl Into<Box<str>>,
        source: impl Into<Option<Source>>,
    ) -> bool {
        let mut message = message.into();
        match self.overrides.iter().find(|o| o.rule.allows.contains(&code)) {
            Some(&Clarified { rule, used }) if used < rule.times => {
                let (clarification, times) = (rule.code, rule.times);
                let finding = PlanFinding::Overridden { code, clarification, used, times };
                self.note(stage, Finding::Plan(finding), rule.source);
                self.design.clarification.get_or_insert(clarification);
                return false;
            }
            Some(Clarified { rule, .. }) => {
                let (code, times, days) = (rule.code, rule.times, rule.per_days);
                let (times, days) = (count_of(times, "time"), count_of(days, "day"));
                let spent = format!("{message}; override {code} was used {times} in {days}");
                message = spent.into();
            }
            None => {}
        }
        self.refused = true;
        self.note(stage, Finding::Refused { code, message }, source);
        true
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
