//! The aggregates of one customer, evaluated row by row over events given as values.

use std::cmp::Ordering;

use accolade_core::eval::{Env, row};
use accolade_core::frame::array_of;
use accolade_core::model::fault::Fault;
use accolade_core::model::period::resolve;
use accolade_core::model::{Aggregate, AggregateFunction, DayRange, Demand, Source, Type, Value};
use accolade_core::numbers::decimal_sum::DecimalSum;
use accolade_core::numbers::fraction::Fraction;
use accolade_core::ops;
use arrow::array::ArrayRef;
use arrow::error::ArrowError;

use super::event_lists;
use super::events::days_of;

/// The days on which each aggregate sees events; `None` where a period leaves the calendar.
pub fn days(demand: &Demand, as_of: i32) -> Option<Vec<DayRange>> {
    let periods = resolve(&demand.periods, as_of)?;
    demand.aggregates.iter().map(|aggregate| days_of(aggregate, &periods, as_of)).collect()
}

/// An empty column of the type of an aggregate.
pub fn empty_column(demand: &Demand, aggregate: &Aggregate) -> Result<ArrayRef, ArrowError> {
    if aggregate.function != AggregateFunction::Rows {
        return Ok(array_of(aggregate.ty, std::iter::empty()));
    }
    let source = &demand.sources[aggregate.source];
    event_lists::empty_lists(&event_lists::fields(source, source.date_column(), &aggregate.columns), 0)
}

/// The day of an event; none if its source has no dates.
pub fn day(source: &Source, event: &[Value]) -> Option<i32> {
    match event.get(source.date_column()?)? {
        Value::Date(day) => Some(*day),
        Value::DateTime(micros) => Some(ops::day_of(*micros)),
        _ => None,
    }
}

/// The value of an aggregate over one customer's events, each given as the values of the source's columns.
///
/// # Errors
/// Fails when a value does not have the type of its column.
pub fn aggregate(
    demand: &Demand,
    aggregate: &Aggregate,
    days: DayRange,
    events: &[Vec<Value>],
    env: Env,
) -> Result<Value, ArrowError> {
    let source = &demand.sources[aggregate.source];
    let counts = |event: &&Vec<Value>| {
        day(source, event).is_none_or(|day| days.first <= day && day <= days.last)
            && aggregate.filter.as_ref().is_none_or(|f| row::evaluate(f, event, env) == Value::Boolean(true))
    };
    let counted: Vec<&Vec<Value>> = events.iter().filter(counts).collect();
    let dates = source.date_column();
    if aggregate.function == AggregateFunction::Rows {
        return event_lists::of_one(source, dates, &aggregate.columns, &counted);
    }
    let Some(argument) = &aggregate.argument else {
        return Ok(Value::Integer(i64::try_from(counted.len()).unwrap_or(i64::MAX)));
    };
    // Each value has its date, which determines the first and the last one.
    let dated = |event: &&Vec<Value>| {
        let value = row::evaluate(argument, event, env);
        let date = dates.and_then(|date| event.get(date)).cloned().unwrap_or(Value::Null);
        (!value.is_null()).then_some((date, value))
    };
    let values: Vec<(Value, Value)> = counted.iter().filter_map(dated).collect();
    Ok(of_values(aggregate, argument.ty, values, env))
}

fn of_values(aggregate: &Aggregate, ty: Type, mut values: Vec<(Value, Value)>, env: Env) -> Value {
    let by_value = |a: &(Value, Value), b: &(Value, Value)| ops::compare(&a.1, &b.1).unwrap_or(Ordering::Equal);
    let by_date = |a: &(Value, Value), b: &(Value, Value)| {
        ops::compare(&a.0, &b.0).unwrap_or(Ordering::Equal).then(by_value(a, b))
    };
    let picked = |pair: Option<(Value, Value)>| pair.map_or(Value::Null, |(_, value)| value);
    match aggregate.function {
        AggregateFunction::Count | AggregateFunction::Rows => Value::Integer(whole(values.len())),
        AggregateFunction::CountDistinct => {
            values.sort_by(by_value);
            values.dedup_by(|a, b| a.1 == b.1);
            Value::Integer(whole(values.len()))
        }
        AggregateFunction::Sum => sum(ty, &values, env),
        AggregateFunction::Mean => mean(ty, &values, env),
        AggregateFunction::Min => picked(values.into_iter().min_by(by_value)),
        AggregateFunction::Max => picked(values.into_iter().max_by(by_value)),
        AggregateFunction::First => picked(values.into_iter().min_by(by_date)),
        AggregateFunction::Last => picked(values.into_iter().max_by(by_date)),
    }
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn or_overflow(value: Option<Value>, env: Env) -> Value {
    value.unwrap_or_else(|| {
        env.faults.add(Fault::Overflow, 1);
        Value::Null
    })
}

/// The exact sum of integers, money or scores; `None` if it overflows.
fn exact(values: &[(Value, Value)]) -> Option<i128> {
    values.iter().try_fold(0i128, |sum, (_, value)| match value {
        Value::Integer(v) => sum.checked_add(i128::from(*v)),
        Value::Money(v) | Value::Score(v) => sum.checked_add(*v),
        _ => Some(sum),
    })
}

/// The sum of numbers, as the decimals that they are written as.
fn decimals(values: &[(Value, Value)]) -> DecimalSum {
    let mut sum = DecimalSum::default();
    values.iter().for_each(|(_, value)| {
        if let Value::Number(v) = value {
            sum.add(*v);
        }
    });
    sum
}

fn sum(ty: Type, values: &[(Value, Value)], env: Env) -> Value {
    let sum = match ty {
        Type::Money => exact(values).map(Value::Money),
        Type::Integer | Type::Duration => exact(values).and_then(|sum| i64::try_from(sum).ok()).map(Value::Integer),
        _ => decimals(values).sum().number().ok().map(Value::Number),
    };
    or_overflow(sum, env)
}

fn mean(ty: Type, values: &[(Value, Value)], env: Env) -> Value {
    let count = values.len();
    if count == 0 {
        return Value::Null;
    }
    let mean = match ty {
        Type::Money => exact(values).map(|sum| Value::Money(ops::divide_half_even(sum, count as i128))),
        Type::Integer | Type::Duration => {
            exact(values).map(|sum| Value::Number(Fraction::Small(sum, count as i128).nearest_float()))
        }
        _ => decimals(values).mean(whole(count)).and_then(|mean| mean.number().ok()).map(Value::Number),
    };
    or_overflow(mean, env)
}
