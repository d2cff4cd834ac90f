//! Channels between the threads that know how much is in them.

use std::sync::mpsc::{self, RecvError, SendError};

use prometheus_client::metrics::gauge::Gauge;

/// A channel whose content the gauge counts, together with that of others.
pub(super) fn channel<T>(depth: Gauge) -> (Sender<T>, Receiver<T>) {
    let (sender, receiver) = mpsc::channel();
    (Sender { sender, depth: depth.clone() }, Receiver { receiver, depth })
}

/// The way in.
pub(super) struct Sender<T> {
    sender: mpsc::Sender<T>,
    depth: Gauge,
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        Self { sender: self.sender.clone(), depth: self.depth.clone() }
    }
}

impl<T> Sender<T> {
    /// Puts a value in; gives it back if nobody will take it out.
    pub(super) fn send(&self, value: T) -> Result<(), SendError<T>> {
        // Counted before it can be taken out, so that the depth is never below zero.
        self.depth.inc();
        self.sender.send(value).inspect_err(|_| {
            self.depth.dec();
        })
    }
}

/// The way out.
pub(super) struct Receiver<T> {
    receiver: mpsc::Receiver<T>,
    depth: Gauge,
}

impl<T> Receiver<T> {
    /// Waits for a value; an error if none can come any more.
    pub(super) fn recv(&self) -> Result<T, RecvError> {
        self.receiver.recv().inspect(|_| {
            self.depth.dec();
        })
    }

    /// What is there, without waiting.
    pub(super) fn try_iter(&self) -> impl Iterator<Item = T> {
        self.receiver.try_iter().inspect(|_| {
            self.depth.dec();
        })
    }
}
