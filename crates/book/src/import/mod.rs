//! Importers: the files that the government publishes about drugs and their prices, turned into
//! the book's own documents.
//!
//! A row that cannot be used never stops an import: it is refused, counted under its reason and
//! shown as an example with its line. An import fails only if a file cannot be read, is not the
//! file it should be, or holds nothing to take, and then the document that was there before
//! stays as it was: documents are replaced whole, by one rename.
//!
//! Files may be compressed with gzip. They are read line by line; only what has to be joined or
//! sorted is held in memory.

mod document;
mod error;
mod input;
mod nadac;
mod ndc;
mod progress;
mod summary;
mod text;

use std::path::Path;

pub use error::ImportError;
pub use input::Source;
pub use nadac::{InForce, convert_nadac};
pub use ndc::convert_ndc_directory;
pub use progress::Progress;
pub use summary::{Example, FileSummary, Reason, Refused, Summary};

use document::NewDocument;

/// Imports the FDA's NDC directory into a drug table, usually `drugs/directory.csv`.
///
/// `products` is the directory's `product.txt`, `packages` its `package.txt`. `progress` hears
/// of the bytes read, about every 64 KiB.
pub fn import_ndc_directory(
    products: &Path,
    packages: &Path,
    document: &Path,
    progress: &mut dyn FnMut(Progress),
) -> Result<Summary, ImportError> {
    let (products, packages) = (Source::open(products)?, Source::open(packages)?);
    replace(document, |output| convert_ndc_directory(products, packages, output, progress))
}

/// Imports a weekly or yearly NADAC file of CMS into a price list, usually `prices/nadac.csv`.
pub fn import_nadac(
    list: &Path,
    document: &Path,
    in_force: InForce,
    progress: &mut dyn FnMut(Progress),
) -> Result<Summary, ImportError> {
    let list = Source::open(list)?;
    replace(document, |output| convert_nadac(list, in_force, output, progress))
}

/// Writes a document whole, or leaves the one that is there.
fn replace(
    path: &Path,
    convert: impl FnOnce(&mut dyn std::io::Write) -> Result<Summary, ImportError>,
) -> Result<Summary, ImportError> {
    let mut document = NewDocument::create(path)?;
    let mut summary = convert(document.output())?;
    summary.document = path.display().to_string();
    if summary.written == 0 {
        return Err(ImportError::NothingTaken(Box::new(summary)));
    }
    document.commit()?;
    Ok(summary)
}
