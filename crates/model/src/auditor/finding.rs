//! What the auditor has to say. No message names a person or a card: the family is a field.

use std::fmt;

use openpbm_core::{BookVersion, FamilyId, SumError};

use crate::{Answer, Reply};

/// Something that is not as it should be. A family's first finding is its only one: what follows
/// from it would say nothing new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Whose card, invented like everything else of a workload.
    pub family: FamilyId,
    /// The family's entry that it is about, if it is about one.
    pub version: Option<u64>,
    /// What is wrong.
    pub wrong: Wrong,
}

/// What can be wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// The journal holds something that no pharmacy ever sent.
    NeverSent,
    /// The journal holds something more often than it was sent.
    AppliedTooOften {
        /// How many copies of it left the pharmacy.
        sent: usize,
    },
    /// A claim was paid that was paid already.
    PaidTwice,
    /// The decision is not what the model decides there.
    Decision {
        /// What the model answers.
        model: Box<Answer>,
        /// What the journal says.
        found: Box<Answer>,
    },
    /// The steps of a decision do not lead to its outcome.
    Sums(SumError),
    /// The book of a decision is not one that was published.
    UnknownBook(BookVersion),
    /// A book decided before it was published, or after it was withdrawn.
    BookNotInForce(BookVersion),
    /// The reversal or rebill took back another claim than the one meant, or none.
    AnotherFill,
    /// Members that no enrollment stated.
    NeverEnrolled,
    /// The entries of the family do not follow each other.
    Gap {
        /// The version of the entry.
        found: u64,
        /// The version that comes next.
        expected: u64,
    },
    /// What the entry said is no longer there.
    Retired,
    /// What was acknowledged is not in the journal.
    Missing(Box<Reply>),
    /// An answer left before what it says was in the journal.
    NotYetDurable(Box<Reply>),
    /// An answer is not what the journal says under its id.
    Contradicts {
        /// What was answered.
        answered: Box<Reply>,
        /// What the journal says.
        recorded: Box<Reply>,
    },
    /// An answer names an entry of another request.
    AnotherRequest(Box<Reply>),
    /// Two requests were answered with the same decision, which was made for one of them.
    AnsweredTwice(Box<Reply>),
    /// A claim was called a duplicate of one that was not paid at that time.
    NotPaidThen(Box<Reply>),
    /// A reversal was told that its claim was never paid, after the pharmacy had been told that
    /// it was.
    NotFound(Box<Reply>),
    /// An inquiry was not answered as the model answers it.
    Inquiry {
        /// What the model answers.
        model: Box<Reply>,
        /// What was answered.
        answered: Box<Reply>,
    },
    /// Something was answered, and stands in the journal behind what was asked only later.
    OutOfOrder,
    /// The store's family is not what its entries lead to.
    State(&'static str),
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.version {
            Some(version) => write!(f, "entry {version} of its family: {}", self.wrong),
            None => write!(f, "{}", self.wrong),
        }
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = |reply: &Reply| reply.id.map(|id| id.to_string()).unwrap_or_default();
        match self {
            Self::NeverSent => write!(f, "nobody sent it"),
            Self::AppliedTooOften { sent } => write!(f, "applied more often than sent ({sent})"),
            Self::PaidTwice => write!(f, "the claim was paid already"),
            Self::Decision { model, found } => {
                write!(f, "decided `{}`, expected `{}`", found.brief(), model.brief())?;
                if found.brief() == model.brief() {
                    write!(f, ": {found:?}, {model:?}")
                } else {
                    Ok(())
                }
            }
            Self::Sums(error) => write!(f, "{error}"),
            Self::UnknownBook(book) => {
                write!(f, "decided by book {book:?}, which nobody published")
            }
            Self::BookNotInForce(book) => write!(f, "decided by book {book:?}, not in force then"),
            Self::AnotherFill => write!(f, "takes back another claim than the one meant"),
            Self::NeverEnrolled => write!(f, "enrolls members that no file stated"),
            Self::Gap { found, expected } => {
                write!(f, "found version {found}, expected {expected}")
            }
            Self::Retired => write!(f, "what it said is no longer there"),
            Self::Missing(reply) => write!(f, "{} was acknowledged and is missing", id(reply)),
            Self::NotYetDurable(reply) => {
                write!(f, "{} was acknowledged before it was in the journal", id(reply))
            }
            Self::Contradicts { answered, recorded } => {
                write!(f, "answered {answered:?}, the journal says {recorded:?}")
            }
            Self::AnotherRequest(reply) => write!(f, "{} belongs to another request", id(reply)),
            Self::AnsweredTwice(reply) => write!(f, "{} was the answer to two requests", id(reply)),
            Self::NotPaidThen(reply) => {
                write!(f, "called a duplicate of {}, which was not paid then", id(reply))
            }
            Self::NotFound(reply) => {
                write!(
                    f,
                    "{}: the reversal did not find a claim that was known to be paid",
                    id(reply)
                )
            }
            Self::Inquiry { model, answered } => {
                write!(f, "inquiry answered {answered:?}, expected {model:?}")
            }
            Self::OutOfOrder => {
                write!(f, "answered before something was sent that stands before it")
            }
            Self::State(what) => write!(f, "the store's {what} are not what the entries lead to"),
        }
    }
}

/// How much was audited.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Families that something was asked about.
    pub families: u64,
    /// Different requests.
    pub requests: u64,
    /// Transmissions: the same request may have been sent several times.
    pub sent: u64,
    /// Transmissions that were answered.
    pub answered: u64,
    /// Requests of which no transmission was ever answered.
    pub unanswered: u64,
    /// Entries of the journal.
    pub entries: u64,
    /// Claims that were paid.
    pub paid: u64,
    /// Claims that were taken back.
    pub reversed: u64,
    /// Claims that were decided again and come to other amounts.
    pub adjusted: u64,
    /// Answers that called a claim a duplicate.
    pub duplicates: u64,
}

/// The end of an audit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// What is wrong, in the order in which it was found.
    pub findings: Vec<Finding>,
    /// How much was audited.
    pub tally: Tally,
}
