//! How a decision ended, in one word and its colour; and why, in the words of its codes.

use openpbm_core::{ClaimId, RejectCode, Timestamp};

/// The badge of a status.
pub(crate) struct Badge {
    pub(crate) label: &'static str,
    pub(crate) class: &'static str,
}

impl Badge {
    pub(crate) fn of(status: &str) -> Self {
        let (label, class) = match status {
            "paid" => ("Paid", "paid"),
            "rejected" => ("Rejected", "rejected"),
            "reversed" => ("Reversed", "reversed"),
            "adjusted" => ("Adjusted", "adjusted"),
            _ => ("Refused", "refused"),
        };
        Self { label, class }
    }
}

/// A reject code with its meaning.
pub(crate) struct Code {
    pub(crate) code: &'static str,
    pub(crate) meaning: &'static str,
}

impl Code {
    /// The codes of a row.
    pub(crate) fn all(codes: &[&'static str]) -> Vec<Self> {
        let meaning = |code: &str| code.parse().map_or("", RejectCode::meaning);
        codes.iter().map(|code| Self { code, meaning: meaning(code) }).collect()
    }
}

/// An instant, for people and for machines. UTC, like the journal.
pub(crate) struct Moment {
    pub(crate) day: String,
    pub(crate) time: String,
    pub(crate) machine: String,
}

impl Moment {
    pub(crate) fn of(instant: Timestamp) -> Self {
        let machine = instant.to_string();
        let (day, time) = machine.split_once('T').unwrap_or((&machine, ""));
        let time = time.split_once('.').map_or(time, |(seconds, _)| seconds);
        Self { day: day.to_owned(), time: time.to_owned(), machine: machine.clone() }
    }
}

/// The address of a decision's page.
pub(crate) fn href(id: ClaimId) -> String {
    format!("/claims/{id}")
}
