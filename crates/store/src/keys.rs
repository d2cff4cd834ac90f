//! What an entry can be found by, besides its family and its id.

use openpbm_core::{BillingKey, Date, Event, Npi, PrescriptionNumber};

use crate::Kind;

/// Columns that a store keeps beside the entry. All of them follow from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Keys {
    pub(crate) kind: Kind,
    /// 201-B1.
    pub(crate) pharmacy: Option<Npi>,
    /// 402-D2.
    pub(crate) prescription: Option<PrescriptionNumber>,
    /// 401-D1.
    pub(crate) date_of_service: Option<Date>,
}

impl Keys {
    pub(crate) fn of(event: &Event) -> Self {
        let kind = Kind::of(event);
        let keyed = |key: &BillingKey| Self {
            kind,
            pharmacy: Some(key.pharmacy),
            prescription: Some(key.prescription),
            date_of_service: Some(key.date_of_service),
        };
        match event {
            Event::Enrolled { .. }
            | Event::Medical { .. }
            | Event::Retired
            | Event::Carried { .. } => {
                Self { kind, pharmacy: None, prescription: None, date_of_service: None }
            }
            Event::Decided { claim, .. } => keyed(&claim.key),
            Event::Reversed { key, .. } => keyed(key),
            Event::Adjusted(adjustment) => keyed(&adjustment.claim.key),
            Event::Refused(refusal) => Self {
                kind,
                pharmacy: refusal.pharmacy,
                prescription: refusal.prescription,
                date_of_service: refusal.date_of_service,
            },
        }
    }
}
