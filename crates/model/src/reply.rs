//! What a pharmacy reads out of an answer, and what it should read there.

use openpbm_core::{Cents, ClaimId, Overflow, Paid, RejectCode};

use crate::Status;

/// The answer to one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// 112-AN.
    pub status: Status,
    /// 503-F3, the id of the decision.
    pub id: Option<ClaimId>,
    /// 511-FB, at most five.
    pub rejects: Vec<RejectCode>,
    /// Where it was paid.
    pub amounts: Option<Amounts>,
}

/// The amounts of a paid claim, as far as they are sent. What is left out is zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amounts {
    /// 505-F5.
    pub patient_pay: Cents,
    /// 506-F6.
    pub ingredient_cost: Cents,
    /// 507-F7.
    pub dispensing_fee: Cents,
    /// 509-F9.
    pub plan_pays: Cents,
    /// 517-FH.
    pub deductible: Cents,
    /// 518-FI.
    pub copay: Cents,
    /// 572-4U.
    pub coinsurance: Cents,
    /// 134-UK.
    pub product_selection: Cents,
    /// 512-FC, where the plan has a deductible.
    pub accumulated_deductible: Option<Cents>,
    /// 513-FD, where the plan has a deductible.
    pub remaining_deductible: Option<Cents>,
}

impl Reply {
    /// A paid claim.
    ///
    /// # Errors
    ///
    /// If the amounts do not add up within 64 bits.
    pub fn paid(id: ClaimId, paid: &Paid) -> Result<Self, Overflow> {
        let amounts = Some(Amounts::of(paid)?);
        Ok(Self { status: Status::Paid, id: Some(id), rejects: Vec::new(), amounts })
    }

    /// The same claim was paid before.
    ///
    /// # Errors
    ///
    /// If the amounts do not add up within 64 bits.
    pub fn duplicate(id: ClaimId, paid: &Paid) -> Result<Self, Overflow> {
        Ok(Self { status: Status::Duplicate, ..Self::paid(id, paid)? })
    }

    /// A reversal was made, or a person is covered, which has no id.
    pub const fn accepted(id: Option<ClaimId>) -> Self {
        Self { status: Status::Accepted, id, rejects: Vec::new(), amounts: None }
    }

    /// Refused.
    pub const fn rejected(id: Option<ClaimId>, rejects: Vec<RejectCode>) -> Self {
        Self { status: Status::Rejected, id, rejects, amounts: None }
    }

    /// True if nothing was decided: the system was unavailable (92) or failed (99), and the
    /// pharmacy has to send again.
    pub fn is_no_answer(&self) -> bool {
        let none = [RejectCode::SystemUnavailable, RejectCode::HostProcessingError];
        self.rejects.iter().any(|code| none.contains(code))
    }
}

impl Amounts {
    /// What is sent of a paid claim.
    ///
    /// # Errors
    ///
    /// If the amounts do not add up within 64 bits.
    pub fn of(paid: &Paid) -> Result<Self, Overflow> {
        Ok(Self {
            patient_pay: paid.patient_pay()?,
            ingredient_cost: paid.ingredient_cost,
            dispensing_fee: paid.dispensing_fee,
            plan_pays: paid.plan_pays()?,
            deductible: paid.deductible,
            copay: paid.copay,
            coinsurance: paid.coinsurance,
            product_selection: paid.product_selection,
            accumulated_deductible: paid.remaining_deductible.map(|_| paid.accumulated_deductible),
            remaining_deductible: paid.remaining_deductible,
        })
    }
}
