//! Reading every source and composing one record per customer.

use std::cell::LazyCell;
use std::sync::Arc;

use accolade_core::eval::{Env, Faults, key_as_computed};
use accolade_core::model::{Aggregate, Demand, Origin, Slot, SlotId, SourceRole, Value};
use accolade_parser::syntax::file::UnknownCustomers;
use accolade_parser::{Code, DataPlace, Diagnostic, Diagnostics, count};
use arrow::array::{Array, ArrayRef, new_empty_array};
use arrow::compute::concat;
use arrow::record_batch::RecordBatch;

use super::aggregate::CustomerRows;
use super::cluster::Cluster;
use super::customers::CustomerColumns;
use super::error::ReadError;
use super::events::{EventPreparation, KEY};
use super::index::Index;
use super::memory::{Reservation, Reservations, bytes_per_row};
use super::population::{self, KnownCustomers};
use super::read::{ReadBatches, ReadLog, ReadMethod, ReadTask, SourceReader, failed};
use super::{
    CustomerBase, Inputs, SourceCount, aggregate, alike_keys, by_row, expected, keys, total_row, unknown_customers,
};
use crate::source::{Aliases, OpenedSource, Prepare, Reading, Snapshots, open};

/// Reads the sources and builds the columns that come from data.
///
/// # Errors
/// Fails with the diagnostics of the data (E07…), each with its file, row and column.
pub fn load(demand: &Demand, inputs: &Inputs) -> Result<CustomerBase, Diagnostics> {
    load_with_cluster(None, demand, inputs)
}

/// Like [`load`], on a cluster if there is one.
pub fn load_with_cluster(
    cluster: Option<&dyn Cluster>,
    demand: &Demand,
    inputs: &Inputs,
) -> Result<CustomerBase, Diagnostics> {
    if inputs.locations.len() != demand.sources.len() {
        return Err(failed("not every source has a file"));
    }
    let mut opened = Vec::new();
    let mut wrong = Diagnostics::new();
    let mut log = ReadLog::default();
    let mut moments = Snapshots::default();
    let merged = aliases(demand, inputs, &mut moments, &mut log)?;
    let aliases = merged.as_ref().map(|merged| Arc::clone(&merged.aliases));
    let reading = Reading { as_of: inputs.as_of, aliases };
    for (index, (source, location)) in demand.sources.iter().zip(&inputs.locations).enumerate() {
        if let Some(merged) = merged.as_ref().filter(|merged| merged.index == index) {
            opened.push(Arc::clone(&merged.source));
            continue;
        }
        match open(source, location, &reading, &mut moments) {
            Ok((source, warnings)) => {
                log.findings.extend(warnings);
                opened.push(source);
            }
            Err(findings) => wrong.extend(findings),
        }
    }
    if wrong.has_errors() {
        return Err(wrong);
    }
    let reader = SourceReader::new(cluster, demand, inputs, opened)?;
    let customers_source = demand.customers().map(|(source, _)| source);
    let sources = (0..demand.sources.len()).filter(|source| demand.sources[*source].is_events());
    let events: Vec<EventTask> = sources.map(|source| EventTask::new(&reader, source)).collect::<Result<_, _>>()?;
    let (by_row, by_key): (Vec<EventTask>, Vec<EventTask>) = events.into_iter().partition(|task| task.by_row);

    // Events that are grouped by key are read in parallel with the customers and matched with them afterwards.
    let (customers, firsts) = std::thread::scope(|scope| {
        let reading: Vec<_> = by_key.iter().map(|task| scope.spawn(|| reader.read_fast(&task.by_key()))).collect();
        let customers = customers_source.map(|source| customers(&reader, source, &mut log)).transpose();
        let stopped = || ReadError::retry("a reader stopped");
        let firsts: Vec<Result<ReadBatches, ReadError>> =
            reading.into_iter().map(|r| r.join().unwrap_or_else(|_| Err(stopped()))).collect();
        (customers, firsts)
    });
    let mut shares = Vec::new();
    let (known, mut columns, is_read) = match customers? {
        Some(CustomersTable { customers: KnownCustomers { keys, columns, is_read }, share }) => {
            shares.push(share);
            (Some(keys), columns, is_read)
        }
        None => (None, Vec::new(), None),
    };
    if let (Some(aliases), Some(keys)) = (&reading.aliases, &known) {
        let known = LazyCell::new(|| keys::KeySet::new(keys));
        // A customer who is gone may have been merged before, which is told as events of such customers are.
        let events = || demand.sources.iter().filter(|source| source.is_events());
        let code = if events().all(|source| source.checks.unknown != UnknownCustomers::Fail) {
            events().any(|source| source.checks.unknown == UnknownCustomers::Report).then_some(Code::W0720)
        } else {
            Some(Code::E0719)
        };
        let found = code.map(|code| aliases.into_nobody(code, |key| known.has(key))).unwrap_or_default();
        if found.has_errors() {
            return Err(found);
        }
        log.findings.extend(found);
    }
    let mut grouped = Vec::new();
    for (task, first) in by_key.iter().zip(firsts) {
        grouped.push((task, task.grouped(&reader, &task.by_key(), first, known.as_ref(), &mut log)?));
    }
    if let Some(keys) = known.as_ref().filter(|_| !by_row.is_empty()) {
        let memory = reader.memory.reserve("the keys of the customers");
        let (table, besides) = Index::max_size(keys.len());
        memory.grow_or_report(table + besides)?;
        let index = Index::new(keys);
        memory.shrink(table + besides - index.size());
        let kept = reader.memory.reserve("the aggregates of each customer");
        for task in &by_row {
            let reading = task.by_row(&reader, &index, &kept);
            let first = reader.read_fast(&reading);
            grouped.push((task, task.grouped(&reader, &reading, first, known.as_ref(), &mut log)?));
        }
    }
    let finished = reader.memory.reserve("the columns of the customers");
    let customers = match known {
        Some(keys) => keys,
        None => {
            // Keys are concatenated, sorted and looked up, each time in new memory.
            let keys: usize = grouped.iter().map(|(_, grouped)| grouped.keys.len()).sum();
            finished.grow_or_report(4 * keys * bytes_per_row(demand.slots[0].ty))?;
            union(grouped.iter().map(|(_, grouped)| grouped))?
        }
    };
    for (task, events) in &grouped {
        finished.grow_or_report(
            task.slots.iter().map(|slot| customers.len() * bytes_per_row(demand.slots[*slot].ty)).sum(),
        )?;
        columns.extend(task.columns(events, &customers)?);
        task.faults(demand, &mut log);
    }
    let grouped: Vec<GroupedEvents> = grouped.into_iter().map(|(_, grouped)| grouped).collect();
    // Freeing this much memory takes time, so another thread does it.
    std::thread::spawn(move || drop(grouped));
    columns.push((0, customers));
    if let Some(is_read) = is_read {
        population::keep(&mut columns, &is_read)?;
    }
    let rows = columns.last().map_or(0, |(_, keys)| keys.len());
    if let Some(((_, keys), others)) = columns.split_last() {
        log.findings.extend(doubts(&reader, keys, others, &finished));
    }
    let order = |count: &SourceCount| demand.sources.iter().position(|s| s.name == count.source);
    log.read.sort_by_key(order);
    shares.push(finished);
    let held = Reservations { memory: reader.memory, reservations: shares };
    Ok(CustomerBase { rows, columns, findings: log.findings, source_counts: log.read, reservations: held })
}

/// The table of customers who were merged.
struct Merged {
    /// Its index among the sources.
    index: usize,
    source: Arc<OpenedSource>,
    aliases: Arc<Aliases>,
}

/// Reads the table of customers who were merged, if there is one.
fn aliases(
    demand: &Demand,
    inputs: &Inputs,
    moments: &mut Snapshots,
    log: &mut ReadLog,
) -> Result<Option<Merged>, Diagnostics> {
    let Some((index, source)) = demand.aliases() else { return Ok(None) };
    let SourceRole::Aliases { from, to } = source.role else { return Ok(None) };
    let reading = Reading { as_of: inputs.as_of, aliases: None };
    let (opened, warnings) = open(source, &inputs.locations[index], &reading, moments)?;
    log.findings.extend(warnings);
    let faults = Faults::default();
    let env = Env { as_of: inputs.as_of, faults: &faults };
    let computed = |key: Value| match demand.keyed() {
        Some(source) => key_as_computed(source, key, env),
        None => key,
    };
    let aliases = Aliases::read(&opened, (from, to), computed)?;
    let rows = log.count(&opened, aliases.rows, 0);
    expected::check_rows(source, &opened.place, rows)?;
    Ok(Some(Merged { index, source: opened, aliases: Arc::new(aliases) }))
}

/// The warnings of customers that may be none, or one.
fn doubts(
    reader: &SourceReader,
    keys: &ArrayRef,
    columns: &[(SlotId, ArrayRef)],
    share: &Reservation,
) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = total_row::check(reader.demand, keys, columns).into_iter().collect();
    // The keys are not compared where there is no memory for it.
    let needed = alike_keys::BYTES_PER_KEY * keys.len();
    if share.grow(needed).is_ok() {
        found.extend(alike_keys::check(keys, reader.inputs.threads));
        share.shrink(needed);
    }
    let place = |finding: Diagnostic| match reader.place_of_customers() {
        Some(file) => finding.in_data(DataPlace { file, row: None, column: None }),
        None => finding,
    };
    found.into_iter().map(place).collect()
}

/// The customers table, and the reservation of its memory.
struct CustomersTable {
    customers: KnownCustomers,
    share: Reservation,
}

fn customers(reader: &SourceReader, source: usize, log: &mut ReadLog) -> Result<CustomersTable, Diagnostics> {
    let kept = Arc::new(CustomerColumns::new(reader.demand, &reader.demand.sources[source]));
    let slots = kept.slots.clone();
    let prepare: Arc<dyn Prepare> = kept;
    let schema = Arc::clone(prepare.schema());
    let how = ReadMethod::Query(Box::new(|session, table| session.read_table(table)));
    let task = ReadTask { source, prepare, how };
    let check = |batches: Vec<RecordBatch>, share: Reservation| {
        let column = |i: usize| {
            let pieces: Vec<&dyn Array> = batches.iter().map(|b| b.column(i).as_ref()).collect();
            if pieces.is_empty() {
                return Ok(new_empty_array(schema.field(i).data_type()));
            }
            concat(&pieces).map_err(ReadError::retry)
        };
        // The columns are a second copy until the batches are dropped.
        let once = share.size();
        share.grow(once)?;
        let columns = (0..schema.fields().len()).map(column).collect::<Result<Vec<ArrayRef>, ReadError>>()?;
        drop(batches);
        share.shrink(once);
        let has_condition = reader.demand.sources[source].filter.is_some();
        Ok(CustomersTable { customers: KnownCustomers::new(columns, &slots, has_condition)?, share })
    };
    reader.check_or_reread(&task, reader.read_fast(&task), None, &check, log)
}

/// The slots of the aggregates over a source, and the aggregates.
pub(super) fn aggregates_of(demand: &Demand, source: usize) -> (Vec<SlotId>, Vec<&Aggregate>) {
    let of_slot = |(slot, described): (usize, &Slot)| match described.origin {
        Origin::Aggregate(index) => Some((slot, &demand.aggregates[index])).filter(|(_, a)| a.source == source),
        _ => None,
    };
    demand.slots.iter().enumerate().filter_map(of_slot).unzip()
}

/// An event source to be grouped.
struct EventTask<'a> {
    source: usize,
    events: Arc<EventPreparation>,
    slots: Vec<SlotId>,
    aggregates: Vec<&'a Aggregate>,
    /// Whether the events are aggregated by the rows of known customers instead of grouped by key.
    by_row: bool,
}

/// Grouped events of one source.
struct GroupedEvents {
    keys: ArrayRef,
    batches: Vec<RecordBatch>,
    /// The rows of the customers in the batches, if the customers are known already.
    places: Option<CustomerRows>,
    /// The reservation of their memory.
    _share: Reservation,
}

impl<'a> EventTask<'a> {
    fn new(reader: &'a SourceReader<'a>, source: usize) -> Result<Self, Diagnostics> {
        let demand = reader.demand;
        let (slots, aggregates) = aggregates_of(demand, source);
        let Some(events) = EventPreparation::new(demand, source, &aggregates, reader.inputs.as_of) else {
            return Err(failed("a period reaches beyond the calendar"));
        };
        // Grouping by row has no place for unknown customers.
        let by_row = demand.sources[source].checks.unknown == UnknownCustomers::Fail
            && reader.is_alone()
            && demand.customers().is_some()
            && by_row::can_group_by_row(&aggregates);
        Ok(EventTask { source, events: Arc::new(events), slots, aggregates, by_row })
    }

    /// The task that groups by key and needs no known customers.
    fn by_key(&self) -> ReadTask<'_> {
        self.task(ReadMethod::Query(Box::new(|session, table| aggregate::group(session, table, &self.aggregates))))
    }

    /// The task that aggregates by the rows of known customers.
    fn by_row<'b>(&'b self, reader: &'b SourceReader<'b>, index: &'b Index, share: &'b Reservation) -> ReadTask<'b> {
        self.task(ReadMethod::Function(Box::new(|table| {
            let batch = by_row::group(&reader.session, &reader.runtime, table, &self.aggregates, index, share)?;
            Ok(vec![batch])
        })))
    }

    fn task<'b>(&self, how: ReadMethod<'b>) -> ReadTask<'b> {
        ReadTask { source: self.source, prepare: Arc::<EventPreparation>::clone(&self.events), how }
    }

    fn grouped(
        &self,
        reader: &SourceReader,
        reading: &ReadTask,
        first: Result<ReadBatches, ReadError>,
        customers: Option<&ArrayRef>,
        log: &mut ReadLog,
    ) -> Result<GroupedEvents, Diagnostics> {
        let demand = reader.demand;
        let check = |batches: Vec<RecordBatch>, share: Reservation| {
            if let Some(customers) = customers.filter(|_| self.by_row) {
                let (keys, places) = (customers.slice(0, 0), Some(CustomerRows::InOrder));
                return Ok(GroupedEvents { keys, batches, places, _share: share });
            }
            let pieces: Vec<&dyn Array> =
                batches.iter().filter_map(|b| b.column_by_name(KEY)).map(AsRef::as_ref).collect();
            let keys = if pieces.is_empty() {
                new_empty_array(&demand.slots[0].ty.arrow())
            } else {
                concat(&pieces).map_err(ReadError::retry)?
            };
            let fails = demand.sources[self.source].checks.unknown == UnknownCustomers::Fail;
            let places = match customers.map(|customers| keys::rows_of(customers, &keys)) {
                Some((_, true)) if fails => return Err(ReadError::retry("an event is of an unknown customer")),
                Some((rows, _)) => Some(CustomerRows::Indices(rows)),
                None => None,
            };
            Ok(GroupedEvents { keys, batches, places, _share: share })
        };
        let grouped = reader.check_or_reread(reading, first, customers, &check, log)?;
        let source = &demand.sources[self.source];
        let name = &source.name;
        if let Some(customers) = customers.filter(|_| source.checks.unknown == UnknownCustomers::Report) {
            log.findings.extend(unknown_customers::check(source, &grouped.keys, customers));
        }
        let future = self.events.future();
        if future > 0 {
            let (rows, are) = (count(future, "row"), if future == 1 { "is" } else { "are" });
            let after = accolade_core::show::date(reader.inputs.as_of);
            let message = format!("{rows} of `{name}` {are} dated after {after} and not counted");
            log.findings.push(Diagnostic::new(Code::W0706, message));
        }
        let unknown = self.events.unknown();
        if unknown > 0 {
            let rows = count(unknown, "row");
            let message =
                format!("a condition on `{name}` is neither true nor false for {rows}, which it does not count");
            let help = "say what a missing value means with `is missing` or `or else`";
            log.findings.push(Diagnostic::new(Code::W0702, message).help(help));
        }
        Ok(grouped)
    }

    /// Logs the faults of the arithmetic, which are complete once the columns are made.
    fn faults(&self, demand: &Demand, log: &mut ReadLog) {
        let name = &demand.sources[self.source].name;
        let (divisions, overflows) = self.events.faults.counts();
        for (code, n, what, how) in
            [(Code::W0701, divisions, "division", "by zero"), (Code::W0707, overflows, "result", "too large")]
        {
            if n > 0 {
                let message = format!("{} {how} in aggregates of `{name}`; these values are missing", count(n, what));
                log.findings.push(Diagnostic::new(code, message));
            }
        }
    }

    /// The column of each aggregate's slot.
    fn columns(&self, grouped: &GroupedEvents, customers: &ArrayRef) -> Result<Vec<(SlotId, ArrayRef)>, Diagnostics> {
        let joined;
        let places = match &grouped.places {
            Some(places) => places,
            None => {
                joined = CustomerRows::Indices(keys::rows_of(customers, &grouped.keys).0);
                &joined
            }
        };
        let column = |(i, aggregate): (usize, &&Aggregate)| {
            aggregate::aggregate_column(aggregate, i, &grouped.batches, places, &self.events)
                .map_err(|e| failed(&e.to_string()))
        };
        std::thread::scope(|scope| {
            // Two columns at a time: each is a copy, which takes memory.
            let (left, right) = self.aggregates.split_at(self.aggregates.len() / 2);
            let other = scope.spawn(|| left.iter().enumerate().map(column).collect::<Result<Vec<_>, _>>());
            let mine: Result<Vec<_>, Diagnostics> =
                right.iter().enumerate().map(|(i, a)| column((i + left.len(), a))).collect();
            let mut columns = other.join().unwrap_or_else(|_| Err(failed("a worker stopped")))?;
            columns.extend(mine?);
            Ok(self.slots.iter().copied().zip(columns).collect())
        })
    }
}

/// The sorted union of the keys of all sources.
fn union<'a>(grouped: impl Iterator<Item = &'a GroupedEvents>) -> Result<ArrayRef, Diagnostics> {
    let pieces: Vec<&dyn Array> = grouped.map(|g| g.keys.as_ref()).collect();
    concat(&pieces).and_then(keys::distinct).map_err(|e| failed(&e.to_string()))
}
