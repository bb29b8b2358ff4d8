//! Grouping prepared events by customer: the plan for the aggregates, and the columns made of its result.

use std::sync::Arc;

use accolade_core::eval::column::repeat;
use accolade_core::model::fault::Fault;
use accolade_core::model::types::PRECISION;
use accolade_core::model::{Aggregate, AggregateFunction, Type, Value};
use accolade_core::numbers::fraction::Fraction;
use accolade_core::ops::divide_half_even;
use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Decimal128Array, Float64Array, Int64Array, UInt32Array};
use arrow::compute::{concat, nullif, take};
use arrow::datatypes::{DataType, Decimal128Type, Float64Type, Int64Type};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use datafusion::common::Result;
use datafusion::dataframe::DataFrame;
use datafusion::datasource::TableProvider;
use datafusion::execution::SessionStateBuilder;
use datafusion::execution::runtime_env::RuntimeEnv;
use datafusion::functions_aggregate::expr_fn::{array_agg, count, max, min, sum};
use datafusion::logical_expr::{Expr, cast};
use datafusion::prelude::{SessionConfig, SessionContext, col};

use super::distinct_count::distinct_count;
use super::event_lists;
use super::events::{EventPreparation, KEY, VALUE, input_name};
use super::number_sum::{number_mean, number_sum};
use super::wire::{CHECK, TALLY};

/// A session that uses this many threads. It registers no functions or formats by name: none is looked up, and they
/// would be a seventh of the program.
pub(super) fn session(threads: usize, batch_size: usize, runtime: Arc<RuntimeEnv>) -> SessionContext {
    let mut config = SessionConfig::new().with_target_partitions(threads).with_batch_size(batch_size);
    // Partial aggregation pays where customers repeat within a part, which is rare in orders that are sorted by date.
    config.options_mut().execution.skip_partial_aggregation_probe_ratio_threshold = 0.5;
    SessionContext::new_with_state(SessionStateBuilder::new().with_config(config).with_runtime_env(runtime).build())
}

/// One row per customer: its key and the parts of each aggregate. Rows with a tally, if there are any, form groups of
/// their own.
pub(super) fn group(
    session: &SessionContext,
    table: Arc<dyn TableProvider>,
    aggregates: &[&Aggregate],
) -> Result<DataFrame> {
    let mut expressions = Vec::new();
    for (i, aggregate) in aggregates.iter().enumerate() {
        for (part, expression) in parts(aggregate, i).into_iter().enumerate() {
            expressions.push(expression.alias(part_name(i, part)));
        }
    }
    let rows = session.read_table(table)?;
    let mut keys = vec![col(KEY)];
    if rows.schema().has_column_with_unqualified_name(TALLY) {
        keys.push(col(TALLY));
        expressions.push(sum(col(CHECK)).alias(CHECK));
    }
    rows.aggregate(keys, expressions)
}

/// The rows of the customers in grouped batches.
pub(super) enum CustomerRows {
    /// Every customer has a row, in the order of the keys.
    InOrder,
    /// The row of each customer.
    Indices(UInt32Array),
}

/// The name of the column of a part of an aggregate.
pub(super) fn part_name(index: usize, part: usize) -> String {
    format!("a{index}_{part}")
}

/// The aggregate expressions of which an aggregate is composed.
fn parts(aggregate: &Aggregate, index: usize) -> Vec<Expr> {
    use AggregateFunction::{Count, CountDistinct, First, Last, Max, Mean, Min, Rows, Sum};
    let input = col(input_name(index));
    let ty = aggregate.argument.as_ref().map_or(Type::Boolean, |a| a.ty);
    // Integers are summed as wide decimals and checked for overflow afterwards.
    let summed = |input: Expr| match ty {
        Type::Integer => sum(cast(input, DataType::Decimal128(PRECISION, 0))),
        Type::Number | Type::Percent => number_sum().call(vec![input]),
        _ => sum(input),
    };
    match aggregate.function {
        Count => vec![count(input)],
        CountDistinct => vec![distinct_count().call(vec![input])],
        Sum => vec![summed(input)],
        Mean if ty.is_float() => vec![number_mean().call(vec![input])],
        Mean => vec![summed(input.clone()), count(input)],
        Min | First => vec![min(input)],
        Max | Last => vec![max(input)],
        Rows => vec![array_agg(input)],
    }
}

/// The column of an aggregate for the customers whose rows in the grouped batches are `places`; a missing place is a
/// customer without events.
pub(super) fn aggregate_column(
    aggregate: &Aggregate,
    index: usize,
    grouped: &[RecordBatch],
    places: &CustomerRows,
    events: &EventPreparation,
) -> std::result::Result<ArrayRef, ArrowError> {
    let faults = &events.faults;
    let zero = match (aggregate.function, aggregate.ty) {
        (AggregateFunction::Count | AggregateFunction::CountDistinct, _) | (AggregateFunction::Sum, Type::Integer) => {
            Value::Integer(0)
        }
        (AggregateFunction::Sum, Type::Money) => Value::Money(0),
        (AggregateFunction::Sum, _) => Value::Number(0.0),
        _ => Value::Null,
    };
    let part = |part: usize| {
        let name = part_name(index, part);
        let pieces: Vec<&ArrayRef> = grouped.iter().filter_map(|b| b.column_by_name(&name)).collect();
        match (places, pieces.as_slice()) {
            (CustomerRows::InOrder, [whole]) => Ok(Arc::clone(whole)),
            (CustomerRows::InOrder, _) => {
                Err(ArrowError::InvalidArgumentError("rows in order come in one batch".to_owned()))
            }
            (CustomerRows::Indices(rows), _) => {
                take(&concat(&pieces.iter().map(|p| p.as_ref()).collect::<Vec<&dyn Array>>())?, rows, None)
            }
        }
    };
    if let (true, CustomerRows::Indices(rows)) = (grouped.is_empty(), places) {
        return match events.listed(index) {
            Some(fields) => event_lists::empty_lists(fields, rows.len()),
            None => Ok(repeat(&zero, aggregate.ty, rows.len())),
        };
    }
    let first = part(0)?;
    let column = match (aggregate.function, aggregate.ty) {
        // The column has no nulls and already has the right type.
        (AggregateFunction::Count | AggregateFunction::Sum, ty)
            if first.null_count() == 0 && *first.data_type() == ty.arrow() && !ty.is_float() =>
        {
            first
        }
        (AggregateFunction::Count | AggregateFunction::CountDistinct, _) => {
            Arc::new(first.as_primitive::<Int64Type>().iter().map(|v| Some(v.unwrap_or(0))).collect::<Int64Array>())
        }
        (AggregateFunction::Sum, Type::Integer) => {
            let sums = first.as_primitive::<Decimal128Type>();
            Arc::new(sums.iter().map(|v| i64::try_from(v.unwrap_or(0)).ok()).collect::<Int64Array>())
        }
        (AggregateFunction::Sum, Type::Money) => {
            let sums = first.as_primitive::<Decimal128Type>().iter().map(|v| Some(v.unwrap_or(0)));
            Arc::new(sums.collect::<Decimal128Array>().with_data_type(Type::Money.arrow())) as ArrayRef
        }
        (AggregateFunction::Sum, _) => {
            let sums = first.as_primitive::<Float64Type>();
            Arc::new(sums.iter().map(|v| Some(v.unwrap_or(0.0)).filter(|v| v.is_finite())).collect::<Float64Array>())
        }
        (AggregateFunction::Mean, _) if *first.data_type() == DataType::Float64 => {
            let means = first.as_primitive::<Float64Type>();
            let finite: Float64Array = means.iter().map(|v| v.filter(|v| v.is_finite())).collect();
            faults.add(Fault::Overflow, (finite.null_count() - means.null_count()) as u64);
            Arc::new(finite)
        }
        (AggregateFunction::Mean, ty) => mean(ty, &first, part(1)?.as_primitive::<Int64Type>()),
        (AggregateFunction::First | AggregateFunction::Last, _) => values_of(&first)?,
        (AggregateFunction::Rows, _) => event_lists::ordered(&first)?,
        _ => first,
    };
    if aggregate.function == AggregateFunction::Sum && column.null_count() > 0 {
        faults.add(Fault::Overflow, column.null_count() as u64);
    }
    Ok(column)
}

/// The value of each pair of date and value.
fn values_of(pairs: &ArrayRef) -> std::result::Result<ArrayRef, ArrowError> {
    let pairs = pairs.as_struct();
    let values = pairs
        .column_by_name(VALUE)
        .ok_or_else(|| ArrowError::SchemaError("a pair of date and value has no value".to_owned()))?;
    match pairs.nulls() {
        Some(nulls) => nullif(values, &BooleanArray::new(!nulls.inner(), None)),
        None => Ok(Arc::clone(values)),
    }
}

/// The means of money or integers, whose sums are exact.
fn mean(ty: Type, sums: &ArrayRef, counts: &Int64Array) -> ArrayRef {
    let sums = sums.as_primitive::<Decimal128Type>();
    let some = |row: usize| counts.is_valid(row) && counts.value(row) > 0;
    let rows = 0..counts.len();
    if ty == Type::Money {
        let mean = |row: usize| some(row).then(|| divide_half_even(sums.value(row), i128::from(counts.value(row))));
        return Arc::new(rows.map(mean).collect::<Decimal128Array>().with_data_type(Type::Money.arrow()));
    }
    let mean = |row: usize| Fraction::Small(sums.value(row), i128::from(counts.value(row))).nearest_float();
    Arc::new(rows.map(|row| some(row).then(|| mean(row))).collect::<Float64Array>())
}
