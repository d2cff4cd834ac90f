//! A family is a fold of its journal entries: this is the fold.

use openpbm_core::{
    Accumulator, Cents, Claim, ClaimId, Entry, Event, Family, Fill, Member, Overflow, Paid,
};

/// An entry that does not follow from the family's state: the journal is damaged, or it was
/// written by something else than this engine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// A reversal of a claim that is not paid in this family.
    #[error("entry {entry} reverses claim {claim}, which is not a paid claim of the family")]
    NothingToReverse {
        /// The reversal.
        entry: ClaimId,
        /// What it names.
        claim: ClaimId,
    },
    /// The accumulators that the decision states are not those of the fold.
    #[error("entry {entry} states accumulators that its history does not lead to")]
    Accumulators {
        /// The decision.
        entry: ClaimId,
    },
    /// An amount does not fit.
    #[error("entry {entry}: {source}")]
    Overflow {
        /// The entry.
        entry: ClaimId,
        /// What did not fit.
        source: Overflow,
    },
}

/// Takes the family one entry further. On an error the family is left as it was.
pub fn apply(family: &mut Family, entry: &Entry) -> Result<(), LedgerError> {
    match &entry.event {
        Event::Enrolled { members } => enroll(family, members),
        Event::Decided { claim, adjudication, .. } => {
            if let Some(paid) = adjudication.paid() {
                pay(family, entry.id, claim, paid)?;
            }
        }
        Event::Reversed { claim, .. } => reverse(family, entry.id, *claim)?,
        Event::Refused(_) => {}
    }
    family.version += 1;
    Ok(())
}

/// Each member replaces the one of the same person code.
fn enroll(family: &mut Family, members: &[Member]) {
    for member in members {
        match family.members.binary_search_by_key(&member.person_code, |m| m.person_code) {
            Ok(place) => {
                if let Some(known) = family.members.get_mut(place) {
                    known.clone_from(member);
                }
            }
            Err(place) => family.members.insert(place, member.clone()),
        }
    }
}

fn pay(family: &mut Family, id: ClaimId, claim: &Claim, paid: &Paid) -> Result<(), LedgerError> {
    let overflow = |source| LedgerError::Overflow { entry: id, source };
    let counted = paid.out_of_pocket().map_err(overflow)?;
    let after =
        moved(family, paid, |balance, amount| balance.plus(amount), counted).map_err(overflow)?;
    let stated = (paid.accumulated_deductible, paid.accumulated_out_of_pocket);
    if (after.deductible, after.out_of_pocket) != stated {
        return Err(LedgerError::Accumulators { entry: id });
    }
    set(family, after);
    let fingerprint = claim.fingerprint();
    family.fills.push(Fill { id, key: claim.key, drug: claim.drug, paid: *paid, fingerprint });
    Ok(())
}

fn reverse(family: &mut Family, entry: ClaimId, claim: ClaimId) -> Result<(), LedgerError> {
    let overflow = |source| LedgerError::Overflow { entry, source };
    let place = family.fills.iter().position(|fill| fill.id == claim);
    let fill = place.and_then(|place| family.fills.get(place).map(|fill| (place, fill.clone())));
    let Some((place, fill)) = fill else {
        return Err(LedgerError::NothingToReverse { entry, claim });
    };
    let counted = fill.paid.out_of_pocket().map_err(overflow)?;
    let after = moved(family, &fill.paid, |balance, amount| balance.minus(amount), counted)
        .map_err(overflow)?;
    set(family, after);
    family.fills.remove(place);
    family.reversed.push((fill.key, claim));
    Ok(())
}

/// The accumulator that a claim belongs to, after its amounts have been added or taken away.
fn moved(
    family: &Family,
    paid: &Paid,
    by: impl Fn(Cents, Cents) -> Result<Cents, Overflow>,
    counted: Cents,
) -> Result<Accumulator, Overflow> {
    let so_far = family
        .accumulators_in(paid.group, paid.plan_year)
        .find(|a| a.person == paid.person)
        .map_or((Cents::ZERO, Cents::ZERO), |a| (a.deductible, a.out_of_pocket));
    Ok(Accumulator {
        person: paid.person,
        group: paid.group,
        plan_year: paid.plan_year,
        deductible: by(so_far.0, paid.deductible)?,
        out_of_pocket: by(so_far.1, counted)?,
    })
}

/// Keeps the accumulators in order, and none that is zero.
fn set(family: &mut Family, accumulator: Accumulator) {
    let key = |a: &Accumulator| (a.person, a.group, a.plan_year);
    family.accumulators.retain(|a| key(a) != key(&accumulator));
    if (accumulator.deductible, accumulator.out_of_pocket) != (Cents::ZERO, Cents::ZERO) {
        let place = family.accumulators.partition_point(|a| key(a) < key(&accumulator));
        family.accumulators.insert(place, accumulator);
    }
}
