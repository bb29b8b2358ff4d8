//! The aggregate function that sums floats exactly, whatever the order and partition of the events.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Float64Array, ListArray};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field, FieldRef, Float64Type};
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, EmitTo, GroupsAccumulator, Signature, Volatility,
};

use super::terms::Terms;

/// The aggregate function `exact_sum`.
pub fn exact_sum() -> AggregateUDF {
    AggregateUDF::from(ExactSum { signature: Signature::exact(vec![DataType::Float64], Volatility::Immutable) })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct ExactSum {
    signature: Signature,
}

impl AggregateUDFImpl for ExactSum {
    fn name(&self) -> &'static str {
        "exact_sum"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Float64)
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        Ok(vec![Arc::new(Field::new_list(format!("{}[terms]", args.name), item(), true))])
    }

    fn groups_accumulator_supported(&self, _: AccumulatorArgs) -> bool {
        true
    }

    fn create_groups_accumulator(&self, _: AccumulatorArgs) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::<ExactSumGroups>::default())
    }

    fn accumulator(&self, _: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        Ok(Box::<ExactSumAccumulator>::default())
    }
}

fn item() -> Arc<Field> {
    Arc::new(Field::new_list_field(DataType::Float64, true))
}

/// One list of terms per group.
fn lists<'a>(groups: impl ExactSizeIterator<Item = &'a [f64]> + Clone) -> ArrayRef {
    let offsets = OffsetBuffer::from_lengths(groups.clone().map(<[f64]>::len));
    let terms: Float64Array = groups.flatten().copied().collect::<Vec<f64>>().into();
    Arc::new(ListArray::new(item(), offsets, Arc::new(terms), None))
}

/// The sums of all groups.
#[derive(Debug, Default)]
struct ExactSumGroups(Vec<Terms>);

impl GroupsAccumulator for ExactSumGroups {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        groups: &[usize],
        filter: Option<&BooleanArray>,
        count: usize,
    ) -> Result<()> {
        self.0.resize(count, Terms::default());
        for ((value, group), row) in values[0].as_primitive::<Float64Type>().iter().zip(groups).zip(0..) {
            if let Some(value) = value
                && filter.is_none_or(|f| f.is_valid(row) && f.value(row))
            {
                self.0[*group].add(value);
            }
        }
        Ok(())
    }

    fn merge_batch(&mut self, states: &[ArrayRef], groups: &[usize], count: usize) -> Result<()> {
        self.0.resize(count, Terms::default());
        let lists = states[0].as_list::<i32>();
        let terms = lists.values().as_primitive::<Float64Type>().values();
        for ((group, ends), row) in groups.iter().zip(lists.offsets().windows(2)).zip(0..) {
            if lists.is_valid(row)
                && let (Ok(first), Ok(end)) = (usize::try_from(ends[0]), usize::try_from(ends[1]))
            {
                terms[first..end].iter().for_each(|term| self.0[*group].add(*term));
            }
        }
        Ok(())
    }

    fn evaluate(&mut self, emit: EmitTo) -> Result<ArrayRef> {
        let sums = emit.take_needed(&mut self.0);
        Ok(Arc::new(sums.iter().map(|terms| Some(terms.sum())).collect::<Float64Array>()))
    }

    fn state(&mut self, emit: EmitTo) -> Result<Vec<ArrayRef>> {
        let sums = emit.take_needed(&mut self.0);
        Ok(vec![lists(sums.iter().map(Terms::list))])
    }

    fn convert_to_state(&self, values: &[ArrayRef], filter: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        let values = values[0].as_primitive::<Float64Type>();
        let counts = |row: usize| values.is_valid(row) && filter.is_none_or(|f| f.is_valid(row) && f.value(row));
        let term = |row: usize| if counts(row) { &values.values()[row..=row] } else { &[] };
        Ok(vec![lists((0..values.len()).map(term))])
    }

    fn size(&self) -> usize {
        self.0.capacity() * size_of::<Terms>() + self.0.iter().map(Terms::heap).sum::<usize>()
    }
}

/// The sum of all rows, where there are no groups.
#[derive(Debug, Default)]
struct ExactSumAccumulator(Terms);

impl Accumulator for ExactSumAccumulator {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        values[0].as_primitive::<Float64Type>().iter().flatten().for_each(|value| self.0.add(value));
        Ok(())
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let lists = states[0].as_list::<i32>().iter().flatten();
        lists.for_each(|terms| terms.as_primitive::<Float64Type>().values().iter().for_each(|t| self.0.add(*t)));
        Ok(())
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(ScalarValue::Float64(Some(self.0.sum())))
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let terms: Vec<ScalarValue> = self.0.list().iter().map(|t| ScalarValue::Float64(Some(*t))).collect();
        Ok(vec![ScalarValue::List(ScalarValue::new_list(&terms, &DataType::Float64, true))])
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.0.heap()
    }
}
