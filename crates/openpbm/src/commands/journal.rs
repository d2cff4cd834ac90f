//! `openpbm journal`: one entry as it is kept.

use super::export::Line;
use crate::cli::JournalCommand;
use crate::failure::Failure;
use crate::store::{self, Store};
use crate::terminal;

pub(crate) fn run(command: &JournalCommand) -> Result<(), Failure> {
    let JournalCommand::Show { id, place } = command;
    let reader = Store::at(place).reader()?;
    let Some(recorded) = reader.find_entry(*id).map_err(store::failure)? else {
        let failure = Failure::new(format!("the journal has no entry {id}"));
        return Err(failure.hint("the id of a claim's entry is its authorization number (503-F3)"));
    };
    terminal::json(&Line {
        shard: None,
        sequence: recorded.sequence,
        family: recorded.family,
        version: recorded.version,
        entry: &recorded.entry,
    })
}
