//! What is wrong with documents, and where: collected, never stopped at.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;

use openpbm_core::Source;
use serde::Serialize;

use super::closest;

/// So many mistakes and so many warnings of one document are listed; the rest is counted.
const LISTED_OF_A_DOCUMENT: usize = 100;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The book cannot be used.
    Mistake,
    /// The book can be used, but probably does not say what was meant.
    Warning,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mistake {
    /// How bad it is.
    pub severity: Severity,
    /// Path of the document below the book's folder.
    pub document: Box<str>,
    /// Line, from 1; `None` if it is about the document as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Character in the line, from 1, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// What was found and what would be right.
    pub text: String,
    /// What was probably meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.document)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(column) = self.column {
            write!(f, ":{column}")?;
        }
        let kind = if self.severity == Severity::Warning { " warning:" } else { "" };
        write!(f, ":{kind} {}", self.text)?;
        match &self.suggestion {
            Some(suggestion) => write!(f, "; did you mean `{suggestion}`?"),
            None => Ok(()),
        }
    }
}

/// Everything that is wrong with a book's documents, in the order of documents and lines.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Mistakes {
    listed: Vec<Mistake>,
    counts: Vec<Count>,
}

/// How many there are in one document, listed or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Count {
    document: Box<str>,
    severity: Severity,
    count: usize,
}

impl Mistakes {
    /// What is listed: for each document at most 100 mistakes and 100 warnings.
    pub fn listed(&self) -> &[Mistake] {
        &self.listed
    }

    /// How many there are of that severity, listed or not.
    pub fn count(&self, severity: Severity) -> usize {
        self.counts.iter().filter(|c| c.severity == severity).map(|c| c.count).sum()
    }

    /// True if nothing is wrong at all.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// True if the book cannot be used.
    pub fn is_fatal(&self) -> bool {
        self.count(Severity::Mistake) > 0
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for mistake in &self.listed {
            writeln!(f, "{mistake}")?;
        }
        for Count { document, severity, count } in &self.counts {
            if let Some(rest) = count.checked_sub(LISTED_OF_A_DOCUMENT).filter(|rest| *rest > 0) {
                let more = counted(rest, *severity);
                writeln!(f, "{document}: and another {more}")?;
            }
        }
        let mistakes = counted(self.count(Severity::Mistake), Severity::Mistake);
        let warnings = counted(self.count(Severity::Warning), Severity::Warning);
        write!(f, "{mistakes}, {warnings}")
    }
}

impl std::error::Error for Mistakes {}

fn counted(count: usize, severity: Severity) -> String {
    let noun = if severity == Severity::Mistake { "mistake" } else { "warning" };
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// A place in a document of the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// Position of the document.
    pub(crate) document: u16,
    /// Line, from 1; 0 for the document as a whole.
    pub(crate) line: u32,
    /// Character, from 1; 0 where it is not known.
    pub(crate) column: u32,
}

impl Place {
    /// The document as a whole.
    pub(crate) const fn whole(document: u16) -> Self {
        Self { document, line: 0, column: 0 }
    }

    /// A line of a document.
    pub(crate) const fn line(document: u16, line: u32) -> Self {
        Self { document, line, column: 0 }
    }

    /// The line, as rules keep it.
    pub(crate) const fn source(self) -> Source {
        Source { document: self.document, line: self.line }
    }
}

/// Collects what is wrong while documents are read.
#[derive(Debug)]
pub(crate) struct Report {
    paths: Vec<Box<str>>,
    found: RefCell<Found>,
}

#[derive(Debug, Default)]
struct Found {
    listed: Vec<Mistake>,
    counts: BTreeMap<(Box<str>, Severity), usize>,
}

impl Report {
    /// A report on the documents of these paths.
    pub(crate) fn new(paths: Vec<Box<str>>) -> Self {
        Self { paths, found: RefCell::default() }
    }

    /// Notes a mistake.
    pub(crate) fn mistake(&self, place: Place, text: impl Into<String>) {
        self.note(Severity::Mistake, place, text.into(), None);
    }

    /// Notes a mistake, and what was probably meant among the known words.
    pub(crate) fn mistake_among<'k>(
        &self,
        place: Place,
        text: impl Into<String>,
        found: &str,
        known: impl IntoIterator<Item = &'k str>,
    ) {
        let suggestion = closest(found, known).map(str::to_owned);
        self.note(Severity::Mistake, place, text.into(), suggestion);
    }

    /// Notes a mistake about a path that is no document of the book.
    pub(crate) fn misplaced(&self, path: &str, text: impl Into<String>) {
        let mistake = Mistake {
            severity: Severity::Mistake,
            document: shown(path).into(),
            line: None,
            column: None,
            text: text.into(),
            suggestion: None,
        };
        self.add(mistake);
    }

    /// Notes a warning.
    pub(crate) fn warning(&self, place: Place, text: impl Into<String>) {
        self.note(Severity::Warning, place, text.into(), None);
    }

    /// Notes a warning, and what was probably meant.
    pub(crate) fn warning_among<'k>(
        &self,
        place: Place,
        text: impl Into<String>,
        found: &str,
        known: impl IntoIterator<Item = &'k str>,
    ) {
        let suggestion = closest(found, known).map(str::to_owned);
        self.note(Severity::Warning, place, text.into(), suggestion);
    }

    /// How many mistakes there are so far.
    pub(crate) fn mistakes(&self) -> usize {
        let found = self.found.borrow();
        let mistakes = found.counts.iter().filter(|((_, s), _)| *s == Severity::Mistake);
        mistakes.map(|(_, count)| count).sum()
    }

    /// A place as `plans/ppo.toml:14`.
    pub(crate) fn locate(&self, place: Place) -> String {
        format!("{}:{}", self.path(place.document), place.line)
    }

    /// All that was found, in order.
    pub(crate) fn into_mistakes(self) -> Mistakes {
        let Found { mut listed, counts } = self.found.into_inner();
        listed
            .sort_by(|a, b| (&a.document, a.line, a.column).cmp(&(&b.document, b.line, b.column)));
        let counts = counts
            .into_iter()
            .map(|((document, severity), count)| Count { document, severity, count })
            .collect();
        Mistakes { listed, counts }
    }

    fn path(&self, document: u16) -> &str {
        self.paths.get(usize::from(document)).map_or("", |path| path)
    }

    fn note(&self, severity: Severity, place: Place, text: String, suggestion: Option<String>) {
        let known = |number: u32| Some(number).filter(|&n| n > 0);
        self.add(Mistake {
            severity,
            document: self.path(place.document).into(),
            line: known(place.line),
            column: known(place.column),
            text,
            suggestion,
        });
    }

    fn add(&self, mistake: Mistake) {
        let mut found = self.found.borrow_mut();
        let key = (mistake.document.clone(), mistake.severity);
        let count = found.counts.entry(key).or_default();
        *count = count.saturating_add(1);
        if *count <= LISTED_OF_A_DOCUMENT {
            found.listed.push(mistake);
        }
    }
}

/// A text as it may stand in a message: short, on one line.
pub(crate) fn shown(text: &str) -> String {
    let mut short: String =
        text.chars().take(60).flat_map(|c| c.escape_debug().collect::<Vec<_>>()).collect();
    short = short.replace("\\\"", "\"").replace("\\'", "'");
    if text.chars().nth(60).is_some() {
        short.push_str("...");
    }
    short
}

/// A few words as a message expects one of them: `a`, `b` or `c`.
pub(crate) fn any_of(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}
