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
                let a_month = insulin.a_month.times(months(case.whole().days_supply))?;
                let mut most = case.borne(a_month, |rule| rule.copay)?;
                if let Some(rate) = insulin.of_price {
                    most = most.min(terms.price.price.percent(rate)?);
                    if let Some((fair, _)) = pricing::maximum_fair_price(case, terms.dispensed)? {
                        most = most.min(fair.percent(rate)?);
                    }
                }
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
        let usual = rest.percent(parameters.coinsurance.value)?;
        Ok(match self {
            Self::Usual => usual,
            Self::Insulin { most, .. } => usual.min(*most),
            Self::Vaccine { .. } => Cents::ZERO,
        })
    }

    /// True if the standard deductible applies.
    pub(super) const fn has_deductible(&self) -> bool {
        matches!(self, Self::Usual)
    }
}

/// The longest supply that is one month's: 34 days, as plans commonly dispense a month.
const MONTH_DAYS: u16 = 34;

/// How many months a supply is: up to 34 days one, beyond that one for every 30 days begun. So
/// 35 to 60 days are two months and 61 to 90 three. 42 CFR 423.120(h) limits the share of a
/// month's supply and does not say how long that is.
fn months(days: u16) -> u32 {
    if days <= MONTH_DAYS { 1 } else { days.div_ceil(30).into() }
}
