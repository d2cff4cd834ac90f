//! The book: everything negotiated or decided, as plain documents that are checked and
//! compiled into one immutable [`Book`].

mod compile;
mod compiled;
mod diff;
mod documents;
mod facts;
pub mod import;
mod publish;
mod show;

pub use compile::Checked;
pub use compiled::{
    Accumulates, AdministrationFee, Authorization, Basis, BenefitMaximum, BenefitPeriod,
    BillingUnit, Book, Borne, Chase, Coinsurance, CompoundRule, Contract, CoordinationRule, Counts,
    CouponCounts, CouponRule, Dated, Discount, DispenseAsWritten, Document, Drug, DrugId, DrugList,
    DrugSet, Drugs, DurConflict, DurRule, EmergencySupply, EquivalenceId, Exemption, FirstFill,
    Formulary, Group, IncomeCap, Insulin, Limit, LineOfBusiness, LowIncome, MandatoryChannel,
    Measure, Most, Network, Override, PartB, PartD, PartialFills, PercentageTax, Pharmacy,
    Placement, Plan, Prescriber, Preventive, Price, PriceList, Product, QuantityLimit, Ref,
    Reference, ReferencePrice, RefillRule, Reimbursement, Reinsurance, Scope, SelectedDrugs, Share,
    ShareKind, Sourced, Span, StepTherapy, Supplement, Supplied, Supply, SupplyStep, Transition,
    Word, Words, Written,
};
pub use diff::{Area, Change, ChangeKind, diff, diff_report};
pub use documents::{Documents, Folder, InMemory, Mistake, Mistakes, Severity};
pub use publish::{Activation, PublishOutcome, Published, Shelf, ShelfCopied, ShelfError, Stored};
pub use show::{DrugSheet, Line, Section, Summary};
