//! What a plan's design did to a claim, beyond deductible, share and maximum.

use std::fmt;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::{Brought, Cents, Channel, Date, Ndc, Quantity, RejectCode};

/// What a rule of a plan found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the sentences in Display say what each field is")]
pub enum PlanFinding {
    /// A brand that the plan treats as its generic.
    #[n(0)]
    TreatedAsGeneric {
        #[n(0)]
        daw: u8,
        #[n(1)]
        generic: Ndc,
        #[n(2)]
        tier: u8,
    },
    /// The plan pays no more than a reference price.
    #[n(1)]
    ReferencePrice {
        #[n(0)]
        price: Cents,
        #[n(1)]
        of: Option<Ndc>,
    },
    /// A choice that counts toward deductible or maximum.
    #[n(2)]
    SelectionCounts {
        #[n(0)]
        deductible: Cents,
        #[n(1)]
        maximum: Cents,
    },
    /// A benefit maximum, and what it has left.
    #[n(3)]
    BenefitMaximum {
        #[n(0)]
        name: Box<str>,
        /// Dollars, fills or units.
        #[n(1)]
        left: Box<str>,
    },
    /// A refusal that a submission clarification (420-DK) lets pass.
    #[n(4)]
    Overridden {
        #[n(0)]
        code: RejectCode,
        #[n(1)]
        clarification: u16,
        #[n(2)]
        used: u16,
        #[n(3)]
        times: u16,
    },
    /// Fills that are still allowed elsewhere before a channel is mandatory.
    #[n(5)]
    GraceFill {
        #[n(0)]
        used: u16,
        #[n(1)]
        allowed: u16,
        #[n(2)]
        channel: Channel,
    },
    /// What the medical side has come to counts here, too.
    #[n(6)]
    MedicalCounts {
        /// The person's.
        #[n(0)]
        person: Brought,
        /// The family's, the person's among it.
        #[n(1)]
        family: Brought,
    },
    /// What was paid in this period under a group whose balances go on counts here, too.
    #[n(8)]
    Continues {
        /// The person's.
        #[n(0)]
        person: Brought,
        /// The family's, the person's among it.
        #[n(1)]
        family: Brought,
    },
    /// A part of a fill that is dispensed in two.
    #[n(9)]
    PartOfFill {
        /// What this part dispenses.
        #[n(0)]
        quantity: Quantity,
        /// What the part before it dispensed.
        #[n(1)]
        earlier: Quantity,
        /// What the whole is.
        #[n(2)]
        intended: Quantity,
    },
    /// What a part of a fill bears of an amount that is asked once for the whole.
    #[n(10)]
    BorneByPart {
        #[n(0)]
        whole: Cents,
    },
    /// What counted toward the deductible at the end of the last period counts here, too.
    #[n(7)]
    CarriedOver {
        /// The first day from which on it does.
        #[n(0)]
        since: Date,
        /// The person's.
        #[n(1)]
        person: Cents,
        /// The family's, the person's among it.
        #[n(2)]
        family: Cents,
    },
}

impl fmt::Display for PlanFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TreatedAsGeneric { daw, generic, tier } => {
                let generic = generic.hyphenated();
                write!(f, "DAW {daw}: shared as the generic {generic} of tier {tier} would be")
            }
            Self::ReferencePrice { price, of: Some(of) } => {
                write!(f, "the plan pays no more than ${price}, the price of {}", of.hyphenated())
            }
            Self::ReferencePrice { price, of: None } => {
                write!(f, "the plan pays no more than the listed ${price}")
            }
            Self::SelectionCounts { deductible, maximum } => write!(
                f,
                "of the choice ${deductible} count toward the deductible and ${maximum} toward \
                 the maximum"
            ),
            Self::BenefitMaximum { name, left } => {
                write!(f, "the benefit maximum {name} had {left} left")
            }
            Self::Overridden { code, clarification, used, times } => write!(
                f,
                "clarification {clarification} lets reject {code} pass, for the {} of {times} \
                 times",
                ordinal(used.saturating_add(1))
            ),
            Self::GraceFill { used, allowed, channel } => write!(
                f,
                "fill {} of the {allowed} that are allowed before {channel} is mandatory",
                used.saturating_add(1)
            ),
            Self::MedicalCounts { person, family } => {
                write!(f, "medical costs count: {}", Balances { person, family })
            }
            Self::Continues { person, family } => {
                write!(f, "an earlier group's balances go on: {}", Balances { person, family })
            }
            Self::PartOfFill { quantity, earlier, intended } if earlier.is_zero() => {
                write!(f, "a partial fill: {quantity} of {intended} units")
            }
            Self::PartOfFill { quantity, earlier, intended } => write!(
                f,
                "{quantity} units complete a partial fill of {earlier}; {intended} were intended"
            ),
            Self::BorneByPart { whole } => {
                write!(f, "what this part bears of ${whole} for the whole fill")
            }
            Self::CarriedOver { since, person, family } => write!(
                f,
                "of what counted toward the last deductible since {since}, ${person} of the \
                 person's and ${family} of the family's carry over"
            ),
        }
    }
}

/// What counts toward both limits, of a person and of a family.
struct Balances<'f> {
    person: &'f Brought,
    family: &'f Brought,
}

impl fmt::Display for Balances<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = |Brought { deductible, out_of_pocket, gross }: &Brought| match *gross {
            Cents::ZERO => {
                format!("${deductible} toward the deductible, ${out_of_pocket} toward the maximum")
            }
            _ => {
                format!("${out_of_pocket} of true out-of-pocket cost, ${gross} of gross drug cost")
            }
        };
        f.write_str(&words(self.person))?;
        if self.family == self.person {
            return Ok(());
        }
        write!(f, "; of the family {}", words(self.family))
    }
}

/// `1st`, `2nd`, `3rd`, `4th`, `11th`.
fn ordinal(number: u16) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}
