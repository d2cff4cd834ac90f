//! Where a price lies: in the standard deductible, the initial coverage phase, the catastrophic
//! phase, to the cent.

use openpbm_book::PartD as Parameters;
use openpbm_core::{Cents, Overflow};

use super::super::Terms;
use super::super::limits::Balances;
use super::terms::DrugTerms;

/// How the price divides, and what of it counts.
pub(super) struct Phases {
    pub(super) deductible: Cents,
    pub(super) initial: Cents,
    pub(super) catastrophic: Cents,
    /// The standard member's share, up to the threshold.
    pub(super) standard_share: Cents,
    /// What counts toward the threshold: the standard share or the plan's, whichever is more.
    pub(super) counted: Cents,
    /// True if the standard deductible was met before this claim.
    pub(super) deductible_is_met: bool,
}

impl Phases {
    /// Divides the price of a claim of which the plan's own tables ask `plan_share`.
    pub(super) fn of(
        terms: &Terms<'_, '_>,
        parameters: &Parameters,
        drug: &DrugTerms,
        balances: &Balances,
        plan_share: Cents,
    ) -> Result<Self, Overflow> {
        let price = terms.price.price;
        // What counts toward the threshold counts toward the standard deductible as well, even of
        // a drug that passes it by (CMS, Final CY 2025 Part D Redesign Program Instructions,
        // section 40).
        let so_far = balances.person.out_of_pocket;
        let deductible_left = so_far.left_of(parameters.deductible.value);
        let left = so_far.left_of(parameters.threshold.value);
        if left == Cents::ZERO {
            return Ok(Self {
                deductible: Cents::ZERO,
                initial: Cents::ZERO,
                catastrophic: price,
                standard_share: Cents::ZERO,
                counted: Cents::ZERO,
                deductible_is_met: true,
            });
        }
        let deductible =
            if drug.has_deductible() { deductible_left.min(price) } else { Cents::ZERO };
        let rest = price.minus(deductible)?;
        let standard_share = deductible.plus(drug.standard_share(rest, parameters)?)?;
        let counted = standard_share.max(plan_share);
        let below = if counted <= left {
            price
        } else if deductible >= left {
            left
        } else {
            // So much of the rest that what counts of it reaches the threshold.
            let open = left.minus(deductible)?;
            let by_standard = drug.has_deductible() && standard_share >= plan_share;
            let part = match by_standard {
                true => open.whole_of(parameters.coinsurance.value)?,
                false => rest.scaled(open, counted.minus(deductible)?)?,
            };
            deductible.plus(part.min(rest))?
        };
        let deductible = deductible.min(below);
        Ok(Self {
            deductible,
            initial: below.minus(deductible)?,
            catastrophic: price.minus(below)?,
            standard_share: standard_share.min(left),
            counted: counted.min(left),
            deductible_is_met: deductible_left == Cents::ZERO,
        })
    }
}
