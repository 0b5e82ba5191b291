//! Chance that is the same on every machine.

/// A small generator with a fixed seed: the same cases on every machine.
#[derive(Debug)]
pub struct Dice(u64);

impl Dice {
    /// Starts a series of numbers; the second number tells series of one seed apart.
    pub fn seeded(seed: u64, series: u64) -> Self {
        let mut dice = Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ series);
        dice.roll(2);
        dice
    }

    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % sides.max(1)
    }

    pub fn one_in(&mut self, sides: usize) -> bool {
        self.roll(sides) == 0
    }

    pub fn op(&mut self, from: &[&'static str]) -> &'static str {
        from[self.roll(from.len())]
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.roll(from.len())]
    }
}
