//! What is on its way between pharmacies and nodes. It arrives in any order, or not at all.

use openpbm_model::Rng;
use openpbm_model::auditor::Ticket;

/// A connection of a pharmacy. What comes back on one that it has closed is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line {
    /// Which pharmacy.
    pub(crate) desk: usize,
    /// Which of its connections, in order.
    pub(crate) connection: u64,
}

/// Something on its way.
#[derive(Debug, Clone)]
pub(crate) enum Message {
    /// To a node.
    Request { to: usize, line: Line, ticket: Ticket, bytes: Vec<u8> },
    /// To a pharmacy.
    Reply { line: Line, ticket: Ticket, bytes: Vec<u8> },
}

/// Everything that is on its way.
#[derive(Debug, Default)]
pub(crate) struct Network(Vec<Message>);

impl Network {
    pub(crate) fn send(&mut self, message: Message) {
        self.0.push(message);
    }

    /// One of the messages arrives.
    pub(crate) fn arrive(&mut self, rng: &mut Rng) -> Option<Message> {
        let last = i64::try_from(self.0.len()).unwrap_or(i64::MAX) - 1;
        if last < 0 {
            return None;
        }
        let place = usize::try_from(rng.between(0, last)).unwrap_or_default();
        Some(self.0.swap_remove(place))
    }

    /// What was on its way to a node that ended does not arrive.
    pub(crate) fn cut(&mut self, node: usize) {
        self.0.retain(|message| !matches!(message, Message::Request { to, .. } if *to == node));
    }

    /// By a planted mistake, two answers change places.
    pub(crate) fn swap_replies(&mut self) {
        let mut replies = self.0.iter_mut().filter_map(|message| match message {
            Message::Reply { bytes, .. } => Some(bytes),
            Message::Request { .. } => None,
        });
        if let (Some(one), Some(other)) = (replies.next(), replies.next()) {
            std::mem::swap(one, other);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
