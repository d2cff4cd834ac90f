//! What happened, as one number: two runs of a seed are the same if theirs are. On demand also
//! in words, for whoever has to understand a failure.

use std::collections::VecDeque;

/// So many of the last things that happened are told.
const TOLD: usize = 60;

/// The trace of a simulation.
#[derive(Debug)]
pub(crate) struct Trace {
    hash: u64,
    told: Option<VecDeque<String>>,
}

impl Trace {
    /// An empty trace; one that `tells` also keeps the last of it in words.
    pub(crate) fn new(tells: bool) -> Self {
        Self { hash: 0xcbf2_9ce4_8422_2325, told: tells.then(VecDeque::new) }
    }

    /// Something happened at a time, to a node or a pharmacy of that number.
    pub(crate) fn note(&mut self, time: u64, what: &str, who: usize, content: &[u8]) {
        self.mix(&time.to_le_bytes());
        self.mix(what.as_bytes());
        self.mix(&who.to_le_bytes());
        self.mix(content);
        let Some(told) = &mut self.told else { return };
        if told.len() >= TOLD {
            told.pop_front();
        }
        let shown = String::from_utf8_lossy(content);
        let shown: String =
            shown.chars().map(|c| if c.is_control() { '|' } else { c }).take(160).collect();
        told.push_back(format!("{time:>7} ms  {what} {who} {shown}"));
    }

    /// The number.
    pub(crate) const fn hash(&self) -> u64 {
        self.hash
    }

    /// The last things that happened, in words.
    pub(crate) fn told(&self) -> impl Iterator<Item = &str> {
        self.told.iter().flatten().map(String::as_str)
    }

    /// FNV-1a.
    fn mix(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.hash = (self.hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
