//! The aggregate function that counts different values, with the memory it takes known to the byte.
//!
//! DataFusion's own count of different values keeps a set for each group, and its estimate misses most of their memory.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Int64Array, LargeBinaryArray, ListArray};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Field, FieldRef, Float64Type, Int64Type, TimestampMicrosecondType,
};
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, EmitTo, GroupsAccumulator, Signature, Volatility,
};
use hashbrown::HashSet;

use super::byte_values::ByteValues;
use super::number_sum::{counts, items};

/// The aggregate function `distinct_count`.
pub fn distinct_count() -> AggregateUDF {
    AggregateUDF::from(DistinctCount { signature: Signature::any(1, Volatility::Immutable) })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct DistinctCount {
    signature: Signature,
}

impl AggregateUDFImpl for DistinctCount {
    fn name(&self) -> &'static str {
        "distinct_count"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int64)
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        Ok(vec![Arc::new(Field::new_list(format!("{}[values]", args.name), item(), true))])
    }

    fn groups_accumulator_supported(&self, _: AccumulatorArgs) -> bool {
        true
    }

    fn create_groups_accumulator(&self, _: AccumulatorArgs) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::<DistinctGroups>::default())
    }

    fn accumulator(&self, _: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        Ok(Box::<DistinctAccumulator>::default())
    }
}

/// The item of a state: the bytes of a value.
fn item() -> Arc<Field> {
    Arc::new(Field::new_list_field(DataType::LargeBinary, true))
}

/// The different values of all groups.
#[derive(Debug, Default)]
struct DistinctGroups {
    groups: usize,
    values: ByteValues,
    /// A pair for each different value of a group: the group in the upper half, the number of the value in the lower.
    pairs: HashSet<u64>,
    /// The bytes of the values of all pairs.
    bytes: usize,
}

/// The pairs of groups that are emitted.
struct EmittedGroups {
    groups: usize,
    values: ByteValues,
    pairs: Vec<u64>,
}

impl DistinctGroups {
    fn add(&mut self, group: usize, value: &[u8]) -> Result<()> {
        let (Ok(group), Some(number)) = (u32::try_from(group), self.values.number(value)) else {
            return exec_err!("more than four billion groups or different values");
        };
        if self.pairs.insert(u64::from(group) << 32 | u64::from(number)) {
            self.bytes += value.len();
        }
        Ok(())
    }

    /// Adds the values of the rows that count.
    fn add_rows(&mut self, values: &dyn Array, filter: Option<&BooleanArray>, groups: &[usize]) -> Result<()> {
        let mut rows = (0..values.len()).filter(|row| counts(values, filter, *row));
        match values.data_type() {
            DataType::Utf8View => {
                let texts = values.as_string_view();
                rows.try_for_each(|row| self.add(groups[row], texts.value(row).as_bytes()))
            }
            // Texts of another machine are no views.
            DataType::Utf8 => {
                let texts = values.as_string::<i32>();
                rows.try_for_each(|row| self.add(groups[row], texts.value(row).as_bytes()))
            }
            DataType::Boolean => {
                let values = values.as_boolean();
                rows.try_for_each(|row| self.add(groups[row], &[u8::from(values.value(row))]))
            }
            DataType::Int64 => {
                let values = values.as_primitive::<Int64Type>();
                rows.try_for_each(|row| self.add(groups[row], &values.value(row).to_le_bytes()))
            }
            DataType::Float64 => {
                let values = values.as_primitive::<Float64Type>();
                rows.try_for_each(|row| self.add(groups[row], &values.value(row).to_bits().to_le_bytes()))
            }
            DataType::Decimal128(..) => {
                let values = values.as_primitive::<Decimal128Type>();
                rows.try_for_each(|row| self.add(groups[row], &values.value(row).to_le_bytes()))
            }
            DataType::Date32 => {
                let values = values.as_primitive::<Date32Type>();
                rows.try_for_each(|row| self.add(groups[row], &values.value(row).to_le_bytes()))
            }
            DataType::Timestamp(..) => {
                let values = values.as_primitive::<TimestampMicrosecondType>();
                rows.try_for_each(|row| self.add(groups[row], &values.value(row).to_le_bytes()))
            }
            other => exec_err!("values of type {other} cannot be counted"),
        }
    }

    /// Takes the groups that are emitted. Those that stay are numbered from 0.
    fn take(&mut self, emit: EmitTo) -> Result<EmittedGroups> {
        let DistinctGroups { groups, values, pairs, .. } = std::mem::take(self);
        let emitted = match emit {
            EmitTo::All => return Ok(EmittedGroups { groups, values, pairs: pairs.into_iter().collect() }),
            EmitTo::First(emitted) => emitted,
        };
        self.groups = groups.saturating_sub(emitted);
        let mut first = Vec::new();
        for pair in pairs {
            let (group, number) = parts(pair);
            match group.checked_sub(emitted) {
                None => first.push(pair),
                // Values that no group has any more are forgotten.
                Some(group) => self.add(group, values.value(number))?,
            }
        }
        Ok(EmittedGroups { groups: emitted, values, pairs: first })
    }
}

/// The group of a pair and the number of its value.
fn parts(pair: u64) -> (usize, u32) {
    #[allow(clippy::cast_possible_truncation)]
    let number = pair as u32;
    ((pair >> 32) as usize, number)
}

impl EmittedGroups {
    /// The number of values of each group.
    fn counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.groups];
        self.pairs.iter().for_each(|pair| counts[parts(*pair).0] += 1);
        counts
    }

    /// The values of each group as a list.
    fn lists(mut self) -> Result<ArrayRef> {
        if i32::try_from(self.pairs.len()).is_err() {
            return exec_err!("more than two billion different values");
        }
        self.pairs.sort_unstable();
        let offsets = OffsetBuffer::from_lengths(self.counts());
        let values = self.pairs.iter().map(|pair| self.values.value(parts(*pair).1));
        Ok(Arc::new(ListArray::new(item(), offsets, Arc::new(LargeBinaryArray::from_iter_values(values)), None)))
    }
}

impl GroupsAccumulator for DistinctGroups {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        groups: &[usize],
        filter: Option<&BooleanArray>,
        count: usize,
    ) -> Result<()> {
        self.groups = count;
        self.add_rows(values[0].as_ref(), filter, groups)
    }

    fn merge_batch(&mut self, states: &[ArrayRef], groups: &[usize], count: usize) -> Result<()> {
        self.groups = count;
        let lists = states[0].as_list::<i32>();
        let values = lists.values().as_binary::<i64>();
        let mut states = groups.iter().enumerate().filter(|(row, _)| lists.is_valid(*row));
        states.try_for_each(|(row, group)| items(lists, row).try_for_each(|item| self.add(*group, values.value(item))))
    }

    fn evaluate(&mut self, emit: EmitTo) -> Result<ArrayRef> {
        let counts = self.take(emit)?.counts();
        Ok(Arc::new(counts.into_iter().map(|count| i64::try_from(count).ok()).collect::<Int64Array>()))
    }

    fn state(&mut self, emit: EmitTo) -> Result<Vec<ArrayRef>> {
        Ok(vec![self.take(emit)?.lists()?])
    }

    fn convert_to_state(&self, values: &[ArrayRef], filter: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        let mut alone = DistinctGroups { groups: values[0].len(), ..DistinctGroups::default() };
        let groups: Vec<usize> = (0..values[0].len()).collect();
        alone.add_rows(values[0].as_ref(), filter, &groups)?;
        alone.state(EmitTo::All)
    }

    fn size(&self) -> usize {
        // The groups are emitted as a copy: the pairs in order, and for each its bytes and where they end.
        let emitted = self.pairs.len() * (size_of::<u64>() + size_of::<i64>()) + self.bytes;
        self.values.size() + self.pairs.allocation_size() + emitted
    }
}

/// The different values of all rows, where there are no groups.
#[derive(Debug, Default)]
struct DistinctAccumulator(DistinctGroups);

impl Accumulator for DistinctAccumulator {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.0.update_batch(values, &vec![0; values[0].len()], None, 1)
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.0.merge_batch(states, &vec![0; states[0].len()], 1)
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let count = self.0.pairs.len();
        Ok(ScalarValue::Int64(i64::try_from(count).ok()))
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        self.0.groups = 1;
        let lists = self.0.state(EmitTo::All)?;
        lists.iter().map(|list| ScalarValue::try_from_array(list, 0)).collect()
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.0.size()
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::StringViewArray;
    use arrow::datatypes::Int64Type;

    use super::*;

    fn texts(texts: &[Option<&str>]) -> Vec<ArrayRef> {
        vec![Arc::new(texts.iter().copied().collect::<StringViewArray>())]
    }

    #[test]
    fn texts_of_another_machine_are_counted_too() {
        let mut groups = DistinctGroups::default();
        let values: ArrayRef = Arc::new(arrow::array::StringArray::from(vec![Some("a"), None, Some("a"), Some("b")]));
        groups.update_batch(&[values], &[0, 0, 0, 0], None, 1).unwrap();
        groups.update_batch(&texts(&[Some("b")]), &[0], None, 1).unwrap();
        assert_eq!(counted(&mut groups, EmitTo::All), [2]);
    }

    fn counted(groups: &mut DistinctGroups, emit: EmitTo) -> Vec<i64> {
        groups.evaluate(emit).unwrap().as_primitive::<Int64Type>().values().to_vec()
    }

    #[test]
    fn each_value_of_a_group_counts_once() {
        let mut groups = DistinctGroups::default();
        let values = texts(&[Some("a"), Some("b"), Some("a"), None, Some(""), Some("a")]);
        groups.update_batch(&values, &[0, 0, 0, 0, 1, 2], None, 4).unwrap();
        let filter = BooleanArray::from(vec![Some(true), Some(false), None]);
        groups.update_batch(&texts(&[Some("a"), Some("c"), Some("d")]), &[2, 2, 2], Some(&filter), 4).unwrap();
        assert_eq!(counted(&mut groups, EmitTo::All), [2, 1, 1, 0]);
    }

    #[test]
    fn groups_are_emitted_in_parts() {
        let mut groups = DistinctGroups::default();
        let values = texts(&[Some("a"), Some("b"), Some("a"), Some("c")]);
        groups.update_batch(&values, &[0, 1, 1, 2], None, 3).unwrap();
        assert_eq!(counted(&mut groups, EmitTo::First(1)), [1]);
        groups.update_batch(&texts(&[Some("b"), Some("d")]), &[0, 1], None, 2).unwrap();
        assert_eq!(counted(&mut groups, EmitTo::First(2)), [2, 2]);
        assert_eq!(counted(&mut groups, EmitTo::All), [0; 0]);
        // Nothing of groups that are gone is kept.
        assert_eq!(groups.size(), DistinctGroups::default().size());
    }

    #[test]
    fn states_are_merged() {
        let values = texts(&[Some("a"), Some("b"), Some("a"), None]);
        let mut first = DistinctGroups::default();
        first.update_batch(&values, &[0, 1, 1, 2], None, 3).unwrap();
        let state = first.state(EmitTo::All).unwrap();
        let mut whole = DistinctGroups::default();
        whole.update_batch(&values, &[1, 1, 1, 1], None, 2).unwrap();
        whole.merge_batch(&state, &[0, 1, 2], 3).unwrap();
        whole.merge_batch(&first.convert_to_state(&values, None).unwrap(), &[2, 2, 2, 0], 3).unwrap();
        assert_eq!(counted(&mut whole, EmitTo::All), [1, 2, 2]);
    }

    #[test]
    fn memory_is_counted_with_the_copy_that_is_emitted() {
        let mut groups = DistinctGroups::default();
        let values: Vec<String> = (0..10_000).map(|i| format!("value {i:06}")).collect();
        let values: ArrayRef = Arc::new(StringViewArray::from_iter_values(&values));
        groups.update_batch(&[values], &(0..10_000).map(|i| i % 7).collect::<Vec<_>>(), None, 7).unwrap();
        let size = groups.size();
        let emitted = groups.state(EmitTo::All).unwrap()[0].get_buffer_memory_size();
        assert!(size > 2 * 10_000 * 12 && size > emitted, "{size} {emitted}");
    }
}
