//! The keys that say which claims a row of a plan is about, the same for every row, and the
//! plan's own drug lists, which they may name.

use std::cell::RefCell;

use openpbm_core::Channel;
use toml::de::DeValue;

use super::pharmacies::CHANNELS;
use super::plans::{DAYS, TIERS};
use super::selectors::{Scope as Allowed, Selector, World};
use crate::documents::{Place, Table, Value, distinct, list, one_of, one_or_more, text, whole};
use crate::{DrugList, DrugSet, Scope};

/// What a claim's channel can be: a pharmacy's own, or none of the plan's.
pub(super) const ALL_CHANNELS: [(&str, Channel); 4] = {
    let [retail, mail, specialty] = CHANNELS;
    [retail, mail, specialty, ("out-of-network", Channel::OutOfNetwork)]
};

/// A plan's `[[drug_list]]` rows while its other rows are read.
pub(super) struct Lists<'w> {
    world: &'w World<'w>,
    lists: Vec<Named>,
    /// Which were named.
    used: RefCell<Vec<bool>>,
}

struct Named {
    name: Box<str>,
    place: Place,
    /// `None` if its selector had a mistake.
    drugs: Option<DrugSet>,
}

impl<'w> Lists<'w> {
    /// Reads them.
    pub(super) fn read(table: &Table<'_>, world: &'w World<'w>) -> Option<Self> {
        let mut lists: Vec<Named> = Vec::new();
        let mut complete = true;
        for row in table.tables("drug_list", "[[drug_list]]") {
            let place = row.place();
            let name = row.required("name", text);
            let drugs = row.required("where", |value| selected(value, world, &row));
            complete &= name.is_some() && drugs.is_some();
            if let Some(name) = name {
                if lists.iter().any(|known| known.name == name) {
                    row.mistake(format!("the drug list `{name}` stands here twice"));
                    complete = false;
                }
                lists.push(Named { name, place, drugs });
            }
            row.end();
        }
        let used = RefCell::new(vec![false; lists.len()]);
        let lists = Self { world, lists, used };
        // What a list that could not be read leaves open makes the plan unusable, but its other
        // rows are read, so that all mistakes are told.
        if !complete {
            lists.used.borrow_mut().fill(true);
        }
        Some(lists)
    }

    /// False if a list could not be read.
    pub(super) fn are_complete(&self) -> bool {
        self.lists.iter().all(|list| list.drugs.is_some())
    }

    /// Warns of lists that nothing names.
    pub(super) fn warn_unused(&self, table: &Table<'_>) {
        for (list, used) in self.lists.iter().zip(self.used.borrow().iter()) {
            if !used {
                let text = format!("nothing in this plan names the drug list `{}`", list.name);
                table.report().warning(list.place, text);
            }
        }
    }

    /// What `where` or `except` says: a list's name, a selector, or several selectors.
    pub(super) fn drugs(&self, table: &Table<'_>, key: &'static str) -> Option<Option<DrugList>> {
        maybe(table, key, |value| match value.inner() {
            DeValue::String(_) => self.named(value),
            _ => Some(DrugList { name: None, drugs: selected(value, self.world, table)? }),
        })
    }

    fn named(&self, value: Value<'_>) -> Option<DrugList> {
        let expected = "the name of a drug list of this plan, or a selector";
        let name = value.str(expected)?;
        let Some(index) = self.lists.iter().position(|list| *list.name == *name) else {
            let names: Vec<&str> = self.lists.iter().map(|list| &*list.name).collect();
            value.wrong_among(expected, &names);
            return None;
        };
        if let Some(used) = self.used.borrow_mut().get_mut(index) {
            *used = true;
        }
        let list = self.lists.get(index)?;
        Some(DrugList { name: Some(list.name.clone()), drugs: list.drugs.clone()? })
    }

    /// The keys that say what a row is about. Brand or generic is said by `where`, or by the row
    /// itself.
    pub(super) fn scope(&self, table: &Table<'_>) -> Option<Scope> {
        let tiers = unless_missing(table, "tiers", distinct(whole(TIERS)));
        let channels = unless_missing(table, "channels", distinct(one_of(&ALL_CHANNELS)));
        let days = maybe(table, "days", days);
        let (drugs, except) = (self.drugs(table, "where"), self.drugs(table, "except"));
        Some(Scope {
            tiers: tiers?,
            channels: channels?,
            kind: None,
            days: days?,
            drugs: drugs?,
            except: except?,
        })
    }
}

/// The drugs of one selector, or of several together.
pub(super) fn selected(value: Value<'_>, world: &World<'_>, table: &Table<'_>) -> Option<DrugSet> {
    let select = |value: Value<'_>| {
        let selector = Selector::read(value, world, Allowed::Anywhere)?;
        let ids = selector.ids(world.drugs());
        selector.warn_if_none(ids.is_empty(), world, None, table);
        Some(ids)
    };
    let several = one_or_more(select)(value)?;
    Some(DrugSet::new(several.into_iter().flatten()))
}

/// A list that may be missing, which means all.
fn unless_missing<'d, T>(
    table: &Table<'d>,
    key: &'static str,
    read: impl FnOnce(Value<'d>) -> Option<Vec<T>>,
) -> Option<Vec<T>> {
    maybe(table, key, read).map(Option::unwrap_or_default)
}

/// What a key may say: `Some(None)` if it is not there, `None` if it is there and wrong.
pub(super) fn maybe<'d, T>(
    table: &Table<'d>,
    key: &'static str,
    read: impl FnOnce(Value<'d>) -> Option<T>,
) -> Option<Option<T>> {
    let value = table.optional(key, read);
    if value.is_none() && table.has(key) { None } else { Some(value) }
}

/// The shortest and the longest supply.
fn days(value: Value<'_>) -> Option<(u16, u16)> {
    let days = list(whole::<u16>(DAYS))(value.clone())?;
    match *days.as_slice() {
        [from, to] if from <= to => Some((from, to)),
        _ => {
            value.mistake("expected the shortest and the longest days supply, like [1, 34]");
            None
        }
    }
}
