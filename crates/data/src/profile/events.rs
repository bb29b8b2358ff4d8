//! Preparing events for grouping: the customer, and for each aggregate its argument where the event counts.
//!
//! An event that is out of an aggregate's period or fails its condition is null there. Aggregates of the same argument
//! share its values and differ in their null bitmaps only.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, AtomicU64, Ordering};

use accolade_core::eval::{Env, Faults, column};
use accolade_core::model::aggregate::AggregatePeriod;
use accolade_core::model::period::{ResolvedPeriod, resolve};
use accolade_core::model::{Aggregate, AggregateFunction, DayRange, Demand, Operation, Type, TypedExpr};
use accolade_core::ops;
use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, StructArray, UInt32Array, make_array};
use arrow::buffer::{BooleanBuffer, NullBuffer};
use arrow::compute::{filter, take};
use arrow::datatypes::{DataType, Date32Type, Field, Fields, Schema, SchemaRef, TimestampMicrosecondType};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;

use super::event_lists;
use crate::source::{Prepare, ScanTally};

/// The input of one aggregate.
#[derive(Debug)]
struct AggregateInput {
    argument: Option<TypedExpr>,
    days: DayRange,
    filter: Option<TypedExpr>,
    /// The fields of pairs of date and value, whose least and greatest pair give the first and the last value.
    dated: Option<Fields>,
    /// The fields of listed events, and the columns of the source that they come from.
    rows: Option<(Fields, Vec<usize>)>,
}

/// Turns a batch of events into the key and one column per aggregate.
#[derive(Debug)]
pub(super) struct EventPreparation {
    schema: SchemaRef,
    customer: usize,
    date: Option<usize>,
    as_of: i32,
    inputs: Vec<AggregateInput>,
    /// Whether events after `as_of` are left out, since customers are known without them.
    drops_future: bool,
    /// Events after `as_of`.
    future: AtomicU64,
    /// The day of the newest event that is not after `as_of`.
    newest: AtomicI32,
    /// Conditions that were neither true nor false.
    unknown: AtomicU64,
    pub(super) faults: Faults,
}

/// The name of the key column.
pub(super) const KEY: &str = "k";

/// The name of the value in a pair of date and value.
pub(super) const VALUE: &str = "value";

/// The name of an aggregate's column.
pub(super) fn input_name(index: usize) -> String {
    format!("v{index}")
}

impl EventPreparation {
    /// The preparation for the aggregates of source `index`; `None` where a period leaves the calendar.
    pub(super) fn new(
        demand: &Demand,
        index: usize,
        aggregates: &[&Aggregate],
        as_of: i32,
    ) -> Option<EventPreparation> {
        let source = &demand.sources[index];
        let periods = resolve(&demand.periods, as_of)?;
        let date = source.date_column();
        let mut fields = vec![Field::new(KEY, source.columns[source.customer_column()].ty.arrow(), true)];
        let mut inputs = Vec::new();
        for (i, aggregate) in aggregates.iter().enumerate() {
            let days = days_of(aggregate, &periods, as_of)?;
            let ty = aggregate.argument.as_ref().map_or(Type::Boolean, |a| a.ty).arrow();
            let dated = match aggregate.function {
                AggregateFunction::First | AggregateFunction::Last => {
                    Some(dated_fields(source.columns[date?].ty.arrow(), ty.clone()))
                }
                _ => None,
            };
            let rows = (aggregate.function == AggregateFunction::Rows).then(|| {
                let columns = date.into_iter().chain(aggregate.columns.iter().copied()).collect();
                (event_lists::fields(source, date, &aggregate.columns), columns)
            });
            let whole = dated.as_ref().or(rows.as_ref().map(|(fields, _)| fields));
            fields.push(Field::new(input_name(i), whole.cloned().map_or(ty, DataType::Struct), true));
            let (argument, filter) = (aggregate.argument.clone(), aggregate.filter.clone());
            inputs.push(AggregateInput { argument, days, filter, dated, rows });
        }
        Some(EventPreparation {
            schema: Arc::new(Schema::new(fields)),
            customer: source.customer_column(),
            date,
            as_of,
            inputs,
            drops_future: demand.customers().is_some(),
            future: AtomicU64::new(0),
            newest: AtomicI32::new(i32::MIN),
            unknown: AtomicU64::new(0),
            faults: Faults::default(),
        })
    }

    /// The fields of the events that input `index` lists.
    pub(super) fn listed(&self, index: usize) -> Option<&Fields> {
        self.inputs.get(index)?.rows.as_ref().map(|(fields, _)| fields)
    }

    /// How often a condition was neither true nor false.
    pub(super) fn unknown(&self) -> u64 {
        self.unknown.load(Ordering::Relaxed)
    }

    /// Events after the date of the run.
    pub(super) fn future(&self) -> u64 {
        self.future.load(Ordering::Relaxed)
    }
}

/// The days on which an aggregate sees events; `None` where a period leaves the calendar.
pub(super) fn days_of(aggregate: &Aggregate, periods: &[ResolvedPeriod], as_of: i32) -> Option<DayRange> {
    let days = match aggregate.period {
        None => DayRange { first: i32::MIN, last: as_of },
        Some(AggregatePeriod::Whole(period)) => periods[period].days,
        Some(AggregatePeriod::Before(period)) => DayRange { first: i32::MIN, last: periods[period].days.first - 1 },
        Some(AggregatePeriod::Slice { period, index, months }) => periods[period].slice(index, months)?,
    };
    Some(DayRange { first: days.first, last: days.last.min(as_of) })
}

impl Prepare for EventPreparation {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn prepare(&self, columns: Vec<ArrayRef>, rows: usize) -> Result<RecordBatch, ArrowError> {
        let days = self.date.map(|date| day_numbers(&columns[date]));
        let future = days.as_ref().map_or(0, |days| days.iter().filter(|day| **day > self.as_of).count());
        if let Some(newest) = days.iter().flatten().copied().filter(|day| *day <= self.as_of).max() {
            self.newest.fetch_max(newest, Ordering::Relaxed);
        }
        if future > 0 {
            self.future.fetch_add(future as u64, Ordering::Relaxed);
        }
        if let Some(days) = days.as_ref().filter(|_| future > 0 && self.drops_future) {
            let past = BooleanArray::from(days.iter().map(|day| *day <= self.as_of).collect::<Vec<_>>());
            let columns = columns.iter().map(|column| filter(column, &past)).collect::<Result<Vec<_>, _>>()?;
            let days = days.iter().copied().filter(|day| *day <= self.as_of).collect();
            return self.prepared(columns, rows - future, Some(days));
        }
        self.prepared(columns, rows, days)
    }

    fn newest(&self) -> Option<i32> {
        Some(self.newest.load(Ordering::Relaxed)).filter(|day| *day > i32::MIN)
    }

    fn later(&self) -> u64 {
        self.future()
    }

    fn reset(&self) {
        self.future.store(0, Ordering::Relaxed);
        self.newest.store(i32::MIN, Ordering::Relaxed);
        self.unknown.store(0, Ordering::Relaxed);
        self.faults.reset();
    }

    fn record_counts(&self, tally: &mut ScanTally) {
        let (divisions, overflows) = self.faults.counts();
        tally.future += self.future();
        tally.newest = tally.newest.max(self.newest());
        tally.unknown += self.unknown();
        tally.divisions += divisions;
        tally.overflows += overflows;
    }

    fn merge_counts(&self, tally: &ScanTally) {
        self.future.fetch_add(tally.future, Ordering::Relaxed);
        self.newest.fetch_max(tally.newest.unwrap_or(i32::MIN), Ordering::Relaxed);
        self.unknown.fetch_add(tally.unknown, Ordering::Relaxed);
        self.faults.add(ops::Fault::DivisionByZero, tally.divisions);
        self.faults.add(ops::Fault::Overflow, tally.overflows);
    }
}

impl EventPreparation {
    /// The key and the inputs of the aggregates.
    fn prepared(&self, columns: Vec<ArrayRef>, rows: usize, days: Option<Vec<i32>>) -> Result<RecordBatch, ArrowError> {
        let mut prepared = vec![Arc::clone(&columns[self.customer])];
        let columns: Vec<Option<ArrayRef>> = columns.into_iter().map(Some).collect();
        let mut masks: Vec<(DayRange, Option<BooleanBuffer>)> = Vec::new();
        for input in &self.inputs {
            let in_period = match masks.iter().find(|(range, _)| *range == input.days) {
                Some((_, mask)) => mask.clone(),
                None => {
                    let mask = days.as_ref().and_then(|days| within(days, input.days));
                    masks.push((input.days, mask.clone()));
                    mask
                }
            };
            let mask = match &input.filter {
                Some(filter) => self.holds(filter, &columns, rows, in_period),
                None => in_period,
            };
            if let Some((fields, of)) = &input.rows {
                prepared.push(event_lists::events(fields, of.iter().copied(), &columns, mask, rows)?);
                continue;
            }
            let values = match &input.argument {
                Some(argument) => self.argument(argument, &columns, rows, mask)?,
                // Without an argument the events themselves are counted.
                None => Arc::new(BooleanArray::new(BooleanBuffer::new_set(rows), mask.map(NullBuffer::new))),
            };
            prepared.push(match (&input.dated, self.date.and_then(|date| columns[date].clone())) {
                (Some(fields), Some(dates)) => dated(fields, dates, values)?,
                _ => values,
            });
        }
        RecordBatch::try_new(Arc::clone(&self.schema), prepared)
    }
}

impl EventPreparation {
    fn env(&self) -> Env<'_> {
        Env { as_of: self.as_of, faults: &self.faults }
    }

    /// Where a condition holds among the events of the period; `None` if it holds everywhere.
    fn holds(
        &self,
        filter: &TypedExpr,
        columns: &[Option<ArrayRef>],
        rows: usize,
        in_period: Option<BooleanBuffer>,
    ) -> Option<BooleanBuffer> {
        let truth = match &in_period {
            Some(mask) => {
                let active = BooleanArray::new(mask.clone(), None);
                column::condition_where(filter, columns, rows, self.env(), &active)
            }
            None => column::condition(filter, columns, rows, self.env()),
        };
        if let Some(nulls) = truth.nulls() {
            let unknown = !nulls.inner();
            let unknown = in_period.as_ref().map_or_else(|| unknown.clone(), |mask| &unknown & mask);
            self.unknown.fetch_add(unknown.count_set_bits() as u64, Ordering::Relaxed);
        }
        let holds = column::is_true(&truth);
        let holds = in_period.map_or_else(|| holds.values().clone(), |mask| holds.values() & &mask);
        (holds.count_set_bits() < rows).then_some(holds)
    }

    /// An argument where the event counts, null elsewhere.
    fn argument(
        &self,
        argument: &TypedExpr,
        columns: &[Option<ArrayRef>],
        rows: usize,
        mask: Option<BooleanBuffer>,
    ) -> Result<ArrayRef, ArrowError> {
        let Some(mask) = mask else { return Ok(column::evaluate(argument, columns, rows, self.env())) };
        if let Operation::Field(_) = argument.operation {
            return masked(&column::evaluate(argument, columns, rows, self.env()), mask);
        }
        // Faults of events that do not count must not be counted, so these are left out of the evaluation.
        let mut used = vec![None; columns.len()];
        let keep = BooleanArray::new(mask.clone(), None);
        let mut failed = None;
        argument.for_each_field(&mut |index| {
            if let Some(Some(column)) = columns.get(index) {
                match filter(column, &keep) {
                    Ok(column) => used[index] = Some(column),
                    Err(error) => failed = Some(error),
                }
            }
        });
        if let Some(error) = failed {
            return Err(error);
        }
        let values = column::evaluate(argument, &used, mask.count_set_bits(), self.env());
        let mut next = 0..;
        let places: UInt32Array = mask.iter().map(|counts| if counts { next.next() } else { None }).collect();
        take(&values, &places, None)
    }
}

fn dated_fields(date: DataType, value: DataType) -> Fields {
    Fields::from(vec![Field::new("date", date, true), Field::new(VALUE, value, true)])
}

/// Pairs of date and value, null where the value is.
fn dated(fields: &Fields, dates: ArrayRef, values: ArrayRef) -> Result<ArrayRef, ArrowError> {
    let nulls = values.logical_nulls();
    Ok(Arc::new(StructArray::try_new(fields.clone(), vec![dates, values], nulls)?))
}

/// Marks the days in the range; `None` if all of them are.
fn within(days: &[i32], DayRange { first, last }: DayRange) -> Option<BooleanBuffer> {
    let mask = BooleanBuffer::collect_bool(days.len(), |i| first <= days[i] && days[i] <= last);
    (mask.count_set_bits() < days.len()).then_some(mask)
}

/// `column` with null where `mask` is false; the values are shared.
fn masked(column: &ArrayRef, mask: BooleanBuffer) -> Result<ArrayRef, ArrowError> {
    let nulls = NullBuffer::union(column.nulls(), Some(&NullBuffer::new(mask)));
    Ok(make_array(column.to_data().into_builder().nulls(nulls).build()?))
}

fn day_numbers(column: &ArrayRef) -> Vec<i32> {
    match column.data_type() {
        DataType::Date32 => column.as_primitive::<Date32Type>().values().to_vec(),
        _ => column.as_primitive::<TimestampMicrosecondType>().values().iter().map(|t| ops::day_of(*t)).collect(),
    }
}
