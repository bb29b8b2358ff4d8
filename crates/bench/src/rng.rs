//! Random numbers that are the same on every machine and with every version of this crate's dependencies:
//! ChaCha8 is a fixed algorithm and `libm` computes logarithms and exponentials in plain Rust.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// The seed of all data this tool makes.
pub const SEED: u64 = 20_260_101;

/// A seeded source of random numbers.
pub struct Rng(ChaCha8Rng);

impl Rng {
    /// Independent sequence number `stream` of the seed.
    pub fn new(stream: u64) -> Self {
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&SEED.to_le_bytes());
        let mut inner = ChaCha8Rng::from_seed(seed);
        inner.set_stream(stream);
        Rng(inner)
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Uniform in `0 ..< 1`.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Uniform in `low ..< high`.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Uniform in `0 ..< n`.
    pub fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(n)) >> 64) as u64
    }

    /// True with probability `p`.
    pub fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// Standard normal (Box and Muller).
    pub fn normal(&mut self) -> f64 {
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.unit()));
        radius * libm::cos(std::f64::consts::TAU * self.unit())
    }

    /// Log-normal with the given median; `sigma` is the deviation of its logarithm.
    pub fn log_normal(&mut self, median: f64, sigma: f64) -> f64 {
        median * libm::exp(sigma * self.normal())
    }

    /// One of `items`, which must not be empty.
    pub fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len() as u64) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_never_changes() {
        let mut rng = Rng::new(1);
        assert_eq!([rng.bits(), rng.bits()], FIRST);
        assert_ne!(Rng::new(2).bits(), FIRST[0]);
    }

    const FIRST: [u64; 2] = [14_452_546_469_124_414_399, 11_176_373_418_698_617_595];

    #[test]
    fn normal_has_mean_zero_and_deviation_one() {
        let mut rng = Rng::new(3);
        let draws: Vec<f64> = (0..20_000).map(|_| rng.normal()).collect();
        let mean = draws.iter().sum::<f64>() / 20_000.0;
        let variance = draws.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 20_000.0;
        assert!(mean.abs() < 0.03 && (variance - 1.0).abs() < 0.05, "{mean} {variance}");
    }

    #[test]
    fn below_covers_the_range_and_no_more() {
        let mut rng = Rng::new(4);
        let mut seen = [0; 7];
        (0..7_000).for_each(|_| seen[rng.below(7) as usize] += 1);
        assert!(seen.iter().all(|n| (800..1_200).contains(n)), "{seen:?}");
    }
}
