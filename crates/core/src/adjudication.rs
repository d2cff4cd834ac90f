//! A decision: what was decided, and the ordered steps that sum to it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    Cents, Date, Finding, GroupId, Ndc, Overflow, PersonCode, PriceBasis, ProductKind, RejectCode,
};

/// The thirteen stages, in the order in which a claim meets them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "each is the engine's module of the same name")]
pub enum Stage {
    Eligibility,
    Pharmacy,
    Prescriber,
    Product,
    Duplicate,
    Formulary,
    Utilization,
    Dur,
    Authorization,
    Pricing,
    Benefit,
    Coordination,
    Response,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = format!("{self:?}").to_lowercase();
        f.pad(&name)
    }
}

/// The line of the book that a rule came from. The book names the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Source {
    /// Position of the document in the book's list of documents.
    #[serde(rename = "d")]
    pub document: u16,
    /// Line, from 1.
    #[serde(rename = "l")]
    pub line: u32,
}

/// The balances that steps move, from zero to the outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Account {
    /// 506-F6.
    IngredientCost,
    /// 507-F7.
    DispensingFee,
    /// 517-FH.
    Deductible,
    /// 518-FI.
    Copay,
    /// 572-4U.
    Coinsurance,
    /// 134-UK, the price of choosing a brand.
    ProductSelection,
}

impl Account {
    /// Every account: the pharmacy's two, then the member's four.
    pub const ALL: [Self; 6] = [
        Self::IngredientCost,
        Self::DispensingFee,
        Self::Deductible,
        Self::Copay,
        Self::Coinsurance,
        Self::ProductSelection,
    ];
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::IngredientCost => "ingredient cost",
            Self::DispensingFee => "dispensing fee",
            Self::Deductible => "deductible",
            Self::Copay => "copay",
            Self::Coinsurance => "coinsurance",
            Self::ProductSelection => "product selection",
        })
    }
}

/// What a step did to one balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AmountChange {
    /// Which balance.
    pub account: Account,
    /// What it was.
    pub before: Cents,
    /// What it is now.
    pub after: Cents,
}

/// One reason of a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Where on the claim's way.
    pub stage: Stage,
    /// What was found, in the terms of a rule.
    pub finding: Finding,
    /// The line of the book that holds the rule; `None` for rules that no document can change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// What it did to a balance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<AmountChange>,
}

/// The amounts of a paid claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paid {
    /// Whose accumulators it moved.
    pub person: PersonCode,
    /// Under which group's plan.
    pub group: GroupId,
    /// First day of the plan year that it counts in.
    pub plan_year: Date,
    /// The formulary tier that applied.
    pub tier: u8,
    /// Brand or generic.
    pub kind: ProductKind,
    /// 522-FM.
    pub basis: PriceBasis,
    /// 506-F6.
    pub ingredient_cost: Cents,
    /// 507-F7.
    pub dispensing_fee: Cents,
    /// 517-FH.
    pub deductible: Cents,
    /// 518-FI.
    pub copay: Cents,
    /// 572-4U.
    pub coinsurance: Cents,
    /// 134-UK; counts toward nothing.
    pub product_selection: Cents,
    /// 512-FC, the person's deductible so far in the plan year, this claim included.
    pub accumulated_deductible: Cents,
    /// 513-FD, what is left of the deductible; `None` where the plan has none.
    pub remaining_deductible: Option<Cents>,
    /// The person's out-of-pocket cost so far in the plan year, this claim included.
    pub accumulated_out_of_pocket: Cents,
    /// What is left of the out-of-pocket maximum; `None` where the plan has none.
    pub remaining_out_of_pocket: Option<Cents>,
}

impl Paid {
    /// The balance of an account.
    pub const fn balance(&self, account: Account) -> Cents {
        match account {
            Account::IngredientCost => self.ingredient_cost,
            Account::DispensingFee => self.dispensing_fee,
            Account::Deductible => self.deductible,
            Account::Copay => self.copay,
            Account::Coinsurance => self.coinsurance,
            Account::ProductSelection => self.product_selection,
        }
    }

    /// What the pharmacy gets in all: ingredient cost and dispensing fee.
    pub fn price(&self) -> Result<Cents, Overflow> {
        self.ingredient_cost.plus(self.dispensing_fee)
    }

    /// 505-F5, what the patient pays.
    pub fn patient_pay(&self) -> Result<Cents, Overflow> {
        self.out_of_pocket()?.plus(self.product_selection)
    }

    /// 509-F9, what the plan pays the pharmacy.
    pub fn plan_pays(&self) -> Result<Cents, Overflow> {
        self.price()?.minus(self.patient_pay()?)
    }

    /// What counts toward the out-of-pocket maximum.
    pub fn out_of_pocket(&self) -> Result<Cents, Overflow> {
        Cents::sum([self.deductible, self.copay, self.coinsurance])
    }
}

/// A covered product that the member could have instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alternative {
    /// 553-AR, the product.
    pub ndc: Ndc,
    /// Its name, 556-AU.
    pub name: Box<str>,
    /// What the member would pay here today for the same days' supply.
    pub patient_pay: Cents,
}

/// A drug utilization review alert, sent in the response's DUR segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DurAlert {
    /// 439-E4, like `DD` for an interaction.
    pub reason: Box<str>,
    /// 528-FS, 1 for major.
    pub significance: u8,
    /// 544-FY, what conflicts.
    pub text: Box<str>,
    /// 530-FU, the day of the fill that conflicts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_fill: Option<Date>,
}

/// Why a claim is refused: the code, and what the pharmacist can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// 511-FB.
    pub code: RejectCode,
    /// 526-FQ, in words.
    pub message: String,
}

/// What was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Paid, with the amounts.
    Paid(Paid),
    /// Refused for up to five reasons, in order of precedence. The steps hold the words.
    Rejected(Vec<RejectCode>),
}

/// A decision with its reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adjudication {
    /// What was decided.
    pub outcome: Outcome,
    /// Why, in order.
    pub steps: Vec<Step>,
    /// What the pharmacist should know of interactions and allergies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alerts: Vec<DurAlert>,
    /// The day on which a refill that came too soon is possible.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_fill: Option<Date>,
    /// What is covered instead, cheapest for the member first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<Alternative>,
}

/// Steps that do not lead to their outcome.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SumError {
    /// A step starts from another balance than the one before it left.
    #[error("{account}: a step starts at {found}, the one before it ended at {expected}")]
    Chain {
        /// Which balance.
        account: Account,
        /// Where the step starts.
        found: Cents,
        /// Where it should start.
        expected: Cents,
    },
    /// The last step of a balance does not end at the outcome.
    #[error("{account}: the steps end at {found}, the outcome says {expected}")]
    Outcome {
        /// Which balance.
        account: Account,
        /// Where the steps end.
        found: Cents,
        /// What the outcome says.
        expected: Cents,
    },
    /// The member would pay a negative amount, or more than the price.
    #[error("the patient pays {patient} of a price of {price}")]
    Share {
        /// 505-F5.
        patient: Cents,
        /// Ingredient cost and fee.
        price: Cents,
    },
    /// The codes of the outcome are not those of the steps.
    #[error("the outcome's reject codes are not those of the steps")]
    Codes,
    /// An amount does not fit.
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

impl Adjudication {
    /// The amounts, if it was paid.
    pub const fn paid(&self) -> Option<&Paid> {
        match &self.outcome {
            Outcome::Paid(paid) => Some(paid),
            Outcome::Rejected(_) => None,
        }
    }

    /// The reasons for refusal, in order of precedence: at most five codes, each once, with the
    /// words of every step that gives it.
    pub fn rejections(&self) -> Vec<Rejection> {
        let mut rejections: Vec<Rejection> = Vec::new();
        for (code, message) in self.steps.iter().filter_map(refusal) {
            match rejections.iter_mut().find(|rejection| rejection.code == code) {
                Some(known) => {
                    known.message.push_str("; ");
                    known.message.push_str(message);
                }
                None => rejections.push(Rejection { code, message: message.to_owned() }),
            }
        }
        rejections.sort_by_key(|rejection| rejection.code);
        rejections.truncate(5);
        rejections
    }

    /// Checks that the steps lead to the outcome: each balance goes from zero, step by step, to
    /// the amount of the outcome, and nobody pays more than the price.
    pub fn check_sums(&self) -> Result<(), SumError> {
        match &self.outcome {
            Outcome::Rejected(codes) => {
                let steps = self.rejections();
                let same = codes.iter().eq(steps.iter().map(|r| &r.code)) && !codes.is_empty();
                if same { Ok(()) } else { Err(SumError::Codes) }
            }
            Outcome::Paid(paid) => {
                Account::ALL.into_iter().try_for_each(|a| self.check_account(a, paid))?;
                if self.steps.iter().any(|step| refusal(step).is_some()) {
                    return Err(SumError::Codes);
                }
                let (patient, price) = (paid.patient_pay()?, paid.price()?);
                let fair = !patient.is_negative() && patient <= price;
                if fair { Ok(()) } else { Err(SumError::Share { patient, price }) }
            }
        }
    }

    fn check_account(&self, account: Account, paid: &Paid) -> Result<(), SumError> {
        let changes = self.steps.iter().filter_map(|s| s.amount).filter(|a| a.account == account);
        let mut balance = Cents::ZERO;
        for change in changes {
            if change.before != balance {
                let (found, expected) = (change.before, balance);
                return Err(SumError::Chain { account, found, expected });
            }
            balance = change.after;
        }
        let expected = paid.balance(account);
        if balance == expected {
            Ok(())
        } else {
            Err(SumError::Outcome { account, found: balance, expected })
        }
    }
}

fn refusal(step: &Step) -> Option<(RejectCode, &str)> {
    match &step.finding {
        Finding::Refused { code, message } => Some((*code, message)),
        _ => None,
    }
}
