//! A sketch of the values of a column, in bounded memory and independent of their order.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

/// The least hashes of the values of a column, each with a count (a k-minimum-values sketch).
///
/// A hash that is among the least at the end was so at every earlier point, so its count is exact. A column with no
/// more distinct values than are kept is known exactly.
#[derive(Clone, Debug)]
pub(crate) struct Sketch {
    counts: HashMap<u64, u64>,
    keep: usize,
    /// Hashes above it are ignored.
    limit: u64,
}

/// How many hashes of a column are kept.
const KEEP: usize = 1 << 16;

/// The hash of a text or a row. The default hasher has fixed keys: the same text has the same hash in every run.
pub(crate) fn hash_of<T: Hash + ?Sized>(value: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

impl Default for Sketch {
    fn default() -> Self {
        Sketch { counts: HashMap::new(), keep: KEEP, limit: u64::MAX }
    }
}

impl Sketch {
    pub(crate) fn add(&mut self, text: &str) {
        let hash = hash_of(text);
        if hash > self.limit {
            return;
        }
        *self.counts.entry(hash).or_insert(0) += 1;
        if self.counts.len() > 2 * self.keep {
            self.trim();
        }
    }

    fn trim(&mut self) {
        if self.counts.len() <= self.keep {
            return;
        }
        let mut hashes: Vec<u64> = self.counts.keys().copied().collect();
        self.limit = *hashes.select_nth_unstable(self.keep - 1).1;
        let limit = self.limit;
        self.counts.retain(|hash, _| *hash <= limit);
    }

    /// The hash that `count` values at most do not exceed; the same values for the same column, whatever their order.
    pub(crate) fn least(&self, count: usize) -> u64 {
        let mut hashes: Vec<u64> = self.counts.keys().copied().collect();
        match hashes.len().checked_sub(1) {
            Some(last) => *hashes.select_nth_unstable(last.min(count.saturating_sub(1))).1,
            None => 0,
        }
    }

    /// The finished sketch, after the last value.
    pub(crate) fn finish(mut self) -> Sketch {
        self.trim();
        self
    }

    /// Whether no kept value occurs twice.
    pub(crate) fn is_unique(&self) -> bool {
        self.counts.values().all(|count| *count == 1)
    }

    /// The number of distinct values; an estimate if not all were kept.
    pub(crate) fn distinct(&self) -> u64 {
        if self.limit == u64::MAX {
            return self.counts.len() as u64;
        }
        (self.counts.len() as u128 * u128::from(u64::MAX) / u128::from(self.limit.max(1))) as u64
    }

    /// The share of these values that are also in `others`, among the hashes that both keep.
    pub(crate) fn share_in(&self, others: &Sketch) -> f64 {
        let limit = self.limit.min(others.limit);
        let known: Vec<&u64> = self.counts.keys().filter(|hash| **hash <= limit).collect();
        if known.is_empty() {
            return 0.0;
        }
        known.iter().filter(|hash| others.counts.contains_key(hash)).count() as f64 / known.len() as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(keep: usize, values: impl Iterator<Item = u32>) -> Sketch {
        let mut sketch = Sketch { keep, ..Sketch::default() };
        values.for_each(|value| sketch.add(&value.to_string()));
        sketch.finish()
    }

    #[test]
    fn few_values_are_known_exactly() {
        let ours = sketch(100, (0..50).chain(0..10));
        assert_eq!((ours.distinct(), ours.is_unique()), (50, false));
        assert_eq!(ours.share_in(&sketch(100, 0..25)), 0.5);
        assert!(sketch(100, 0..100).is_unique());
    }

    #[test]
    fn many_values_are_estimated_and_their_order_does_not_matter() {
        let (up, down) = (sketch(500, 0..20_000), sketch(500, (0..20_000).rev()));
        assert_eq!((up.distinct(), up.counts.len()), (down.distinct(), 500));
        assert!((18_000..22_000).contains(&up.distinct()), "{}", up.distinct());
        assert!(up.is_unique() && !sketch(500, (0..20_000).chain(0..20_000)).is_unique());
        assert_eq!(up.share_in(&sketch(500, 0..40_000)), 1.0);
        assert!((0.4..0.6).contains(&sketch(500, 0..40_000).share_in(&up)));
    }
}
