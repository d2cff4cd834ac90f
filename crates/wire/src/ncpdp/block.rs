//! The one description of a segment: each field is one line, and reading, writing, checking and
//! the field dictionary all come from that line.

use std::fmt;

use super::encode::Encoder;
use super::field::{Field, FieldId, InvalidField, Reason};
use super::fields::{FieldInfo, Repeats};
use super::format::{self, Format, Picture};
use super::frame::{RawField, RawSegment};

/// The two characters of 111-AM that say which segment follows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SegmentId([u8; 2]);

impl SegmentId {
    /// The segment with these two characters, known or not.
    pub const fn new(id: [u8; 2]) -> SegmentId {
        SegmentId(id)
    }

    /// The two characters.
    pub const fn bytes(self) -> [u8; 2] {
        self.0
    }
}

impl fmt::Display for SegmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.escape_ascii())
    }
}

impl fmt::Debug for SegmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SegmentId({self})")
    }
}

/// What a block did with a field offered to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// The field is not one of the block's.
    No,
    /// The block has it now.
    Yes,
    /// The block has one already: this field belongs to the next occurrence.
    Already,
}

/// A set of fields read and written together: a segment, or one occurrence of a repeating group.
///
/// Implemented by the structs of [`segments`](super::segments), from one table each.
pub trait Block<'a>: Default {
    /// The block's fields in the order in which they are written.
    const FIELDS: &'static [FieldInfo];

    /// Offers a field. `occurrence` counts from 1 within the block's group.
    fn take(&mut self, field: &RawField<'a>, occurrence: u8) -> Taken;

    /// Writes every field that is there.
    fn write(&self, encoder: &mut Encoder<'_>);

    /// Calls `found` for each field that is invalid and each count that lies.
    fn each_fault(&self, found: &mut dyn FnMut(InvalidField));
}

/// A block that stands by itself, opened by 111-AM.
pub trait Segment<'a>: Block<'a> {
    /// Which segment it is (111-AM).
    const ID: SegmentId;

    /// Reads the segment in one pass over its fields. Fields it does not know stay in the frame.
    #[inline]
    fn read(segment: &RawSegment<'a, '_>) -> Self {
        let mut read = Self::default();
        for field in segment.fields() {
            read.take(&field, 1);
        }
        read
    }

    /// Every invalid field and every count that lies, in the segment's own order.
    fn faults(&self) -> Vec<InvalidField> {
        let mut faults = Vec::new();
        self.each_fault(&mut |fault| faults.push(fault));
        faults
    }
}

/// How a block's member is read, kept, written and described; one implementation for single
/// fields, two for repeating groups.
pub(crate) trait Member<'a> {
    /// What the block keeps.
    type Slot;
    /// The form of the field, or of the group's count.
    const PICTURE: Picture;
    /// How the member repeats.
    const REPEATS: Repeats = Repeats::No;
    /// The fields of one occurrence, for a repeating group.
    const ITEMS: &'static [FieldInfo] = &[];
    /// Takes the member's own field.
    fn take(slot: &mut Self::Slot, field: &RawField<'a>, occurrence: u8) -> Taken;
    /// Takes a field of the group's occurrences.
    fn take_item(_slot: &mut Self::Slot, _field: &RawField<'a>) -> Taken {
        Taken::No
    }
    /// Writes the member, `id` being its own field.
    fn write(slot: &Self::Slot, id: FieldId, encoder: &mut Encoder<'_>);
    /// Tells what is wrong.
    fn each_fault(slot: &Self::Slot, id: FieldId, found: &mut dyn FnMut(InvalidField));
}

impl<'a, F: Format<'a>> Member<'a> for F {
    type Slot = Field<F::Value>;
    const PICTURE: Picture = F::PICTURE;

    #[inline]
    fn take(slot: &mut Self::Slot, field: &RawField<'a>, occurrence: u8) -> Taken {
        if !matches!(slot, Field::Absent) {
            return Taken::Already;
        }
        format::read_into::<F>(slot, field, occurrence);
        Taken::Yes
    }

    #[inline]
    fn write(slot: &Self::Slot, id: FieldId, encoder: &mut Encoder<'_>) {
        encoder.field::<F>(id, slot);
    }

    fn each_fault(slot: &Self::Slot, _id: FieldId, found: &mut dyn FnMut(InvalidField)) {
        if let Some(fault) = slot.fault() {
            found(fault);
        }
    }
}

/// In a segment a field that may stand once and stands twice is invalid, whatever it says.
#[cold]
pub(crate) fn refuse_second<T>(slot: &mut Field<T>, field: &RawField<'_>) -> Taken {
    *slot = Field::Invalid(format::invalid(field, 2, Reason::Repeated));
    Taken::Yes
}

/// The type that a struct's member has, by the name of its format.
macro_rules! slot {
    ($lt:lifetime text($width:literal)) => { $crate::ncpdp::Field<&$lt str> };
    ($lt:lifetime digits($width:literal)) => { $crate::ncpdp::Field<&$lt str> };
    ($lt:lifetime number($width:literal)) => { $crate::ncpdp::Field<u32> };
    ($lt:lifetime date()) => { $crate::ncpdp::Field<$crate::ncpdp::Date> };
    ($lt:lifetime time()) => { $crate::ncpdp::Field<$crate::ncpdp::Time> };
    ($lt:lifetime money($width:literal)) => { $crate::ncpdp::Field<i64> };
    ($lt:lifetime quantity($width:literal)) => { $crate::ncpdp::Field<i64> };
    ($lt:lifetime rate($width:literal)) => { $crate::ncpdp::Field<i64> };
    ($lt:lifetime percent($width:literal)) => { $crate::ncpdp::Field<i64> };
    ($lt:lifetime counted($block:ty, $width:literal)) => {
        $crate::ncpdp::Repeat<$block>
    };
    ($lt:lifetime series($block:ty, $width:literal)) => {
        $crate::ncpdp::Repeat<$block>
    };
}

/// The format's marker type, by its name.
macro_rules! format_of {
    ($lt:lifetime text($width:literal)) => { $crate::ncpdp::format::Text<$width> };
    ($lt:lifetime digits($width:literal)) => { $crate::ncpdp::format::Digits<$width> };
    ($lt:lifetime number($width:literal)) => { $crate::ncpdp::format::Number<$width> };
    ($lt:lifetime date()) => { $crate::ncpdp::format::Day };
    ($lt:lifetime time()) => { $crate::ncpdp::format::Clock };
    ($lt:lifetime money($width:literal)) => { $crate::ncpdp::format::Signed<$width, 2> };
    ($lt:lifetime quantity($width:literal)) => { $crate::ncpdp::format::Decimal<$width, 3> };
    ($lt:lifetime rate($width:literal)) => { $crate::ncpdp::format::Signed<$width, 4> };
    ($lt:lifetime percent($width:literal)) => { $crate::ncpdp::format::Signed<$width, 2> };
    ($lt:lifetime counted($block:ty, $width:literal)) => {
        $crate::ncpdp::repeat::Counted<$block, $width>
    };
    ($lt:lifetime series($block:ty, $width:literal)) => {
        $crate::ncpdp::repeat::Series<$block, $width>
    };
}

/// What a block does with a field that it has already: the next occurrence's in a group, a fault
/// in a segment.
macro_rules! already {
    (group $slot:expr, $field:expr) => {
        Taken::Already
    };
    (segment $slot:expr, $field:expr) => {
        $crate::ncpdp::block::refuse_second($slot.own_field(), $field)
    };
}

/// Declares a block from its table of fields; used through `segment!` and `group!`.
macro_rules! block {
    (
        $kind:ident
        $(#[doc = $about:literal])+
        $name:ident [$($generics:tt)*] $lt:lifetime {
            $(
                $(#[doc = $doc:literal])+
                $number:literal $member:ident: $format:ident $args:tt,
            )+
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone, PartialEq, Default)]
        pub struct $name $($generics)* {
            $(
                #[doc = concat!(
                    "Field ", $number, ", `", stringify!($format), stringify!($args), "`.\n\n",
                )]
                $(#[doc = $doc])+
                pub $member: slot!($lt $format $args),
            )+
        }

        impl<$lt> $crate::ncpdp::Block<$lt> for $name $($generics)* {
            const FIELDS: &'static [$crate::ncpdp::fields::FieldInfo] = &[
                $(
                    $crate::ncpdp::fields::FieldInfo {
                        number: $number,
                        id: $crate::ncpdp::FieldId::of($number),
                        name: stringify!($member),
                        meaning: concat!($($doc),+),
                        picture: <format_of!($lt $format $args)
                            as $crate::ncpdp::block::Member<$lt>>::PICTURE,
                        repeats: <format_of!($lt $format $args)
                            as $crate::ncpdp::block::Member<$lt>>::REPEATS,
                        items: <format_of!($lt $format $args)
                            as $crate::ncpdp::block::Member<$lt>>::ITEMS,
                    },
                )+
            ];

            #[expect(
                non_upper_case_globals,
                reason = "a pattern is named like the member whose field it matches"
            )]
            #[inline]
            fn take(
                &mut self,
                raw: &$crate::ncpdp::RawField<$lt>,
                nth: u8,
            ) -> $crate::ncpdp::block::Taken {
                use $crate::ncpdp::block::{Member, Taken};
                $(
                    const $member: $crate::ncpdp::FieldId = $crate::ncpdp::FieldId::of($number);
                )+
                match raw.id() {
                    $(
                        $member => {
                            match <format_of!($lt $format $args) as Member<$lt>>::take(
                                &mut self.$member,
                                raw,
                                nth,
                            ) {
                                Taken::Already => already!($kind self.$member, raw),
                                taken => taken,
                            }
                        }
                    )+
                    _ => {
                        $(
                            let taken =
                                <format_of!($lt $format $args) as Member<$lt>>::take_item(
                                    &mut self.$member,
                                    raw,
                                );
                            if taken != Taken::No {
                                return taken;
                            }
                        )+
                        Taken::No
                    }
                }
            }

            fn write(&self, encoder: &mut $crate::ncpdp::Encoder<'_>) {
                $(
                    <format_of!($lt $format $args) as $crate::ncpdp::block::Member<$lt>>::write(
                        &self.$member,
                        const { $crate::ncpdp::FieldId::of($number) },
                        encoder,
                    );
                )+
            }

            fn each_fault(&self, found: &mut dyn FnMut($crate::ncpdp::InvalidField)) {
                $(
                    <format_of!($lt $format $args) as $crate::ncpdp::block::Member<$lt>>::
                        each_fault(
                            &self.$member,
                            const { $crate::ncpdp::FieldId::of($number) },
                            found,
                        );
                )+
            }
        }
    };
}

/// Declares one occurrence of a repeating group.
macro_rules! group {
    ($(#[doc = $about:literal])+ $name:ident<$lt:lifetime> { $($table:tt)+ }) => {
        block! { group $(#[doc = $about])+ $name [<$lt>] $lt { $($table)+ } }
    };
    // An occurrence of numbers only borrows nothing.
    ($(#[doc = $about:literal])+ $name:ident { $($table:tt)+ }) => {
        block! { group $(#[doc = $about])+ $name [] 'a { $($table)+ } }
    };
}

/// Declares a segment; the literal after its name is its 111-AM.
macro_rules! segment {
    ($(#[doc = $about:literal])+ $id:literal $name:ident<$lt:lifetime> { $($table:tt)+ }) => {
        block! { segment $(#[doc = $about])+ $name [<$lt>] $lt { $($table)+ } }

        impl<$lt> $crate::ncpdp::Segment<$lt> for $name<$lt> {
            const ID: $crate::ncpdp::SegmentId = $crate::ncpdp::SegmentId::new(*$id);
        }
    };
}
