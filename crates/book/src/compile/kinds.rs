//! Which path is which kind of document.

/// A kind of document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Book,
    Groups,
    Networks,
    Plan,
    Formulary,
    Dur,
    Measures,
    Pharmacies,
    Prescribers,
    Drugs,
    /// The FDA's directory: it yields to the other tables of drugs.
    DrugDirectory,
    /// Of this list.
    Prices(Box<str>),
}

/// What must be there, and by which name it is missed.
pub(super) const REQUIRED: [(Kind, &str); 8] = [
    (Kind::Book, "book.toml"),
    (Kind::Groups, "groups.toml"),
    (Kind::Networks, "networks.toml"),
    (Kind::Plan, "plans/*.toml"),
    (Kind::Formulary, "formularies/*.toml"),
    (Kind::Pharmacies, "pharmacies.csv"),
    (Kind::Prescribers, "prescribers.csv"),
    (Kind::Drugs, "drugs/*.csv"),
];

/// In the folder, but not of the book: members are enrolled, not negotiated.
const NOT_OF_THE_BOOK: [&str; 2] = ["README.md", "members.csv"];

/// The book's documents, and the paths that are none, each with the reason.
pub(super) type Classified = (Vec<(Box<str>, Kind)>, Vec<(String, &'static str)>);

/// Tells documents from strangers. The paths are sorted.
pub(super) fn classify(paths: Vec<String>) -> Classified {
    let (mut found, mut strangers) = (Vec::new(), Vec::new());
    for path in paths {
        if NOT_OF_THE_BOOK.contains(&path.as_str()) {
            continue;
        }
        match kind_of(&path) {
            // Sources count documents in 16 bits.
            Some(kind) if found.len() < usize::from(u16::MAX) => found.push((path.into(), kind)),
            Some(_) => strangers.push((path, "found more than 65535 documents")),
            None => strangers.push((
                path,
                "not a document of a book: expected book.toml, groups.toml, networks.toml, \
                 dur.toml, measures.toml, plans/*.toml, formularies/*.toml, pharmacies.csv, \
                 prescribers.csv, drugs/*.csv or prices/*.csv",
            )),
        }
    }
    (found, strangers)
}

fn kind_of(path: &str) -> Option<Kind> {
    // A manifest has one line for each path, and tools escape backslashes in it.
    if path.chars().any(|c| c.is_control() || c == '\\') {
        return None;
    }
    let kind = match path.rsplit_once('/') {
        None => match path {
            "book.toml" => Kind::Book,
            "groups.toml" => Kind::Groups,
            "networks.toml" => Kind::Networks,
            "dur.toml" => Kind::Dur,
            "measures.toml" => Kind::Measures,
            "pharmacies.csv" => Kind::Pharmacies,
            "prescribers.csv" => Kind::Prescribers,
            _ => return None,
        },
        Some((folder, file)) => {
            let (name, extension) = file.rsplit_once('.').filter(|(name, _)| !name.is_empty())?;
            match (folder, extension) {
                ("plans", "toml") => Kind::Plan,
                ("formularies", "toml") => Kind::Formulary,
                ("drugs", "csv") if name.starts_with("directory") => Kind::DrugDirectory,
                ("drugs", "csv") => Kind::Drugs,
                ("prices", "csv") => Kind::Prices(name.into()),
                _ => return None,
            }
        }
    };
    Some(kind)
}
