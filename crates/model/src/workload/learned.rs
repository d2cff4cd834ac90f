//! What the pharmacies have learned from their answers. Only the latest of it is kept, so that a
//! workload of millions stays small.

use std::collections::VecDeque;

use openpbm_core::{BillingKey, Claim};

use super::{Operation, Request};
use crate::{Reply, Rng, Status};

/// So many fills of a family are remembered.
const FILLS: usize = 6;

/// So many requests are remembered, to be sent again.
const REQUESTS: usize = 64;

#[derive(Debug)]
pub(super) struct Learned {
    families: Vec<Fills>,
    requests: Vec<Operation>,
}

/// The latest of a family.
#[derive(Debug, Default)]
struct Fills {
    paid: VecDeque<Claim>,
    reversed: VecDeque<Claim>,
}

impl Learned {
    pub(super) fn new(families: usize) -> Self {
        let families = (0..families).map(|_| Fills::default()).collect();
        Self { families, requests: Vec::with_capacity(REQUESTS) }
    }

    /// Something paid for a family.
    pub(super) fn paid(&mut self, place: usize, rng: &mut Rng) -> Option<&Claim> {
        rng.choose(self.families.get_mut(place)?.paid.make_contiguous())
    }

    /// A partial fill that waits for its completion.
    pub(super) fn waiting(&self, place: usize, rng: &mut Rng) -> Option<&Claim> {
        let paid = &self.families.get(place)?.paid;
        let waits = |claim: &&Claim| {
            let is_completed = paid.iter().any(|rest| is_completion(rest, claim));
            claim.details.partial.as_ref().is_some_and(|part| part.completes.is_none())
                && !is_completed
        };
        let waiting: Vec<_> = paid.iter().filter(waits).collect();
        rng.choose(&waiting).copied()
    }

    /// Something that was taken back.
    pub(super) fn reversed(&mut self, place: usize, rng: &mut Rng) -> Option<&Claim> {
        rng.choose(self.families.get_mut(place)?.reversed.make_contiguous())
    }

    /// Something that was sent not long ago.
    pub(super) fn again(&self, rng: &mut Rng) -> Option<Operation> {
        rng.choose(&self.requests).cloned()
    }

    /// Remembers a request in the place of some earlier one.
    pub(super) fn sent(&mut self, operation: &Operation, rng: &mut Rng) {
        if self.requests.len() < REQUESTS {
            return self.requests.push(operation.clone());
        }
        let place = rng.between(0, i64::try_from(REQUESTS).unwrap_or(1) - 1);
        let place = usize::try_from(place).unwrap_or_default();
        if let Some(known) = self.requests.get_mut(place) {
            known.clone_from(operation);
        }
    }

    /// What an answer says of the fills of a family.
    pub(super) fn answered(&mut self, place: usize, operation: &Operation, reply: &Reply) {
        let Some(fills) = self.families.get_mut(place) else { return };
        let is_paid = matches!(reply.status, Status::Paid | Status::Duplicate);
        match &operation.request {
            Request::Bill(claim) | Request::Rebill(claim) if is_paid => {
                fills.take(|key| *key == claim.key);
                keep(&mut fills.paid, (**claim).clone());
            }
            Request::Reverse(reversal) if reply.status == Status::Accepted => {
                if let Some(claim) = fills.take(|key| reversal.means_key(key)) {
                    keep(&mut fills.reversed, claim);
                }
            }
            _ => {}
        }
    }
}

/// True if a claim is the rest of another.
fn is_completion(rest: &Claim, first: &Claim) -> bool {
    let of = rest.details.partial.as_ref().and_then(|part| part.completes.as_ref());
    of.is_some_and(|of| {
        rest.key.pharmacy == first.key.pharmacy
            && of.prescription == first.key.prescription
            && of.date_of_service == first.key.date_of_service
    })
}

impl Fills {
    /// Removes the latest paid fill of a key.
    fn take(&mut self, is_meant: impl Fn(&BillingKey) -> bool) -> Option<Claim> {
        let place = self.paid.iter().rposition(|claim| is_meant(&claim.key))?;
        self.paid.remove(place)
    }
}

fn keep(claims: &mut VecDeque<Claim>, claim: Claim) {
    if claims.len() >= FILLS {
        claims.pop_front();
    }
    claims.push_back(claim);
}
