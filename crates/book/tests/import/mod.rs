//! The importers, row by row and over anything, and the sample's tables.

mod any_bytes;
mod nadac;
mod ndc;
mod real_data;
mod sample;

use openpbm_book::import::{
    InForce, Reason, Source, Summary, convert_nadac, convert_ndc_directory,
};

/// A document that an importer wrote, and what it says of the rows.
struct Imported {
    summary: Summary,
    document: String,
}

impl Imported {
    /// The document's rows below the header.
    fn rows(&self) -> Vec<&str> {
        self.document.lines().skip(1).collect()
    }

    /// All refused rows as `line reason`, in the order of files and lines.
    fn refusals(&self) -> Vec<(u64, Reason)> {
        let mut found = Vec::new();
        for file in &self.summary.files {
            let examples = file.refused.iter().flat_map(|refused| {
                assert_eq!(refused.count as usize, refused.examples.len());
                refused.examples.iter().map(|example| (example.line, refused.reason))
            });
            let mut examples: Vec<_> = examples.collect();
            examples.sort_unstable_by_key(|(line, _)| *line);
            found.extend(examples);
        }
        found
    }
}

fn import_ndc(products: &[u8], packages: &[u8]) -> Imported {
    let products = Source::from_bytes("product.txt", products);
    let packages = Source::from_bytes("package.txt", packages);
    let mut document = Vec::new();
    let summary =
        convert_ndc_directory(products, packages, &mut document, &mut |_| ()).expect("a header");
    Imported { summary, document: String::from_utf8(document).expect("UTF-8") }
}

fn import_nadac(list: &[u8], in_force: InForce) -> Imported {
    let list = Source::from_bytes("nadac.csv", list);
    let mut document = Vec::new();
    let summary = convert_nadac(list, in_force, &mut document, &mut |_| ()).expect("a header");
    Imported { summary, document: String::from_utf8(document).expect("UTF-8") }
}
