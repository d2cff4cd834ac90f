//! The contract that every store keeps: one side appends, the other reads.

use std::collections::BTreeMap;
use std::sync::Arc;

use openpbm_core::{ClaimId, Date, Entry, FamilyId, Npi, PrescriptionNumber};

use crate::{Appended, Capability, Cursor, Damage, Kind, StoreError, Unit};

/// The writing side of a store. It blocks until what it acknowledges is durable, so it belongs
/// on a thread of its own.
pub trait Journal: Send {
    /// Appends the units of a batch in order, in one durable commit.
    ///
    /// Each unit is stored whole or not at all. A unit that expects a version which a family no
    /// longer has is reported as a conflict and changes nothing; the others of the batch commit.
    /// A later unit of the batch sees what earlier ones changed. The answers are in the order of
    /// the units, and all that they acknowledge is visible to every reader.
    ///
    /// # Errors
    ///
    /// On an error nothing of the batch is stored as far as any reader can see, and nothing may
    /// be answered. If the machine loses power right then, a batch that failed in its last step
    /// may come back whole when the store is opened again; the pharmacy that sends its claim
    /// again is then told that it is a duplicate.
    ///
    /// [`StoreError::Repeated`] for an id that the journal already holds, where the store claims
    /// [`Capability::UniqueIds`]: ids must be made so that they do not repeat.
    fn append(&mut self, units: &[Unit]) -> Result<Vec<Appended>, StoreError>;

    /// A reading side. It may be shared between threads and outlives the writer.
    fn reader(&self) -> Arc<dyn Reader>;

    /// What the store promises beyond this contract, in the order of [`Capability::ALL`].
    fn capabilities(&self) -> &'static [Capability];
}

/// The reading side of a store. Reading never holds up the writer, and sees everything that was
/// acknowledged before the read began.
///
/// # Errors
///
/// Every method returns [`StoreError::Damaged`] rather than leave out an entry that cannot be
/// read, and the store's own errors where it cannot be reached.
pub trait Reader: Send + Sync {
    /// All entries of a family with their versions, 1, 2, 3, ..., in order; empty if nothing is
    /// known of it.
    fn read_family(&self, family: FamilyId) -> Result<Vec<(u64, Entry)>, StoreError>;

    /// The entry of that id.
    fn find_entry(&self, id: ClaimId) -> Result<Option<Recorded>, StoreError>;

    /// The families for which a claim of that pharmacy, prescription and day was decided (paid
    /// or rejected), in order of their ids: for reversals that carry no cardholder id.
    fn find_billing(
        &self,
        pharmacy: Npi,
        prescription: PrescriptionNumber,
        date_of_service: Date,
    ) -> Result<Vec<FamilyId>, StoreError>;

    /// Up to `limit` entries behind the cursor, in the order of the shard. None is left out and
    /// none comes later with a lower number, so a projection that has stored
    /// [`Cursor::past`] the last one resumes exactly there.
    ///
    /// # Errors
    ///
    /// [`StoreError::BeyondHead`] for a cursor that the journal has not reached (it was restored
    /// from an older backup), [`StoreError::UnknownShard`] for a shard that it does not have.
    fn read_from(&self, cursor: Cursor, limit: usize) -> Result<Vec<Recorded>, StoreError>;

    /// Up to `limit` entries that pass the filter, newest first.
    fn recent(&self, filter: &Filter, limit: usize) -> Result<Vec<Recorded>, StoreError>;

    /// The end of each shard: where a projection stands that has read everything.
    fn heads(&self) -> Result<Vec<Cursor>, StoreError>;

    /// How much the journal holds. It walks an index from end to end: for a page, not for a loop.
    fn counts(&self) -> Result<Counts, StoreError>;

    /// Reads the whole journal, entry by entry in order, and checks each: its seal, its columns,
    /// its place in the sequence and in its family; then the store's own structures. The visitor
    /// gets every entry or what is wrong with it. Returns how many entries were whole.
    ///
    /// # Errors
    ///
    /// [`StoreError::Corrupt`] for damage to the file that belongs to no single entry.
    fn verify(&self, visit: &mut Visitor<'_>) -> Result<u64, StoreError>;
}

/// What [`Reader::verify`] calls for each entry.
pub type Visitor<'a> = dyn FnMut(Result<Recorded, Damage>) + 'a;

/// An entry with its place in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its place in its shard, from 1.
    pub sequence: u64,
    /// Whose it is.
    pub family: FamilyId,
    /// Its place among the family's entries, from 1.
    pub version: u64,
    /// What happened.
    pub entry: Entry,
}

/// Which entries [`Reader::recent`] lists. The default is all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of these kinds; of any kind if empty.
    pub kinds: Vec<Kind>,
    /// Of this family alone.
    pub family: Option<FamilyId>,
    /// Older than this entry: the last one of the page before. An id that the journal does not
    /// hold has nothing before it.
    pub before: Option<ClaimId>,
}

/// How much the journal holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Entries in all.
    pub entries: u64,
    /// Families with at least one entry.
    pub families: u64,
    /// Entries by kind; a kind without entries is left out.
    pub by_kind: BTreeMap<Kind, u64>,
}
