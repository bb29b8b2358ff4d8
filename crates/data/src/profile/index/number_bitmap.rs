//! A bitmap of keys that are numbers with few gaps, such as 12346 and up. It takes two bits for each number. The row of
//! a key is the number of keys before it, so nothing is hashed and no key is compared.

/// The row of a number that is not a key, and the position of a number outside its span.
pub(super) const NO_ROW: u32 = u32::MAX;

/// The most numbers for each key. More would take more memory than hashes.
const MAX_NUMBERS_PER_KEY: u64 = 32;

/// A range of numbers, and where it begins among those of all spans.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct NumberSpan {
    first: i64,
    length: u64,
    begin: u64,
}

/// The bitmap of the numbers that are keys.
pub(super) struct NumberBitmap(Vec<BitmapWord>);

/// A bit for each of 32 numbers, set if it is a key, and the number of keys before them.
#[derive(Clone, Copy, Debug, Default)]
struct BitmapWord {
    keys: u32,
    before: u32,
}

/// The number of words that are loaded before the first is used, so that the loads overlap.
const AT_ONCE: usize = 64;

impl BitmapWord {
    fn row(self, position: u32) -> u32 {
        let bit = 1 << (position % u32::BITS);
        if self.keys & bit == 0 { NO_ROW } else { self.before + (self.keys & (bit - 1)).count_ones() }
    }
}

impl NumberSpan {
    /// Extends the span to a number that is greater than those before.
    pub(super) fn extend(&mut self, number: i64) {
        if self.is_empty() {
            self.first = number;
        }
        self.length = number.abs_diff(self.first).saturating_add(1);
    }

    pub(super) fn is_empty(self) -> bool {
        self.length == 0
    }

    /// The position of a number among those of all spans, or [`NO_ROW`].
    pub(super) fn position(self, number: i64) -> u32 {
        // A number below the first wraps around to one beyond the last.
        let at = number.wrapping_sub(self.first) as u64;
        if at < self.length { (self.begin + at) as u32 } else { NO_ROW }
    }
}

impl NumberBitmap {
    /// Lays the spans end to end and returns their bitmap, in which no number is a key; `None` if the spans are too
    /// long for `keys` keys.
    pub(super) fn over_spans(spans: &mut [NumberSpan], keys: usize) -> Option<NumberBitmap> {
        let most = (keys as u64).saturating_mul(MAX_NUMBERS_PER_KEY).min(u64::from(NO_ROW - u32::BITS));
        let mut all = 0u64;
        for span in spans {
            span.begin = all;
            all = all.checked_add(span.length).filter(|all| *all <= most)?;
        }
        Some(NumberBitmap(vec![BitmapWord::default(); all.div_ceil(u64::from(u32::BITS)) as usize]))
    }

    /// Marks the number at each of these positions as a key.
    pub(super) fn with(mut self, positions: impl Iterator<Item = u32>) -> NumberBitmap {
        for position in positions {
            self.0[(position / u32::BITS) as usize].keys |= 1 << (position % u32::BITS);
        }
        let mut before = 0;
        for word in &mut self.0 {
            word.before = before;
            before += word.keys.count_ones();
        }
        self
    }

    /// Replaces the positions of keys by their rows, which are in the order of positions; returns false if one is not a
    /// key.
    pub(super) fn find(&self, positions: &mut [u32]) -> bool {
        let mut known = true;
        for some in positions.chunks_mut(AT_ONCE) {
            let mut words = [BitmapWord::default(); AT_ONCE];
            for (word, position) in words.iter_mut().zip(&*some) {
                *word = self.word(*position);
            }
            for (word, position) in words.iter().zip(some) {
                *position = word.row(*position);
                known &= *position != NO_ROW;
            }
        }
        known
    }

    /// The row of the key at a position, or [`NO_ROW`].
    pub(super) fn row(&self, position: u32) -> u32 {
        self.word(position).row(position)
    }

    fn word(&self, position: u32) -> BitmapWord {
        self.0.get((position / u32::BITS) as usize).copied().unwrap_or_default()
    }

    pub(super) fn size(&self) -> usize {
        self.0.len() * size_of::<BitmapWord>()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn spanning(numbers: &[i64]) -> NumberSpan {
        let mut span = NumberSpan::default();
        numbers.iter().for_each(|number| span.extend(*number));
        span
    }

    #[test]
    fn positions_are_those_of_all_spans() {
        let mut spans = [spanning(&[3, 4, 8]), spanning(&[]), spanning(&[i64::MIN, i64::MIN + 1])];
        assert!(NumberBitmap::over_spans(&mut spans, 5).is_some());
        for (span, number, expected) in [
            (0, 3, 0),
            (0, 5, 2),
            (0, 8, 5),
            (0, 2, NO_ROW),
            (0, 9, NO_ROW),
            (0, i64::MIN, NO_ROW),
            (0, i64::MAX, NO_ROW),
            (1, 0, NO_ROW),
            (2, i64::MIN, 6),
            (2, i64::MIN + 1, 7),
            (2, i64::MAX, NO_ROW),
        ] {
            assert_eq!(spans[span].position(number), expected, "{number} in span {span}");
        }
    }

    #[test]
    fn too_many_gaps_are_refused() {
        for (spans, keys, taken) in [
            (vec![spanning(&[1, 64])], 2, true),
            (vec![spanning(&[1, 65])], 2, false),
            (vec![spanning(&[1, 60]), spanning(&[7, 10])], 2, true),
            (vec![spanning(&[1, 60]), spanning(&[7, 11])], 2, false),
            (vec![spanning(&[i64::MIN, i64::MAX])], usize::MAX, false),
            (vec![spanning(&[i64::MIN, i64::MAX]), spanning(&[0, 2])], usize::MAX, false),
            (vec![spanning(&[0, i64::from(u32::MAX)])], usize::MAX, false),
            (vec![], 0, true),
        ] {
            assert_eq!(NumberBitmap::over_spans(&mut spans.clone(), keys).is_some(), taken, "{spans:?} of {keys} keys");
        }
    }

    proptest! {
        #[test]
        fn the_row_is_the_number_of_keys_before(keys in prop::collection::btree_set(0u32..300, 30..100)) {
            let mut spans = [spanning(&[0, 299])];
            let numbers = NumberBitmap::over_spans(&mut spans, keys.len()).unwrap().with(keys.iter().copied());
            let row = |at: u32| keys.iter().zip(0u32..).find(|(key, _)| **key == at).map_or(NO_ROW, |(_, row)| row);
            let all: Vec<u32> = (0..400).collect();
            let (mut found, mut known) = (all.clone(), keys.iter().copied().collect::<Vec<u32>>());
            prop_assert!(!numbers.find(&mut found) && numbers.find(&mut known));
            prop_assert_eq!(found, all.into_iter().map(row).collect::<Vec<u32>>());
            prop_assert_eq!(known, (0..keys.len() as u32).collect::<Vec<u32>>());
            prop_assert_eq!(numbers.row(NO_ROW), NO_ROW);
            prop_assert_eq!(numbers.size(), 80);
        }
    }
}
