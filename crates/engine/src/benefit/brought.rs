//! What stands in the balances of a period beside what its claims have come to: what the medical
//! side states, what was paid under a group whose balances go on, and what counted at the end of
//! the last period.

use openpbm_book::Limit;
use openpbm_core::{
    Brought, Cents, Counted, Fill, Finding, Overflow, PartDYear, PersonCode, PlanFinding, Source,
    Stage,
};

use super::limits::Balances;
use crate::case::Case;
use crate::eligibility::Covered;

/// Adds all of it.
pub(super) fn bring(
    case: &mut Case<'_>,
    covered: &Covered<'_>,
    balances: &mut Balances,
) -> Result<(), Overflow> {
    continued(case, covered, balances)?;
    medical(case, covered, balances)?;
    carried_over(case, covered, balances)
}

/// What is brought for a person, and for the family with it.
#[derive(Default)]
struct Sums {
    person: Brought,
    family: Brought,
}

impl Sums {
    fn add(&mut self, is_person: bool, amount: Brought) -> Result<(), Overflow> {
        self.family = self.family.plus(amount)?;
        if is_person {
            self.person = self.person.plus(amount)?;
        }
        Ok(())
    }

    fn is_nothing(&self) -> bool {
        self.family == Brought::default()
    }
}

impl Balances {
    fn bring(&mut self, sums: &Sums) -> Result<(), Overflow> {
        let plus = |to: &mut Cents, amount: Cents| to.plus(amount).map(|sum| *to = sum);
        plus(&mut self.person.deductible, sums.person.deductible)?;
        plus(&mut self.person.out_of_pocket, sums.person.out_of_pocket)?;
        plus(&mut self.family_deductible, sums.family.deductible)?;
        plus(&mut self.family_out_of_pocket, sums.family.out_of_pocket)?;
        if sums.person.gross != Cents::ZERO {
            let gross = self.person.part_d.unwrap_or_default().gross.plus(sums.person.gross)?;
            self.person.part_d = Some(PartDYear { gross });
        }
        self.brought = self.brought.plus(sums.person)?;
        Ok(())
    }
}

/// What was paid in the period under the groups whose balances go on. Costs of Part D go on only in
/// a plan of Part D, and others only in others.
fn continued(
    case: &mut Case<'_>,
    covered: &Covered<'_>,
    balances: &mut Balances,
) -> Result<(), Overflow> {
    let group = covered.group;
    if group.continues.is_empty() {
        return Ok(());
    }
    let mut sums = Sums::default();
    for fill in &case.family.fills {
        let is_alike = fill.part_d.is_some() == covered.plan.part_d.is_some();
        let counts = group.continues.contains(&fill.paid.group) && is_alike;
        if counts && covered.is_of_period(case.family, fill.key.date_of_service) {
            sums.add(fill.paid.person == covered.person(), goes_on(fill)?)?;
        }
    }
    if !sums.is_nothing() {
        let finding = PlanFinding::Continues { person: sums.person, family: sums.family };
        case.note(Stage::Benefit, Finding::Plan(finding), group.source);
    }
    balances.bring(&sums)
}

/// What of a fill counts under another group. Of Part D it is what follows a member to another
/// plan: true out-of-pocket cost, which is counted by year and not by plan (42 CFR 423.104(d)), and
/// gross covered drug cost. The first meets the standard deductible, so it meets the plan's as
/// well, whatever the plan before asked.
fn goes_on(fill: &Fill) -> Result<Brought, Overflow> {
    let Counted { deductible, out_of_pocket, part_d } =
        Counted::of(&fill.paid, fill.part_d.as_deref())?;
    Ok(match part_d {
        None => Brought { deductible, out_of_pocket, gross: Cents::ZERO },
        Some(PartDYear { gross }) => Brought { deductible: out_of_pocket, out_of_pocket, gross },
    })
}

/// What the medical side has come to, toward the limits that it shares.
fn medical(
    case: &mut Case<'_>,
    covered: &Covered<'_>,
    balances: &mut Balances,
) -> Result<(), Overflow> {
    let shared =
        |limit: &Option<Limit>| limit.as_ref().filter(|l| l.with_medical).map(|l| l.source);
    let deductible = shared(&covered.plan.deductible);
    let out_of_pocket = shared(&covered.plan.out_of_pocket);
    let Some(source) = deductible.or(out_of_pocket) else { return Ok(()) };
    let mut sums = Sums::default();
    for total in {
        let counts = |group| covered.group.counts(group);
        case.family.medical_on(counts, covered.plan_year, case.date())
    } {
        let counted = |shared: Option<Source>, amount| shared.map_or(Cents::ZERO, |_| amount);
        let amount = Brought {
            deductible: counted(deductible, total.deductible),
            out_of_pocket: counted(out_of_pocket, total.out_of_pocket),
            gross: Cents::ZERO,
        };
        sums.add(total.person == covered.person(), amount)?;
    }
    if !sums.is_nothing() {
        let finding = PlanFinding::MedicalCounts { person: sums.person, family: sums.family };
        case.note(Stage::Benefit, Finding::Plan(finding), source);
    }
    balances.bring(&sums)
}

/// What counted toward the deductible in the last months before the period.
fn carried_over(
    case: &mut Case<'_>,
    covered: &Covered<'_>,
    balances: &mut Balances,
) -> Result<(), Overflow> {
    let Some(limit) = &covered.plan.deductible else { return Ok(()) };
    let Some(months) = limit.carry_over_months else { return Ok(()) };
    let (begins, person): (_, PersonCode) = (covered.plan_year, covered.person());
    if covered.group.resets == Some(begins) {
        return Ok(());
    }
    let since = begins.minus_months(months);
    let mut sums = Sums::default();
    for fill in &case.family.fills {
        let day = fill.key.date_of_service;
        let counts = covered.group.counts(fill.paid.group) && fill.part_d.is_none();
        if counts && since <= day && day < begins {
            let deductible = fill.paid.counted_deductible()?;
            let amount = Brought { deductible, ..Brought::default() };
            sums.add(fill.paid.person == person, amount)?;
        }
    }
    if !sums.is_nothing() {
        let (person, family) = (sums.person.deductible, sums.family.deductible);
        let finding = PlanFinding::CarriedOver { since, person, family };
        case.note(Stage::Benefit, Finding::Plan(finding), limit.source);
    }
    balances.bring(&sums)
}
