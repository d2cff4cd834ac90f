//! One family's year, under one book and under the other.

use std::sync::Arc;

use openpbm_core::{Claim, ClaimId, FamilyId};
use openpbm_engine::transaction::Request;

use super::ReplayError;
use super::history::{Adjusted, Answer, Asked, Step};
use super::rules::Rules;
use super::run::Plan;
use super::world::{Difference, Fate, Outcome, World, adjusted_otherwise, difference};

/// A claim and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Claimed {
    pub(super) place: u64,
    pub(super) id: ClaimId,
    pub(super) claim: Arc<Claim>,
    pub(super) book: Fate,
    pub(super) against: Option<Fate>,
}

/// A family's year.
#[derive(Debug, Default)]
pub(super) struct Played {
    pub(super) claims: Vec<Claimed>,
    pub(super) reversals: u64,
    /// Whether answers are held against those that were given.
    verifies: bool,
    /// Answers that were held against those that were given.
    pub(super) verified: u64,
    /// Those of them that differ.
    pub(super) different: u64,
    pub(super) first: Option<Difference>,
}

/// Plays a family's year.
pub(super) fn play(id: FamilyId, steps: &[Step], plan: &Plan<'_>) -> Result<Played, ReplayError> {
    let &Plan { book, against, verifies, .. } = plan;
    let mut played = Played { verifies, ..Played::default() };
    let mut world = World::new(id);
    let mut other = against.map(|rules| (World::new(id), rules));
    for step in steps {
        match step {
            Step::Carried(family) => {
                world.family.clone_from(family);
                if let Some((other, _)) = &mut other {
                    other.family.clone_from(family);
                }
            }
            Step::Adjusted(adjusted) => {
                played.adjust(&mut world, book, adjusted)?;
                if let Some((world, rules)) = &mut other {
                    let again = world.adjust(rules.of(adjusted)?, adjusted)?;
                    let claimed = again.as_ref().and_then(|again| played.find(again.of));
                    if let (Some(again), Some(claimed)) = (&again, claimed) {
                        claimed.against = Some(Fate::of(&again.adjudication));
                    }
                }
            }
            Step::Asked(asked) => {
                let back = |claimed: &mut Claimed| claimed.book = Fate::TakenBack;
                let outcome = played.ask(&mut world, book, asked, back)?;
                played.verify(asked, &outcome);
                let back = |claimed: &mut Claimed| claimed.against = Some(Fate::TakenBack);
                let other = match &mut other {
                    Some((world, rules)) => played.ask(world, rules, asked, back)?.fate,
                    None => None,
                };
                played.note(asked, outcome.fate, other);
            }
        }
    }
    Ok(played)
}

impl Played {
    /// Asks one of the worlds, and takes back there what a reversal or a rebill took back.
    fn ask(
        &mut self,
        world: &mut World,
        rules: &Rules<'_>,
        asked: &Asked,
        taken_back: fn(&mut Claimed),
    ) -> Result<Outcome, ReplayError> {
        let book = rules.book(asked)?;
        let outcome = world.ask(&book, asked)?;
        if let Some(claimed) = outcome.took_back.and_then(|id| self.find(id)) {
            taken_back(claimed);
        }
        Ok(outcome)
    }

    /// Holds an answer against the one that was given.
    fn verify(&mut self, asked: &Asked, outcome: &Outcome) {
        if asked.answer != Answer::Unknown {
            self.count(|| difference(asked, outcome));
        }
    }

    fn count(&mut self, difference: impl FnOnce() -> Option<Difference>) {
        if !self.verifies {
            return;
        }
        self.verified += 1;
        if let Some(difference) = difference() {
            self.different += 1;
            self.first.get_or_insert(difference);
        }
    }

    /// An adjustment is an answer as well: to nobody, but it is held against the one that was
    /// given.
    fn adjust(
        &mut self,
        world: &mut World,
        rules: &Rules<'_>,
        adjusted: &Adjusted,
    ) -> Result<(), ReplayError> {
        let again = world.adjust(rules.of(adjusted)?, adjusted)?;
        self.count(|| adjusted_otherwise(adjusted, again.as_ref()));
        let claimed = again.as_ref().and_then(|again| self.find(again.of));
        if let (Some(again), Some(claimed)) = (&again, claimed) {
            claimed.book = Fate::of(&again.adjudication);
        }
        Ok(())
    }

    fn find(&mut self, id: ClaimId) -> Option<&mut Claimed> {
        self.claims.iter_mut().rev().find(|claimed| claimed.id == id)
    }

    fn note(&mut self, asked: &Asked, book: Option<Fate>, against: Option<Fate>) {
        match &asked.request {
            Request::Billing(claim) | Request::Rebill(claim) => {
                let Some(book) = book else { return };
                let (place, id, claim) = (asked.place, asked.stamp.id, claim.clone());
                self.claims.push(Claimed { place, id, claim, book, against });
            }
            Request::Reversal(_) => self.reversals += 1,
            Request::Eligibility(_)
            | Request::Enrollment(_)
            | Request::Medical(_)
            | Request::Unreadable(_) => {}
        }
    }
}
