//! Reading every source and putting one record per customer together.

use std::sync::Arc;

use accolade_parser::{Code, DataPlace, Diagnostic, Diagnostics};
use arrow::array::{Array, ArrayRef, UInt32Array};
use arrow::compute::concat;
use arrow::record_batch::RecordBatch;
use datafusion::datasource::TableProvider;
use datafusion::prelude::SessionContext;

use super::customers::Kept;
use super::events::{Events, KEY};
use super::{BadRows, Base, Inputs, SourceCount, aggregate, keys};
use crate::model::{Aggregate, Origin, Role, RuleSet};
use crate::source::{Converted, Known, Opened, Part, Prepare, Sifted, open, sift, table};

/// Reads the sources and builds the base of every customer's record.
///
/// # Errors
/// The data's diagnostics (E07…), each with file, row and column.
pub fn load(set: &RuleSet, inputs: &Inputs) -> Result<Base, Diagnostics> {
    let mut opened = Vec::new();
    let mut wrong = Diagnostics::new();
    for (source, path) in set.sources.iter().zip(&inputs.files) {
        match open(source, path) {
            Ok(source) => opened.push(source),
            Err(findings) => wrong.0.extend(findings.0),
        }
    }
    if wrong.has_errors() {
        return Err(wrong);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(inputs.threads)
        .build()
        .map_err(|error| failed(&format!("no threads could be started: {error}")))?;
    let session = aggregate::session(inputs.threads, inputs.batch_size);
    let mut loader = Loader { set, inputs, opened, runtime, session, findings: Diagnostics::new(), read: Vec::new() };
    loader.load()
}

struct Loader<'a> {
    set: &'a RuleSet,
    inputs: &'a Inputs,
    opened: Vec<Opened>,
    runtime: tokio::runtime::Runtime,
    session: SessionContext,
    findings: Diagnostics,
    read: Vec<SourceCount>,
}

/// Grouped events of one source.
struct Grouped {
    source: usize,
    keys: ArrayRef,
    batches: Vec<RecordBatch>,
    /// The row of each customer, where the customers are known already.
    rows: Option<UInt32Array>,
}

impl Loader<'_> {
    fn load(&mut self) -> Result<Base, Diagnostics> {
        self.opened.iter_mut().for_each(|o| self.findings.0.append(&mut o.findings.0));
        let mut columns = Vec::new();
        let customers = match self.set.customers() {
            Some((source, _)) => {
                let (sorted, kept) = self.customers(source)?;
                columns.extend(kept);
                Some(sorted)
            }
            None => None,
        };
        let mut grouped = Vec::new();
        for source in 0..self.set.sources.len() {
            if self.set.customers().is_none_or(|(customers, _)| customers != source) {
                grouped.push(self.events(source, customers.as_ref())?);
            }
        }
        let customers = match customers {
            Some(customers) => customers,
            None => union(&grouped)?,
        };
        for events in grouped {
            let rows = events.rows.unwrap_or_else(|| keys::rows_of(&customers, &events.keys).0);
            for (i, (slot, aggregate)) in self.aggregates(events.source).into_iter().enumerate() {
                let column =
                    aggregate::finish(aggregate, i, &events.batches, &rows).map_err(|e| failed(&e.to_string()))?;
                columns.push((slot, column));
            }
        }
        let rows = customers.len();
        columns.push((0, customers));
        let order = |count: &SourceCount| self.set.sources.iter().position(|s| s.name == count.source);
        self.read.sort_by_key(order);
        Ok(Base { rows, columns, findings: std::mem::take(&mut self.findings), read: std::mem::take(&mut self.read) })
    }

    /// The aggregates of a source with their slots, in a fixed order.
    fn aggregates(&self, source: usize) -> Vec<(usize, &'_ Aggregate)> {
        let of_slot = |(slot, described): (usize, &crate::model::Slot)| match described.origin {
            Origin::Aggregate(index) => Some((slot, &self.set.aggregates[index])).filter(|(_, a)| a.source == source),
            _ => None,
        };
        self.set.slots.iter().enumerate().filter_map(of_slot).collect()
    }

    /// The sorted keys of the customers table and its columns.
    fn customers(&mut self, source: usize) -> Result<(ArrayRef, Vec<(usize, ArrayRef)>), Diagnostics> {
        let kept = Arc::new(Kept::new(self.set, &self.set.sources[source]));
        let slots = kept.slots.clone();
        let prepare: Arc<dyn Prepare> = kept;
        let read = |loader: &Self, table: Arc<dyn TableProvider>| {
            let frame = loader.session.read_table(table).map_err(|e| e.to_string())?;
            loader.runtime.block_on(frame.collect()).map_err(|e| e.to_string())
        };
        let check = |batches: &[RecordBatch]| {
            let columns = columns_of(batches, &prepare)?;
            let order = keys::order(&columns[0]);
            let sorted: Vec<ArrayRef> = columns.iter().map(|c| keys::ordered(c, order.as_ref())).collect();
            Ok((!keys::has_duplicates(&sorted[0]), sorted))
        };
        let mut sorted = self.scan(source, &prepare, None, &read, &check)?;
        let keys = sorted.remove(0);
        Ok((keys, slots.into_iter().skip(1).zip(sorted).collect()))
    }

    /// The events of a source, grouped by customer.
    fn events(&mut self, source: usize, customers: Option<&ArrayRef>) -> Result<Grouped, Diagnostics> {
        let aggregates: Vec<(usize, Aggregate)> =
            self.aggregates(source).into_iter().map(|(s, a)| (s, a.clone())).collect();
        let aggregates: Vec<(usize, &Aggregate)> = aggregates.iter().map(|(s, a)| (*s, a)).collect();
        let Some(events) = Events::new(self.set, source, &aggregates, self.inputs.as_of) else {
            return Err(failed("a period reaches beyond the calendar"));
        };
        let events = Arc::new(events);
        let prepare: Arc<dyn Prepare> = Arc::<Events>::clone(&events);
        let read = |loader: &Self, table: Arc<dyn TableProvider>| {
            loader.runtime.block_on(aggregate::group(&loader.session, table, &aggregates)).map_err(|e| e.to_string())
        };
        let key_type = self.set.slots[0].ty.arrow();
        let check = |batches: &[RecordBatch]| {
            let pieces: Vec<&dyn Array> =
                batches.iter().filter_map(|b| b.column_by_name(KEY)).map(AsRef::as_ref).collect();
            let keys = if pieces.is_empty() {
                arrow::array::new_empty_array(&key_type)
            } else {
                concat(&pieces).map_err(|e| e.to_string())?
            };
            // A missing key was counted as an unusable value.
            let joined = customers.filter(|_| keys.null_count() == 0).map(|customers| keys::rows_of(customers, &keys));
            let (rows, unknown) = joined.map_or((None, false), |(rows, unknown)| (Some(rows), unknown));
            Ok((keys.null_count() == 0 && !unknown, Grouped { source, keys, batches: batches.to_vec(), rows }))
        };
        let grouped = self.scan(source, &prepare, customers, &read, &check)?;
        let future = events.future();
        if future > 0 {
            let name = &self.set.sources[source].name;
            let (rows, are) = if future == 1 { ("row", "is") } else { ("rows", "are") };
            let message = format!(
                "{future} {rows} of `{name}` {are} dated after {} and not counted",
                crate::show::date(self.inputs.as_of)
            );
            self.findings.push(Diagnostic::new(Code("W0706"), message));
        }
        let (divisions, overflows) = events.faults.counts();
        for (code, n, what) in [("W0701", divisions, "divisions by zero"), ("W0707", overflows, "results too large")] {
            if n > 0 {
                let message = format!(
                    "{n} {what} in aggregates of `{}`; those events have no value",
                    self.set.sources[source].name
                );
                self.findings.push(Diagnostic::new(Code(code), message));
            }
        }
        Ok(grouped)
    }

    /// What `check` makes of a source's batches. When something is wrong, every row is looked at: with
    /// `BadRows::Fail` that gives the findings, with `BadRows::Report` the usable rows are read again.
    fn scan<T>(
        &mut self,
        source: usize,
        prepare: &Arc<dyn Prepare>,
        customers: Option<&ArrayRef>,
        read: &dyn Fn(&Self, Arc<dyn TableProvider>) -> Result<Vec<RecordBatch>, String>,
        check: &dyn Fn(&[RecordBatch]) -> Result<(bool, T), String>,
    ) -> Result<T, Diagnostics> {
        let parts = self.opened[source].parts(self.inputs.threads, self.inputs.batch_size);
        let first = parts.and_then(|parts| self.attempt(source, parts, prepare, read, check));
        if let Ok((rows, Some(result))) = first {
            self.count(source, rows, 0);
            return Ok(result);
        }
        let keep = self.inputs.bad_rows != BadRows::Fail;
        let sifted = self.sift(source, customers, keep)?;
        let BadRows::Report(folder) = &self.inputs.bad_rows else {
            return Err(self.explained(source, sifted, first.err()));
        };
        if sifted.rejects.is_empty() {
            return Err(self.explained(source, sifted, first.err()));
        }
        let opened = &self.opened[source];
        let path = folder.join(format!("{}.rejected.csv", opened.name));
        opened
            .write_rejects(&path, &sifted.rejects)
            .map_err(|error| failed(&format!("`{}` cannot be written: {error}", path.display())))?;
        let rejected = sifted.rejects.len() as u64;
        let message = format!(
            "{rejected} {} of `{}` rejected, written to {}",
            if rejected == 1 { "row" } else { "rows" },
            opened.name,
            path.display()
        );
        self.findings.push(Diagnostic::new(Code("W0709"), message));
        prepare.reset();
        let (rows, result) = self
            .attempt(source, vec![Part::Memory(sifted.usable)], prepare, read, check)
            .map_err(|error| failed(&error))?;
        self.count(source, rows, rejected);
        result.ok_or_else(|| failed(&format!("`{}` cannot be used", self.opened[source].name)))
    }

    /// Rows read, and the result unless something is wrong with them.
    fn attempt<T>(
        &self,
        source: usize,
        parts: Vec<Part>,
        prepare: &Arc<dyn Prepare>,
        read: &dyn Fn(&Self, Arc<dyn TableProvider>) -> Result<Vec<RecordBatch>, String>,
        check: &dyn Fn(&[RecordBatch]) -> Result<(bool, T), String>,
    ) -> Result<(u64, Option<T>), String> {
        let counts = Arc::new(Converted::default());
        let table = table(&self.opened[source], parts, prepare, &counts).map_err(|e| e.to_string())?;
        let batches = read(self, Arc::new(table))?;
        if counts.unusable() > 0 {
            return Ok((counts.rows(), None));
        }
        let (sound, result) = check(&batches)?;
        Ok((counts.rows(), sound.then_some(result)))
    }

    fn sift(&self, source: usize, customers: Option<&ArrayRef>, keep: bool) -> Result<Sifted, Diagnostics> {
        let described = &self.set.sources[source];
        let texts = customers.map(keys::texts);
        let known = match (described.role, &texts) {
            (Role::Customers { .. }, _) => Known::Once,
            (_, Some(texts)) => Known::Among(texts),
            (_, None) => Known::Any,
        };
        sift(&self.opened[source], described.customer_column(), known, keep).map_err(|error| failed(&error))
    }

    /// The findings, or the reader's own words where every single row seems right.
    fn explained(&self, source: usize, sifted: Sifted, error: Option<String>) -> Diagnostics {
        if sifted.findings.has_errors() {
            return sifted.findings;
        }
        let opened = &self.opened[source];
        let place = DataPlace { file: opened.path.display().to_string(), row: None, column: None };
        let why = error.unwrap_or_else(|| "it gave different results when read again".to_owned());
        Diagnostics(vec![
            Diagnostic::new(Code("E0701"), format!("the file of `{}` cannot be read: {why}", opened.name))
                .in_data(place),
        ])
    }

    fn count(&mut self, source: usize, rows: u64, rejected: u64) {
        self.read.push(SourceCount { source: self.set.sources[source].name.clone(), rows, rejected });
    }
}

/// Each column of the batches as one.
fn columns_of(batches: &[RecordBatch], prepare: &Arc<dyn Prepare>) -> Result<Vec<ArrayRef>, String> {
    let schema = prepare.schema();
    (0..schema.fields().len())
        .map(|i| {
            let pieces: Vec<&dyn Array> = batches.iter().map(|b| b.column(i).as_ref()).collect();
            if pieces.is_empty() {
                return Ok(arrow::array::new_empty_array(schema.field(i).data_type()));
            }
            concat(&pieces).map_err(|e| e.to_string())
        })
        .collect()
}

/// The sorted keys that any of the sources has.
fn union(grouped: &[Grouped]) -> Result<ArrayRef, Diagnostics> {
    let pieces: Vec<&dyn Array> = grouped.iter().map(|g| g.keys.as_ref()).collect();
    let all = concat(&pieces).map_err(|e| failed(&e.to_string()))?;
    let sorted = keys::ordered(&all, keys::order(&all).as_ref());
    Ok(keys::unique(&sorted))
}

fn failed(what: &str) -> Diagnostics {
    Diagnostics(vec![Diagnostic::new(Code("E0701"), format!("the data cannot be read: {what}"))])
}
