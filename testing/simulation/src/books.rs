//! The books of the simulations: the sample, and others near it that are published in its place.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use openpbm_book::{Book, InMemory};
use openpbm_model::auditor::Auditor;
use openpbm_model::workload::{Shape, Workload};
use openpbm_model::{Case, Documents, Generator, Rng, Rules};
use openpbm_service::Library;

/// Books in the order in which they are published, each as the engine compiles it and as the
/// model reads it.
pub struct Books(Vec<(Arc<Book>, Arc<Rules>)>);

/// So many books may follow each other.
const BOOKS: u64 = 4;

/// The sample's plans take no fills in two parts, which the pharmacies send.
const IN_PARTS: &str = r#"
events = []

[[changes]]
document = "plans/ppo.toml"
at = ["partial_fills"]
to = { dispensing_fee = "shared", copay = "shared" }

[[changes]]
document = "plans/pdp.toml"
at = ["partial_fills"]
to = { dispensing_fee = "first", copay = "shared" }
"#;

impl Books {
    /// The sample of a folder, with fills in two parts, and others near it.
    ///
    /// # Errors
    ///
    /// If the folder is no book.
    pub fn near(folder: &Path) -> anyhow::Result<Self> {
        let sample = Documents::load(folder).with_context(|| folder.display().to_string())?;
        let base = Case::from_toml("fills in two parts", IN_PARTS)?.documents(&sample)?;
        let generator = Generator::new(&base)?;
        let mut books = vec![read(&base)?];
        for seed in 1..BOOKS {
            let changes = generator.changes(&mut Rng::new(seed));
            let documents = Case { changes, ..Case::default() }.documents(&base)?;
            let book = read(&documents)?;
            if books.iter().all(|(known, _)| known.version() != book.0.version()) {
                books.push(book);
            }
        }
        Ok(Self(books))
    }

    /// How many there are, at least one.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The pharmacies of a seed, on the first book.
    pub(crate) fn workload(&self, seed: u64, shape: Shape) -> anyhow::Result<Workload> {
        Ok(Workload::new(self.pair(0).1.clone(), seed, shape)?)
    }

    pub(crate) fn compiled(&self, number: usize) -> &Arc<Book> {
        &self.pair(number).0
    }

    /// All of them, as a node finds them.
    pub(crate) fn library(&self) -> Arc<Library> {
        let books: Vec<_> = self.0.iter().map(|(book, _)| book.clone()).collect();
        Arc::new(move |version| books.iter().find(|book| book.version() == version).cloned())
    }

    /// Tells the auditor that a book may decide from now on.
    pub(crate) fn introduce(&self, number: usize, auditor: &mut Auditor) {
        let (book, rules) = self.pair(number);
        auditor.book(book.version(), rules.clone());
    }

    /// Tells the auditor that a book decides no more.
    pub(crate) fn withdraw(&self, number: usize, auditor: &mut Auditor) {
        auditor.withdraw(self.compiled(number).version());
    }

    #[expect(clippy::indexing_slicing, reason = "numbers are below the count")]
    fn pair(&self, number: usize) -> &(Arc<Book>, Arc<Rules>) {
        &self.0[number]
    }
}

fn read(documents: &Documents) -> anyhow::Result<(Arc<Book>, Arc<Rules>)> {
    let in_memory: InMemory = documents.iter().collect();
    let book =
        Book::from_documents(&in_memory).map_err(|mistakes| anyhow::anyhow!("{mistakes}"))?;
    Ok((Arc::new(book), Arc::new(Rules::read(documents)?)))
}
