//! The rows of known keys, found for a batch of keys at a time: by their numbers if that is what they are, by their
//! hashes otherwise.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Int64Type};

use super::hashes::{Hashes, Hashing};
use super::numbers::{Form, NOBODY, Numbers};

/// Each key is in it once.
pub(super) struct Index {
    keys: usize,
    by: By,
}

enum By {
    Integers(Numbers),
    Texts(Form, Numbers),
    Hashes(Hashes),
}

/// The rows of a batch of keys, with room for the work that is kept from batch to batch.
#[derive(Default)]
pub(super) struct Found {
    /// By key, its row.
    pub(super) rows: Vec<u32>,
    hashing: Hashing,
}

impl Index {
    /// The most bytes that an index of so many keys takes, and those it takes besides while it is made.
    pub(super) fn most(keys: usize) -> (usize, usize) {
        Hashes::size(keys)
    }

    /// The rows of keys that ascend.
    pub(super) fn new(keys: &ArrayRef) -> Self {
        Index { keys: keys.len(), by: By::numbers(keys).unwrap_or_else(|| By::Hashes(Hashes::new(keys))) }
    }

    /// How many keys there are.
    pub(super) fn len(&self) -> usize {
        self.keys
    }

    /// The bytes that it takes.
    pub(super) fn size(&self) -> usize {
        match &self.by {
            By::Integers(numbers) | By::Texts(_, numbers) => numbers.size(),
            By::Hashes(_) => Hashes::size(self.keys).0,
        }
    }

    /// Finds the row of each of `keys`; false if one is not known.
    pub(super) fn find(&self, keys: &ArrayRef, found: &mut Found) -> bool {
        let Found { rows, hashing } = found;
        rows.clear();
        match (&self.by, keys.data_type()) {
            (By::Integers(numbers), DataType::Int64) => {
                rows.extend(keys.as_primitive::<Int64Type>().values().iter().map(|key| numbers.row(*key)));
            }
            (By::Texts(form, numbers), DataType::Utf8View) => {
                let row = |view: &u128| form.number(*view).map_or(NOBODY, |number| numbers.row(number));
                rows.extend(keys.as_string_view().views().iter().map(row));
            }
            (By::Hashes(hashes), _) => return hashes.find(keys, rows, hashing),
            _ => return false,
        }
        !rows.contains(&NOBODY)
    }
}

impl By {
    /// What finds keys by their numbers, if they have some.
    fn numbers(keys: &ArrayRef) -> Option<By> {
        if keys.data_type() == &DataType::Int64 {
            return Some(By::Integers(Numbers::new(keys.as_primitive::<Int64Type>().values().iter().copied())?));
        }
        let keys = keys.as_string_view();
        let form = Form::of(keys)?;
        let numbers = Numbers::new(keys.views().iter().map(|view| form.number(*view).unwrap_or_default()))?;
        Some(By::Texts(form, numbers))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Int64Array, StringViewArray};

    use super::*;

    fn rows(known: &ArrayRef, keys: &ArrayRef) -> Option<Vec<u32>> {
        let mut found = Found::default();
        Index::new(known).find(keys, &mut found).then_some(found.rows)
    }

    #[test]
    fn keys_have_the_row_of_their_equal_however_they_are_found() {
        let texts = |keys: &[&str]| Arc::new(StringViewArray::from_iter_values(keys)) as ArrayRef;
        let integers = |keys: &[i64]| Arc::new(Int64Array::from(keys.to_vec())) as ArrayRef;
        let long = ["customer-0000001", "customer-0000002", "customer-0000003"];
        for (known, keys, expected) in [
            (texts(&["C01", "C02", "C05"]), texts(&["C05", "C01", "C05"]), Some(vec![2, 0, 2])),
            (texts(&["C01", "C02", "C05"]), texts(&["C02", "C03"]), None),
            (texts(&["C01", "C02", "C05"]), texts(&["C02", "C2"]), None),
            (texts(&["C1", "C10", "C2"]), texts(&["C2", "C10"]), Some(vec![2, 1])),
            (texts(&["C1", "C10", "C2"]), texts(&["C02"]), None),
            (texts(&long), texts(&[long[2], long[0]]), Some(vec![2, 0])),
            (texts(&long), texts(&["customer-0000004"]), None),
            (texts(&["C000000000123", "C00000000012", "C0000000001"]), texts(&["C00000000012"]), Some(vec![1])),
            (integers(&[-1, 0, 7]), integers(&[7, -1]), Some(vec![2, 0])),
            (integers(&[9, 9, -1, 0, 7]).slice(2, 3), integers(&[1, 7, -1]).slice(1, 2), Some(vec![2, 0])),
            (integers(&[-1, 0, 7]), integers(&[6]), None),
            (integers(&[i64::MIN, 0, i64::MAX]), integers(&[i64::MAX, i64::MIN]), Some(vec![2, 0])),
            (integers(&[i64::MIN, 0, i64::MAX]), integers(&[1]), None),
            (integers(&[]), integers(&[]), Some(vec![])),
            (texts(&[]), texts(&["C01"]), None),
        ] {
            assert_eq!(rows(&known, &keys), expected, "{keys:?} among {known:?}");
        }
    }

    #[test]
    fn numbers_take_less_memory_than_hashes() {
        for (keys, by_number) in [(vec![12_346, 12_347, 12_350], true), (vec![1, 1_000_000, 2_000_000], false)] {
            let (index, most) = (Index::new(&(Arc::new(Int64Array::from(keys)) as ArrayRef)), Index::most(3).0);
            assert_eq!(index.size() < most, by_number);
            assert!(index.size() <= most);
        }
    }
}
