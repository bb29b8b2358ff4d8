//! Finding the rows of known keys, a batch at a time. Dense numeric keys are found by their numbers, others by hash.

mod hashes;
mod number_bitmap;
mod numbered_texts;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Int64Type};

use self::hashes::{HashBuffers, HashIndex};
use self::number_bitmap::{NumberBitmap, NumberSpan};
use self::numbered_texts::NumberedTexts;

/// An index of unique keys.
pub(super) struct Index {
    keys: usize,
    by: Lookup,
    order: Option<Vec<u32>>,
}

enum Lookup {
    Integers(NumberSpan, NumberBitmap),
    Texts(NumberedTexts, NumberBitmap),
    Hashes(HashIndex),
}

/// The rows of a batch of keys, with buffers that are reused from batch to batch.
#[derive(Default)]
pub(super) struct FoundRows {
    /// The row of each key.
    pub(super) rows: Vec<u32>,
    hashing: HashBuffers,
}

impl Index {
    /// The most bytes of an index of `keys` keys, and the most additional bytes while it is built.
    pub(super) fn max_size(keys: usize) -> (usize, usize) {
        HashIndex::size(keys)
    }

    /// Builds the index of ascending keys.
    pub(super) fn new(keys: &ArrayRef) -> Self {
        let by = Lookup::numbers(keys).unwrap_or_else(|| Lookup::Hashes(HashIndex::new(keys)));
        let order = match &by {
            Lookup::Texts(numbered, numbers) if !numbered.ascends() => {
                let views = keys.as_string_view().views().iter();
                Some(views.map(|view| numbers.row(numbered.position(*view))).collect())
            }
            _ => None,
        };
        Index { keys: keys.len(), by, order }
    }

    /// How many keys there are.
    pub(super) fn len(&self) -> usize {
        self.keys
    }

    /// The row of each key, if rows are not in the order of keys.
    pub(super) fn order(&self) -> Option<&[u32]> {
        self.order.as_deref()
    }

    /// Its size in bytes.
    pub(super) fn size(&self) -> usize {
        let own = match &self.by {
            Lookup::Integers(_, numbers) | Lookup::Texts(_, numbers) => numbers.size(),
            Lookup::Hashes(_) => HashIndex::size(self.keys).0,
        };
        own + self.order().map_or(0, size_of_val)
    }

    /// Finds the row of each of `keys`; returns false if a key is unknown.
    pub(super) fn find(&self, keys: &ArrayRef, found: &mut FoundRows) -> bool {
        let FoundRows { rows, hashing } = found;
        rows.clear();
        let numbers = match (&self.by, keys.data_type()) {
            (Lookup::Integers(span, numbers), DataType::Int64) => {
                rows.extend(keys.as_primitive::<Int64Type>().values().iter().map(|key| span.position(*key)));
                numbers
            }
            (Lookup::Texts(numbered, numbers), DataType::Utf8View) => {
                rows.extend(keys.as_string_view().views().iter().map(|view| numbered.position(*view)));
                numbers
            }
            (Lookup::Hashes(hashes), _) => return hashes.find(keys, rows, hashing),
            _ => return false,
        };
        numbers.find(rows)
    }
}

impl Lookup {
    /// The index of keys by their numbers; `None` if the keys are not dense and numeric.
    fn numbers(keys: &ArrayRef) -> Option<Lookup> {
        if keys.data_type() != &DataType::Int64 {
            let (numbered, numbers) = NumberedTexts::new(keys.as_string_view())?;
            return Some(Lookup::Texts(numbered, numbers));
        }
        let keys = keys.as_primitive::<Int64Type>().values();
        let mut span = NumberSpan::default();
        keys.first().into_iter().chain(keys.last()).for_each(|key| span.extend(*key));
        let numbers = NumberBitmap::over_spans(std::slice::from_mut(&mut span), keys.len())?;
        Some(Lookup::Integers(span, numbers.with(keys.iter().map(|key| span.position(*key)))))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use arrow::array::{Int64Array, StringViewArray};
    use proptest::prelude::*;

    use super::*;

    /// The position of each key among the known ones.
    fn rows(known: &ArrayRef, keys: &ArrayRef) -> Option<Vec<u32>> {
        let (index, mut found) = (Index::new(known), FoundRows::default());
        let own = |row| index.order().map_or(row, |order| (0..).zip(order).find(|(_, r)| **r == row).unwrap().0);
        index.find(keys, &mut found).then(|| found.rows.iter().map(|row| own(*row)).collect())
    }

    #[test]
    fn every_row_is_that_of_one_key() {
        let keys: Vec<String> = (1..=1000).map(|number| format!("C{number}")).collect();
        let sorted: ArrayRef = Arc::new(StringViewArray::from_iter_values(keys.iter().collect::<BTreeSet<_>>()));
        let (index, mut found) = (Index::new(&sorted), FoundRows::default());
        assert!(index.find(&(Arc::new(StringViewArray::from_iter_values(&keys)) as ArrayRef), &mut found));
        assert_eq!(found.rows, (0..1000).collect::<Vec<u32>>());
        assert_eq!(&index.order().unwrap()[..5], [0, 9, 99, 999, 100]);
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
    fn numbers_with_rows_in_another_order_take_no_more_memory_than_hashes() {
        for keys in [vec!["1", "63"], vec!["1", "10", "70"], vec!["1", "10", "11", "2"]] {
            let index = Index::new(&(Arc::new(StringViewArray::from_iter_values(&keys)) as ArrayRef));
            assert!(index.order().is_some() && index.size() <= Index::max_size(keys.len()).0, "{keys:?}");
        }
    }

    #[test]
    fn numbers_take_less_memory_than_hashes() {
        for (keys, by_number) in [(vec![12_346, 12_347, 12_350], true), (vec![1, 1_000_000, 2_000_000], false)] {
            let (index, most) = (Index::new(&(Arc::new(Int64Array::from(keys)) as ArrayRef)), Index::max_size(3).0);
            assert_eq!(index.size() < most, by_number);
            assert!(index.size() <= most);
        }
    }

    proptest! {
        #[test]
        fn numbered_texts_are_found_as_by_comparing(
            prefix in "[A-C]{0,2}",
            digits in prop::collection::btree_set("[0-9]{1,2}", 30..100),
            others in prop::collection::vec("[A-C]{0,2}[0-9]{0,3}", 20),
        ) {
            let known: BTreeSet<String> = digits.iter().map(|digits| format!("{prefix}{digits}")).collect();
            let array = |keys: Vec<&String>| Arc::new(StringViewArray::from_iter_values(keys)) as ArrayRef;
            let all = array(known.iter().collect());
            prop_assert!(matches!(Index::new(&all).by, Lookup::Texts(..)));
            for key in known.iter().chain(&others) {
                let row = (0u32..).zip(&known).find(|(_, known)| *known == key).map(|(row, _)| vec![row]);
                prop_assert_eq!(rows(&all, &array(vec![key])), row, "{} among {:?}", key, known);
            }
        }
    }
}
