//! What a pharmacy asks for, as values: the harness makes bytes of them.

use openpbm_core::{CardholderId, Claim, Date, FamilyId, GroupId, Npi, PersonCode, Reversal, Sex};

/// One transaction of one pharmacy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Whose card it is about, as the pharmacy knows, whether or not it sends the cardholder id.
    pub family: FamilyId,
    /// 201-B1.
    pub pharmacy: Npi,
    /// What is asked.
    pub request: Request,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// B1.
    Bill(Box<Claim>),
    /// B2.
    Reverse(Reversal),
    /// B3: reversal and billing in one.
    Rebill(Box<Claim>),
    /// E1.
    Inquire(Inquiry),
}

/// A question whether somebody is covered.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Inquiry {
    /// 302-C2.
    pub cardholder: CardholderId,
    /// 301-C1, where it is sent.
    pub group: Option<GroupId>,
    /// 303-C3, where it is sent.
    pub person_code: Option<PersonCode>,
    /// 304-C4.
    pub birth: Date,
    /// 305-C5, where it is known.
    pub sex: Option<Sex>,
    /// 401-D1.
    pub date: Date,
}

impl Operation {
    /// A claim of this pharmacy for this card.
    pub fn bill(claim: Claim) -> Self {
        let (family, pharmacy) = (claim.cardholder, claim.key.pharmacy);
        Self { family, pharmacy, request: Request::Bill(Box::new(claim)) }
    }

    /// A claim in the place of the one that was paid under its key.
    pub fn rebill(claim: Claim) -> Self {
        let (family, pharmacy) = (claim.cardholder, claim.key.pharmacy);
        Self { family, pharmacy, request: Request::Rebill(Box::new(claim)) }
    }

    /// A paid claim of this card is taken back.
    pub const fn reverse(family: FamilyId, reversal: Reversal) -> Self {
        Self { family, pharmacy: reversal.pharmacy, request: Request::Reverse(reversal) }
    }
}
