//! Drugs: packages by NDC, the products they hold, and which of them are the same drug.

use openpbm_core::{Date, Ndc, ProductKind, Quantity, Source};
use rustc_hash::FxHashMap;

/// A word that many products share (ingredient, form, class), held once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word(u32);

impl Word {
    pub(crate) fn index(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

/// The words of a book. Words are compared without regard to case.
#[derive(Debug, Default)]
pub struct Words {
    texts: Vec<Box<str>>,
    ids: FxHashMap<Box<str>, Word>,
}

impl Words {
    /// The word for a text, made if it is new.
    pub fn intern(&mut self, text: &str) -> Word {
        let folded = fold(text);
        if let Some(&word) = self.ids.get(folded.as_str()) {
            return word;
        }
        let word = Word(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
        self.texts.push(folded.as_str().into());
        self.ids.insert(folded.into_boxed_str(), word);
        word
    }

    /// The word for a text, if any product has it.
    pub fn find(&self, text: &str) -> Option<Word> {
        self.ids.get(fold(text).as_str()).copied()
    }

    /// The text of a word.
    pub fn text(&self, word: Word) -> &str {
        self.texts.get(word.index()).map_or("", |text| text)
    }
}

fn fold(text: &str) -> String {
    text.trim().to_lowercase()
}

/// What one billing unit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BillingUnit {
    /// A tablet, capsule, patch, pen, kit; 600-28 `EA`.
    Each,
    /// A millilitre; `ML`.
    Millilitre,
    /// A gram; `GM`.
    Gram,
}

/// Position of a drug in [`Drugs`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DrugId(pub(crate) u32);

impl DrugId {
    pub(crate) fn index(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

/// Products of the same ingredient, strength and form share one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EquivalenceId(pub(crate) u32);

/// One package: what an NDC means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drug {
    /// The code.
    pub ndc: Ndc,
    pub(crate) product: u32,
    /// Last day of marketing, where the maker has named one.
    pub discontinued: Option<Date>,
    /// Its row.
    pub source: Source,
}

/// What is in the package.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Product {
    /// The name on the label, with strength and form where the row has them.
    pub name: Box<str>,
    /// Active ingredients, joined by ` / ` in alphabetical order.
    pub ingredient: Word,
    /// Strengths in the order of the ingredients.
    pub strength: Word,
    /// Dosage form, like `tablet`.
    pub form: Word,
    /// Therapeutic or pharmacologic class, where the row has one.
    pub class: Option<Word>,
    /// Brand or generic.
    pub kind: ProductKind,
    /// DEA schedule 2 to 5; `None` if it is not controlled.
    pub schedule: Option<u8>,
    /// True if it is sold without a prescription.
    pub otc: bool,
    /// What one unit is, where the row says it.
    pub unit: Option<BillingUnit>,
    /// Units of a usual 30-day supply, where the row says it; cost rules need it.
    pub usual_30: Option<Quantity>,
    /// Morphine milligram equivalents of one unit, for opioids.
    pub mme: Option<Quantity>,
    /// Which products are the same drug.
    pub equivalence: EquivalenceId,
}

/// All drugs of a book.
#[derive(Debug, Default)]
pub struct Drugs {
    pub(crate) words: Words,
    pub(crate) drugs: Vec<Drug>,
    pub(crate) products: Vec<Product>,
    pub(crate) by_ndc: FxHashMap<Ndc, DrugId>,
    /// Drugs of each equivalence: `drugs_by_equivalence[starts[e]..starts[e + 1]]`.
    pub(crate) equivalence_starts: Vec<u32>,
    pub(crate) drugs_by_equivalence: Vec<DrugId>,
}

impl Drugs {
    /// How many packages there are.
    pub fn len(&self) -> usize {
        self.drugs.len()
    }

    /// True if there is none.
    pub fn is_empty(&self) -> bool {
        self.drugs.is_empty()
    }

    /// The words that products share.
    pub const fn words(&self) -> &Words {
        &self.words
    }

    /// Finds a drug by its code.
    pub fn find(&self, ndc: Ndc) -> Option<DrugId> {
        self.by_ndc.get(&ndc).copied()
    }

    /// The package.
    pub fn drug(&self, id: DrugId) -> Option<&Drug> {
        self.drugs.get(id.index())
    }

    /// What is in the package.
    pub fn product(&self, id: DrugId) -> Option<&Product> {
        let product = self.drug(id)?.product;
        self.products.get(usize::try_from(product).ok()?)
    }

    /// All drugs that are the same: same ingredient, strength and form.
    pub fn equivalents(&self, equivalence: EquivalenceId) -> &[DrugId] {
        let start = usize::try_from(equivalence.0).unwrap_or(usize::MAX);
        let bound = |index: usize| {
            let bound = self.equivalence_starts.get(index).copied().unwrap_or_default();
            usize::try_from(bound).unwrap_or_default()
        };
        let range = bound(start)..bound(start.saturating_add(1));
        self.drugs_by_equivalence.get(range).unwrap_or_default()
    }

    /// All drugs, in the order of their rows.
    pub fn ids(&self) -> impl Iterator<Item = DrugId> + use<> {
        (0..u32::try_from(self.drugs.len()).unwrap_or(u32::MAX)).map(DrugId)
    }
}

/// A set of drugs, as a rule's selector chose them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DrugSet {
    bits: Vec<u64>,
}

impl DrugSet {
    /// The set of the given drugs.
    pub fn new(ids: impl IntoIterator<Item = DrugId>) -> Self {
        let mut bits = Vec::new();
        for id in ids {
            let (word, bit) = (id.index() / 64, id.index() % 64);
            if bits.len() <= word {
                bits.resize(word + 1, 0_u64);
            }
            if let Some(place) = bits.get_mut(word) {
                *place |= 1 << bit;
            }
        }
        Self { bits }
    }

    /// True if the drug is in the set.
    pub fn contains(&self, id: DrugId) -> bool {
        let word = self.bits.get(id.index() / 64).copied().unwrap_or_default();
        word & (1 << (id.index() % 64)) != 0
    }

    /// How many drugs it holds.
    pub fn len(&self) -> usize {
        self.bits.iter().map(|word| usize::try_from(word.count_ones()).unwrap_or(0)).sum()
    }

    /// True if it holds none.
    pub fn is_empty(&self) -> bool {
        self.bits.iter().all(|&word| word == 0)
    }
}
