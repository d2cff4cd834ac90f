//! What the law says of some drugs: insulin and recommended vaccines.

use openpbm_book::PartD as Parameters;
use openpbm_core::{Cents, Finding, Overflow, PartDFinding, Source, Stage};

use super::super::selection::Choice;
use super::super::{Terms, limits};
use super::member_share;
use crate::case::Case;
use crate::pricing;

/// How the law treats the drug of a claim.
pub(super) enum DrugTerms {
    /// Like any other.
    Usual,
    /// The share is limited, and there is no deductible (42 CFR 423.120(h)).
    Insulin {
        /// The most that the member pays.
        most: Cents,
        /// The line of the limit.
        source: Source,
    },
    /// No share and no deductible (42 CFR 423.120(g)).
    Vaccine {
        /// The line that names the vaccines.
        source: Source,
    },
}

impl DrugTerms {
    pub(super) fn of(
        case: &Case<'_>,
        terms: &Terms<'_, '_>,
        parameters: &Parameters,
    ) -> Result<Self, Overflow> {
        let id = terms.dispensed.id;
        if let Some(vaccines) = parameters.vaccines.as_ref().filter(|v| v.value.contains(id)) {
            return Ok(Self::Vaccine { source: vaccines.source });
        }
        match parameters.insulin.as_ref().filter(|insulin| insulin.drugs.contains(id)) {
            Some(insulin) => {
                // The lesser of so much a month, and the standard share of the negotiated price
                // and of the maximum fair price, where there is one.
                let rate = parameters.coinsurance.value;
                let a_month = insulin.a_month.times(terms.copays.into())?;
                let a_month = case.borne(a_month, |rule| rule.copay)?;
                let of_price = terms.price.price.percent(rate)?;
                let fair = pricing::maximum_fair_price(case, terms.dispensed)?;
                let of_fair = fair.map(|(fair, _)| fair.percent(rate)).transpose()?;
                let most = a_month.min(of_price).min(of_fair.unwrap_or(of_price));
                Ok(Self::Insulin { most, source: insulin.source })
            }
            None => Ok(Self::Usual),
        }
    }

    /// Holds the plan's share to what the law allows.
    pub(super) fn hold(&self, case: &mut Case<'_>) -> Result<(), Overflow> {
        let Self::Insulin { most, source } = *self else { return Ok(()) };
        let finding = Finding::PartD(PartDFinding::InsulinShare { most });
        let share = member_share(case)?;
        if share <= most {
            case.note(Stage::Benefit, finding, source);
            return Ok(());
        }
        limits::hold(case, most, &finding, source, Choice::NONE)
    }

    /// The standard share of what lies beyond the deductible.
    pub(super) fn standard_share(
        &self,
        rest: Cents,
        parameters: &Parameters,
    ) -> Result<Cents, Overflow> {
        match self {
            Self::Usual => rest.percent(parameters.coinsurance.value),
            Self::Insulin { most, .. } => Ok(*most),
            Self::Vaccine { .. } => Ok(Cents::ZERO),
        }
    }

    /// True if the standard deductible applies.
    pub(super) const fn has_deductible(&self) -> bool {
        matches!(self, Self::Usual)
    }
}
