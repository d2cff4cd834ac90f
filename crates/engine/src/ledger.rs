//! A family is a fold of its journal entries: this is the fold.

use openpbm_core::{
    Accumulator, Adjustment, Brought, Cents, Claim, ClaimId, Counted, Date, Entry, Event, Family,
    Fill, Member, Overflow, Paid, PartD, PartDYear,
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
    /// An adjustment of a claim that the family does not have so.
    #[error("entry {entry} adjusts claim {claim}, which the family does not have so")]
    NothingToAdjust {
        /// The adjustment.
        entry: ClaimId,
        /// What it names.
        claim: ClaimId,
    },
    /// A state that was carried forward is not that of this family at this version.
    #[error("entry {entry} carries a state that is not the family's at its version")]
    Carried {
        /// The entry.
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
                pay(family, entry.id, claim, paid, adjudication.part_d.as_deref())?;
            }
        }
        Event::Reversed { claim, .. } => reverse(family, entry.id, *claim)?,
        Event::Refused(_) | Event::Retired => {}
        Event::Carried { family: state } => return carry(family, entry.id, state),
        Event::Adjusted(adjustment) => adjust(family, entry.id, adjustment)?,
        Event::Medical { totals } => family.medical.extend(totals),
    }
    family.version += 1;
    Ok(())
}

/// The entries before this one say no more what they led to; this one does.
fn carry(family: &mut Family, entry: ClaimId, state: &Family) -> Result<(), LedgerError> {
    if state.id != family.id || state.version != family.version + 1 {
        return Err(LedgerError::Carried { entry });
    }
    family.clone_from(state);
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

fn pay(
    family: &mut Family,
    id: ClaimId,
    claim: &Claim,
    paid: &Paid,
    part_d: Option<&PartD>,
) -> Result<(), LedgerError> {
    let overflow = |source| LedgerError::Overflow { entry: id, source };
    let after = moved(family, paid, part_d, Cents::plus).map_err(overflow)?;
    let year = after.part_d.unwrap_or_default();
    let Brought { deductible, out_of_pocket, gross } = paid.brought;
    let deductible = after.deductible.plus(deductible).map_err(overflow)?;
    let out_of_pocket = after.out_of_pocket.plus(out_of_pocket).map_err(overflow)?;
    let gross = year.gross.plus(gross).map_err(overflow)?;
    let same = (deductible, out_of_pocket)
        == (paid.accumulated_deductible, paid.accumulated_out_of_pocket)
        && part_d.is_none_or(|stated| gross == stated.gross_so_far);
    if !same {
        return Err(LedgerError::Accumulators { entry: id });
    }
    set(family, after);
    family.fills.push(Fill {
        id,
        key: claim.key,
        drug: claim.drug,
        paid: *paid,
        fingerprint: claim.fingerprint(),
        first: None,
        part_d: part_d.cloned().map(Box::new),
        partial: claim.details.partial.clone().map(Box::new),
    });
    Ok(())
}

fn reverse(family: &mut Family, entry: ClaimId, claim: ClaimId) -> Result<(), LedgerError> {
    let is_it = |fill: &Fill| fill.id == claim;
    let key = if let Some(place) = family.fills.iter().position(is_it) {
        let fill = family.fills.remove(place);
        if let Err(error) = uncount(family, entry, &fill) {
            family.fills.insert(place, fill);
            return Err(error);
        }
        fill.key
    } else if let Some(place) = family.uncovered.iter().position(is_it) {
        family.uncovered.remove(place).key
    } else {
        return Err(LedgerError::NothingToReverse { entry, claim });
    };
    family.reversed.push((key, claim));
    Ok(())
}

/// The claim's amounts become what they are now; a claim that is not covered counts no more.
fn adjust(family: &mut Family, entry: ClaimId, adjustment: &Adjustment) -> Result<(), LedgerError> {
    let claim = adjustment.of;
    let found = family.dispensed().find(|fill| fill.id == claim);
    let Some(mut fill) = found.cloned() else {
        return Err(LedgerError::NothingToAdjust { entry, claim });
    };
    let is_covered = family.covers(claim);
    if is_covered.then_some(fill.paid) != adjustment.before
        || *fill.answered() != adjustment.answered
    {
        return Err(LedgerError::NothingToAdjust { entry, claim });
    }
    let mut next = family.clone();
    if is_covered {
        uncount(&mut next, entry, &fill)?;
    }
    let answered = adjustment.answered;
    let covered = adjustment.adjudication.paid();
    if let Some(paid) = covered {
        let overflow = |source| LedgerError::Overflow { entry, source };
        let part_d = adjustment.adjudication.part_d.as_deref();
        let after = moved(&next, paid, part_d, Cents::plus).map_err(overflow)?;
        set(&mut next, after);
        (fill.paid, fill.first) = (*paid, (*paid != answered).then(|| Box::new(answered)));
        fill.part_d.clone_from(&adjustment.adjudication.part_d);
    } else {
        (fill.paid, fill.first) = (answered, None);
    }
    let (from, to) = if is_covered {
        (&mut next.fills, &mut next.uncovered)
    } else {
        (&mut next.uncovered, &mut next.fills)
    };
    if is_covered == covered.is_some() {
        from.iter_mut().filter(|known| known.id == claim).for_each(|known| *known = fill.clone());
    } else {
        from.retain(|known| known.id != claim);
        insert(to, fill);
    }
    *family = next;
    Ok(())
}

/// Before the first that was decided later.
fn insert(fills: &mut Vec<Fill>, fill: Fill) {
    let place = fills.iter().position(|other| other.id > fill.id).unwrap_or(fills.len());
    fills.insert(place, fill);
}

/// The family as it was when a claim of that day and id was its turn, had everything that is
/// known now been known then: without what comes after it.
///
/// # Errors
///
/// [`LedgerError::Overflow`] if an amount does not fit.
pub fn before(family: &Family, turn: (Date, ClaimId)) -> Result<Family, LedgerError> {
    let mut earlier = family.clone();
    for fill in family.fills.iter().filter(|fill| fill.order() >= turn) {
        uncount(&mut earlier, fill.id, fill)?;
    }
    earlier.fills.retain(|fill| fill.order() < turn);
    earlier.uncovered.retain(|fill| fill.order() < turn);
    Ok(earlier)
}

/// Takes the amounts of a claim off the accumulators.
fn uncount(family: &mut Family, entry: ClaimId, fill: &Fill) -> Result<(), LedgerError> {
    let overflow = |source| LedgerError::Overflow { entry, source };
    let after =
        moved(family, &fill.paid, fill.part_d.as_deref(), Cents::minus).map_err(overflow)?;
    set(family, after);
    Ok(())
}

/// The accumulator that a claim belongs to, after its amounts have been added or taken away.
fn moved(
    family: &Family,
    paid: &Paid,
    part_d: Option<&PartD>,
    by: impl Fn(Cents, Cents) -> Result<Cents, Overflow>,
) -> Result<Accumulator, Overflow> {
    let counted = Counted::of(paid, part_d)?;
    let mut accumulator = family
        .accumulators_in(paid.group, paid.plan_year)
        .find(|a| a.person == paid.person)
        .copied()
        .unwrap_or_else(|| Accumulator::empty(paid.person, paid.group, paid.plan_year));
    accumulator.deductible = by(accumulator.deductible, counted.deductible)?;
    accumulator.out_of_pocket = by(accumulator.out_of_pocket, counted.out_of_pocket)?;
    if let Some(counted) = counted.part_d {
        let so_far = accumulator.part_d.unwrap_or_default();
        let after = PartDYear { gross: by(so_far.gross, counted.gross)? };
        accumulator.part_d = Some(after).filter(|year| *year != PartDYear::default());
    }
    Ok(accumulator)
}

/// Keeps the accumulators in order, and none that is zero.
fn set(family: &mut Family, accumulator: Accumulator) {
    let key = |a: &Accumulator| (a.person, a.group, a.plan_year);
    family.accumulators.retain(|a| key(a) != key(&accumulator));
    if !accumulator.is_zero() {
        let place = family.accumulators.partition_point(|a| key(a) < key(&accumulator));
        family.accumulators.insert(place, accumulator);
    }
}
