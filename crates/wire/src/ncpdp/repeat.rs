//! Repeating groups. D.0 has two kinds: a count sent once before all occurrences, and a counter
//! sent at the head of each.

use std::ops::Deref;

use super::block::{Block, Member, Taken};
use super::encode::Encoder;
use super::field::{Field, FieldId, InvalidField, Reason};
use super::fields::{FieldInfo, Repeats};
use super::format::{self, Format, Number, Picture};
use super::frame::RawField;

/// The occurrences of a repeating group, in the order sent, and the count that came with them.
///
/// Made by `vec.into()`; the count is then right by construction.
#[derive(Debug, Clone, Default)]
pub struct Repeat<B> {
    items: Vec<B>,
    count: Field<u32>,
    /// Where the group starts in the transmission, for what is said about its count.
    offset: u32,
}

impl<B> Repeat<B> {
    /// The count as sent: of the group, or of the counters at the heads of its occurrences.
    pub const fn count(&self) -> Field<u32> {
        self.count
    }

    pub(crate) fn own_field(&mut self) -> &mut Field<u32> {
        &mut self.count
    }

    /// The count's fault: its own, or that it disagrees with the occurrences.
    fn count_fault(&self, id: FieldId) -> Option<InvalidField> {
        let agrees = match self.count {
            Field::Invalid(fault) => return Some(fault),
            Field::Value(count) => usize::try_from(count) == Ok(self.items.len()),
            Field::Absent | Field::Blank => self.items.is_empty(),
        };
        let fault = InvalidField { id, occurrence: 1, reason: Reason::Count, offset: self.offset };
        (!agrees).then_some(fault)
    }
}

impl<B> Deref for Repeat<B> {
    type Target = [B];

    fn deref(&self) -> &[B] {
        &self.items
    }
}

impl<'r, B> IntoIterator for &'r Repeat<B> {
    type Item = &'r B;
    type IntoIter = std::slice::Iter<'r, B>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

impl<B> From<Vec<B>> for Repeat<B> {
    fn from(items: Vec<B>) -> Repeat<B> {
        let count = match u32::try_from(items.len()) {
            Ok(0) | Err(_) => Field::Absent,
            Ok(count) => Field::Value(count),
        };
        Repeat { items, count, offset: 0 }
    }
}

impl<B: PartialEq> PartialEq for Repeat<B> {
    /// Where the group stood in a transmission does not matter.
    fn eq(&self, other: &Repeat<B>) -> bool {
        self.items == other.items && self.count == other.count
    }
}

/// A group with one count, of up to `N` digits, before all its occurrences.
pub(crate) struct Counted<B, const N: u8>(std::marker::PhantomData<B>);

impl<'a, B: Block<'a>, const N: u8> Member<'a> for Counted<B, N> {
    type Slot = Repeat<B>;
    const PICTURE: Picture = <Number<N> as Format<'a>>::PICTURE;
    const REPEATS: Repeats = Repeats::Counted;
    const ITEMS: &'static [FieldInfo] = B::FIELDS;

    fn take(slot: &mut Repeat<B>, field: &RawField<'a>, occurrence: u8) -> Taken {
        if !matches!(slot.count, Field::Absent) {
            return Taken::Already;
        }
        slot.offset = field.offset();
        slot.count = format::read::<Number<N>>(field, occurrence);
        Taken::Yes
    }

    fn take_item(slot: &mut Repeat<B>, field: &RawField<'a>) -> Taken {
        let opens = B::FIELDS.first().is_some_and(|first| first.id == field.id());
        take_item(slot, field, opens)
    }

    fn write(slot: &Repeat<B>, id: FieldId, encoder: &mut Encoder<'_>) {
        if slot.items.is_empty() {
            encoder.field::<Number<N>>(id, &slot.count);
            return;
        }
        let count = u32::try_from(slot.items.len()).unwrap_or(u32::MAX);
        encoder.field::<Number<N>>(id, &Field::Value(count));
        for item in &slot.items {
            item.write(encoder);
        }
    }

    fn each_fault(slot: &Repeat<B>, id: FieldId, found: &mut dyn FnMut(InvalidField)) {
        each_fault(slot, id, found);
    }
}

/// A group whose occurrences each start with a counter, of up to `N` digits: 1, 2, 3…
pub(crate) struct Series<B, const N: u8>(std::marker::PhantomData<B>);

impl<'a, B: Block<'a>, const N: u8> Member<'a> for Series<B, N> {
    type Slot = Repeat<B>;
    const PICTURE: Picture = <Number<N> as Format<'a>>::PICTURE;
    const REPEATS: Repeats = Repeats::Series;
    const ITEMS: &'static [FieldInfo] = B::FIELDS;

    fn take(slot: &mut Repeat<B>, field: &RawField<'a>, _occurrence: u8) -> Taken {
        if slot.items.is_empty() {
            slot.offset = field.offset();
        }
        slot.items.push(B::default());
        let occurrence = saturated(slot.items.len());
        let counter = format::read::<Number<N>>(field, occurrence);
        // The first fault stays: later counters are only wrong because of it.
        if slot.count.fault().is_none() {
            slot.count = match counter.value() {
                Some(number) if usize::try_from(number) == Ok(slot.items.len()) => counter,
                _ => Field::Invalid(
                    counter
                        .fault()
                        .unwrap_or_else(|| format::invalid(field, occurrence, Reason::Count)),
                ),
            };
        }
        Taken::Yes
    }

    fn take_item(slot: &mut Repeat<B>, field: &RawField<'a>) -> Taken {
        take_item(slot, field, false)
    }

    fn write(slot: &Repeat<B>, id: FieldId, encoder: &mut Encoder<'_>) {
        for (counter, item) in (1..).zip(&slot.items) {
            encoder.field::<Number<N>>(id, &Field::Value(counter));
            item.write(encoder);
        }
    }

    fn each_fault(slot: &Repeat<B>, id: FieldId, found: &mut dyn FnMut(InvalidField)) {
        each_fault(slot, id, found);
    }
}

/// Gives a field to the last occurrence, or to a new one if it `opens` one or the last has it
/// already.
fn take_item<'a, B: Block<'a>>(slot: &mut Repeat<B>, field: &RawField<'a>, opens: bool) -> Taken {
    if !owns(B::FIELDS, field.id()) {
        return Taken::No;
    }
    let occurrences = saturated(slot.items.len());
    if !opens
        && let Some(last) = slot.items.last_mut()
        && last.take(field, occurrences) == Taken::Yes
    {
        return Taken::Yes;
    }
    if slot.items.is_empty() && matches!(slot.count, Field::Absent) {
        slot.offset = field.offset();
    }
    let mut next = B::default();
    let taken = next.take(field, occurrences.saturating_add(1));
    slot.items.push(next);
    taken
}

fn owns(fields: &[FieldInfo], id: FieldId) -> bool {
    fields.iter().any(|field| field.id == id || owns(field.items, id))
}

fn each_fault<'a, B: Block<'a>>(
    slot: &Repeat<B>,
    id: FieldId,
    found: &mut dyn FnMut(InvalidField),
) {
    if let Some(fault) = slot.count_fault(id) {
        found(fault);
    }
    for item in &slot.items {
        item.each_fault(found);
    }
}

fn saturated(count: usize) -> u8 {
    u8::try_from(count).unwrap_or(u8::MAX)
}
