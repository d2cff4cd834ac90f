//! One temporary file of pages: each partition knows which are its own.
//!
//! Memory holds an unfinished page of each partition and sixteen bytes for every page written:
//! about two thousandths of what is in the file.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::sync::Mutex;

use super::ReplayError;

/// So many partitions: one of a hundred million claims is some thirty megabytes.
pub(super) const PARTITIONS: usize = 512;
/// A page is written when it has so many bytes.
const PAGE: usize = 1 << 13;

/// Partitions that are being filled.
#[derive(Debug)]
pub(super) struct Filling {
    file: File,
    end: u64,
    partitions: Vec<Partition>,
}

#[derive(Debug, Default, Clone)]
struct Partition {
    /// Where its pages begin, and how long they are.
    pages: Vec<(u64, usize)>,
    /// What is not written yet.
    rest: Vec<u8>,
}

impl Filling {
    /// Partitions in an empty file that is open for reading and writing.
    pub(super) fn new(file: File) -> Self {
        Self { file, end: 0, partitions: vec![Partition::default(); PARTITIONS] }
    }

    /// Appends to a partition.
    pub(super) fn append(&mut self, partition: usize, bytes: &[u8]) -> Result<(), ReplayError> {
        let Some(partition) = self.partitions.get_mut(partition) else { return Ok(()) };
        partition.rest.extend_from_slice(bytes);
        if partition.rest.len() >= PAGE {
            self.file.write_all(&partition.rest)?;
            partition.pages.push((self.end, partition.rest.len()));
            self.end += u64::try_from(partition.rest.len()).map_err(|_| ReplayError::Damaged)?;
            partition.rest.clear();
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Filled {
        Filled { file: Mutex::new(self.file), partitions: self.partitions }
    }
}

/// Partitions to read, by several threads.
#[derive(Debug)]
pub(super) struct Filled {
    file: Mutex<File>,
    partitions: Vec<Partition>,
}

impl Filled {
    /// All bytes of a partition, in the order in which they were appended.
    pub(super) fn read(&self, partition: usize) -> Result<Vec<u8>, ReplayError> {
        let Some(Partition { pages, rest }) = self.partitions.get(partition) else {
            return Ok(Vec::new());
        };
        let written = pages.iter().map(|(_, length)| length).sum::<usize>();
        let mut bytes = vec![0; written];
        let mut left = bytes.as_mut_slice();
        let mut file = self.file.lock().map_err(|_| ReplayError::Thread)?;
        for (begin, length) in pages {
            let (page, after) = left.split_at_mut_checked(*length).ok_or(ReplayError::Damaged)?;
            file.seek(SeekFrom::Start(*begin))?;
            file.read_exact(page)?;
            left = after;
        }
        drop(file);
        bytes.extend_from_slice(rest);
        Ok(bytes)
    }
}
