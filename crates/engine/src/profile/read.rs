//! Reading one source: the fast way first, and row by row when something is wrong.

use std::sync::Arc;

use accolade_parser::{Code, DataPlace, Diagnostic, Diagnostics};
use arrow::array::ArrayRef;
use arrow::record_batch::RecordBatch;
use datafusion::datasource::TableProvider;
use datafusion::prelude::SessionContext;

use super::{BadRows, Inputs, SourceCount, aggregate, keys};
use crate::model::{Role, RuleSet};
use crate::source::{Converted, Known, Opened, Part, Prepare, Sifted, sift, table};

/// What all readings share.
pub(super) struct Reader<'a> {
    pub(super) set: &'a RuleSet,
    pub(super) inputs: &'a Inputs,
    opened: Vec<Opened>,
    pub(super) runtime: tokio::runtime::Runtime,
    pub(super) session: SessionContext,
}

/// What readings leave behind.
#[derive(Debug, Default)]
pub(super) struct Log {
    pub(super) findings: Diagnostics,
    pub(super) read: Vec<SourceCount>,
}

/// How a table of prepared rows becomes batches.
type Read<'a> = Box<dyn Fn(Arc<dyn TableProvider>) -> Result<Vec<RecordBatch>, String> + Sync + 'a>;

/// A source to be read.
pub(super) struct Task<'a> {
    pub(super) source: usize,
    pub(super) prepare: Arc<dyn Prepare>,
    pub(super) read: Read<'a>,
}

/// What a reading gave.
#[derive(Debug)]
pub(super) struct First {
    rows: u64,
    /// Values that cannot be used.
    unusable: u64,
    batches: Vec<RecordBatch>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(set: &'a RuleSet, inputs: &'a Inputs, opened: Vec<Opened>) -> Result<Self, Diagnostics> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(inputs.threads)
            .build()
            .map_err(|error| failed(&format!("no threads could be started: {error}")))?;
        Ok(Reader { set, inputs, opened, runtime, session: aggregate::session(inputs.threads, inputs.batch_size) })
    }

    /// Reads the file the fast way.
    pub(super) fn first(&self, task: &Task) -> Result<First, String> {
        let parts = self.opened[task.source].parts(self.inputs.threads, self.inputs.batch_size)?;
        self.read(task, parts)
    }

    fn read(&self, task: &Task, parts: Vec<Part>) -> Result<First, String> {
        let counts = Arc::new(Converted::default());
        let table = table(&self.opened[task.source], parts, &task.prepare, &counts).map_err(|e| e.to_string())?;
        let batches = (task.read)(Arc::new(table))?;
        Ok(First { rows: counts.rows(), unusable: counts.unusable(), batches })
    }

    /// What `check` makes of the batches of a reading. When something is wrong, every row is looked at: with
    /// `BadRows::Fail` that gives the findings, with `BadRows::Report` the usable rows are read again.
    pub(super) fn finish<T>(
        &self,
        task: &Task,
        first: Result<First, String>,
        customers: Option<&ArrayRef>,
        check: &dyn Fn(&[RecordBatch]) -> Result<(bool, T), String>,
        log: &mut Log,
    ) -> Result<T, Diagnostics> {
        let sound = |first: First| match first.unusable {
            0 => check(&first.batches).map(|(sound, result)| sound.then_some((first.rows, result))),
            _ => Ok(None),
        };
        let error = match first.and_then(sound) {
            Ok(Some((rows, result))) => {
                log.read.push(self.count(task, rows, 0));
                return Ok(result);
            }
            Ok(None) => None,
            Err(error) => Some(error),
        };
        let opened = &self.opened[task.source];
        let keep = self.inputs.bad_rows != BadRows::Fail;
        let sifted = self.sift(task.source, customers, keep)?;
        let folder = match &self.inputs.bad_rows {
            BadRows::Report(folder) if !sifted.rejects.is_empty() => folder,
            _ => return Err(explained(opened, sifted, error)),
        };
        let path = folder.join(format!("{}.rejected.csv", opened.name));
        opened
            .write_rejects(&path, &sifted.rejects)
            .map_err(|error| failed(&format!("`{}` cannot be written: {error}", path.display())))?;
        let rejected = sifted.rejects.len() as u64;
        let rows = if rejected == 1 { "row" } else { "rows" };
        let message = format!("{rejected} {rows} of `{}` rejected, written to {}", opened.name, path.display());
        log.findings.push(Diagnostic::new(Code("W0709"), message));
        task.prepare.reset();
        let again = self.read(task, vec![Part::Memory(sifted.usable)]);
        match again.and_then(sound).map_err(|error| failed(&error))? {
            Some((rows, result)) => {
                log.read.push(self.count(task, rows, rejected));
                Ok(result)
            }
            None => Err(failed(&format!("`{}` cannot be used", opened.name))),
        }
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

    fn count(&self, task: &Task, rows: u64, rejected: u64) -> SourceCount {
        SourceCount { source: self.set.sources[task.source].name.clone(), rows, rejected }
    }
}

/// The findings, or the reader's own words where every single row seems right.
fn explained(opened: &Opened, sifted: Sifted, error: Option<String>) -> Diagnostics {
    if sifted.findings.has_errors() {
        return sifted.findings;
    }
    let place = DataPlace { file: opened.path.display().to_string(), row: None, column: None };
    let why = error.unwrap_or_else(|| "it gave different results when read again".to_owned());
    let message = format!("the file of `{}` cannot be read: {why}", opened.name);
    Diagnostics(vec![Diagnostic::new(Code("E0701"), message).in_data(place)])
}

/// A failure that has no place in the data.
pub(super) fn failed(what: &str) -> Diagnostics {
    Diagnostics(vec![Diagnostic::new(Code("E0701"), format!("the data cannot be read: {what}"))])
}
