//! Makes arbitrary canonical segments out of the field dictionary, so that no field is forgotten.

use openpbm_wire::ncpdp::fields::{FieldInfo, Repeats};
use openpbm_wire::ncpdp::{Date, Picture, write_overpunch};

/// Arbitrary numbers, used up one by one; afterwards all zero, which makes everything simplest.
pub(crate) struct Choices<'c>(pub(crate) &'c [u16]);

impl Choices<'_> {
    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let Some((&first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        usize::from(first) % bound
    }

    fn number(&mut self, digits: u32) -> u64 {
        let wide = (0..4).fold(0u64, |wide, _| (wide << 16) | self.below(1 << 16) as u64);
        let length = self.below(digits as usize + 1) as u32;
        wide % 10u64.pow(length.min(18))
    }

    /// Appends some of the fields, in canonical order, with values of their pictures.
    pub(crate) fn block(&mut self, fields: &[FieldInfo], out: &mut Vec<u8>) {
        for field in fields {
            match field.repeats {
                // The first field of an occurrence tells where it starts, so it is always there.
                Repeats::No if std::ptr::eq(field, &fields[0]) || self.below(3) > 0 => {
                    self.open(field, out);
                    self.value(field.picture, out);
                }
                Repeats::No => {}
                Repeats::Counted | Repeats::Series => self.group(field, out),
            }
        }
    }

    fn group(&mut self, field: &FieldInfo, out: &mut Vec<u8>) {
        let occurrences = self.below(4);
        for occurrence in 1..=occurrences {
            if field.repeats == Repeats::Series {
                self.open(field, out);
                out.extend_from_slice(occurrence.to_string().as_bytes());
            } else if occurrence == 1 {
                self.open(field, out);
                out.extend_from_slice(occurrences.to_string().as_bytes());
            }
            self.block(field.items, out);
        }
    }

    fn open(&mut self, field: &FieldInfo, out: &mut Vec<u8>) {
        out.push(0x1c);
        out.extend_from_slice(&field.id.bytes());
    }

    fn value(&mut self, picture: Picture, out: &mut Vec<u8>) {
        match picture {
            Picture::Text(width) => {
                for _ in 0..self.below(usize::from(width)) {
                    out.push(b' ' + self.below(95) as u8);
                }
                // The last character is no blank, as trailing blanks mean nothing.
                out.push(b'!' + self.below(94) as u8);
            }
            Picture::Digits(width) => {
                out.extend_from_slice(self.number(width.into()).to_string().as_bytes());
            }
            Picture::Date => {
                let year = 1 + self.below(9999) as u16;
                let (month, day) = (1 + self.below(12) as u8, 1 + self.below(28) as u8);
                out.extend_from_slice(Date::new(year, month, day).unwrap().to_string().as_bytes());
            }
            Picture::Time => {
                let time = format!("{:02}{:02}", self.below(24), self.below(60));
                out.extend_from_slice(time.as_bytes());
            }
            Picture::Decimal(whole, scale) => {
                let digits = usize::from(scale) + 1;
                let number = self.number(u32::from(whole + scale));
                out.extend_from_slice(format!("{number:0digits$}").as_bytes());
            }
            Picture::Signed(whole, scale) => {
                let magnitude = self.number(u32::from(whole + scale)) as i64;
                let amount = if self.below(2) == 1 { -magnitude } else { magnitude };
                write_overpunch(amount, usize::from(scale) + 1, out);
            }
            other => panic!("no values for {other}"),
        }
    }
}
