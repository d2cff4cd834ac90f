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
    AgeTier, Authorization, Basis, BillingUnit, Book, Contract, Dated, Document, Drug, DrugId,
    DrugSet, Drugs, DurConflict, DurRule, EquivalenceId, Exemption, FirstFill, Formulary, Group,
    Limit, LineOfBusiness, Network, Pharmacy, Placement, Plan, Prescriber, Price, PriceList,
    Product, QuantityLimit, Ref, RefillRule, Share, ShareKind, Sourced, Span, StepTherapy, Supply,
    SupplyStep, Word, Words,
};
pub use diff::{Area, Change, ChangeKind, diff, diff_report};
pub use documents::{Documents, Folder, InMemory, Mistake, Mistakes, Severity};
pub use publish::{Activation, PublishOutcome, Published, Shelf, ShelfError, Stored};
pub use show::{DrugSheet, Line, Section, Summary};
