//! Making a case smaller while the two still disagree about it: fewer events, fewer members, a
//! book nearer to the sample, plainer claims.

use openpbm_core::Claim;

use crate::{Case, Differential, Event, Implementation};

impl<I: Implementation> Differential<'_, I> {
    /// The smallest case that steps of one part at a time lead to.
    pub(crate) fn shrink(&self, mut case: Case) -> Case {
        let still = |case: &Case| matches!(self.judge(case), Ok(Some(_)));
        if let Ok(Some(first)) = self.judge(&case) {
            case.events.truncate(first.event + 1);
        }
        loop {
            let before = case.clone();
            without(&mut case, |case| &mut case.events, &still);
            without(&mut case, |case| &mut case.members, &still);
            without(&mut case, |case| &mut case.changes, &still);
            plainer(&mut case, &still);
            if case == before {
                return case;
            }
        }
    }
}

/// Drops halves, quarters and at last single parts of a list.
fn without<T: Clone>(
    case: &mut Case,
    part: impl Fn(&mut Case) -> &mut Vec<T>,
    still: &impl Fn(&Case) -> bool,
) {
    let mut size = part(case).len().div_ceil(2);
    while size > 0 {
        let mut start = 0;
        while start < part(case).len() {
            let mut smaller = case.clone();
            let list = part(&mut smaller);
            let end = (start + size).min(list.len());
            list.drain(start..end);
            if still(&smaller) { *case = smaller } else { start += size }
        }
        size /= 2;
    }
}

/// Takes out of each claim what it can do without.
fn plainer(case: &mut Case, still: &impl Fn(&Case) -> bool) {
    let simplify: [fn(&mut Claim); 7] = [
        |claim| claim.dur_overrides.clear(),
        |claim| claim.diagnoses.clear(),
        |claim| claim.usual_and_customary = None,
        |claim| claim.other_coverage = None,
        |claim| claim.pregnant = false,
        |claim| claim.daw = 0,
        |claim| claim.sex = None,
    ];
    for index in 0..case.events.len() {
        for change in simplify {
            let mut smaller = case.clone();
            if let Some(Event::Bill(claim) | Event::Rebill(claim)) = smaller.events.get_mut(index) {
                change(claim);
            }
            if smaller != *case && still(&smaller) {
                *case = smaller;
            }
        }
    }
}
