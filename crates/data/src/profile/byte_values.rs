//! The different values of a column as bytes, each with a number.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

/// Different values, numbered in the order in which they were first seen.
#[derive(Debug, Default)]
pub(super) struct ByteValues {
    /// The values one after the other.
    bytes: Vec<u8>,
    /// Where each value ends.
    ends: Vec<usize>,
    numbers: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl ByteValues {
    /// The number of a value; `None` beyond four billion different values.
    pub(super) fn number(&mut self, value: &[u8]) -> Option<u32> {
        let ByteValues { bytes, ends, numbers, hasher } = self;
        let hash = hasher.hash_one(value);
        if let Some(number) = numbers.find(hash, |number| slice(bytes, ends, *number) == value) {
            return Some(*number);
        }
        let number = u32::try_from(ends.len()).ok()?;
        bytes.extend_from_slice(value);
        ends.push(bytes.len());
        numbers.insert_unique(hash, number, |number| hasher.hash_one(slice(bytes, ends, *number)));
        Some(number)
    }

    /// The value of this number.
    pub(super) fn value(&self, number: u32) -> &[u8] {
        slice(&self.bytes, &self.ends, number)
    }

    /// The bytes that it holds.
    pub(super) fn size(&self) -> usize {
        self.bytes.capacity() + self.ends.capacity() * size_of::<usize>() + self.numbers.allocation_size()
    }
}

fn slice<'a>(bytes: &'a [u8], ends: &[usize], number: u32) -> &'a [u8] {
    let number = number as usize;
    let start = number.checked_sub(1).map_or(0, |before| ends[before]);
    &bytes[start..ends[number]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_keeps_its_number() {
        let mut values = ByteValues::default();
        let mut check = |value: &[u8], number: u32| {
            assert_eq!(values.number(value), Some(number));
            assert_eq!(values.value(number), value);
        };
        check(b"b", 0);
        check(b"", 1);
        check(b"a", 2);
        check(b"b", 0);
        check(b"", 1);
        (0..1000_u32).for_each(|i| check(&(i + 1000).to_le_bytes(), i + 3));
        (0..1000_u32).for_each(|i| check(&(i + 1000).to_le_bytes(), i + 3));
    }
}
