//! How often the disk makes 4 KiB durable: no commit can be faster than that.

use std::fs::File;
use std::io::{self, Seek, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use super::per_second;
use crate::failure::{Context, Failure};

const BLOCK: usize = 4096;
/// Blocks of the file, which is written over and over as a log is that has its size already.
const BLOCKS: usize = 1024;

/// Writes 4 KiB behind each other in the directory, each followed by fdatasync.
pub(in crate::bench) fn syncs_per_second(root: &Path, span: Duration) -> Result<u64, Failure> {
    let file = tempfile::tempfile_in(root).context("making a file to sync")?;
    measure(file, span).context("syncing a file")
}

fn measure(mut file: File, span: Duration) -> io::Result<u64> {
    file.write_all(&vec![0; BLOCK * BLOCKS])?;
    file.sync_all()?;
    let (mut syncs, start) = (0, Instant::now());
    while start.elapsed() < span {
        file.rewind()?;
        for _ in 0..BLOCKS {
            file.write_all(&[7; BLOCK])?;
            file.sync_data()?;
            syncs += 1;
            if start.elapsed() >= span {
                break;
            }
        }
    }
    Ok(per_second(syncs, start.elapsed()))
}
