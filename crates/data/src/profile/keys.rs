//! Customer keys: sorting, removing duplicates, and finding by value.

use std::hash::Hash;

use accolade_core::model::Value;
use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, UInt32Array};
use arrow::compute::{SortOptions, filter, sort_to_indices, take};
use arrow::datatypes::{DataType, Int64Type};
use arrow::error::ArrowError;
use hashbrown::{HashMap, HashSet};

/// Sorts the columns of customers by the first column, which holds the keys.
pub(super) fn sorted(columns: Vec<ArrayRef>) -> Result<Vec<ArrayRef>, ArrowError> {
    let Some(keys) = columns.first() else { return Ok(columns) };
    let order = match compare_neighbours(keys, |a, b| a > b, |a, b| a > b)
        .filter(|descends| *descends)
        .take(MAX_DESCENTS)
        .count()
    {
        0 => return Ok(columns),
        MAX_DESCENTS => sort_to_indices(keys, Some(SortOptions { descending: false, nulls_first: false }), None)?,
        _ => merged(keys),
    };
    columns.iter().map(|column| take(column, &order, None)).collect()
}

/// The number of descents from which keys are treated as unordered. The texts of the numbers 1 to 1,000,000, in numeric
/// order, descend six times.
const MAX_DESCENTS: usize = 32;

/// The order of keys that consist of a few ascending runs, which a stable sort finds and merges.
fn merged(keys: &ArrayRef) -> UInt32Array {
    let mut order: Vec<u32> = (0u32..).take(keys.len()).collect();
    if keys.data_type() == &DataType::Int64 {
        let keys = keys.as_primitive::<Int64Type>().values();
        order.sort_by_key(|row| keys[*row as usize]);
    } else {
        let keys = keys.as_string_view();
        order.sort_by(|a, b| keys.value(*a as usize).cmp(keys.value(*b as usize)));
    }
    order.into()
}

/// Whether sorted keys have a duplicate.
pub(super) fn has_duplicates(sorted: &ArrayRef) -> bool {
    compare_neighbours(sorted, |a, b| a == b, |a, b| a == b).any(|equal| equal)
}

/// Sorts keys and removes duplicates.
pub(super) fn distinct(keys: ArrayRef) -> Result<ArrayRef, ArrowError> {
    let sorted = sorted(vec![keys])?.remove(0);
    let first = (!sorted.is_empty()).then_some(true);
    let differs = compare_neighbours(&sorted, |a, b| a != b, |a, b| a != b);
    filter(&sorted, &BooleanArray::from(first.into_iter().chain(differs).collect::<Vec<bool>>()))
}

/// Whether a relation holds for each key and the next.
fn compare_neighbours<'a>(
    keys: &'a ArrayRef,
    integers: impl Fn(i64, i64) -> bool + 'a,
    texts: impl Fn(&str, &str) -> bool + 'a,
) -> Box<dyn Iterator<Item = bool> + 'a> {
    if keys.data_type() == &DataType::Int64 {
        return Box::new(keys.as_primitive::<Int64Type>().values().windows(2).map(move |w| integers(w[0], w[1])));
    }
    let keys = keys.as_string_view();
    Box::new((1..keys.len()).map(move |row| texts(keys.value(row - 1), keys.value(row))))
}

/// A set of keys.
pub(super) enum KeySet<'a> {
    Texts(HashSet<&'a str>),
    Integers(HashSet<i64>),
}

impl<'a> KeySet<'a> {
    pub(super) fn new(keys: &'a ArrayRef) -> Self {
        if keys.data_type() == &DataType::Int64 {
            return KeySet::Integers(keys.as_primitive::<Int64Type>().values().iter().copied().collect());
        }
        KeySet::Texts(keys.as_string_view().iter().flatten().collect())
    }

    pub(super) fn has(&self, key: &Value) -> bool {
        match (self, key) {
            (KeySet::Texts(keys), Value::Text(key)) => keys.contains(key.as_ref()),
            (KeySet::Integers(keys), Value::Integer(key)) => keys.contains(key),
            _ => false,
        }
    }
}

/// For each of `keys` its row in `found`, and whether `found` has a key that `keys` lacks. Both are unique.
pub(super) fn rows_of(keys: &ArrayRef, found: &ArrayRef) -> (UInt32Array, bool) {
    match keys.data_type() {
        DataType::Int64 => {
            let found = found.as_primitive::<Int64Type>();
            let keys = keys.as_primitive::<Int64Type>();
            join(keys.values(), found.values().iter().copied())
        }
        _ => {
            let (keys, found) = (keys.as_string_view(), found.as_string_view());
            let keys: Vec<&str> = (0..keys.len()).map(|row| keys.value(row)).collect();
            join(&keys, (0..found.len()).map(|row| found.value(row)))
        }
    }
}

fn join<K: Hash + Eq + Copy + Send + Sync>(keys: &[K], found: impl ExactSizeIterator<Item = K>) -> (UInt32Array, bool) {
    let mut at: HashMap<K, u32> = HashMap::with_capacity(found.len());
    let count = found.len();
    at.extend(found.zip(0..));
    let look = |keys: &[K]| keys.iter().map(|key| at.get(key).copied()).collect::<Vec<Option<u32>>>();
    let (left, right) = keys.split_at(keys.len() / 2);
    let mut rows = std::thread::scope(|scope| {
        let other = scope.spawn(|| look(right));
        let mut rows = look(left);
        rows.extend(other.join().unwrap_or_default());
        rows
    });
    rows.resize(keys.len(), None);
    let hits = rows.iter().flatten().count();
    (UInt32Array::from(rows), hits < count)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Int64Array, StringViewArray};

    use super::*;

    #[test]
    fn columns_follow_their_keys_into_order_however_much_of_it_there_is() {
        // Sorted, in a few runs, unordered.
        for times in [1, 7, 389] {
            let numbers: Vec<i64> = (0..1000i64).map(|i| i * times % 1000).collect();
            let texts: Vec<String> = numbers.iter().map(|number| format!("{:03}", number)).collect();
            let (numbers, texts): (ArrayRef, ArrayRef) =
                (Arc::new(Int64Array::from(numbers)), Arc::new(StringViewArray::from_iter_values(texts)));
            for columns in [vec![numbers.clone(), texts.clone()], vec![texts, numbers]] {
                let sorted = sorted(columns.clone()).unwrap();
                let of = |column: &ArrayRef| match column.data_type() {
                    DataType::Int64 => column.as_primitive::<Int64Type>().values().to_vec(),
                    _ => column.as_string_view().iter().map(|text| text.unwrap().parse().unwrap()).collect(),
                };
                assert!(sorted.iter().all(|column| of(column).iter().copied().eq(0..1000)), "{times}: {columns:?}");
            }
        }
    }

    #[test]
    fn numbers_in_their_own_order_are_a_few_runs_of_texts() {
        let texts: Vec<String> = (1..=10_000).map(|number| format!("C{number}")).collect();
        let keys: ArrayRef = Arc::new(StringViewArray::from_iter_values(&texts));
        assert_eq!(compare_neighbours(&keys, |a, b| a > b, |a, b| a > b).filter(|descends| *descends).count(), 4);
        let mut expected = texts.clone();
        expected.sort_unstable();
        let found = sorted(vec![keys]).unwrap();
        assert!(found[0].as_string_view().iter().flatten().eq(expected.iter().map(String::as_str)));
    }
}
