//! The differential test: the same documents, family and events given to two implementations,
//! and everything that the pharmacy and the member would see compared.

use std::fmt;

use openpbm_core::Member;

use crate::{
    Case, Comparison, Documents, Event, Generator, Household, Observation, Rng, Rules, Status,
    Unreadable,
};

/// Something that decides events of a family by the documents of a book.
pub trait Implementation {
    /// What it makes of the documents.
    type Book;

    /// Reads the documents.
    ///
    /// # Errors
    /// If it refuses them.
    fn read(&self, documents: &Documents) -> Result<Self::Book, Unreadable>;

    /// Decides the events in order, each on what the ones before it left.
    fn play(&self, book: &Self::Book, members: &[Member], events: &[Event]) -> Vec<Observation>;
}

/// The model itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reference;

impl Implementation for Reference {
    type Book = Rules;

    fn read(&self, documents: &Documents) -> Result<Rules, Unreadable> {
        Rules::read(documents)
    }

    fn play(&self, book: &Rules, members: &[Member], events: &[Event]) -> Vec<Observation> {
        let mut household = Household::new(members.to_vec());
        events.iter().map(|event| household.meet(book, event)).collect()
    }
}

/// The first event that two implementations saw differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disagreement {
    /// Its position, from 0.
    pub event: usize,
    /// What the model says.
    pub expected: Option<Observation>,
    /// What the other says.
    pub found: Option<Observation>,
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "event {}:", self.event)?;
        let (expected, found) = (format!("{:#?}", self.expected), format!("{:#?}", self.found));
        let mut pairs = expected.lines().zip(found.lines());
        if expected.lines().count() == found.lines().count() {
            return pairs.try_for_each(|(model, other)| match model == other {
                true => Ok(()),
                false => writeln!(f, "  model {}\n  found {}", model.trim(), other.trim()),
            });
        }
        writeln!(f, "model {:?}\nfound {:?}", self.expected, self.found)
    }
}

/// How much was compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Books made.
    pub books: u64,
    /// Families, each with a history.
    pub histories: u64,
    /// Claims, reversals and rebills.
    pub claims: u64,
    /// Claims and rebills that were paid.
    pub paid: u64,
    /// Those of them that paid the rest of a deductible and a share beside it.
    pub straddles: u64,
}

/// A case that the two see differently, shrunk.
#[derive(Debug, Clone)]
pub struct Find {
    /// The case as small as it could be made.
    pub case: Case,
    /// What it shows.
    pub disagreement: Disagreement,
    /// How much had agreed before.
    pub tally: Tally,
}

/// The model against another implementation.
#[derive(Debug)]
pub struct Differential<'a, I> {
    /// The documents that cases change.
    pub base: &'a Documents,
    /// The other implementation.
    pub subject: I,
    /// How exactly they must agree.
    pub comparison: Comparison,
    /// How many histories are decided by one book.
    pub histories_a_book: u64,
}

/// A book as both have read it.
pub(crate) struct Books<B>(Rules, B);

impl<I: Implementation> Differential<'_, I> {
    /// Compares one case.
    ///
    /// # Errors
    /// If its documents cannot be read by both.
    pub fn judge(&self, case: &Case) -> Result<Option<Disagreement>, Unreadable> {
        let books = self.read(case)?;
        let seen = self.compare(&books, &case.members, &case.events);
        Ok(seen.err().map(|seen| *seen))
    }

    /// Compares generated cases until so many claims agreed, or two answers do not. `progress` is
    /// told how far it is, book by book.
    ///
    /// # Errors
    /// If generated documents are refused: a fault of the generator, or of who refuses them.
    pub fn hunt(
        &self,
        seed: u64,
        claims: u64,
        mut progress: impl FnMut(&Tally),
    ) -> Result<Result<Tally, Box<Find>>, Unreadable> {
        let generator = Generator::new(self.base)?;
        let mut rng = Rng::new(seed);
        let mut tally = Tally::default();
        while tally.claims < claims {
            let changes = generator.changes(&mut rng);
            let mut case = Case { changes, ..Case::default() };
            let books = self.read(&case)?;
            tally.books += 1;
            for _ in 0..self.histories_a_book {
                let (members, events) = generator.history(&mut rng);
                match self.compare(&books, &members, &events) {
                    Ok(seen) => tally.count(&events, &seen),
                    Err(_) => {
                        (case.members, case.events) = (members, events);
                        return self.shrunk(case, tally).map(|find| Err(Box::new(find)));
                    }
                }
            }
            progress(&tally);
        }
        Ok(Ok(tally))
    }

    fn shrunk(&self, case: Case, tally: Tally) -> Result<Find, Unreadable> {
        let case = self.shrink(case);
        let disagreement = self.judge(&case)?;
        let disagreement =
            disagreement.ok_or_else(|| Unreadable::new("the case", "it agrees when read again"))?;
        Ok(Find { case, disagreement, tally })
    }

    pub(crate) fn read(&self, case: &Case) -> Result<Books<I::Book>, Unreadable> {
        let documents = case.documents(self.base)?;
        Ok(Books(Rules::read(&documents)?, self.subject.read(&documents)?))
    }

    /// What both saw, or the first thing that they saw differently.
    pub(crate) fn compare(
        &self,
        books: &Books<I::Book>,
        members: &[Member],
        events: &[Event],
    ) -> Result<Vec<Observation>, Box<Disagreement>> {
        let expected = Reference.play(&books.0, members, events);
        let found = self.subject.play(&books.1, members, events);
        let differs = (0..events.len()).find(|&event| {
            !matches!((expected.get(event), found.get(event)), (Some(one), Some(other))
                if self.comparison.agrees(one, other))
        });
        match differs {
            None => Ok(expected),
            Some(event) => {
                let at = |seen: &[Observation]| seen.get(event).cloned();
                let (expected, found) = (at(&expected), at(&found));
                Err(Box::new(Disagreement { event, expected, found }))
            }
        }
    }
}

impl Tally {
    fn count(&mut self, events: &[Event], seen: &[Observation]) {
        self.histories += 1;
        let is_claim = |event: &&Event| {
            !matches!(event, Event::Enroll(_) | Event::Medical(_) | Event::Reprocess)
        };
        let claims = events.iter().filter(is_claim);
        self.claims += u64::try_from(claims.count()).unwrap_or(u64::MAX);
        let answers = seen.iter().map(|seen| &seen.answer);
        let decided = answers.filter(|answer| answer.status == Status::Paid);
        for paid in decided.filter_map(|answer| answer.paid.as_ref()) {
            self.paid += 1;
            let share = i128::from(paid.copay.get()) + i128::from(paid.coinsurance.get());
            self.straddles += u64::from(paid.deductible.get() > 0 && share > 0);
        }
    }
}
