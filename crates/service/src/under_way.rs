//! What a file says of families, handed over to them one after the other, with so many at most
//! under way to the journal at once.

use std::collections::VecDeque;

use openpbm_core::FamilyId;
use openpbm_engine::transaction::{Answer, Request};
use tokio::sync::oneshot;

use crate::pbm::Pbm;
use crate::pipeline::Outcome;

/// The journal did not take a family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotTaken {
    /// Families that it took before.
    pub(crate) families: usize,
}

/// Families under way.
pub(crate) struct UnderWay<'a> {
    pbm: &'a Pbm,
    most: usize,
    waiting: VecDeque<oneshot::Receiver<Outcome>>,
    taken: usize,
    heard: Box<dyn FnMut(Answer) + 'a>,
}

impl<'a> UnderWay<'a> {
    /// Nothing yet; `heard` is told what each family answers, in order.
    pub(crate) fn new(pbm: &'a Pbm, most: usize, heard: impl FnMut(Answer) + 'a) -> Self {
        Self { pbm, most, waiting: VecDeque::new(), taken: 0, heard: Box::new(heard) }
    }

    /// Families that the journal has taken so far.
    pub(crate) const fn taken(&self) -> usize {
        self.taken
    }

    /// Hands something to its family, once there is room.
    pub(crate) fn hand(&mut self, family: FamilyId, request: Request) -> Result<(), NotTaken> {
        self.waiting.push_back(self.pbm.hand(family, request));
        if self.waiting.len() >= self.most { self.settle() } else { Ok(()) }
    }

    /// Waits for all; how many families there were.
    pub(crate) fn finish(mut self) -> Result<usize, NotTaken> {
        while !self.waiting.is_empty() {
            self.settle()?;
        }
        Ok(self.taken)
    }

    /// Waits for the oldest.
    fn settle(&mut self) -> Result<(), NotTaken> {
        let Some(oldest) = self.waiting.pop_front() else { return Ok(()) };
        let Ok(Outcome::Answered(answers)) = oldest.blocking_recv() else {
            return Err(NotTaken { families: self.taken });
        };
        self.taken += 1;
        answers.into_iter().for_each(&mut self.heard);
        Ok(())
    }
}
