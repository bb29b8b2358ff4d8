//! Customer keys: sorted, unique, and found by value.

use std::collections::HashSet;
use std::hash::Hash;

use arrow::array::{Array, ArrayRef, AsArray, UInt32Array};
use arrow::compute::{SortOptions, sort_to_indices, take};
use arrow::datatypes::{DataType, Int64Type};
use hashbrown::HashMap;

use crate::frame::value_at;
use crate::show;

/// The row order that sorts keys; `None` if they are sorted already.
pub(super) fn order(keys: &ArrayRef) -> Option<UInt32Array> {
    let ascends = match keys.data_type() {
        DataType::Int64 => keys.as_primitive::<Int64Type>().values().windows(2).all(|w| w[0] <= w[1]),
        _ => {
            let texts = keys.as_string_view();
            (1..texts.len()).all(|row| texts.value(row - 1) <= texts.value(row))
        }
    };
    if ascends {
        return None;
    }
    sort_to_indices(keys, Some(SortOptions { descending: false, nulls_first: false }), None).ok()
}

/// `column` in the given order.
pub(super) fn ordered(column: &ArrayRef, order: Option<&UInt32Array>) -> ArrayRef {
    match order {
        Some(order) => take(column, order, None).unwrap_or_else(|_| column.slice(0, 0)),
        None => column.clone(),
    }
}

/// Whether sorted keys have one twice.
pub(super) fn has_duplicates(sorted: &ArrayRef) -> bool {
    match sorted.data_type() {
        DataType::Int64 => sorted.as_primitive::<Int64Type>().values().windows(2).any(|w| w[0] == w[1]),
        _ => {
            let texts = sorted.as_string_view();
            (1..texts.len()).any(|row| texts.value(row - 1) == texts.value(row))
        }
    }
}

/// Sorted keys, each once.
pub(super) fn unique(sorted: &ArrayRef) -> ArrayRef {
    let differs = |row: usize| row == 0 || value_at(sorted, row - 1) != value_at(sorted, row);
    let kept: UInt32Array =
        (0..sorted.len()).filter(|row| differs(*row)).filter_map(|row| u32::try_from(row).ok()).map(Some).collect();
    ordered(sorted, Some(&kept))
}

/// Keys as texts, for the slow reading.
pub(super) fn texts(keys: &ArrayRef) -> HashSet<String> {
    (0..keys.len()).map(|row| show::value(&value_at(keys, row))).collect()
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
