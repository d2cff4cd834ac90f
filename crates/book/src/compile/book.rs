//! `book.toml`: the book's name, the routing it answers for, its price lists.

use openpbm_core::{Bin, Pcn, PriceBasis};

use super::series::Ids;
use super::{Kind, Loader};
use crate::documents::{Table, one_of, parsed, text};

const BASES: [(&str, PriceBasis); 3] =
    [("nadac", PriceBasis::Nadac), ("mac", PriceBasis::Mac), ("contract", PriceBasis::Contract)];

/// What `book.toml` says.
pub(super) struct Head {
    pub(super) name: Option<Box<str>>,
    pub(super) bin: Option<Bin>,
    pub(super) pcn: Option<Pcn>,
    pub(super) lists: Lists,
}

/// The price lists that are declared.
pub(super) struct Lists {
    /// Their ids; a list's position is its `Ref`.
    pub(super) ids: Ids,
    /// Their kinds, in the same order.
    pub(super) bases: Vec<PriceBasis>,
}

/// Reads it.
pub(super) fn read(loader: &mut Loader<'_>) -> Head {
    let document = loader.of_kind(|kind| *kind == Kind::Book).first().copied();
    document.and_then(|document| loader.toml(document, head)).unwrap_or_else(|| Head {
        name: None,
        bin: None,
        pcn: None,
        lists: Lists { ids: Ids::new("price list", Vec::new(), true), bases: Vec::new() },
    })
}

fn head(table: Table<'_>) -> Head {
    let name = table.required("name", text);
    let bin = table.required("bin", parsed);
    let pcn = table.required("pcn", parsed);
    let lists = lists(&table);
    table.end();
    Head { name, bin, pcn, lists }
}

fn lists(table: &Table<'_>) -> Lists {
    let (mut names, mut bases, mut incomplete) = (Vec::new(), Vec::new(), false);
    for list in table.some_tables("list", "[[list]]") {
        let id: Option<Box<str>> = list.required("id", text);
        let basis = list.required("basis", one_of(&BASES));
        if let Some(id) = &id
            && names.contains(id)
        {
            list.mistake(format!("price list `{id}` is declared twice"));
        }
        list.end();
        match (id, basis) {
            (Some(id), Some(basis)) => {
                names.push(id);
                bases.push(basis);
            }
            _ => incomplete = true,
        }
    }
    Lists { ids: Ids::new("price list", names, incomplete), bases }
}
