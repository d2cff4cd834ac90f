//! The benefit designs of `docs/concepts/benefits.md`: of each a few lines of a book, and claims
//! with their amounts, written by hand in the `.toml` files beside this one. The lines are put into
//! the book in `base`, the claims are decided by it, every amount is compared, and the page is
//! written from what was decided.

mod billing;
mod excerpt;
mod page;
mod words;

use openpbm_book::Book;
use toml::Table;

use self::billing::Billing;
use crate::play;
use crate::tables::notation::{Answer, Row, parse};

/// The chapters, in the order of the page.
const CHAPTERS: &[&str] = &[
    include_str!("deductibles.toml"),
    include_str!("shares.toml"),
    include_str!("pharmacies.toml"),
    include_str!("others.toml"),
    include_str!("medicare.toml"),
    include_str!("medicaid.toml"),
];

/// Designs of a kind.
struct Chapter {
    title: String,
    designs: Vec<Design>,
}

/// Lines, and the document of the base book that they are put into.
pub(crate) type Excerpt = (String, String);

/// One design.
struct Design {
    title: String,
    /// What it is, in a sentence or two.
    says: String,
    /// A few lines of a book, each with the document that they are of; none where the design is
    /// not one of the book.
    excerpts: Vec<Excerpt>,
    /// Claims in the notation of the tables.
    claims: String,
    /// A year that is billed by the month, where that is the design.
    billing: Option<Billing>,
}

impl Design {
    fn read(table: &Table) -> Self {
        let text = |key: &str| table.get(key).map(|value| value.as_str().unwrap().to_owned());
        let title = text("title").unwrap();
        let known = "title says document excerpt also also_excerpt claims year";
        let is_known = |key: &String| known.split(' ').any(|known| known == key);
        assert!(table.keys().all(is_known), "{title}: {table:?}");
        let document = text("document").unwrap_or_else(|| "plans/commercial.toml".to_owned());
        let first = text("excerpt").map(|excerpt| (document, excerpt));
        let second = text("also").map(|document| (document, text("also_excerpt").unwrap()));
        Self {
            says: text("says").unwrap(),
            excerpts: first.into_iter().chain(second).collect(),
            claims: text("claims").unwrap_or_default(),
            billing: table.get("year").map(|year| Billing::read(year.as_table().unwrap())),
            title,
        }
    }

    fn book(&self) -> Book {
        excerpt::put(&self.excerpts)
    }
}

fn chapters() -> Vec<Chapter> {
    let read = |text: &&str| {
        let table: Table = text.parse().unwrap();
        let designs = table["design"].as_array().unwrap().iter();
        let designs = designs.map(|design| Design::read(design.as_table().unwrap())).collect();
        Chapter { title: table["title"].as_str().unwrap().to_owned(), designs }
    };
    CHAPTERS.iter().map(read).collect()
}

/// The base book with lines put into one of its documents.
pub(crate) fn book(document: &str, excerpt: &str) -> Book {
    excerpt::put(&[(document.to_owned(), excerpt.to_owned())])
}

/// What a plan pays is no cell of a table, but the page says it, so a hand must have written it.
fn says_what_the_plan_pays(row: &Row<'_>) -> bool {
    match &row.answer {
        Answer::Paid { also, .. } => also.iter().any(|part| part.starts_with("plan pays ")),
        Answer::PartD { .. } | Answer::Reject { .. } | Answer::Stated => true,
        _ => false,
    }
}

#[test]
fn every_design_does_what_it_says() {
    for design in chapters().iter().flat_map(|chapter| &chapter.designs) {
        for row in parse(&design.claims) {
            assert!(says_what_the_plan_pays(&row), "{}: {}", design.title, row.label);
        }
        println!("{}", design.title);
        play::check_in(&design.book(), &design.claims);
        design.billing.iter().for_each(Billing::check);
        assert!(!design.claims.is_empty() || design.billing.is_some(), "nothing is shown");
    }
}

#[test]
fn the_page_is_what_the_engine_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/concepts/benefits.md");
    let text = page::of(&chapters());
    if std::env::var_os("OPENPBM_WRITE_DOCS").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(written == text, "docs/concepts/benefits.md is not what the engine says");
}
