//! Reading one source: by the fast path first, and row by row if that fails.

use std::path::Path;
use std::sync::Arc;
use std::{fs, io};

use accolade_core::model::{Demand, SourceRole, Value};
use accolade_core::progress::ProgressEvent;
use accolade_parser::syntax::file::UnknownCustomers;
use accolade_parser::{Code, DataPlace, Diagnostic, Diagnostics, count};
use arrow::array::ArrayRef;
use arrow::record_batch::RecordBatch;
use datafusion::common::{DataFusionError, Result as PlanResult};
use datafusion::dataframe::DataFrame;
use datafusion::datasource::TableProvider;
use datafusion::prelude::SessionContext;
use futures::StreamExt;

use super::alike_keys::AlikeKeys;
use super::cluster::{Cluster, ClusterTable, Division};
use super::error::ReadError;
use super::memory::{BatchSizes, Memory, Reservation};
use super::rejects::rejects_path;
use super::{BadRows, Inputs, SourceCount, aggregate, expected, keys, rejects, wire};
use crate::output::replace_file;
use crate::source::{
    ClassifiedRows, KeyCheck, KnownKeys, OpenedSource, Prepare, RejectsWriter, RowChecks, RowCounter, ScanPart,
    ScanTally, SelectedRows, UNIQUE_BYTES_PER_ROW, classify_rows, guarded, mark_reader_thread, table,
};

/// The approximate bytes of a part that a machine of a cluster reads, and the most parts of a file.
const PART: u64 = 16 << 20;
const PARTS: usize = 256;

/// The context that all tasks share.
pub(super) struct SourceReader<'a> {
    cluster: Option<&'a dyn Cluster>,
    pub(super) demand: &'a Demand,
    pub(super) inputs: &'a Inputs,
    opened: Vec<Arc<OpenedSource>>,
    pub(super) runtime: tokio::runtime::Runtime,
    pub(super) session: SessionContext,
    pub(super) memory: Memory,
    threads: usize,
    batch_size: usize,
}

/// The findings and row counts of all tasks.
#[derive(Debug, Default)]
pub(super) struct ReadLog {
    pub(super) findings: Diagnostics,
    pub(super) read: Vec<SourceCount>,
}

impl ReadLog {
    /// Counts the rows of a source, of which its condition leaves out some, and returns the number of the others.
    pub(super) fn count(&mut self, opened: &OpenedSource, counts: SelectedRows, rejected: u64) -> u64 {
        let SelectedRows { read, left_out, undecided } = counts;
        if undecided > 0 {
            let rows = count(undecided, "row");
            let message =
                format!("the `where` of `{}` is neither true nor false for {rows}, which it leaves out", opened.name);
            let help = "say what a missing value means with `is missing` or `or else`";
            self.findings.push(Diagnostic::new(Code::W0702, message).help(help));
        }
        let rows = read - left_out;
        self.read.push(SourceCount { source: opened.name.clone(), rows, rejected, left_out });
        rows
    }
}

/// How a table of prepared rows becomes batches.
pub(super) enum ReadMethod<'a> {
    /// By a query, which may run on a cluster.
    Query(BoxedQuery<'a>),
    /// By a function on this machine.
    Function(BoxedRead<'a>),
}

type BoxedQuery<'a> = Box<dyn Fn(&SessionContext, Arc<dyn TableProvider>) -> PlanResult<DataFrame> + Sync + 'a>;

type BoxedRead<'a> = Box<dyn Fn(Arc<dyn TableProvider>) -> Result<Vec<RecordBatch>, ReadError> + Sync + 'a>;

/// Turns the batches of a source and the reservation of their memory into a result, unless the batches have a problem
/// as a whole.
type BatchCheck<'a, T> = &'a dyn Fn(Vec<RecordBatch>, Reservation) -> Result<T, ReadError>;

/// A source to be read.
pub(super) struct ReadTask<'a> {
    pub(super) source: usize,
    pub(super) prepare: Arc<dyn Prepare>,
    pub(super) how: ReadMethod<'a>,
}

/// The batches of a task and the number of rows read for them.
#[derive(Debug)]
pub(super) struct ReadBatches {
    rows: SelectedRows,
    batches: Vec<RecordBatch>,
    /// The reservation of their memory.
    share: Reservation,
}

impl<'a> SourceReader<'a> {
    pub(super) fn new(
        cluster: Option<&'a dyn Cluster>,
        demand: &'a Demand,
        inputs: &'a Inputs,
        opened: Vec<Arc<OpenedSource>>,
    ) -> Result<Self, Diagnostics> {
        let (threads, batch_size) = (inputs.threads.max(1), inputs.batch_size.max(1));
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        if opened.iter().any(|source| source.is_foreign()) {
            runtime.on_thread_start(mark_reader_thread);
        }
        let runtime = runtime
            .worker_threads(threads)
            .build()
            .map_err(|error| failed(&format!("no threads could be started: {error}")))?;
        let memory = Memory::new(inputs.memory_limit, threads)?;
        let environment = memory.runtime().map_err(|error| failed(&error.to_string()))?;
        Ok(SourceReader {
            cluster,
            demand,
            inputs,
            opened,
            runtime,
            session: aggregate::session(threads, batch_size, environment),
            memory,
            threads,
            batch_size,
        })
    }

    /// The place of the customers: their table, or the only source of events.
    pub(super) fn place_of_customers(&self) -> Option<String> {
        let only = (self.opened.len() == 1).then_some(0);
        let source = self.demand.customers().map(|(source, _)| source).or(only)?;
        self.opened.get(source).map(|opened| opened.place.clone())
    }

    /// Whether there is no cluster.
    pub(super) fn is_alone(&self) -> bool {
        self.cluster.is_none()
    }

    /// Reads the source by the fast path, which fails at the first value that cannot be used.
    pub(super) fn read_fast(&self, task: &ReadTask) -> Result<ReadBatches, ReadError> {
        match (self.cluster, &task.how) {
            (Some(cluster), ReadMethod::Query(query)) if self.is_read_on_cluster(task.source) => {
                self.read_on_cluster(cluster, task, query)
            }
            _ => {
                let parts = self.opened[task.source].parts(self.threads, self.batch_size).map_err(ReadError::Retry)?;
                self.read(task, parts)
            }
        }
    }

    /// Whether the machines of a cluster read a source. They read files only, since other sources would need this
    /// machine's passwords, and none whose rows must be compared with each other, or whose customers were merged.
    fn is_read_on_cluster(&self, source: usize) -> bool {
        self.inputs.locations[source].path().is_some()
            && !self.opened[source].must_be_unique()
            && self.demand.aliases().is_none()
    }

    /// Like [`read_fast`](Self::read_fast), on a cluster.
    fn read_on_cluster(
        &self,
        cluster: &dyn Cluster,
        task: &ReadTask,
        query: &BoxedQuery,
    ) -> Result<ReadBatches, ReadError> {
        let opened = &self.opened[task.source];
        let bytes = opened.total_bytes().map_err(ReadError::retry)?;
        let wanted = usize::try_from(bytes.div_ceil(PART)).unwrap_or(PARTS).clamp(1, PARTS);
        let parts = opened.parts(wanted, self.batch_size).map_err(ReadError::Retry)?.len();
        let division = Division { bytes, parts_per_file: wanted, parts, breaks_in_quotes: opened.breaks_in_quotes() };
        let table = ClusterTable { source: task.source, schema: wire::schema(task.prepare.schema()), division };
        let counts = self.counts(opened);
        let batches = cluster.collect(&table, query)?;
        let (batches, tallies) = wire::from_wire::<ScanTally>(batches, parts)?;
        for tally in &tallies {
            counts.add(&opened.name, tally.rows);
            task.prepare.merge_counts(tally);
            opened.merge_columns(tally);
        }
        Ok(ReadBatches { rows: counts.rows(), batches, share: self.memory.reserve("the rows that were read") })
    }

    fn read(&self, task: &ReadTask, parts: Vec<ScanPart>) -> Result<ReadBatches, ReadError> {
        let opened = &self.opened[task.source];
        let counts = Arc::new(self.counts(opened));
        let table = table(opened, parts, &task.prepare, &counts).map_err(ReadError::retry)?;
        let table = Arc::new(table);
        let share = self.memory.reserve("the rows that were read");
        let read = || match &task.how {
            ReadMethod::Function(read) => read(table),
            ReadMethod::Query(query) => self.runtime.block_on(self.collect(query, table, &share)).map_err(|error| {
                self.memory.exceeded(&error).map_or_else(|| ReadError::retry(error), ReadError::Memory)
            }),
        };
        let batches = if opened.is_foreign() { guarded(read).map_err(ReadError::Retry)?? } else { read()? };
        Ok(ReadBatches { rows: counts.rows(), batches, share })
    }

    async fn collect(
        &self,
        query: &BoxedQuery<'_>,
        table: Arc<dyn TableProvider>,
        share: &Reservation,
    ) -> PlanResult<Vec<RecordBatch>> {
        let mut stream = query(&self.session, table)?.execute_stream().await?;
        let (mut batches, mut weight) = (Vec::new(), BatchSizes::default());
        while let Some(batch) = stream.next().await {
            let batch = batch?;
            if self.memory.is_limited() {
                share.grow(weight.add(&batch)).map_err(|exceeded| DataFusionError::External(Box::new(exceeded)))?;
            }
            batches.push(batch);
        }
        Ok(batches)
    }

    /// Reports the start of a reading to the observer, and returns the counts that report its progress.
    fn counts(&self, opened: &OpenedSource) -> RowCounter {
        let observer = &self.inputs.observer;
        if observer.is_observed() {
            let rows = opened.estimated_rows();
            observer.emit(ProgressEvent::Reading { source: &opened.name, path: Path::new(&opened.place), rows });
        }
        RowCounter::reporting_to(observer)
    }

    /// Applies `check` to the batches of the first reading. If either fails, every row is checked: with `BadRows::Fail`
    /// the findings are returned, with `BadRows::Report` bad rows are written to a file and the others are read again.
    pub(super) fn check_or_reread<T>(
        &self,
        task: &ReadTask,
        first: Result<ReadBatches, ReadError>,
        customers: Option<&ArrayRef>,
        check: BatchCheck<T>,
        log: &mut ReadLog,
    ) -> Result<T, Diagnostics> {
        let (source, opened) = (&self.demand.sources[task.source], &self.opened[task.source]);
        let checked = |first: ReadBatches| {
            self.check_unique(opened, &first)?;
            check(first.batches, first.share).map(|result| (first.rows, result))
        };
        let error = match first.and_then(checked) {
            Ok((rows, result)) => {
                let unseen = opened.unseen_columns(source);
                if rows.read > 0 && unseen.has_errors() {
                    return Err(unseen);
                }
                self.finish(task, rows, 0, log)?;
                return Ok(result);
            }
            Err(ReadError::Retry(why)) => why,
            Err(error @ (ReadError::Memory(_) | ReadError::Cluster(_))) => return Err(error.into_findings()),
        };
        let sifted = match &self.inputs.bad_rows {
            BadRows::Fail | BadRows::LeaveOut => {
                self.classify_rows(task.source, customers, None).map_err(|e| failed(&e))?
            }
            BadRows::Report(folder) => self.reject(task.source, customers, folder, log)?,
        };
        let unseen = opened.unseen_columns(source);
        let is_broken = sifted.findings.iter().any(|finding| finding.code == Code::E0708);
        if !sifted.usable.is_empty() && !is_broken && unseen.has_errors() {
            return Err(unseen);
        }
        // Rows that are left out may hold what cannot be read, and are no reason to stop.
        let fails = self.inputs.bad_rows == BadRows::Fail && sifted.rejected > 0;
        if fails || sifted.rejected == 0 && source.filter.is_none() {
            return Err(explained(opened, sifted, &error));
        }
        rejects::check_share(opened, &sifted, self.inputs.max_bad)?;
        task.prepare.reset();
        opened.reset();
        let again = self.read(task, vec![ScanPart::UsableRows(Arc::clone(opened), sifted.usable)]);
        let (rows, result) = again.and_then(checked).map_err(ReadError::into_findings)?;
        self.finish(task, rows, sifted.rejected, log)?;
        Ok(result)
    }

    /// Records a source that was read, checks what is expected of it, and removes an older file of rejects where this
    /// reading has none.
    fn finish(&self, task: &ReadTask, rows: SelectedRows, rejected: u64, log: &mut ReadLog) -> Result<(), Diagnostics> {
        let opened = &self.opened[task.source];
        log.findings.extend(opened.rounded_amounts(&self.demand.sources[task.source]));
        self.check_expected(task, log.count(opened, rows, rejected))?;
        if let (0, BadRows::Report(folder)) = (rejected, &self.inputs.bad_rows) {
            let Inputs { rule_set, as_of, .. } = &self.inputs;
            rejects::remove_older(&rejects_path(folder, &opened.name, rule_set, *as_of));
        }
        Ok(())
    }

    /// Checks that no two rows are equal where they must not be, as far as their hashes tell.
    fn check_unique(&self, opened: &OpenedSource, first: &ReadBatches) -> Result<(), ReadError> {
        if !opened.must_be_unique() {
            return Ok(());
        }
        let needed = usize::try_from(first.rows.read).unwrap_or(usize::MAX).saturating_mul(UNIQUE_BYTES_PER_ROW);
        first.share.grow(needed)?;
        let repeats = opened.take_repeats();
        first.share.shrink(needed);
        if repeats { Err(ReadError::retry("two rows are equal where none may be")) } else { Ok(()) }
    }

    /// Checks that a source has the data that is expected of it. Rows after the date of the run are not looked at.
    fn check_expected(&self, task: &ReadTask, rows: u64) -> Result<(), Diagnostics> {
        let opened = &self.opened[task.source];
        let source = &self.demand.sources[task.source];
        let findings = expected::check(
            source,
            rows.saturating_sub(task.prepare.later()),
            task.prepare.newest(),
            self.inputs.as_of,
        );
        let place = || DataPlace { file: opened.place.clone(), row: None, column: None };
        let findings: Diagnostics = findings.into_iter().map(|finding| finding.in_data(place())).collect();
        if findings.has_errors() { Err(findings) } else { Ok(()) }
    }

    fn classify_rows(
        &self,
        source: usize,
        customers: Option<&ArrayRef>,
        rejects: Option<RejectsWriter>,
    ) -> Result<ClassifiedRows, String> {
        let described = &self.demand.sources[source];
        let keys = customers.map(|keys| KeysOfCustomers { set: keys::KeySet::new(keys), alike: AlikeKeys::new(keys) });
        let known = match (described.role, &keys) {
            (SourceRole::Customers { .. }, _) => KeyCheck::Unique,
            (_, Some(keys)) if described.checks.unknown == UnknownCustomers::Fail => KeyCheck::OneOf(keys),
            _ => KeyCheck::Any,
        };
        let dated = described.date_column().map(|date| (date, self.inputs.as_of));
        let checks = RowChecks { key: described.customer_column(), known, dated };
        classify_rows(&self.opened[source], checks, rejects)
    }

    /// Checks every row and writes the rejects to a file in `folder`, if there are any.
    fn reject(
        &self,
        source: usize,
        customers: Option<&ArrayRef>,
        folder: &Path,
        log: &mut ReadLog,
    ) -> Result<ClassifiedRows, Diagnostics> {
        let name = &self.opened[source].name;
        let path = rejects_path(folder, name, &self.inputs.rule_set, self.inputs.as_of);
        let mut sifted = None;
        let written = fs::create_dir_all(folder).and_then(|()| {
            replace_file(&path, |sink| {
                let rejects = RejectsWriter::new(&self.opened[source], sink)?;
                let result = self.classify_rows(source, customers, Some(rejects)).map_err(io::Error::other)?;
                let none = result.rejected == 0;
                sifted = Some(result);
                if none { Err(io::Error::other("there is nothing to write")) } else { Ok(()) }
            })
        });
        match (sifted, written) {
            (Some(sifted), Err(_)) if sifted.rejected == 0 => Ok(sifted),
            (Some(sifted), Ok(())) => {
                let rows = count(sifted.rejected, "row");
                let sums = rejects::sums(&sifted.rejected_sums);
                let message = format!("{rows} of `{name}` rejected{sums}, written to {}", path.display());
                log.findings.push(Diagnostic::new(Code::W0709, message));
                Ok(sifted)
            }
            (_, Err(error)) => Err(failed(&format!("`{}` cannot be written: {error}", path.display()))),
            (None, Ok(())) => Err(failed("no row was looked at")),
        }
    }
}

/// The keys that events are checked against.
struct KeysOfCustomers<'a> {
    set: keys::KeySet<'a>,
    alike: AlikeKeys<'a>,
}

impl KnownKeys for KeysOfCustomers<'_> {
    fn has(&self, key: &Value) -> bool {
        self.set.has(key)
    }

    fn alike(&self, key: &str) -> Option<&str> {
        self.alike.find(key)
    }
}

/// The findings, or the error of the first reading where no row has a problem.
fn explained(opened: &OpenedSource, sifted: ClassifiedRows, error: &str) -> Diagnostics {
    if sifted.findings.has_errors() {
        return sifted.findings;
    }
    let place = DataPlace { file: opened.place.clone(), row: None, column: None };
    let why = error.lines().next().unwrap_or_default();
    let message = format!("the file of `{}` cannot be read: {why}", opened.name);
    Diagnostics::from(Diagnostic::new(Code::E0701, message).in_data(place))
}

/// The diagnostic of a cluster that failed.
pub fn cluster_failed(why: &str) -> Diagnostics {
    let diagnostic = Diagnostic::new(Code::E0701, format!("the cluster failed: {why}"));
    Diagnostics::from(diagnostic.help("without `--cluster` this machine does the work alone"))
}

/// The diagnostic of a failure without a place in the data.
pub(super) fn failed(what: &str) -> Diagnostics {
    let what = what.lines().next().unwrap_or_default();
    Diagnostics::from(Diagnostic::new(Code::E0701, format!("the data cannot be read: {what}")))
}
