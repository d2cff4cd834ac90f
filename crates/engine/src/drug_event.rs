//! The prescription drug event (PDE): what a plan of Medicare Part D reports to CMS of each claim
//! (42 CFR 423.322), in the fields and words of CMS's record layout of 2025.
//!
//! Nothing is decided here: every amount is one that the decision's steps lead to. So whatever
//! was paid is reported, and what the payers' fields say comes to the gross cost
//! ([`DrugEvent::payers`]), as GDCB and GDCA do.

use openpbm_book::Plan;
use openpbm_core::{Account, Adjudication, Cents, Overflow};

/// A phase of the plan's benefit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// The plan's deductible, where it has one that the drug passes through.
    Deductible,
    /// Initial coverage.
    Initial,
    /// Above the out-of-pocket threshold.
    Catastrophic,
}

impl Phase {
    /// The code of the beginning and ending benefit phase.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Deductible => "D",
            Self::Initial => "N",
            Self::Catastrophic => "C",
        }
    }
}

/// What a claim comes to in the fields of a drug event. Amounts are not below zero, but for
/// [`npp`](Self::npp).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DrugEvent {
    /// Ingredient cost paid.
    pub ingredient_cost: Cents,
    /// Dispensing fee paid; with it what was paid under 565-J4, such as delivery, for which the
    /// record has no other field.
    pub dispensing_fee: Cents,
    /// Total amount attributed to sales tax.
    pub sales_tax: Cents,
    /// Vaccine administration fee.
    pub vaccine_administration: Cents,
    /// Gross drug cost below the out-of-pocket threshold (GDCB).
    pub gdcb: Cents,
    /// Gross drug cost above it (GDCA).
    pub gdca: Cents,
    /// Patient pay amount.
    pub patient_pay: Cents,
    /// What others paid in the patient's place that counts as the patient's: an employer's wrap,
    /// which since 2025 counts (section 1860D-2(b)(4)(C)(iii) of the Social Security Act).
    pub other_troop: Cents,
    /// Low-income cost-sharing subsidy (LICS).
    pub lics: Cents,
    /// Patient liability reduction due to other payers (PLRO), which does not count toward the
    /// threshold. No such payer answers here, so it is nothing.
    pub plro: Cents,
    /// Covered D plan paid (CPP): the basic benefit, with what CMS pays of it later as
    /// reinsurance and selected drug subsidy.
    pub cpp: Cents,
    /// Non-covered plan paid (NPP): the supplemental benefit. Below zero where the plan's share
    /// is above the standard's.
    pub npp: Cents,
    /// Reported manufacturer discount.
    pub manufacturer_discount: Cents,
    /// Gross covered drug cost of the year before this claim (TGCDCA).
    pub gross_accumulator: Cents,
    /// True out-of-pocket cost of the year before this claim.
    pub troop_accumulator: Cents,
    /// The plan's phase before this claim.
    pub begins: Phase,
    /// The plan's phase after it.
    pub ends: Phase,
}

impl DrugEvent {
    /// Catastrophic coverage code: `A` where the claim reaches the threshold, `C` where it is
    /// above it, otherwise blank.
    pub const fn catastrophic_code(&self) -> &'static str {
        match (self.begins, self.ends) {
            (Phase::Catastrophic, _) => "C",
            (_, Phase::Catastrophic) => "A",
            _ => "",
        }
    }

    /// What the pharmacy was paid, by its parts.
    ///
    /// # Errors
    ///
    /// If an amount does not fit.
    pub fn gross(&self) -> Result<Cents, Overflow> {
        Cents::sum([
            self.ingredient_cost,
            self.dispensing_fee,
            self.sales_tax,
            self.vaccine_administration,
        ])
    }

    /// What everybody paid: the gross cost again.
    ///
    /// # Errors
    ///
    /// If an amount does not fit.
    pub fn payers(&self) -> Result<Cents, Overflow> {
        Cents::sum([
            self.patient_pay,
            self.other_troop,
            self.lics,
            self.plro,
            self.cpp,
            self.npp,
            self.manufacturer_discount,
        ])
    }
}

/// The drug event of a claim that was decided under a plan; `None` if it is no paid claim of
/// Medicare Part D.
///
/// # Errors
///
/// If an amount does not fit, which no decision's do.
pub fn drug_event(plan: &Plan, claim: &Adjudication) -> Result<Option<DrugEvent>, Overflow> {
    let (Some(parameters), Some(paid), Some(part_d)) =
        (&plan.part_d, claim.paid(), claim.part_d.as_deref())
    else {
        return Ok(None);
    };
    let beside = &paid.beside;
    let after = paid.accumulated_out_of_pocket;
    let before = after.minus(part_d.toward_threshold)?;
    let deductible = passes_deductible(claim);
    let is_open = paid.remaining_deductible.is_some_and(|left| Cents::ZERO < left);
    let phase = |so_far: Cents, is_in_deductible: bool| match is_in_deductible {
        _ if parameters.threshold.value <= so_far => Phase::Catastrophic,
        true => Phase::Deductible,
        false => Phase::Initial,
    };
    Ok(Some(DrugEvent {
        ingredient_cost: paid.ingredient_cost,
        dispensing_fee: paid.dispensing_fee.plus(beside.other()?)?,
        sales_tax: beside.flat_tax.plus(beside.percentage_tax)?,
        vaccine_administration: beside.incentive,
        gdcb: part_d.deductible_phase.plus(part_d.initial_phase)?,
        gdca: part_d.catastrophic_phase,
        patient_pay: paid.patient_pay()?,
        other_troop: part_d.employer,
        lics: part_d.low_income_subsidy,
        plro: Cents::ZERO,
        cpp: Cents::sum([part_d.basic, part_d.reinsurance, part_d.selected_drug_subsidy])?,
        npp: part_d.supplemental,
        manufacturer_discount: part_d.manufacturer_discount,
        gross_accumulator: part_d.gross_so_far.minus(part_d.by_phase()?)?,
        troop_accumulator: before,
        begins: phase(before, deductible),
        ends: phase(after, deductible && is_open),
    }))
}

/// True if the plan's deductible was still to pay, and asked for this drug, whoever paid it.
fn passes_deductible(claim: &Adjudication) -> bool {
    let mut changes = claim.steps.iter().filter_map(|step| step.amount);
    changes.any(|change| change.account == Account::Deductible && Cents::ZERO < change.after)
}
