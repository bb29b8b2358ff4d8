//! The aggregate functions that add up numbers as the decimals that they are written as, whatever the order and the
//! partition of the events.

use std::ops::Range;
use std::sync::Arc;

use accolade_core::numbers::decimal_sum::DecimalSum;
use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Decimal128Array, Float64Array, Int32Array, Int64Array, ListArray,
};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DECIMAL128_MAX_PRECISION, DataType, Decimal128Type, Field, FieldRef, Float64Type, Int32Type};
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, EmitTo, GroupsAccumulator, Signature, Volatility,
};

/// The aggregate functions `number_sum` and `number_mean`.
pub fn number_aggregates() -> [AggregateUDF; 2] {
    [number_sum(), number_mean()]
}

/// The function `number_sum`: the float nearest to the sum, 0 without any number, infinite beyond the largest float.
pub(super) fn number_sum() -> AggregateUDF {
    NumberAggregate::function("number_sum", |total| Some(total.sum.sum().nearest_float()))
}

/// The function `number_mean`: the float nearest to the mean, null without any number, infinite beyond the largest float.
pub(super) fn number_mean() -> AggregateUDF {
    NumberAggregate::function("number_mean", |total| total.sum.mean(total.count).map(|mean| mean.nearest_float()))
}

/// The numbers that were added up.
#[derive(Clone, Debug, Default)]
struct NumberTotal {
    sum: DecimalSum,
    count: i64,
}

impl NumberTotal {
    fn add(&mut self, value: f64) {
        self.sum.add(value);
        self.count += 1;
    }
}

/// Computes the result of a function from a total.
type Finish = fn(&NumberTotal) -> Option<f64>;

#[derive(Debug)]
struct NumberAggregate {
    name: &'static str,
    signature: Signature,
    finish: Finish,
}

impl NumberAggregate {
    fn function(name: &'static str, finish: Finish) -> AggregateUDF {
        let signature = Signature::exact(vec![DataType::Float64], Volatility::Immutable);
        AggregateUDF::from(NumberAggregate { name, signature, finish })
    }
}

impl PartialEq for NumberAggregate {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for NumberAggregate {}

impl std::hash::Hash for NumberAggregate {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl AggregateUDFImpl for NumberAggregate {
    fn name(&self) -> &'static str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Float64)
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        let list = |part, item| Arc::new(Field::new_list(format!("{}[{part}]", args.name), item, true));
        let count = Arc::new(Field::new(format!("{}[count]", args.name), DataType::Int64, true));
        Ok(vec![list("powers", power_item()), list("mantissas", mantissa_item()), count])
    }

    fn groups_accumulator_supported(&self, _: AccumulatorArgs) -> bool {
        true
    }

    fn create_groups_accumulator(&self, _: AccumulatorArgs) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::new(NumberGroups { totals: Vec::new(), heap: 0, finish: self.finish }))
    }

    fn accumulator(&self, _: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(NumberAccumulator { total: NumberTotal::default(), finish: self.finish }))
    }
}

const MANTISSA: DataType = DataType::Decimal128(DECIMAL128_MAX_PRECISION, 0);

fn power_item() -> FieldRef {
    Arc::new(Field::new_list_field(DataType::Int32, true))
}

fn mantissa_item() -> FieldRef {
    Arc::new(Field::new_list_field(MANTISSA, true))
}

/// The state of some totals: the powers of ten and the mantissas of each, and its count.
fn state_of(totals: &[NumberTotal]) -> Vec<ArrayRef> {
    let parts = || totals.iter().map(|total| total.sum.parts());
    let offsets = OffsetBuffer::from_lengths(parts().map(<[_]>::len));
    let powers: Int32Array = parts().flatten().map(|(power, _)| *power).collect();
    let mantissas: Decimal128Array = parts().flatten().map(|(_, mantissa)| Some(*mantissa)).collect();
    let counts: Int64Array = totals.iter().map(|total| total.count).collect();
    vec![
        Arc::new(ListArray::new(power_item(), offsets.clone(), Arc::new(powers), None)),
        Arc::new(ListArray::new(mantissa_item(), offsets, Arc::new(mantissas.with_data_type(MANTISSA)), None)),
        Arc::new(counts),
    ]
}

/// The states of a batch.
struct TotalStates<'s> {
    powers: &'s ListArray,
    mantissas: &'s ListArray,
    power_values: &'s [i32],
    mantissa_values: &'s [i128],
    counts: &'s Int64Array,
}

impl<'s> TotalStates<'s> {
    fn of(states: &'s [ArrayRef]) -> TotalStates<'s> {
        let (powers, mantissas) = (states[0].as_list(), states[1].as_list());
        TotalStates {
            powers,
            mantissas,
            power_values: powers.values().as_primitive::<Int32Type>().values(),
            mantissa_values: mantissas.values().as_primitive::<Decimal128Type>().values(),
            counts: states[2].as_primitive(),
        }
    }

    /// Adds the state of row `row` to a total.
    fn add(&self, row: usize, total: &mut NumberTotal) {
        if self.powers.is_null(row) || self.mantissas.is_null(row) {
            return;
        }
        let mantissas = &self.mantissa_values[items(self.mantissas, row)];
        self.power_values[items(self.powers, row)].iter().zip(mantissas).for_each(|(power, mantissa)| {
            total.sum.add_part(*power, *mantissa);
        });
        total.count += if self.counts.is_valid(row) { self.counts.value(row) } else { 0 };
    }
}

/// The items of the list in row `row`.
pub(super) fn items(lists: &ListArray, row: usize) -> Range<usize> {
    let at = |row: usize| usize::try_from(lists.value_offsets()[row]).unwrap_or_default();
    at(row)..at(row + 1)
}

/// Whether row `row` has a value and passes the filter.
pub(super) fn counts(values: &dyn Array, filter: Option<&BooleanArray>, row: usize) -> bool {
    values.is_valid(row) && filter.is_none_or(|filter| filter.is_valid(row) && filter.value(row))
}

/// The totals of all groups.
struct NumberGroups {
    totals: Vec<NumberTotal>,
    /// The bytes that the totals have allocated.
    heap: usize,
    finish: Finish,
}

impl NumberGroups {
    /// Changes the total of a group.
    fn change(&mut self, group: usize, by: impl FnOnce(&mut NumberTotal)) {
        let total = &mut self.totals[group];
        let before = total.sum.heap();
        by(total);
        self.heap += total.sum.heap() - before;
    }

    /// Takes the totals that are emitted.
    fn take(&mut self, emit: EmitTo) -> Vec<NumberTotal> {
        let taken = emit.take_needed(&mut self.totals);
        self.heap -= taken.iter().map(|total| total.sum.heap()).sum::<usize>();
        taken
    }
}

impl GroupsAccumulator for NumberGroups {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        groups: &[usize],
        filter: Option<&BooleanArray>,
        count: usize,
    ) -> Result<()> {
        self.totals.resize(count, NumberTotal::default());
        let values = values[0].as_primitive::<Float64Type>();
        for (row, group) in groups.iter().enumerate().filter(|(row, _)| counts(values, filter, *row)) {
            self.change(*group, |total| total.add(values.value(row)));
        }
        Ok(())
    }

    fn merge_batch(&mut self, states: &[ArrayRef], groups: &[usize], count: usize) -> Result<()> {
        self.totals.resize(count, NumberTotal::default());
        let states = TotalStates::of(states);
        groups.iter().enumerate().for_each(|(row, group)| self.change(*group, |total| states.add(row, total)));
        Ok(())
    }

    fn evaluate(&mut self, emit: EmitTo) -> Result<ArrayRef> {
        let totals = self.take(emit);
        Ok(Arc::new(totals.iter().map(self.finish).collect::<Float64Array>()))
    }

    fn state(&mut self, emit: EmitTo) -> Result<Vec<ArrayRef>> {
        Ok(state_of(&self.take(emit)))
    }

    fn convert_to_state(&self, values: &[ArrayRef], filter: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        let values = values[0].as_primitive::<Float64Type>();
        let total = |row: usize| {
            let mut total = NumberTotal::default();
            if counts(values, filter, row) {
                total.add(values.value(row));
            }
            total
        };
        Ok(state_of(&(0..values.len()).map(total).collect::<Vec<_>>()))
    }

    fn size(&self) -> usize {
        self.totals.capacity() * size_of::<NumberTotal>() + self.heap
    }
}

/// The total of all rows, where there are no groups.
#[derive(Debug)]
struct NumberAccumulator {
    total: NumberTotal,
    finish: Finish,
}

impl Accumulator for NumberAccumulator {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        values[0].as_primitive::<Float64Type>().iter().flatten().for_each(|value| self.total.add(value));
        Ok(())
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let states = TotalStates::of(states);
        (0..states.powers.len()).for_each(|row| states.add(row, &mut self.total));
        Ok(())
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(ScalarValue::Float64((self.finish)(&self.total)))
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let columns = state_of(std::slice::from_ref(&self.total));
        columns.iter().map(|column| ScalarValue::try_from_array(column, 0)).collect()
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.total.sum.heap()
    }
}
