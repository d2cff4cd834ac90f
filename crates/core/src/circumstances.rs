//! What a member's benefit depends on beside coverage, as enrollment files state it: who is
//! exempt from cost sharing, the household's income, and which other payers cover the member.

use std::fmt;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::stored::{is_empty, sparse};
use crate::{Bin, CardholderId, Cents, Date, Ndc, Pcn};

/// What holds of a member for a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct During<T> {
    /// What holds.
    #[n(0)]
    pub what: T,
    /// First day; `None` if it always held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(1)]
    pub from: Option<Date>,
    /// Last day; `None` while it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(2)]
    pub to: Option<Date>,
}

impl<T> During<T> {
    /// Reads `what`, `what@2026-03-01..`, `what@..2026-06-30` or
    /// `what@2026-03-01..2026-06-30`: what holds, and from when to when.
    pub fn parse(text: &str, what: impl FnOnce(&str) -> Option<T>) -> Option<Self> {
        let (text, span) = text.split_once('@').unwrap_or((text, ".."));
        let (from, to) = span.split_once("..")?;
        let day = |text: &str| match text {
            "" => Some(None),
            text => text.parse().ok().map(Some),
        };
        let (from, to) = (day(from)?, day(to)?);
        let in_order = from.zip(to).is_none_or(|(from, to)| from <= to);
        in_order.then_some(Self { what: what(text)?, from, to })
    }

    /// True if the span holds the day.
    pub fn holds(&self, date: Date) -> bool {
        self.from.is_none_or(|from| from <= date) && self.to.is_none_or(|to| date <= to)
    }
}

/// A time in Medicare's Prescription Payment Plan (42 CFR 423.137), which goes on from year to
/// year until it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct InPaymentPlan {
    /// First day: the day on which the election is effective.
    #[n(0)]
    pub from: Date,
    /// Last day; `None` while the member stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(1)]
    pub to: Option<Date>,
}

impl InPaymentPlan {
    /// Reads `2026-04-01..` or `2026-04-01..2026-08-31`.
    pub fn parse(text: &str) -> Option<Self> {
        let During { what: (), from, to } = During::parse(&format!("@{text}"), |_| Some(()))?;
        Some(Self { from: from?, to })
    }

    /// True if the span holds the day.
    pub fn holds(&self, date: Date) -> bool {
        self.from <= date && self.to.is_none_or(|to| date <= to)
    }

    /// True if some day of the calendar year is in the span.
    pub fn touches(&self, year: i32) -> bool {
        self.from.ymd().0 <= year && self.to.is_none_or(|to| year <= to.ymd().0)
    }
}

/// Who may not be charged a share by Medicaid, beside children and pregnant women
/// (42 CFR 447.56(a)(1)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
#[cbor(index_only)]
#[serde(rename_all = "kebab-case")]
pub enum ExemptGroup {
    /// American Indians and Alaska Natives who are or were served by an Indian health care
    /// provider; (x).
    #[n(0)]
    AmericanIndian,
    /// Women in the breast and cervical cancer program; (xi).
    #[n(1)]
    BreastCervicalCancer,
    /// Children in foster care or with adoption assistance; (iv).
    #[n(2)]
    FosterCare,
    /// The terminally ill who receive hospice care; (ix).
    #[n(3)]
    Hospice,
    /// Persons in an institution who give nearly all of their income for its costs; (viii).
    #[n(4)]
    Institution,
}

impl ExemptGroup {
    /// Every group, with the word that books and enrollment files have for it.
    pub const ALL: [(&str, Self); 5] = [
        ("american-indian", Self::AmericanIndian),
        ("breast-cervical-cancer", Self::BreastCervicalCancer),
        ("foster-care", Self::FosterCare),
        ("hospice", Self::Hospice),
        ("institution", Self::Institution),
    ];
}

impl fmt::Display for ExemptGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::AmericanIndian => "American Indians and Alaska Natives",
            Self::BreastCervicalCancer => "the breast and cervical cancer program",
            Self::FosterCare => "foster care",
            Self::Hospice => "hospice care",
            Self::Institution => "an institution",
        })
    }
}

/// What kind of payer another one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
#[cbor(index_only)]
#[serde(rename_all = "kebab-case")]
pub enum PayerKind {
    /// An employer's or an individual's plan.
    #[n(0)]
    Commercial,
    /// Medicare Parts A and B.
    #[n(1)]
    Medicare,
    /// A Medicare Part D plan.
    #[n(2)]
    PartD,
    /// Medicaid.
    #[n(3)]
    Medicaid,
    /// TRICARE or CHAMPVA.
    #[n(4)]
    Tricare,
    /// A liable third party: workers' compensation, an automobile insurer.
    #[n(5)]
    Liability,
    /// Coverage that a parent owes through child support enforcement.
    #[n(6)]
    ChildSupport,
}

impl PayerKind {
    /// Every kind, with the word that books and enrollment files have for it.
    pub const ALL: [(&str, Self); 7] = [
        ("commercial", Self::Commercial),
        ("medicare", Self::Medicare),
        ("part-d", Self::PartD),
        ("medicaid", Self::Medicaid),
        ("tricare", Self::Tricare),
        ("liability", Self::Liability),
        ("child-support", Self::ChildSupport),
    ];
}

/// Whether another payer pays before this plan or after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
#[cbor(index_only)]
#[serde(rename_all = "lowercase")]
pub enum PayerOrder {
    /// Before: this plan is secondary to it.
    #[n(0)]
    Before,
    /// After: this plan is primary.
    #[n(1)]
    After,
}

/// Another payer that covers the member, on file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct OtherCoverage {
    /// The payer's name, which the pharmacy is told.
    #[n(0)]
    pub payer: String,
    /// What kind of payer.
    #[n(1)]
    pub kind: PayerKind,
    /// Who comes first.
    #[n(2)]
    pub pays: PayerOrder,
    /// 101-A1 of the payer, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(3)]
    pub bin: Option<Bin>,
    /// 104-A4 of the payer, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(4)]
    pub pcn: Option<Pcn>,
    /// The member's cardholder id there, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(5)]
    pub cardholder: Option<CardholderId>,
}

/// What a member's benefit depends on beside coverage.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(default)]
pub struct Circumstances {
    /// Groups that are exempt from cost sharing.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(0)]
    #[cbor(with = "sparse", has_nil)]
    pub exempt: Vec<During<ExemptGroup>>,
    /// The household's income a month, above zero, as it was found for eligibility.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(1)]
    #[cbor(with = "sparse", has_nil)]
    pub monthly_income: Vec<During<Cents>>,
    /// Other payers, in the order in which they pay.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(2)]
    #[cbor(with = "sparse", has_nil)]
    pub other_coverage: Vec<During<OtherCoverage>>,
    /// The copay category of Medicare's full low-income subsidy (42 CFR 423.772 to 423.800), as
    /// CMS tells it to the plan: 1 income above 100% of poverty, 2 a full-benefit dual up to it,
    /// 3 a dual in an institution or with home and community-based services.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(3)]
    #[cbor(with = "sparse", has_nil)]
    pub low_income: Vec<During<u8>>,
    /// Products for which the plan has approved a prior authorization; each means every product
    /// of the same ingredient, strength and form.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(4)]
    #[cbor(with = "sparse", has_nil)]
    pub authorizations: Vec<During<Ndc>>,
    /// When the member's share of Part D was billed by the month, in order; one span a calendar
    /// year at most.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(5)]
    #[cbor(with = "sparse", has_nil)]
    pub payment_plan: Vec<InPaymentPlan>,
}

impl Circumstances {
    /// The copay categories that there are. Since 2024 there is no partial subsidy.
    pub const LOW_INCOME_LEVELS: std::ops::RangeInclusive<u8> = 1..=3;

    /// The copay category on a day; `None` without a subsidy.
    pub fn low_income_on(&self, date: Date) -> Option<u8> {
        self.low_income.iter().find(|span| span.holds(date)).map(|span| span.what)
    }

    /// The exempt groups that the member is in on a day.
    pub fn exempt_on(&self, date: Date) -> impl Iterator<Item = ExemptGroup> + use<'_> {
        self.exempt.iter().filter(move |span| span.holds(date)).map(|span| span.what)
    }

    /// The household's income in the month of a day; `None` if it is not on file.
    pub fn income_on(&self, date: Date) -> Option<Cents> {
        self.monthly_income.iter().find(|span| span.holds(date)).map(|span| span.what)
    }

    /// The products of the authorizations that hold on a day.
    pub fn authorized_on(&self, date: Date) -> impl Iterator<Item = Ndc> + use<'_> {
        self.authorizations.iter().filter(move |span| span.holds(date)).map(|span| span.what)
    }

    /// The span of the Prescription Payment Plan in a calendar year.
    pub fn payment_plan_in(&self, year: i32) -> Option<&InPaymentPlan> {
        self.payment_plan.iter().find(|span| span.touches(year))
    }

    /// The other payers on a day, in the order in which they pay.
    pub fn other_coverage_on(&self, date: Date) -> impl Iterator<Item = &OtherCoverage> {
        let spans = self.other_coverage.iter().filter(move |span| span.holds(date));
        spans.map(|span| &span.what)
    }
}
