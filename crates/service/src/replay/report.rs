//! What changed, and for whom.

use openpbm_core::{Cents, GroupId, Ndc, Overflow, RejectCode};
use serde::Serialize;

use super::tally::{BANDS, Cost, ENDS, InBand, Side, Tally};
use super::world::Difference;

/// What a replay found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Families of which something was told.
    pub families: u64,
    /// Claims that were billed or billed anew.
    pub claims: u64,
    /// Reversals that were sent.
    pub reversals: u64,
    /// What became of the claims under the book.
    pub book: Side,
    /// What becomes of them under the other, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comparison: Option<Comparison>,
    /// How the answers compare with those that were given.
    pub verified: Verified,
}

/// How answers compare with those that were given.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Answers that were compared: those of which the file or journal tells.
    pub answers: u64,
    /// Those that are not the same, bit for bit.
    pub different: u64,
    /// The first of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<Difference>,
}

/// One book against the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// What becomes of the claims under the other book.
    pub against: Side,
    /// How much more they cost.
    pub change: Cost,
    /// Claims of which something else becomes.
    pub changed: u64,
    /// By group.
    pub groups: Vec<GroupLine>,
    /// Claims that changed, by their tiers.
    pub tiers: Vec<TierMove>,
    /// Members with a claim.
    pub members: u64,
    /// Members who pay the same.
    pub members_same: u64,
    /// Members with a claim that was paid and is refused now.
    pub members_lost: u64,
    /// Others with a claim that was refused and is paid now.
    pub members_gained: u64,
    /// The others who pay more, by how much.
    pub worse: Vec<Band>,
    /// The others who pay less, by how much.
    pub better: Vec<Band>,
    /// The drugs of which the plan's cost changed most, the most first.
    pub drugs: Vec<DrugLine>,
    /// Reasons for refusal that appear or vanish.
    pub rejects: Vec<RejectLine>,
}

/// One group's claims.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GroupLine {
    /// The group; `None` for claims that name none and are covered by none.
    pub group: Option<GroupId>,
    /// Under the book.
    pub book: Side,
    /// Under the other.
    pub against: Side,
    /// How much more it costs.
    pub change: Cost,
}

/// Claims that changed and have the same tiers before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TierMove {
    /// The tier under the book; `None` if it was not paid.
    pub book: Option<u8>,
    /// The tier under the other; `None` if it is not paid.
    pub against: Option<u8>,
    /// How many claims.
    pub claims: u64,
    /// How much more they cost.
    pub change: Cost,
}

/// Members whose cost changes by a similar amount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Band {
    /// By more than this.
    pub above: Cents,
    /// And at most this; `None` for any amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Cents>,
    /// How many.
    pub members: u64,
    /// How much more they pay in all.
    pub change: Cents,
}

/// One product's claims.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DrugLine {
    /// The product.
    pub ndc: Ndc,
    /// Its name, where a book knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Under the book.
    pub book: Side,
    /// Under the other.
    pub against: Side,
    /// How much more it costs.
    pub change: Cost,
}

/// A reason for refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RejectLine {
    /// 511-FB.
    pub code: RejectCode,
    /// What it means.
    pub meaning: &'static str,
    /// Claims that are refused for it only under the other book.
    pub appear: u64,
    /// Claims that were refused for it only under the book.
    pub vanish: u64,
}

/// So many drugs are listed.
const DRUGS: usize = 15;

impl Report {
    /// The report of all sums. `name` gives a product's name.
    pub(super) fn new(
        tally: Tally,
        compares: bool,
        name: &dyn Fn(Ndc) -> Option<String>,
    ) -> Result<Self, Overflow> {
        let Tally { families, claims, reversals, .. } = tally;
        let [book, _] = tally.all;
        let verified = Verified {
            answers: tally.verified,
            different: tally.different,
            first: tally.first.clone(),
        };
        let comparison = compares.then(|| Comparison::new(tally, name)).transpose()?;
        Ok(Self { families, claims, reversals, book, comparison, verified })
    }
}

impl Comparison {
    fn new(tally: Tally, name: &dyn Fn(Ndc) -> Option<String>) -> Result<Self, Overflow> {
        let [book, against] = tally.all;
        let groups = tally.groups.into_iter().map(|(group, [book, against])| {
            let change = against.cost.minus(book.cost)?;
            Ok(GroupLine { group, book, against, change })
        });
        let tiers = tally.tiers.into_iter().map(|((book, against), moved)| TierMove {
            book,
            against,
            claims: moved.claims,
            change: moved.change,
        });
        let mut drugs = Vec::new();
        for (ndc, [book, against]) in tally.drugs {
            let change = against.cost.minus(book.cost)?;
            if (book.paid, change) != (against.paid, Cost::default()) {
                drugs.push(DrugLine { ndc, name: None, book, against, change });
            }
        }
        drugs.sort_by_key(|line| {
            let size = |amount: Cents| std::cmp::Reverse(amount.get().saturating_abs());
            (size(line.change.plan), size(line.change.gross), line.ndc)
        });
        drugs.truncate(DRUGS);
        drugs.iter_mut().for_each(|line| line.name = name(line.ndc));
        let rejects = tally.rejects.into_iter().map(|(code, [appear, vanish])| RejectLine {
            code,
            meaning: code.meaning(),
            appear,
            vanish,
        });
        Ok(Self {
            against,
            change: against.cost.minus(book.cost)?,
            changed: tally.changed,
            groups: groups.collect::<Result<_, _>>()?,
            tiers: tiers.collect(),
            members: tally.members.all,
            members_same: tally.members.same,
            members_lost: tally.members.lost,
            members_gained: tally.members.gained,
            worse: bands(&tally.members.worse),
            better: bands(&tally.members.better),
            drugs,
            rejects: rejects.collect(),
        })
    }
}

fn bands(bands: &[InBand; BANDS]) -> Vec<Band> {
    let begins = [0].into_iter().chain(ENDS);
    let ends = ENDS.into_iter().map(Some).chain([None]);
    let spans = begins.zip(ends).zip(bands);
    spans
        .map(|((above, to), band)| Band {
            above: Cents::new(above),
            to: to.map(Cents::new),
            members: band.members,
            change: band.change,
        })
        .collect()
}
