//! A change to one value of one document, so that a case can say in a few lines how its book
//! differs from the sample.

use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use crate::{Documents, Unreadable};

/// One value set or removed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The document's path.
    pub document: String,
    /// Where in it. In TOML the keys from the outside in; an element of a list is named by its
    /// `name` or `id`, or its position from 0; `+` adds one. In CSV a row's first cell and a
    /// column. Nowhere means the whole document, which may be a new one.
    pub at: Vec<String>,
    /// The new value; `None` removes the key, the element or, without a column, the row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Value>,
}

impl Change {
    /// A value that is set.
    pub fn set(document: &str, at: &[&str], to: impl Into<Value>) -> Self {
        Self { to: Some(to.into()), ..Self::remove(document, at) }
    }

    /// A value that is removed.
    pub fn remove(document: &str, at: &[&str]) -> Self {
        let at = at.iter().map(|key| (*key).to_owned()).collect();
        Self { document: document.to_owned(), at, to: None }
    }

    /// Makes changes, in order.
    ///
    /// # Errors
    /// If a document is missing, cannot be read, or has no such place.
    pub fn apply(changes: &[Self], documents: &mut Documents) -> Result<(), Unreadable> {
        for change in changes {
            let path = change.document.as_str();
            if let ([], Some(Value::String(text))) = (change.at.as_slice(), &change.to) {
                documents.put(path, text.clone());
                continue;
            }
            let text = documents.get(path).ok_or_else(|| Unreadable::new(path, "there is none"))?;
            let changed = if path.ends_with(".csv") {
                change.in_csv(text).map_err(|error| Unreadable::new(path, error))?
            } else {
                change.in_toml(text).map_err(|error| Unreadable::new(path, error))?
            };
            documents.put(path, changed);
        }
        Ok(())
    }

    fn in_toml(&self, text: &str) -> Result<String, String> {
        let table: Table = text.parse().map_err(|error: toml::de::Error| error.to_string())?;
        let mut root = Value::Table(table);
        let (last, way) = self.at.split_last().ok_or("a change says where")?;
        let mut place = &mut root;
        for key in way {
            place = step(place, key).ok_or_else(|| format!("there is no {key}"))?;
        }
        match (place, &self.to) {
            (Value::Table(table), Some(value)) => {
                table.insert(last.clone(), value.clone());
            }
            (Value::Table(table), None) => {
                table.remove(last);
            }
            (Value::Array(list), Some(value)) if last == "+" => list.push(value.clone()),
            (Value::Array(list), to) => {
                let index = position(list, last).ok_or_else(|| format!("there is no {last}"))?;
                list.splice(index..=index, to.clone());
            }
            _ => return Err(format!("{last} has no place in a value")),
        }
        toml::to_string(&root).map_err(|error| error.to_string())
    }

    fn in_csv(&self, text: &str) -> Result<String, String> {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header = reader.headers().map_err(|error| error.to_string())?.clone();
        let row_key = self.at.first().ok_or("a change says where")?;
        let column = self.at.get(1).map(|name| header.iter().position(|found| found == name));
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&header).map_err(|error| error.to_string())?;
        for record in reader.records() {
            let record = record.map_err(|error| error.to_string())?;
            let is_meant = record.get(0) == Some(row_key);
            let value = self.to.as_ref().and_then(Value::as_str).unwrap_or_default();
            match column {
                _ if !is_meant => writer.write_record(&record),
                Some(Some(column)) => {
                    let cells = record.iter().enumerate();
                    writer
                        .write_record(cells.map(|(i, cell)| if i == column { value } else { cell }))
                }
                Some(None) => return Err("there is no such column".to_owned()),
                None => Ok(()),
            }
            .map_err(|error| error.to_string())?;
        }
        let bytes = writer.into_inner().map_err(|error| error.to_string())?;
        String::from_utf8(bytes).map_err(|error| error.to_string())
    }
}

fn step<'v>(value: &'v mut Value, key: &str) -> Option<&'v mut Value> {
    match value {
        Value::Table(table) => table.get_mut(key),
        Value::Array(list) => {
            let index = position(list, key)?;
            list.get_mut(index)
        }
        _ => None,
    }
}

/// An element by its name, its id or its number.
fn position(list: &[Value], key: &str) -> Option<usize> {
    let named = |value: &Value| {
        ["name", "id"].iter().any(|k| value.get(k).and_then(Value::as_str) == Some(key))
    };
    list.iter().position(named).or_else(|| key.parse().ok().filter(|index| *index < list.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(path: &str, text: &str, change: Change) -> String {
        let mut documents = Documents::default();
        documents.put(path, text.to_owned());
        Change::apply(&[change], &mut documents).unwrap();
        documents.get(path).unwrap().to_owned()
    }

    #[test]
    fn a_value_is_set_or_removed_where_the_change_says() {
        let text = "[[place]]\nname = \"a\"\ntier = 1\n\n[[place]]\nname = \"b\"\ntier = 2\n";
        let set = Change::set("f.toml", &["place", "b", "tier"], 5);
        assert_eq!(changed("f.toml", text, set), text.replace("tier = 2", "tier = 5"));
        let removed = Change::remove("f.toml", &["place", "0"]);
        let left = changed("f.toml", text, removed);
        assert!(!left.contains("\"a\"") && left.contains("\"b\""), "{left}");
    }

    #[test]
    fn an_element_is_added_and_a_document_replaced() {
        let added = Change::set("f.toml", &["tiers", "+"], 3);
        assert_eq!(changed("f.toml", "tiers = [1, 2]\n", added), "tiers = [1, 2, 3]\n");
        let replaced = Change::set("f.toml", &[], "tiers = []\n");
        assert_eq!(changed("f.toml", "tiers = [1]\n", replaced), "tiers = []\n");
    }

    #[test]
    fn a_cell_is_set_and_a_row_removed() {
        let text = "ndc,price\n1,2.5\n2,3.5\n";
        let set = Change::set("p.csv", &["2", "price"], "4.0");
        assert_eq!(changed("p.csv", text, set), "ndc,price\n1,2.5\n2,4.0\n");
        let removed = Change::remove("p.csv", &["1"]);
        assert_eq!(changed("p.csv", text, removed), "ndc,price\n2,3.5\n");
    }

    #[test]
    fn a_place_that_is_not_there_is_told() {
        let mut documents = Documents::default();
        documents.put("f.toml", "a = 1\n".to_owned());
        let wrong = [Change::set("f.toml", &["b", "c"], 1), Change::remove("g.toml", &["a"])];
        for change in wrong {
            assert!(Change::apply(&[change], &mut documents).is_err());
        }
    }
}
