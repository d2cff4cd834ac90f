//! The same change of many: told once, with how many there are and the first few of them.

use std::collections::BTreeMap;

use super::{Area, Change, ChangeKind};
use crate::facts::counted;

/// So many of a crowd are named.
const NAMED: usize = 10;

/// Changes by what they say.
pub(super) struct Crowds {
    area: Area,
    /// What one of them is, like `drug`.
    noun: &'static str,
    by_text: BTreeMap<Said, Vec<(String, Option<String>)>>,
}

/// What is said of one, and of several.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Said {
    pub(super) kind: ChangeKind,
    /// Behind several names: `are new`.
    pub(super) plural: String,
    /// Behind one name: `is new`.
    pub(super) singular: String,
}

impl Crowds {
    pub(super) const fn new(area: Area, noun: &'static str) -> Self {
        Self { area, noun, by_text: BTreeMap::new() }
    }

    /// Says something of one more.
    pub(super) fn say(&mut self, said: Said, name: String, source: Option<String>) {
        self.by_text.entry(said).or_default().push((name, source));
    }

    /// One change for each thing said; the biggest crowds of a kind come first.
    pub(super) fn changes(self) -> Vec<Change> {
        let mut crowds: Vec<_> = self.by_text.into_iter().collect();
        crowds.sort_by_key(|(said, names)| (said.kind, std::cmp::Reverse(names.len())));
        let (area, noun) = (self.area, self.noun);
        crowds.into_iter().map(|(said, names)| change(area, noun, said, names)).collect()
    }
}

fn change(area: Area, noun: &str, said: Said, mut names: Vec<(String, Option<String>)>) -> Change {
    names.sort_unstable();
    // One source stands for all if all have the same.
    let source = names.first().and_then(|(_, first)| {
        names.iter().all(|(_, source)| source == first).then(|| first.clone()).flatten()
    });
    let Said { kind, plural, singular } = said;
    if let [(name, _)] = names.as_slice() {
        let text = format!("{name} {singular}");
        return Change { area, subject: name.clone(), kind, text, source };
    }
    let subject = counted(names.len(), noun);
    let few: Vec<&str> = names.iter().take(NAMED).map(|(name, _)| name.as_str()).collect();
    let more = match names.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    let text = format!("{subject} {plural}: {}{more}", few.join(", "));
    Change { area, subject, kind, text, source }
}
