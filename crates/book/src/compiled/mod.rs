//! The compiled book: what the engine reads. Immutable, indexed, in memory; every rule keeps
//! the line of the document that it came from.

mod coordination;
mod dated;
mod design;
mod drug;
mod dur;
mod formulary;
mod measure;
mod network;
mod part_d;
mod plan;
mod price;
mod scope;

use openpbm_core::{Bin, BookVersion, Date, GroupId, Ndc, Npi, Pcn, Source};
use rustc_hash::FxHashMap;

pub use coordination::{Chase, CoordinationRule, CouponCounts, CouponRule, Reimbursement};
pub use dated::{Dated, Span};
pub use design::{
    BenefitMaximum, BenefitPeriod, Counts, DispenseAsWritten, MandatoryChannel, Most, Override,
    Reference, ReferencePrice, Written,
};
pub use drug::{BillingUnit, Drug, DrugId, DrugSet, Drugs, EquivalenceId, Product, Word, Words};
pub use dur::{DurConflict, DurRule};
pub use formulary::{
    Authorization, FirstFill, Formulary, PartB, Placement, Preventive, QuantityLimit, Sourced,
    StepTherapy,
};
pub use measure::Measure;
pub use network::{
    AdministrationFee, Basis, Contract, Network, PercentageTax, Pharmacy, Prescriber,
};
pub use part_d::{
    Discount, Insulin, LowIncome, PartD, Reinsurance, SelectedDrugs, Supplement, Transition,
};
pub use plan::{
    Accumulates, Borne, Coinsurance, CompoundRule, EmergencySupply, Exemption, Group, IncomeCap,
    Limit, LineOfBusiness, PartialFills, Plan, RefillRule, Share, ShareKind, Supply, SupplyStep,
};
pub use price::{Price, PriceList};
pub use scope::{DrugList, Scope, Supplied};

/// One document of a book, as it was compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Path below the book's folder, with `/`.
    pub path: Box<str>,
    /// SHA-256 of its bytes.
    pub digest: [u8; 32],
}

/// A position in one of the book's tables of dated things (plans, formularies, networks) or of
/// price lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ref(pub(crate) u16);

/// Everything negotiated or decided, at one version.
#[derive(Debug)]
pub struct Book {
    pub(crate) version: BookVersion,
    pub(crate) name: Box<str>,
    pub(crate) bin: Bin,
    pub(crate) pcn: Pcn,
    pub(crate) documents: Vec<Document>,
    pub(crate) groups: FxHashMap<GroupId, Dated<Group>>,
    pub(crate) plans: Vec<Dated<Plan>>,
    pub(crate) formularies: Vec<Dated<Formulary>>,
    pub(crate) networks: Vec<Dated<Network>>,
    pub(crate) pharmacies: FxHashMap<Npi, Pharmacy>,
    pub(crate) prescribers: FxHashMap<Npi, Prescriber>,
    pub(crate) drugs: Drugs,
    pub(crate) lists: Vec<PriceList>,
    pub(crate) dur: Vec<DurRule>,
    pub(crate) measures: Vec<Measure>,
}

impl Book {
    /// The content's digest; the same documents have the same version everywhere.
    pub const fn version(&self) -> BookVersion {
        self.version
    }

    /// The book's name, for people.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// 101-A1 that the book answers for.
    pub const fn bin(&self) -> Bin {
        self.bin
    }

    /// 104-A4 that the book answers for.
    pub const fn pcn(&self) -> Pcn {
        self.pcn
    }

    /// The documents, in the order that [`Source::document`] counts.
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// Where a rule stands, as `plans/ppo.toml:14`.
    pub fn locate(&self, source: Source) -> String {
        match self.documents.get(usize::from(source.document)) {
            Some(document) => format!("{}:{}", document.path, source.line),
            None => format!("document {}:{}", source.document, source.line),
        }
    }

    /// A group's contract over time.
    pub fn group(&self, id: GroupId) -> Option<&Dated<Group>> {
        self.groups.get(&id)
    }

    /// All groups, in no order.
    pub fn groups(&self) -> impl Iterator<Item = (&GroupId, &Dated<Group>)> {
        self.groups.iter()
    }

    /// The plan of a group on a day.
    pub fn plan(&self, group: &Group, date: Date) -> Option<&Plan> {
        self.plans.get(usize::from(group.plan.0))?.on(date)
    }

    /// All plans over time.
    pub fn plans(&self) -> &[Dated<Plan>] {
        &self.plans
    }

    /// The formulary of a plan on a day.
    pub fn formulary(&self, plan: &Plan, date: Date) -> Option<&Formulary> {
        self.formularies.get(usize::from(plan.formulary.0))?.on(date)
    }

    /// The first day of what places drugs on a day (a plan's version, or its formulary's if that
    /// is younger), and the formulary that placed them the day before; `None` if none did.
    pub fn formulary_before(&self, group: &Group, date: Date) -> Option<(Date, &Formulary)> {
        let plans = self.plans.get(usize::from(group.plan.0))?.rows().iter();
        let (of_plan, plan) = plans.into_iter().find(|(span, _)| span.holds(date))?;
        let versions = self.formularies.get(usize::from(plan.formulary.0))?.rows().iter();
        let (of_version, _) = versions.into_iter().find(|(span, _)| span.holds(date))?;
        let first = of_plan.from.max(of_version.from);
        let before = first.plus_days(-1);
        Some((first, self.formulary(self.plan(group, before)?, before)?))
    }

    /// All formularies over time.
    pub fn formularies(&self) -> &[Dated<Formulary>] {
        &self.formularies
    }

    /// A network's terms on a day.
    pub fn network(&self, network: Ref, date: Date) -> Option<&Network> {
        self.networks.get(usize::from(network.0))?.on(date)
    }

    /// All networks over time.
    pub fn networks(&self) -> &[Dated<Network>] {
        &self.networks
    }

    /// A pharmacy by its number.
    pub fn pharmacy(&self, npi: Npi) -> Option<&Pharmacy> {
        self.pharmacies.get(&npi)
    }

    /// All pharmacies, in no order.
    pub fn pharmacies(&self) -> impl Iterator<Item = &Pharmacy> {
        self.pharmacies.values()
    }

    /// A prescriber by number.
    pub fn prescriber(&self, npi: Npi) -> Option<&Prescriber> {
        self.prescribers.get(&npi)
    }

    /// All prescribers, in no order.
    pub fn prescribers(&self) -> impl Iterator<Item = &Prescriber> {
        self.prescribers.values()
    }

    /// The drugs.
    pub const fn drugs(&self) -> &Drugs {
        &self.drugs
    }

    /// The price of a product in a list on a day.
    pub fn price(&self, list: Ref, ndc: Ndc, date: Date) -> Option<&Price> {
        self.list(list)?.price(ndc, date)
    }

    /// A price list.
    pub fn list(&self, list: Ref) -> Option<&PriceList> {
        self.lists.get(usize::from(list.0))
    }

    /// All price lists.
    pub fn lists(&self) -> &[PriceList] {
        &self.lists
    }

    /// The drug utilization review rules, in the order of their document.
    pub fn dur_rules(&self) -> &[DurRule] {
        &self.dur
    }

    /// The measures of adherence, in the order of their document.
    pub fn measures(&self) -> &[Measure] {
        &self.measures
    }
}
