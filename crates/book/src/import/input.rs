//! Reading a published file line by line: plain or gzip, of any encoding and any line length,
//! in bounded memory.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use super::progress::{Counted, Meter};
use super::text;
use super::{ImportError, Reason};

/// A file to import.
pub struct Source<'a> {
    name: String,
    size: u64,
    bytes: Box<dyn Read + 'a>,
}

impl Source<'static> {
    /// A file on disk.
    pub fn open(path: &Path) -> Result<Self, ImportError> {
        let error = |source| ImportError::Read { file: path.display().to_string(), source };
        let file = File::open(path).map_err(error)?;
        let size = file.metadata().map_err(error)?.len();
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        Ok(Self { name, size, bytes: Box::new(file) })
    }
}

impl<'a> Source<'a> {
    /// A file that is in memory already.
    pub fn from_bytes(name: &str, bytes: &'a [u8]) -> Self {
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        Self { name: name.to_owned(), size, bytes: Box::new(bytes) }
    }

    /// Its name, for messages.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Its bytes as they are stored.
    pub(super) const fn size(&self) -> u64 {
        self.size
    }

    /// Its lines, after unpacking.
    pub(super) fn lines(self, meter: &Meter<'_>) -> Result<Lines<'a>, ImportError> {
        let stored = Counted::new(self.bytes, meter.count());
        let mut stored = BufReader::with_capacity(64 * 1024, stored);
        let is_gzip = match stored.fill_buf() {
            Ok(start) => start.starts_with(&[0x1f, 0x8b]),
            Err(source) => return Err(ImportError::Read { file: self.name, source }),
        };
        let input: Box<dyn BufRead + 'a> = if is_gzip {
            Box::new(BufReader::with_capacity(64 * 1024, MultiGzDecoder::new(stored)))
        } else {
            Box::new(stored)
        };
        Ok(Lines { name: self.name, input, number: 0, buffer: Vec::new() })
    }
}

/// A line of a file that is not blank.
pub(super) struct Line<'l> {
    /// Its number, from 1.
    pub(super) number: u64,
    /// Its text without the line's end, or the reason why there is none.
    pub(super) text: Result<Cow<'l, str>, Reason>,
}

/// The lines of a file.
pub(super) struct Lines<'a> {
    name: String,
    input: Box<dyn BufRead + 'a>,
    number: u64,
    buffer: Vec<u8>,
}

impl Lines<'_> {
    /// Longer lines are refused, so that a file without line ends does not fill the memory. The
    /// longest line of the FDA's files has about 7,500 bytes.
    pub(super) const LONGEST: usize = 256 * 1024;

    /// The next line that is not blank.
    pub(super) fn next(&mut self) -> Result<Option<Line<'_>>, ImportError> {
        match self.fill() {
            Ok(Filled::End) => Ok(None),
            Ok(Filled::Line) => {
                let text = Ok(text::decode(text::line(&self.buffer)));
                Ok(Some(Line { number: self.number, text }))
            }
            Ok(Filled::TooLong) => {
                Ok(Some(Line { number: self.number, text: Err(Reason::LineLength) }))
            }
            Err(source) => Err(ImportError::Read { file: self.name.clone(), source }),
        }
    }

    /// Fills the buffer with the next line that is not blank.
    fn fill(&mut self) -> io::Result<Filled> {
        let most = u64::try_from(Self::LONGEST).unwrap_or(u64::MAX).saturating_add(1);
        loop {
            self.buffer.clear();
            if (&mut self.input).take(most).read_until(b'\n', &mut self.buffer)? == 0 {
                return Ok(Filled::End);
            }
            self.number = self.number.saturating_add(1);
            if self.buffer.len() > Self::LONGEST {
                self.skip_rest()?;
                return Ok(Filled::TooLong);
            }
            if !self.buffer.trim_ascii().is_empty() {
                return Ok(Filled::Line);
            }
        }
    }

    /// Skips what is left of a line that is too long.
    fn skip_rest(&mut self) -> io::Result<()> {
        let mut is_over = self.buffer.ends_with(b"\n");
        while !is_over {
            let part = self.input.fill_buf()?;
            let end = part.iter().position(|&byte| byte == b'\n');
            is_over = end.is_some() || part.is_empty();
            let used = end.map_or(part.len(), |end| end.saturating_add(1));
            self.input.consume(used);
        }
        Ok(())
    }
}

/// What the buffer of [`Lines`] holds.
enum Filled {
    Line,
    TooLong,
    End,
}

/// Finds columns by their names, in any order and any case.
pub(super) fn find_columns<const N: usize>(
    file: &str,
    header: &[Cow<'_, str>],
    names: [&'static str; N],
    expected: &'static str,
) -> Result<[usize; N], ImportError> {
    let place = |name: &str| header.iter().position(|cell| cell.trim().eq_ignore_ascii_case(name));
    let missing: Vec<_> = names.iter().filter(|name| place(name).is_none()).collect();
    if !missing.is_empty() {
        let missing = missing.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        return Err(ImportError::Header { file: file.to_owned(), missing, expected });
    }
    Ok(names.map(|name| place(name).unwrap_or(usize::MAX)))
}
