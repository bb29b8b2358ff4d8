//! Finding the rows of keys by their hashes.
//!
//! A table of a million keys exceeds the processor's cache, so lookups overlap their loads: all hashes first, then all
//! slots, then all keys, each in a loop of independent iterations.

use std::hash::BuildHasher;

use arrow::array::{Array, ArrayRef, AsArray, Int64Array, MAX_INLINE_VIEW_LEN, StringViewArray};
use arrow::datatypes::{DataType, Int64Type};
use hashbrown::DefaultHashBuilder;

/// A hash table of unique keys with open addressing.
pub(super) struct HashIndex {
    keys: KeyArray,
    /// The upper half of a slot is that of the key's hash, the lower half its row plus one. An empty slot is 0. The
    /// number of slots is a power of two, at least twice that of the keys.
    slots: Vec<u64>,
    hasher: DefaultHashBuilder,
}

enum KeyArray {
    Integers(Int64Array),
    Texts(StringViewArray),
}

/// The buffers of a lookup, reused from batch to batch.
#[derive(Default)]
pub(super) struct HashBuffers {
    hashes: Vec<u64>,
    slots: Vec<u64>,
}

impl HashIndex {
    /// The bytes of a table of `keys` keys, and the additional bytes while it is built.
    pub(super) fn size(keys: usize) -> (usize, usize) {
        (slots(keys) * size_of::<u64>(), keys * size_of::<u64>())
    }

    pub(super) fn new(keys: &ArrayRef) -> Self {
        let (keys, length) = (KeyArray::of(keys), keys.len());
        let (hasher, mut hashes) = (DefaultHashBuilder::default(), Vec::new());
        keys.hashes(&hasher, &mut hashes);
        let mut slots = vec![0u64; slots(length)];
        let mask = slots.len() - 1;
        for (hash, row) in hashes.iter().zip(1u64..) {
            let mut at = *hash as usize & mask;
            while slots[at] != 0 {
                at = (at + 1) & mask;
            }
            slots[at] = upper(*hash) | row;
        }
        HashIndex { keys, slots, hasher }
    }

    /// Appends the row of each of `keys` to `rows`, which must be empty; returns false if a key is unknown.
    pub(super) fn find(&self, keys: &ArrayRef, rows: &mut Vec<u32>, work: &mut HashBuffers) -> bool {
        let keys = KeyArray::of(keys);
        keys.hashes(&self.hasher, &mut work.hashes);
        let mask = self.slots.len() - 1;
        work.slots.clear();
        work.slots.extend(work.hashes.iter().map(|hash| self.slots[*hash as usize & mask]));
        let slots = work.slots.iter().zip(&work.hashes).enumerate();
        match (&self.keys, &keys) {
            (KeyArray::Integers(known), KeyArray::Integers(keys)) => {
                let (known, keys) = (known.values(), keys.values());
                let same = |row: usize, at: usize| known[row] == keys[at];
                rows.extend(slots.map_while(|(at, (slot, hash))| self.row(*slot, *hash, at, same)));
            }
            (KeyArray::Texts(known), KeyArray::Texts(keys)) => {
                let (known_views, views) = (known.views(), keys.views());
                // A text of up to twelve bytes is inlined in its view, whose low 32 bits are the length.
                let same = |row: usize, at: usize| {
                    known_views[row] == views[at]
                        || (views[at] as u32 > MAX_INLINE_VIEW_LEN && known.value(row) == keys.value(at))
                };
                rows.extend(slots.map_while(|(at, (slot, hash))| self.row(*slot, *hash, at, same)));
            }
            _ => return false,
        }
        rows.len() == work.hashes.len()
    }

    /// The row of key `at` of a batch. `slot` is the first slot to be compared.
    fn row(&self, slot: u64, hash: u64, at: usize, same: impl Fn(usize, usize) -> bool) -> Option<u32> {
        let is = |slot: u64| upper(slot) == upper(hash) && same((slot as u32).wrapping_sub(1) as usize, at);
        if slot != 0 && is(slot) {
            return Some(slot as u32 - 1);
        }
        let mask = self.slots.len() - 1;
        let mut place = hash as usize & mask;
        loop {
            match self.slots[place] {
                0 => return None,
                slot if is(slot) => return Some(slot as u32 - 1),
                _ => place = (place + 1) & mask,
            }
        }
    }
}

/// The number of slots for `keys` keys.
fn slots(keys: usize) -> usize {
    (2 * keys).next_power_of_two().max(2)
}

fn upper(word: u64) -> u64 {
    word & 0xffff_ffff_0000_0000
}

impl KeyArray {
    fn of(keys: &ArrayRef) -> KeyArray {
        match keys.data_type() {
            DataType::Int64 => KeyArray::Integers(keys.as_primitive::<Int64Type>().clone()),
            _ => KeyArray::Texts(keys.as_string_view().clone()),
        }
    }

    fn hashes(&self, hasher: &DefaultHashBuilder, hashes: &mut Vec<u64>) {
        hashes.clear();
        match self {
            KeyArray::Integers(keys) => hashes.extend(keys.values().iter().map(|key| hasher.hash_one(*key))),
            KeyArray::Texts(keys) => hashes.extend(keys.views().iter().enumerate().map(|(at, view)| {
                if *view as u32 > MAX_INLINE_VIEW_LEN {
                    hasher.hash_one(keys.value(at))
                } else {
                    hasher.hash_one(*view)
                }
            })),
        }
    }
}
