//! Quantiles by selection, exact for exact types.
//!
//! Type 7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages", The American Statistician 50 (1996):
//! the quantile at p of N sorted values is `x[j] + (h − j)(x[j+1] − x[j])` with h = (N − 1)p and j = ⌊h⌋, from 0.

use accolade_core::numbers::domain::{Domain, key_float};

use super::cutoffs::Bound;

/// The type 7 quantiles at `steps[k] / of` of the values whose keys are given, in any order. Steps must ascend. Without
/// values there are no quantiles.
pub fn quantiles(keys: impl Iterator<Item = i128> + Clone, steps: &[usize], of: usize, domain: Domain) -> Vec<Bound> {
    let most = keys.size_hint().1.unwrap_or_default();
    // Keys mostly fit in 64 bits, which takes half the memory.
    let mut narrow: Vec<i64> = Vec::with_capacity(most);
    let fit = keys.clone().try_for_each(|key| i64::try_from(key).map(|key| narrow.push(key)));
    if fit.is_ok() {
        return of_sample(&mut narrow, steps, of, domain);
    }
    drop(narrow);
    let mut wide: Vec<i128> = Vec::with_capacity(most);
    wide.extend(keys);
    of_sample(&mut wide, steps, of, domain)
}

fn of_sample<K: Copy + Ord + Into<i128>>(keys: &mut [K], steps: &[usize], of: usize, domain: Domain) -> Vec<Bound> {
    let Some(last) = keys.len().checked_sub(1) else { return Vec::new() };
    let mut selected = Selection { keys, done: 0 };
    // Each selection passes over all remaining keys, so sorting is cheaper for many steps.
    if steps.len() > 10 {
        selected.keys.sort_unstable();
        selected.done = last + 1;
    }
    steps
        .iter()
        .map(|step| {
            let (j, remainder) = (last * step / of, last * step % of);
            let low = selected.get(j);
            if remainder == 0 {
                return Bound::of_key(domain, low);
            }
            let high = selected.get(j + 1);
            match domain {
                Domain::Exact { scale, .. } => {
                    let (of, remainder) = (of as i128, remainder as i128);
                    let unit = 10i128.pow(u32::from(scale.unsigned_abs()));
                    Bound::ratio(low * of + remainder * (high - low), of * unit)
                }
                Domain::Float(_) => {
                    let (low, high) = (key_float(low), key_float(high));
                    Bound::Float(low + remainder as f64 / of as f64 * (high - low))
                }
            }
        })
        .collect()
}

/// The quantiles that cut values into `bins` bins.
pub fn bin_edges(keys: impl Iterator<Item = i128> + Clone, bins: usize, domain: Domain) -> Vec<Bound> {
    let steps: Vec<usize> = (1..bins).collect();
    quantiles(keys, &steps, bins, domain)
}

/// The median.
pub fn median(keys: impl Iterator<Item = i128> + Clone, domain: Domain) -> Option<Bound> {
    quantiles(keys, &[1], 2, domain).pop()
}

/// Order statistics of one slice at ascending positions; all before `done` are in their sorted place.
struct Selection<'a, K> {
    keys: &'a mut [K],
    done: usize,
}

impl<K: Copy + Ord + Into<i128>> Selection<'_, K> {
    fn get(&mut self, position: usize) -> i128 {
        if position >= self.done {
            let offset = position - self.done;
            self.keys[self.done..].select_nth_unstable(offset);
            self.done = position + 1;
        }
        self.keys[position].into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use accolade_core::model::Type;

    #[test]
    fn selection_gives_what_sorting_gives() {
        let domain = Domain::of(Type::Integer).unwrap();
        // In the second of them the keys do not fit in 64 bits.
        for unit in [1, i128::from(i64::MAX)] {
            let values: Vec<i128> = (0..997).map(|i| (i * 7919) % 1009 * unit).collect();
            let mut sorted = values.clone();
            sorted.sort_unstable();
            for bins in 2..12 {
                let edges = bin_edges(values.iter().copied(), bins, domain);
                assert_eq!(edges.len(), bins - 1);
                for (i, edge) in (1..bins).zip(edges) {
                    let (j, r) = (996 * i / bins, 996 * i % bins);
                    let (low, high) = (sorted[j], sorted[(j + 1).min(996)]);
                    let expected = Bound::ratio(low * bins as i128 + r as i128 * (high - low), bins as i128);
                    assert_eq!(edge, expected, "{i}/{bins}");
                }
            }
        }
    }

    #[test]
    fn one_value_is_every_quantile_and_none_has_none() {
        let domain = Domain::of(Type::Money).unwrap();
        assert_eq!(bin_edges([50_000].into_iter(), 3, domain), vec![Bound::ratio(5, 1), Bound::ratio(5, 1)]);
        assert!(bin_edges([].into_iter(), 3, domain).is_empty());
    }
}
