//! Reading documents so that every mistake of every document is found in one go: typed getters
//! note what is wrong, with file, line and column, and go on.

mod digest;
mod mistake;
mod page;
mod rows;
mod set;
mod suggest;
mod table;
mod value;

pub(crate) use digest::{Digesting, manifest, version_of};
pub use mistake::{Mistake, Mistakes, Severity};
pub(crate) use mistake::{Place, Report, any_of, shown};
pub(crate) use page::Page;
pub(crate) use rows::{Row, Rows};
pub use set::{Documents, Folder, InMemory};
pub(crate) use suggest::closest;
pub(crate) use table::Table;
pub(crate) use value::{
    Value, cents, date, distinct, flag, list, list_or_none, one_of, one_or_more, parsed,
    positive_rate, text, whole,
};
