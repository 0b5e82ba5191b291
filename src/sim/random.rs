//! A small deterministic generator: the same seed tells the same story.
//!
//! `SplitMix64`. Not `fastrand`, whose stream may change between releases.

use std::fmt::Write;

/// A stream of numbers that depends on its seed alone.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    /// Starts the stream that belongs to a name and a number.
    pub(crate) fn of(name: &str, number: u64) -> Self {
        Self(hash(name.as_bytes(), number ^ 0x5eed_5eed_5eed_5eed))
    }

    /// Returns the next number.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// Returns a number below `bound`, or 0 when the bound is 0.
    #[expect(clippy::cast_possible_truncation, reason = "smaller than `bound`")]
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        if bound == 0 { 0 } else { (self.next() % bound as u64) as usize }
    }

    /// Says yes in `percent` of 100 cases.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// Returns one of the items.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// Returns a random GUID.
    pub(crate) fn guid(&mut self) -> String {
        let (high, low) = (self.next(), self.next());
        guid_text(high, low)
    }
}

/// Returns the GUID that belongs to a name and a number, always the same.
pub(crate) fn guid_of(name: &str, number: u64) -> String {
    Random::of(name, number).guid()
}

/// Hashes bytes under a seed; stable across releases and platforms.
pub(crate) fn hash(bytes: &[u8], seed: u64) -> u64 {
    let mut state = 0xcbf2_9ce4_8422_2325 ^ seed;
    for byte in bytes {
        state = (state ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    mix(state)
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Writes 128 bits as a version 4 GUID.
fn guid_text(high: u64, low: u64) -> String {
    let mut text = String::with_capacity(36);
    let (a, b) = (high >> 32, (high >> 16) & 0xffff);
    let c = (high & 0x0fff) | 0x4000;
    let d = ((low >> 48) & 0x3fff) | 0x8000;
    // Writing to a String cannot fail.
    let _ = write!(text, "{a:08x}-{b:04x}-{c:04x}-{d:04x}-{:012x}", low & 0xffff_ffff_ffff);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_stream() {
        assert_eq!(Random::of("a", 1).guid(), Random::of("a", 1).guid());
        assert_ne!(Random::of("a", 1).guid(), Random::of("a", 2).guid());
    }

    #[test]
    fn a_guid_has_the_shape_of_version_4() {
        let guid = guid_of("user", 7);
        assert_eq!(guid.len(), 36);
        assert_eq!(guid.as_bytes()[14], b'4');
        assert!(guid.split('-').map(str::len).eq([8, 4, 4, 4, 12]));
    }
}
