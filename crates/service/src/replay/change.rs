//! A claim of which something else becomes.

use std::sync::Arc;

use openpbm_core::{Cents, Claim, ClaimId, Overflow};

use super::world::Fate;

/// A claim of which something else becomes under the other book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The line of the file or the place in the journal.
    pub place: u64,
    /// The authorization number; one made of the line where the file tells none.
    pub id: ClaimId,
    /// The claim.
    pub claim: Arc<Claim>,
    /// What became of it under the book.
    pub book: Fate,
    /// What becomes of it under the other.
    pub against: Fate,
}

/// True if the two fates are not the same to pharmacy, member and sponsor. Balances that only
/// other claims have moved make no difference.
pub(super) fn differs(book: &Fate, against: &Fate) -> Result<bool, Overflow> {
    Ok(match (book, against) {
        (Fate::Paid(book), Fate::Paid(against)) => {
            let amounts = |paid: &openpbm_core::Paid| -> Result<[Cents; 3], Overflow> {
                Ok([paid.price()?, paid.patient_pay()?, paid.plan_pays()?])
            };
            book.tier != against.tier || amounts(book)? != amounts(against)?
        }
        (book, against) => book != against,
    })
}
