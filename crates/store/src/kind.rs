//! What an entry says, in one word: what people count, filter and look for.

use std::fmt;
use std::str::FromStr;

use openpbm_core::{Event, Outcome, ParseError};

/// The kind of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Members were stated by an enrollment file.
    Enrolled,
    /// A claim was paid.
    Paid,
    /// A claim was rejected.
    Rejected,
    /// A paid claim was taken back.
    Reversed,
    /// Refused before it could become a claim or a reversal.
    Refused,
    /// What it said was let go of; a later entry of the family carries what it led to.
    Retired,
    /// The family as it was when the entries before it were let go of.
    Carried,
    /// A claim that was paid was decided again and comes to other amounts.
    Adjusted,
    /// What the medical side has come to was stated by a feed.
    Medical,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Enrolled,
        Self::Paid,
        Self::Rejected,
        Self::Reversed,
        Self::Refused,
        Self::Retired,
        Self::Carried,
        Self::Adjusted,
        Self::Medical,
    ];

    /// The kinds that answer a pharmacy: all but enrollment, feeds, retention and adjustment.
    pub const ANSWERS: [Self; 4] = [Self::Paid, Self::Rejected, Self::Reversed, Self::Refused];

    /// The kinds that decide something: those that answer a pharmacy, and adjustments.
    pub const DECISIONS: [Self; 5] =
        [Self::Paid, Self::Rejected, Self::Reversed, Self::Refused, Self::Adjusted];

    /// The kind of an event.
    pub fn of(event: &Event) -> Self {
        match event {
            Event::Enrolled { .. } => Self::Enrolled,
            Event::Decided { adjudication, .. } => match adjudication.outcome {
                Outcome::Paid(_) => Self::Paid,
                Outcome::Rejected(_) => Self::Rejected,
            },
            Event::Reversed { .. } => Self::Reversed,
            Event::Refused(_) => Self::Refused,
            Event::Retired => Self::Retired,
            Event::Carried { .. } => Self::Carried,
            Event::Adjusted(_) => Self::Adjusted,
            Event::Medical { .. } => Self::Medical,
        }
    }

    /// The word as it stands in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Enrolled => "enrolled",
            Self::Paid => "paid",
            Self::Rejected => "rejected",
            Self::Reversed => "reversed",
            Self::Refused => "refused",
            Self::Retired => "retired",
            Self::Carried => "carried",
            Self::Adjusted => "adjusted",
            Self::Medical => "medical",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| ParseError {
            found: text.chars().take(40).collect(),
            expected: "`enrolled`, `paid`, `rejected`, `reversed`, `refused`, `retired`, \
                       `carried`, `adjusted` or `medical`",
        })
    }
}
