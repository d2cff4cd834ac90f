//! What a run showed: a table for people, or JSON.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

use crate::backup::Restored;

/// See the module.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Report {
    pub(crate) store: &'static str,
    pub(crate) seed: u64,
    pub(crate) nodes: u8,
    pub(crate) kills: u32,
    pub(crate) postgres_kills: u32,
    /// Operations that were answered; with no drain at the end, others were under way.
    pub(crate) operations: u64,
    /// Decisions, reversals and refusals on record that pharmacies were told of.
    pub(crate) acknowledged: u64,
    /// Transmissions sent again.
    pub(crate) resent: u64,
    /// Transmissions whose answer never came.
    pub(crate) lost: u64,
    /// Answers that asked for patience: 92 or 99.
    pub(crate) unavailable: u64,
    /// Entries in the journal.
    pub(crate) entries: u64,
    /// Acknowledged, and not in the journal.
    pub(crate) missing: u64,
    /// In the journal more often than once.
    pub(crate) twice: u64,
    /// What the auditor found.
    pub(crate) findings: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) database: Option<Outage>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) restored: Option<Copied>,
    pub(crate) seconds: u64,
}

/// How the nodes lived through the deaths of their database, at worst.
#[derive(Debug, Serialize)]
pub(crate) struct Outage {
    pub(crate) noticed_ms: u64,
    pub(crate) recovered_ms: u64,
}

/// What a restored backup held.
#[derive(Debug, Serialize)]
pub(crate) struct Copied {
    pub(crate) entries: u64,
    pub(crate) missing: u64,
    pub(crate) foreign: u64,
    pub(crate) findings: Vec<String>,
}

impl Report {
    /// True if nothing is wrong.
    pub(crate) fn is_clean(&self) -> bool {
        let restored = self.restored.as_ref().is_none_or(Copied::is_clean);
        self.missing == 0 && self.twice == 0 && self.findings.is_empty() && restored
    }
}

impl Copied {
    fn is_clean(&self) -> bool {
        self.missing == 0 && self.foreign == 0 && self.findings.is_empty()
    }
}

impl Outage {
    pub(crate) fn new(noticed: Duration, recovered: Duration) -> Self {
        let ms = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        Self { noticed_ms: ms(noticed), recovered_ms: ms(recovered) }
    }
}

impl From<Restored> for Copied {
    fn from(restored: Restored) -> Self {
        let Restored { entries, missing, foreign, findings } = restored;
        Self { entries, missing, foreign, findings }
    }
}

/// So many findings are shown; the first ones tell the most.
const SHOWN: usize = 10;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut row = |name: &str, value: u64| writeln!(f, "{name:<24}{value:>12}");
        row("kills", self.kills.into())?;
        if self.store == "postgres" {
            row("kills of PostgreSQL", self.postgres_kills.into())?;
        }
        row("nodes", self.nodes.into())?;
        row("operations", self.operations)?;
        row("acknowledged", self.acknowledged)?;
        row("resent", self.resent)?;
        row("answers lost", self.lost)?;
        row("answers 92 or 99", self.unavailable)?;
        row("entries in the journal", self.entries)?;
        row("missing", self.missing)?;
        row("twice", self.twice)?;
        row("other findings", self.findings.len().try_into().unwrap_or(u64::MAX))?;
        if let Some(outage) = &self.database {
            row("not ready after, ms", outage.noticed_ms)?;
            row("ready again after, ms", outage.recovered_ms)?;
        }
        if let Some(restored) = &self.restored {
            row("entries restored", restored.entries)?;
            row("  missing", restored.missing)?;
            row("  that never were", restored.foreign)?;
            row("  other findings", restored.findings.len().try_into().unwrap_or(u64::MAX))?;
        }
        row("seconds", self.seconds)?;
        let restored = self.restored.iter().flat_map(|restored| &restored.findings);
        let findings = self.findings.iter().chain(restored);
        findings.take(SHOWN).try_for_each(|finding| writeln!(f, "{finding}"))
    }
}
