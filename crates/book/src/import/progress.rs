//! How far an import has come, measured where bytes are read from the file.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

/// Bytes read so far, of all files of an import, as they are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read.
    pub read: u64,
    /// Bytes to read in all.
    pub total: u64,
}

/// Counts the bytes that pass through a reader.
pub(super) struct Counted<R> {
    inner: R,
    count: Rc<Cell<u64>>,
}

impl<R> Counted<R> {
    pub(super) fn new(inner: R, count: Rc<Cell<u64>>) -> Self {
        Self { inner, count }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let more = u64::try_from(read).unwrap_or(u64::MAX);
        self.count.set(self.count.get().saturating_add(more));
        Ok(read)
    }
}

/// Tells the caller of an import how far it has come, not more often than is worth showing.
pub(super) struct Meter<'a> {
    count: Rc<Cell<u64>>,
    total: u64,
    told: u64,
    callback: &'a mut dyn FnMut(Progress),
}

impl<'a> Meter<'a> {
    const STEP: u64 = 64 * 1024;

    pub(super) fn new(total: u64, callback: &'a mut dyn FnMut(Progress)) -> Self {
        Self { count: Rc::default(), total, told: 0, callback }
    }

    pub(super) fn count(&self) -> Rc<Cell<u64>> {
        Rc::clone(&self.count)
    }

    /// To be called for every row.
    pub(super) fn tick(&mut self) {
        if self.count.get().saturating_sub(self.told) >= Self::STEP {
            self.tell(self.count.get());
        }
    }

    /// To be called at the end.
    pub(super) fn done(&mut self) {
        self.tell(self.total);
    }

    fn tell(&mut self, read: u64) {
        self.told = read;
        // A file may have grown since it was measured.
        (self.callback)(Progress { read: read.min(self.total), total: self.total });
    }
}
