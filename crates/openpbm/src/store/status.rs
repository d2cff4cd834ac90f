//! What a store says of itself.

use std::collections::BTreeMap;

use openpbm_store::postgres::{self, PostgresJournal};
use openpbm_store::sqlite::{self, SqliteJournal};
use openpbm_store::{Capability, Reader};
use serde::Serialize;

use super::StoreUrl;
use crate::failure::Failure;

/// What is known of a store without changing it.
#[derive(Debug, Serialize)]
pub(crate) struct Status {
    /// `sqlite` or `postgres`.
    pub(crate) store: &'static str,
    /// The folder, or the database's address without its password.
    pub(crate) place: String,
    pub(crate) schema: Schema,
    /// Bytes on disk, where the store can tell.
    pub(crate) bytes: Option<u64>,
    /// What follows cannot be told of a schema that this program does not read.
    pub(crate) entries: Option<u64>,
    pub(crate) families: Option<u64>,
    /// Entries by kind.
    pub(crate) kinds: BTreeMap<String, u64>,
    /// The end of each shard.
    pub(crate) places: Vec<String>,
    /// Entries that are found through the index; the others are found in memory.
    pub(crate) indexed: Option<u64>,
    /// What the store promises beyond the contract.
    pub(crate) capabilities: Vec<String>,
}

impl Status {
    pub(super) fn embedded(found: &sqlite::Status) -> Self {
        let schema = Schema { found: found.journal.found, known: found.journal.known };
        let place = found.directory.display().to_string();
        let status = Self::new("sqlite", place, schema, SqliteJournal::CAPABILITIES);
        Self {
            bytes: Some(found.journal_bytes.saturating_add(found.index_bytes)),
            entries: Some(found.entries),
            indexed: Some(found.indexed),
            ..status
        }
    }

    pub(super) fn postgres(url: &StoreUrl, found: postgres::Schema) -> Self {
        let schema = Schema { found: found.found, known: found.known };
        Self::new("postgres", url.to_string(), schema, PostgresJournal::CAPABILITIES)
    }

    /// What is known before the journal is read.
    fn new(
        store: &'static str,
        place: String,
        schema: Schema,
        capabilities: &[Capability],
    ) -> Self {
        Self {
            store,
            place,
            schema,
            bytes: None,
            entries: None,
            families: None,
            kinds: BTreeMap::new(),
            places: Vec::new(),
            indexed: None,
            capabilities: capabilities.iter().map(ToString::to_string).collect(),
        }
    }

    /// With what the journal holds.
    pub(super) fn with_counts(mut self, reader: &dyn Reader) -> Result<Self, Failure> {
        let counts = reader.counts().map_err(super::failure)?;
        let heads = reader.heads().map_err(super::failure)?;
        self.entries = Some(counts.entries);
        self.families = Some(counts.families);
        let kinds = counts.by_kind.iter();
        self.kinds = kinds.map(|(kind, count)| (kind.to_string(), *count)).collect();
        self.places = heads.iter().map(ToString::to_string).collect();
        Ok(self)
    }
}

/// The form of the store's tables.
#[derive(Debug, Serialize)]
pub(crate) struct Schema {
    /// The form that was found.
    pub(crate) found: i64,
    /// The form that this program writes.
    pub(crate) known: i64,
}
