//! A case: a book, a family and what happens to it, written so that it can be kept and read.

use openpbm_core::Member;
use serde::{Deserialize, Serialize};

use crate::{Change, Documents, Event, Unreadable};

/// Something to decide twice.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What it is about, for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// What is right, as [`Answer::brief`](crate::Answer::brief) says it, where somebody has
    /// reckoned it by hand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<String>,
    /// How the book differs from the one it starts from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// The family.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<Member>,
    /// What happens, in order.
    pub events: Vec<Event>,
}

impl Case {
    /// Reads a case as [`Case::to_toml`] writes it.
    ///
    /// # Errors
    /// If the text is not a case; `path` is only named in the error.
    pub fn from_toml(path: &str, text: &str) -> Result<Self, Unreadable> {
        toml::from_str(text).map_err(|error| Unreadable::new(path, error))
    }

    /// Writes the case down.
    ///
    /// # Errors
    /// If a number in it does not fit TOML's 64 bits.
    pub fn to_toml(&self) -> Result<String, Unreadable> {
        toml::to_string(self).map_err(|error| Unreadable::new("the case", error))
    }

    /// The documents of the case.
    ///
    /// # Errors
    /// If a change does not fit them.
    pub fn documents(&self, base: &Documents) -> Result<Documents, Unreadable> {
        let mut documents = base.clone();
        Change::apply(&self.changes, &mut documents)?;
        Ok(documents)
    }
}
