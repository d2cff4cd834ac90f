//! Numbers that look random and are the same in every run, so that two runs decide the same
//! claims.

/// A small generator (xorshift64*).
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    /// The same seed rolls the same numbers.
    pub(crate) const fn new(seed: u64) -> Self {
        // Nothing but zeros follows a zero.
        Self(if seed == 0 { 1 } else { seed })
    }

    /// A number from 0 up to, without, `sides`; 0 if there are none.
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(high).ok().and_then(|high| high.checked_rem(sides)).unwrap_or(0)
    }

    /// One of a list.
    pub(crate) fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.roll(of.len()))
    }
}
