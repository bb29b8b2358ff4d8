//! A sample of the rows of a file, the same whatever their order.

use std::collections::BTreeMap;

use crate::sketch::hash_of;

/// The most rows that are kept.
const ROWS: usize = 400;

/// The rows with the least hashes.
#[derive(Debug, Default)]
pub(crate) struct RowSample {
    rows: BTreeMap<(u64, Vec<String>), u64>,
}

impl RowSample {
    pub(crate) fn add(&mut self, row: &[String]) {
        let hash = hash_of(row);
        let full = self.rows.len() >= ROWS;
        if full && self.rows.last_key_value().is_some_and(|((last, _), _)| *last < hash) {
            return;
        }
        *self.rows.entry((hash, row.to_vec())).or_default() += 1;
        if self.rows.len() > ROWS {
            self.rows.pop_last();
        }
    }

    /// The rows, each once.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &[String]> {
        self.rows.keys().map(|(_, row)| row.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_does_not_depend_on_the_order() {
        let sample = |rows: &mut dyn Iterator<Item = u32>| {
            let mut sample = RowSample::default();
            rows.for_each(|row| sample.add(&[row.to_string(), "x".to_owned()]));
            sample.iter().map(<[String]>::to_vec).collect::<Vec<_>>()
        };
        let (up, down) = (sample(&mut (0..2_000)), sample(&mut (0..2_000).rev()));
        assert_eq!((up.len(), &up), (ROWS, &down));
    }
}
