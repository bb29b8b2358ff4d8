//! A fixed shuffle of `0 ..< n` that needs no memory: a four-round Feistel network over the next power of four,
//! walked until it lands in range.

/// A shuffle of `0 ..< n`.
pub struct Permutation {
    n: u64,
    half: u32,
    keys: [u64; 4],
}

impl Permutation {
    /// The shuffle of `0 ..< n` with these keys.
    pub fn new(n: u64, keys: [u64; 4]) -> Self {
        let bits = 64 - n.saturating_sub(1).leading_zeros();
        Permutation { n, half: bits.div_ceil(2).max(1), keys }
    }

    /// The new place of `i`, which must be less than `n`.
    pub fn apply(&self, i: u64) -> u64 {
        let mut at = self.encrypt(i);
        while at >= self.n {
            at = self.encrypt(at);
        }
        at
    }

    fn encrypt(&self, i: u64) -> u64 {
        let mask = (1u64 << self.half) - 1;
        let (mut left, mut right) = (i >> self.half, i & mask);
        for key in self.keys {
            (left, right) = (right, left ^ (mix(right ^ key) & mask));
        }
        left << self.half | right
    }
}

/// The finishing function of SplitMix64.
fn mix(x: u64) -> u64 {
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_taken_once() {
        for n in [1, 2, 3, 17, 1_000, 4_096] {
            let shuffle = Permutation::new(n, [1, 2, 3, 4]);
            let mut places: Vec<u64> = (0..n).map(|i| shuffle.apply(i)).collect();
            places.sort_unstable();
            assert_eq!(places, (0..n).collect::<Vec<_>>());
        }
    }
}
