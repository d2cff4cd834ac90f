//! A TOML value, and the readers that turn it into a type or note what is wrong with it.

use std::ops::{Range, RangeInclusive};
use std::str::FromStr;

use openpbm_core::{Cents, Date, ParseError, Percent};
use toml::Spanned;
use toml::de::DeValue;

use super::{Page, Place, Table, any_of, shown};

/// No amount of a benefit is larger: ten million dollars.
const MOST: Cents = Cents::new(1_000_000_000);

/// A value of a document, under its key.
#[derive(Debug, Clone)]
pub(crate) struct Value<'d> {
    page: &'d Page<'d>,
    key: &'d str,
    key_span: Range<usize>,
    value: &'d Spanned<DeValue<'d>>,
}

impl<'d> Value<'d> {
    pub(crate) fn new(
        page: &'d Page<'d>,
        key: &'d str,
        key_span: Range<usize>,
        value: &'d Spanned<DeValue<'d>>,
    ) -> Self {
        Self { page, key, key_span, value }
    }

    /// The value itself.
    pub(crate) fn inner(&self) -> &'d DeValue<'d> {
        self.value.get_ref()
    }

    /// Where the value stands.
    pub(crate) fn place(&self) -> Place {
        self.page.place(&self.value.span())
    }

    /// Where its key stands.
    pub(crate) fn key_place(&self) -> Place {
        self.page.place(&self.key_span)
    }

    /// Notes what was found and what would be right.
    pub(crate) fn wrong(&self, expected: &str) {
        self.wrong_among(expected, &[]);
    }

    /// Notes what was found, what would be right, and what was probably meant.
    pub(crate) fn wrong_among(&self, expected: &str, known: &[&str]) {
        let text = format!("`{}`: found {}, expected {expected}", self.key, self.found());
        let found = self.inner().as_str().unwrap_or_default();
        self.page.mistake_among(self.place(), text, found, known);
    }

    /// Notes a mistake in words of its own.
    pub(crate) fn mistake(&self, text: &str) {
        let text = format!("`{}`: {text}", self.key);
        self.page.mistake_among(self.place(), text, "", &[]);
    }

    /// The text, or a mistake.
    pub(crate) fn str(&self, expected: &str) -> Option<&'d str> {
        let text = self.inner().as_str();
        if text.is_none() {
            let numeric = matches!(self.inner(), DeValue::Float(_) | DeValue::Integer(_));
            let hint = if numeric { ", as text in quotes: it is read exactly" } else { "" };
            self.wrong(&format!("{expected}{hint}"));
        }
        text
    }

    /// The table, or a mistake.
    pub(crate) fn table(self) -> Option<Table<'d>> {
        match self.inner() {
            DeValue::Table(entries) => {
                let label = format!("`{}`", self.key);
                Some(Table::new(self.page, label, self.place(), entries))
            }
            _ => {
                self.wrong("a table");
                None
            }
        }
    }

    fn found(&self) -> String {
        match self.inner() {
            DeValue::String(text) if text.is_empty() => "an empty text".to_owned(),
            DeValue::String(text) => format!("`{}`", shown(text)),
            DeValue::Integer(number) => format!("the number {}", shown(number.as_str())),
            DeValue::Float(number) => format!("the number {}", shown(number.as_str())),
            DeValue::Boolean(flag) => format!("`{flag}`"),
            DeValue::Datetime(_) => "a date or time".to_owned(),
            DeValue::Array(items) if items.is_empty() => "an empty list".to_owned(),
            DeValue::Array(_) => "a list".to_owned(),
            DeValue::Table(_) => "a table".to_owned(),
        }
    }
}

/// A text that is not empty, without the blanks around it.
pub(crate) fn text(value: Value<'_>) -> Option<Box<str>> {
    let text = value.str("a text")?.trim();
    if text.is_empty() {
        value.wrong("a text that is not empty");
        return None;
    }
    Some(text.into())
}

/// A text that one of the vocabulary's types reads: an id, a percentage, a quantity.
pub(crate) fn parsed<T: FromStr<Err = ParseError>>(value: Value<'_>) -> Option<T> {
    // No type of the vocabulary can be read from an empty text.
    let expected = T::from_str("").err().map_or("a text", |error| error.expected);
    let parsed = value.str(expected)?.parse();
    if parsed.is_err() {
        value.wrong(expected);
    }
    parsed.ok()
}

/// An amount of dollars, not negative.
pub(crate) fn cents(value: Value<'_>) -> Option<Cents> {
    let amount: Cents = parsed(value.clone())?;
    let fits = !amount.is_negative() && amount <= MOST;
    if !fits {
        value.wrong("an amount from 0.00 to 10000000.00");
    }
    fits.then_some(amount)
}

/// A percentage from above 0% to a bound.
pub(crate) fn positive_rate<'d>(most: Percent) -> impl Fn(Value<'d>) -> Option<Percent> {
    move |value| {
        let rate: Percent = parsed(value.clone())?;
        let fits = rate.basis_points() > 0 && rate <= most;
        if !fits {
            value.wrong(&format!("a percentage above 0% and at most {most}"));
        }
        fits.then_some(rate)
    }
}

/// A day, as TOML writes it: without quotes.
pub(crate) fn date(value: Value<'_>) -> Option<Date> {
    let expected = "a date like 2026-01-01, without quotes";
    let day = match value.inner() {
        DeValue::Datetime(moment) if moment.time.is_none() && moment.offset.is_none() => {
            moment.date.and_then(|date| Date::new(i32::from(date.year), date.month, date.day))
        }
        _ => None,
    };
    if day.is_none() {
        value.wrong(expected);
    }
    day
}

/// `true` or `false`.
pub(crate) fn flag(value: Value<'_>) -> Option<bool> {
    let flag = value.inner().as_bool();
    if flag.is_none() {
        value.wrong("`true` or `false`, without quotes");
    }
    flag
}

/// A whole number within bounds.
pub(crate) fn whole<'d, T: TryFrom<u16>>(
    range: RangeInclusive<u16>,
) -> impl Fn(Value<'d>) -> Option<T> {
    move |value| {
        let number = match value.inner() {
            DeValue::Integer(number) => u16::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        };
        let number = number.filter(|n| range.contains(n)).and_then(|n| T::try_from(n).ok());
        if number.is_none() {
            value.wrong(&format!("a whole number from {} to {}", range.start(), range.end()));
        }
        number
    }
}

/// One of a few words.
pub(crate) fn one_of<'d, T: Copy>(choices: &[(&str, T)]) -> impl Fn(Value<'d>) -> Option<T> {
    move |value| {
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        let expected = any_of(&names);
        let text = value.str(&expected)?;
        let choice = choices.iter().find(|(name, _)| *name == text);
        if choice.is_none() {
            value.wrong_among(&expected, &names);
        }
        choice.map(|(_, choice)| *choice)
    }
}

/// A list of at least one, in which nothing stands twice.
pub(crate) fn distinct<'d, T: PartialEq>(
    read: impl Fn(Value<'d>) -> Option<T>,
) -> impl Fn(Value<'d>) -> Option<Vec<T>> {
    let read = list(read);
    move |value| {
        let items = read(value.clone())?;
        let is_again = |index: &usize| {
            let (before, behind) = items.split_at_checked(*index).unwrap_or_default();
            behind.first().is_some_and(|item| before.contains(item))
        };
        let again = (0..items.len()).find(is_again);
        if let (Some(index), DeValue::Array(all)) = (again, value.inner())
            && let Some(item) = all.get(index)
        {
            let item = Value::new(value.page, value.key, item.span(), item);
            item.mistake(&format!("found {}, which stands here twice", item.found()));
            return None;
        }
        Some(items)
    }
}

/// A list of at least one; `None` if any of it is wrong, all of which is noted.
pub(crate) fn list<'d, T>(
    read: impl Fn(Value<'d>) -> Option<T>,
) -> impl Fn(Value<'d>) -> Option<Vec<T>> {
    let read = list_or_none(read);
    move |value| {
        if matches!(value.inner(), DeValue::Array(items) if items.is_empty()) {
            value.wrong("a list of at least one");
            return None;
        }
        read(value)
    }
}

/// A list that may be empty; `None` if any of it is wrong, all of which is noted.
pub(crate) fn list_or_none<'d, T>(
    read: impl Fn(Value<'d>) -> Option<T>,
) -> impl Fn(Value<'d>) -> Option<Vec<T>> {
    move |value| {
        let DeValue::Array(items) = value.inner() else {
            value.wrong("a list");
            return None;
        };
        let read_item = |item: &'d Spanned<DeValue<'d>>| {
            read(Value::new(value.page, value.key, item.span(), item))
        };
        // Every item is read, so that every mistake is noted, before any is missed.
        let read: Vec<Option<T>> = items.iter().map(read_item).collect();
        read.into_iter().collect()
    }
}

/// One value, or a list of at least one.
pub(crate) fn one_or_more<'d, T>(
    read: impl Fn(Value<'d>) -> Option<T>,
) -> impl Fn(Value<'d>) -> Option<Vec<T>> {
    move |value| match value.inner() {
        DeValue::Array(_) => list(&read)(value),
        _ => read(value).map(|one| vec![one]),
    }
}
