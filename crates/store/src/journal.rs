//! The contract that every store keeps: one side appends, the other reads.

use std::collections::BTreeMap;
use std::sync::Arc;

use openpbm_core::{ClaimId, Date, Entry, Family, FamilyId, Npi, PrescriptionNumber};

use crate::{Appended, Capability, Cursor, Damage, Kind, Sealed, StoreError, Unit};

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
    /// Appending again what is stored already (each item's family, version and id are those of
    /// an entry of the journal) is acknowledged again and changes nothing: whoever does not know
    /// what became of a batch, because the connection broke while it was committed, sends it
    /// again.
    ///
    /// # Errors
    ///
    /// On an error nothing of the batch may be answered; see [`StoreError::is_transient`] for
    /// those after which the same batch may simply be sent again. If the machine loses power
    /// right then, a batch that failed in its last step may come back whole when the store is
    /// opened again; the pharmacy that sends its claim again is then told that it is a duplicate.
    ///
    /// [`StoreError::Repeated`] for an id that the journal already holds elsewhere, where the
    /// store claims [`Capability::UniqueIds`]: ids must be made so that they do not repeat.
    fn append(&mut self, units: &[Unit]) -> Result<Vec<Appended>, StoreError>;

    /// Keeps a family's state, so that reading it costs less than all of its entries. It is
    /// written behind and may be lost: the entries are what counts.
    ///
    /// # Errors
    ///
    /// The store's own. Nothing depends on it, so the caller may go on.
    fn remember(&mut self, state: &Family) -> Result<(), StoreError>;

    /// Retention: lets go of what the first entries of a family say, and keeps what they lead
    /// to. `state` is the family as of its version `state.version`. The entry of that version
    /// becomes [`Event::Carried`](openpbm_core::Event::Carried) with that state, those before it
    /// become [`Event::Retired`](openpbm_core::Event::Retired); all keep id, instant and place,
    /// so the journal stays dense and each family starts with what was carried.
    /// Returns how many entries were changed: none if it had been done already.
    ///
    /// # Errors
    ///
    /// The store's own; then nothing is changed.
    fn retire(&mut self, state: &Family) -> Result<u64, StoreError>;

    /// A reading side. It may be shared between threads and outlives the writer.
    fn reader(&self) -> Arc<dyn Reader>;

    /// What the store promises beyond this contract, in the order of [`Capability::ALL`].
    fn capabilities(&self) -> &'static [Capability];
}

/// The reading side of a store. Reading never holds up the writer, and sees everything that was
/// acknowledged before the read began. It may be called from any thread, that of an async
/// runtime included, and blocks it.
///
/// # Errors
///
/// Every method returns [`StoreError::Damaged`] rather than leave out an entry that cannot be
/// read, and the store's own errors where it cannot be reached.
pub trait Reader: Send + Sync {
    /// What is known of a family, at one moment: its last remembered state and all entries
    /// behind it, in order; empty if nothing is known of it.
    fn read_family(&self, family: FamilyId) -> Result<History, StoreError>;

    /// The same for many families at once, in the order in which they are asked for. A store
    /// with a way to the server asks once for all of them.
    fn read_families(&self, families: &[FamilyId]) -> Result<Vec<History>, StoreError> {
        families.iter().map(|family| self.read_family(*family)).collect()
    }

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

    /// Up to `limit` entries behind the cursor, in the order of the shard, not yet opened. None
    /// is left out and none comes later with a lower number, so a projection that has stored
    /// [`Cursor::past`] the last one resumes exactly there.
    ///
    /// # Errors
    ///
    /// [`StoreError::BeyondHead`] for a cursor that the journal has not reached (it was restored
    /// from an older backup), [`StoreError::UnknownShard`] for a shard that it does not have.
    fn read_from(&self, cursor: Cursor, limit: usize) -> Result<Vec<Sealed>, StoreError>;

    /// Up to `limit` entries that pass the filter, newest first.
    fn recent(&self, filter: &Filter, limit: usize) -> Result<Vec<Recorded>, StoreError>;

    /// The end of each shard: where a projection stands that has read everything.
    fn heads(&self) -> Result<Vec<Cursor>, StoreError>;

    /// How much the journal holds. It may read all of it: for a page, not for a loop.
    fn counts(&self) -> Result<Counts, StoreError>;

    /// Checks what no single entry shows: the database's own structures, and that whatever is
    /// written behind (how an entry is found) says what the journal says. Each damage found is
    /// told to `visit`. The entries themselves are checked by [`Sealed::open`].
    ///
    /// # Errors
    ///
    /// [`StoreError::Corrupt`] for damage that belongs to no single entry.
    fn check(&self, visit: &mut dyn FnMut(Damage)) -> Result<(), StoreError>;
}

/// What a store knows of one family.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// The last state that the store was told to remember, if it still has it.
    pub remembered: Option<Box<Family>>,
    /// The entries behind that state, or all of them, with their versions in order.
    pub entries: Vec<(u64, Entry)>,
}

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
