//! A decision: what was decided, and the ordered steps that sum to it.

use std::fmt;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::stored;
use crate::{
    Brought, Cents, Channel, Coordination, Date, DrugUse, Finding, GroupId, Ndc, Overflow, PartD,
    PersonCode, PriceBasis, ProductKind, QualifiedAmount, RejectCode, TaxBasis,
};

/// The thirteen stages, in the order in which a claim meets them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[derive(Serialize, Deserialize, Encode, Decode)]
#[cbor(index_only)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "each is the engine's module of the same name")]
pub enum Stage {
    #[n(0)]
    Eligibility,
    #[n(1)]
    Pharmacy,
    #[n(2)]
    Prescriber,
    #[n(3)]
    Product,
    #[n(4)]
    Duplicate,
    #[n(5)]
    Formulary,
    #[n(6)]
    Utilization,
    #[n(7)]
    Dur,
    #[n(8)]
    Authorization,
    #[n(9)]
    Pricing,
    #[n(10)]
    Benefit,
    #[n(11)]
    Coordination,
    #[n(12)]
    Response,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = format!("{self:?}").to_lowercase();
        f.pad(&name)
    }
}

/// The line of the book that a rule came from. The book names the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[derive(Serialize, Deserialize, Encode, Decode)]
pub struct Source {
    /// Position of the document in the book's list of documents.
    #[serde(rename = "d")]
    #[n(0)]
    pub document: u16,
    /// Line, from 1.
    #[serde(rename = "l")]
    #[n(1)]
    pub line: u32,
}

/// The balances that steps move, from zero to the outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[derive(Serialize, Deserialize, Encode, Decode)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Account {
    /// 506-F6.
    #[n(0)]
    IngredientCost,
    /// 507-F7.
    #[n(1)]
    DispensingFee,
    /// 517-FH.
    #[n(2)]
    Deductible,
    /// 518-FI.
    #[n(3)]
    Copay,
    /// 572-4U.
    #[n(4)]
    Coinsurance,
    /// 134-UK, the price of choosing a brand.
    #[n(5)]
    ProductSelection,
    /// What CMS pays of a Part D member's share.
    #[n(6)]
    LowIncomeSubsidy,
    /// What the manufacturer pays of an applicable drug of Part D.
    #[n(7)]
    ManufacturerDiscount,
    /// What CMS pays of a selected drug of Part D.
    #[n(8)]
    SelectedDrugSubsidy,
    /// What CMS pays above the threshold of Part D.
    #[n(9)]
    Reinsurance,
    /// What the plan pays of the standard member's share of Part D.
    #[n(10)]
    Supplemental,
    /// What the plan pays for the standard benefit of Part D.
    #[n(11)]
    BasicBenefit,
    /// 521-FL, a fee for giving a vaccine.
    #[n(12)]
    Incentive,
    /// 565-J4, all of them.
    #[n(13)]
    OtherAmounts,
    /// 558-AW.
    #[n(14)]
    FlatTax,
    /// 559-AX.
    #[n(15)]
    PercentageTax,
    /// 520-FK, what is above a benefit maximum.
    #[n(20)]
    OverBenefitMaximum,
    /// 566-J5, what other payers cover of the price.
    #[n(30)]
    OtherPayers,
    /// What an employer pays of what Part D leaves to the member.
    #[n(31)]
    EmployerWrap,
}

impl Account {
    /// Every account: what the pharmacy gets for the product, the member's five, what other
    /// payers cover, those who pay the rest of a Part D claim, and what the pharmacy gets beside
    /// the product.
    pub const ALL: [Self; 19] = [
        Self::IngredientCost,
        Self::DispensingFee,
        Self::Deductible,
        Self::Copay,
        Self::Coinsurance,
        Self::ProductSelection,
        Self::OverBenefitMaximum,
        Self::OtherPayers,
        Self::LowIncomeSubsidy,
        Self::ManufacturerDiscount,
        Self::SelectedDrugSubsidy,
        Self::Reinsurance,
        Self::Supplemental,
        Self::BasicBenefit,
        Self::EmployerWrap,
        Self::Incentive,
        Self::OtherAmounts,
        Self::FlatTax,
        Self::PercentageTax,
    ];
}

impl Account {
    /// What the pharmacy gets, from whomever.
    pub const PHARMACY: [Self; 6] = [
        Self::IngredientCost,
        Self::DispensingFee,
        Self::Incentive,
        Self::OtherAmounts,
        Self::FlatTax,
        Self::PercentageTax,
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
            Self::Incentive => "incentive amount",
            Self::OtherAmounts => "other amounts",
            Self::FlatTax => "flat sales tax",
            Self::PercentageTax => "percentage sales tax",
            Self::OtherPayers => "other payers",
            Self::OverBenefitMaximum => "above the benefit maximum",
            Self::LowIncomeSubsidy => "low-income subsidy",
            Self::ManufacturerDiscount => "manufacturer discount",
            Self::SelectedDrugSubsidy => "selected drug subsidy",
            Self::Reinsurance => "reinsurance",
            Self::Supplemental => "supplemental benefit",
            Self::BasicBenefit => "basic benefit",
            Self::EmployerWrap => "employer's wrap",
        })
    }
}

/// What a step did to one balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct AmountChange {
    /// Which balance.
    #[n(0)]
    pub account: Account,
    /// What it was.
    #[n(1)]
    pub before: Cents,
    /// What it is now.
    #[n(2)]
    pub after: Cents,
}

/// One reason of a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct Step {
    /// Where on the claim's way.
    #[n(0)]
    pub stage: Stage,
    /// What was found, in the terms of a rule.
    #[n(1)]
    pub finding: Finding,
    /// The line of the book that holds the rule; `None` for rules that no document can change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(2)]
    pub source: Option<Source>,
    /// What it did to a balance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(3)]
    pub amount: Option<AmountChange>,
}

/// The amounts of a paid claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct Paid {
    /// Whose accumulators it moved.
    #[n(0)]
    pub person: PersonCode,
    /// Under which group's plan.
    #[n(1)]
    pub group: GroupId,
    /// First day of the period that it counts in, by the plan: mostly the plan year.
    #[n(2)]
    pub plan_year: Date,
    /// The formulary tier that applied.
    #[n(3)]
    pub tier: u8,
    /// Brand or generic.
    #[n(4)]
    pub kind: ProductKind,
    /// 522-FM.
    #[n(5)]
    pub basis: PriceBasis,
    /// 506-F6.
    #[n(6)]
    pub ingredient_cost: Cents,
    /// 507-F7.
    #[n(7)]
    pub dispensing_fee: Cents,
    /// 517-FH.
    #[n(8)]
    pub deductible: Cents,
    /// 518-FI.
    #[n(9)]
    pub copay: Cents,
    /// 572-4U.
    #[n(10)]
    pub coinsurance: Cents,
    /// 134-UK, the price of choosing a product; how much of it counts, [`Design`] says.
    #[n(11)]
    pub product_selection: Cents,
    /// 512-FC, the person's deductible so far in the plan year, this claim included.
    #[n(12)]
    pub accumulated_deductible: Cents,
    /// 513-FD, what is left of the deductible; `None` where the plan has none.
    #[n(13)]
    pub remaining_deductible: Option<Cents>,
    /// The person's out-of-pocket cost so far in the plan year, this claim included.
    #[n(14)]
    pub accumulated_out_of_pocket: Cents,
    /// What is left of the out-of-pocket maximum; `None` where the plan has none.
    #[n(15)]
    pub remaining_out_of_pocket: Option<Cents>,
    /// What the pharmacy gets beside ingredient cost and dispensing fee.
    #[serde(default, skip_serializing_if = "stored::is_empty")]
    #[n(16)]
    #[cbor(with = "stored::sparse", has_nil)]
    pub beside: Beside,
    /// For a compound, the ingredient that decided, in its own quantity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(17)]
    pub compound: Option<DrugUse>,
    /// True if the pharmacy bought the product at a 340B price, so that no rebate is due.
    #[serde(default, skip_serializing_if = "stored::is_empty")]
    #[n(19)]
    #[cbor(with = "stored::sparse", has_nil)]
    pub bought_340b: bool,
    /// What the plan's design did beside.
    #[serde(default, skip_serializing_if = "stored::is_empty")]
    #[n(18)]
    #[cbor(with = "stored::sparse", has_nil)]
    pub design: Design,
    /// True if it is an emergency supply, paid without the authorization that the drug needs.
    #[serde(default, skip_serializing_if = "stored::is_empty")]
    #[n(20)]
    #[cbor(with = "stored::sparse", has_nil)]
    pub emergency_supply: bool,
    /// What others have to do with it.
    #[serde(default, skip_serializing_if = "stored::is_empty")]
    #[n(21)]
    #[cbor(with = "stored::sparse", has_nil)]
    pub coordination: Coordination,
    /// What of the accumulated amounts is not of the group's claims of the plan year: what the
    /// medical side has come to, what was paid under a group whose balances go on.
    #[serde(default, skip_serializing_if = "stored::is_empty")]
    #[n(22)]
    #[cbor(with = "stored::sparse", has_nil)]
    pub brought: Brought,
}

/// What a plan's design did to a claim, where it did something, and what later claims must know
/// of it.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(default)]
pub struct Design {
    /// How the member got it, where that was not at retail.
    #[serde(skip_serializing_if = "stored::is_empty")]
    #[n(0)]
    pub channel: Option<Channel>,
    /// What of the product selection counts toward the deductible.
    #[serde(skip_serializing_if = "stored::is_empty")]
    #[n(1)]
    #[cbor(with = "stored::sparse", has_nil)]
    pub selection_toward_deductible: Cents,
    /// What of the product selection counts toward the out-of-pocket maximum.
    #[serde(skip_serializing_if = "stored::is_empty")]
    #[n(2)]
    #[cbor(with = "stored::sparse", has_nil)]
    pub selection_toward_maximum: Cents,
    /// 520-FK, what the member pays because a benefit maximum is reached; counts toward nothing.
    #[serde(skip_serializing_if = "stored::is_empty")]
    #[n(3)]
    #[cbor(with = "stored::sparse", has_nil)]
    pub over_benefit_maximum: Cents,
    /// 420-DK, the clarification that let a refusal pass, which a plan may count.
    #[serde(skip_serializing_if = "stored::is_empty")]
    #[n(4)]
    pub clarification: Option<u16>,
    /// What the plan pays of sales tax beside its benefit, where it pays that alone.
    #[serde(skip_serializing_if = "stored::is_empty")]
    #[n(5)]
    #[cbor(with = "stored::sparse", has_nil)]
    pub plan_tax: Cents,
}

/// What a pharmacy gets beside ingredient cost and dispensing fee.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(default)]
pub struct Beside {
    /// 521-FL, a fee for giving a vaccine.
    #[n(0)]
    pub incentive: Cents,
    /// 565-J4 under 564-J3.
    #[n(1)]
    pub other_amounts: [Option<QualifiedAmount>; 3],
    /// 558-AW.
    #[n(2)]
    pub flat_tax: Cents,
    /// 559-AX.
    #[n(3)]
    pub percentage_tax: Cents,
    /// 560-AY, in ten-thousandths of a percent.
    #[n(4)]
    pub tax_rate: Option<u32>,
    /// 561-AZ.
    #[n(5)]
    pub tax_basis: Option<TaxBasis>,
}

impl Beside {
    /// The other amounts together.
    pub fn other(&self) -> Result<Cents, Overflow> {
        Cents::sum(self.other_amounts.iter().flatten().map(|other| other.amount))
    }

    /// All of it.
    pub fn total(&self) -> Result<Cents, Overflow> {
        Cents::sum([self.incentive, self.other()?, self.flat_tax, self.percentage_tax])
    }
}

impl Paid {
    /// The balance of an account of pharmacy or member; `None` for those that pay the rest of a
    /// Part D claim.
    pub fn balance(&self, account: Account) -> Option<Cents> {
        Some(match account {
            Account::IngredientCost => self.ingredient_cost,
            Account::DispensingFee => self.dispensing_fee,
            Account::Deductible => self.deductible,
            Account::Copay => self.copay,
            Account::Coinsurance => self.coinsurance,
            Account::ProductSelection => self.product_selection,
            Account::Incentive => self.beside.incentive,
            Account::OtherAmounts => self.beside.other().ok()?,
            Account::FlatTax => self.beside.flat_tax,
            Account::PercentageTax => self.beside.percentage_tax,
            Account::OtherPayers => self.coordination.other_payers,
            Account::OverBenefitMaximum => self.design.over_benefit_maximum,
            Account::LowIncomeSubsidy
            | Account::ManufacturerDiscount
            | Account::SelectedDrugSubsidy
            | Account::Reinsurance
            | Account::Supplemental
            | Account::BasicBenefit
            | Account::EmployerWrap => return None,
        })
    }

    /// What the pharmacy gets in all: ingredient cost, dispensing fee and what is beside them.
    pub fn price(&self) -> Result<Cents, Overflow> {
        Cents::sum([self.ingredient_cost, self.dispensing_fee, self.beside.total()?])
    }

    /// 505-F5, what the patient pays.
    pub fn patient_pay(&self) -> Result<Cents, Overflow> {
        Cents::sum([
            self.deductible,
            self.copay,
            self.coinsurance,
            self.product_selection,
            self.design.over_benefit_maximum,
        ])
    }

    /// What the member owes of a share, at most what is there to be owed: what other payers and
    /// a coupon had of the claim as the pharmacy was `answered` nobody owes again.
    ///
    /// # Errors
    ///
    /// [`Overflow`] if an amount does not fit.
    pub fn owed_by_member(&self, answered: &Self) -> Result<Cents, Overflow> {
        let shared = &answered.coordination;
        let rest = shared.rest_of(answered.price()?)?;
        Ok(shared.coupon.left_of(self.patient_pay()?.min(rest)))
    }

    /// 509-F9, what the plan pays the pharmacy.
    pub fn plan_pays(&self) -> Result<Cents, Overflow> {
        self.coordination.rest_of(self.price()?)?.minus(self.patient_pay()?)
    }

    /// What the plan pays by its benefit: all that it pays but for sales tax that it pays alone.
    pub fn benefit_pays(&self) -> Result<Cents, Overflow> {
        self.plan_pays()?.minus(self.design.plan_tax)
    }

    /// True if both come to the same, wherever the balances of the plan year stood by then.
    pub fn comes_to(&self, other: &Self) -> bool {
        let there = Self {
            accumulated_deductible: other.accumulated_deductible,
            remaining_deductible: other.remaining_deductible,
            accumulated_out_of_pocket: other.accumulated_out_of_pocket,
            remaining_out_of_pocket: other.remaining_out_of_pocket,
            brought: other.brought,
            ..*self
        };
        there == *other
    }

    /// What counts toward the deductible, once what a coupon paid is left out.
    pub fn counted_deductible(&self) -> Result<Cents, Overflow> {
        self.toward_deductible()?.minus(self.coordination.uncounted_deductible)
    }

    /// What counts toward the out-of-pocket maximum, once what a coupon paid is left out.
    pub fn counted_out_of_pocket(&self) -> Result<Cents, Overflow> {
        self.out_of_pocket()?.minus(self.coordination.uncounted_out_of_pocket)
    }

    /// The shares of the kinds that count toward the out-of-pocket maximum.
    pub fn out_of_pocket(&self) -> Result<Cents, Overflow> {
        let selection = self.design.selection_toward_maximum;
        Cents::sum([self.deductible, self.copay, self.coinsurance, selection])
    }

    /// What counts toward the deductible.
    pub fn toward_deductible(&self) -> Result<Cents, Overflow> {
        self.deductible.plus(self.design.selection_toward_deductible)
    }
}

/// A covered product that the member could have instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct Alternative {
    /// 553-AR, the product.
    #[n(0)]
    pub ndc: Ndc,
    /// Its name, 556-AU.
    #[n(1)]
    pub name: Box<str>,
    /// What the member would pay here today for the same days' supply.
    #[n(2)]
    pub patient_pay: Cents,
}

/// A drug utilization review alert, sent in the response's DUR segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct DurAlert {
    /// 439-E4, like `DD` for an interaction.
    #[n(0)]
    pub reason: Box<str>,
    /// 528-FS, 1 for major.
    #[n(1)]
    pub significance: u8,
    /// 544-FY, what conflicts.
    #[n(2)]
    pub text: Box<str>,
    /// 530-FU, the day of the fill that conflicts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(3)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[expect(
    clippy::large_enum_variant,
    reason = "one outcome lives in each decision; a box would cost every claim an allocation"
)]
pub enum Outcome {
    /// Paid, with the amounts.
    #[n(0)]
    Paid(#[n(0)] Paid),
    /// Refused for up to five reasons, in order of precedence. The steps hold the words.
    #[n(1)]
    Rejected(#[n(0)] Vec<RejectCode>),
}

/// A decision with its reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct Adjudication {
    /// What was decided.
    #[n(0)]
    pub outcome: Outcome,
    /// Why, in order.
    #[n(1)]
    pub steps: Vec<Step>,
    /// What the pharmacist should know of interactions and allergies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[n(2)]
    pub alerts: Vec<DurAlert>,
    /// The day on which a refill that came too soon is possible.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(3)]
    pub next_fill: Option<Date>,
    /// What is covered instead, cheapest for the member first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[n(4)]
    pub alternatives: Vec<Alternative>,
    /// How a paid claim of Medicare Part D divides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(5)]
    pub part_d: Option<Box<PartD>>,
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
    /// The member would pay a negative amount, or more than others leave of the price.
    #[error("the patient pays {patient} of a price of {price}")]
    Share {
        /// 505-F5.
        patient: Cents,
        /// All that the pharmacy gets.
        price: Cents,
    },
    /// The parts of a Part D claim are not its price.
    #[error("the phases sum to {phases} and the payers to {payers}, of a price of {price}")]
    Parts {
        /// By phases.
        phases: Cents,
        /// By payers, the member included.
        payers: Cents,
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
                let rest = paid.coordination.rest_of(price)?;
                let fair = !patient.is_negative() && patient <= rest && rest <= price;
                if !fair {
                    return Err(SumError::Share { patient, price });
                }
                self.part_d.as_ref().map_or(Ok(()), |part_d| {
                    let (phases, payers) = (part_d.by_phase()?, part_d.by_others()?.plus(patient)?);
                    let same = phases == price && payers == price;
                    if same { Ok(()) } else { Err(SumError::Parts { phases, payers, price }) }
                })
            }
        }
    }

    /// The balance of an account, of a claim with these amounts.
    fn balance(&self, account: Account, paid: &Paid) -> Cents {
        let part_d = self.part_d.as_deref().and_then(|part_d| part_d.balance(account));
        paid.balance(account).or(part_d).unwrap_or_default()
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
        let expected = self.balance(account, paid);
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
