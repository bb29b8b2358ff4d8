//! A cluster of accolade's own processes on this machine.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use arrow::array::{RecordBatch, StringArray};
use arrow::datatypes::DataType;
use tempfile::TempDir;

use super::Cli;
use super::tables::{ColumnKind, DataTable};

/// How long anything may take that a test waits for.
const PATIENCE: Duration = Duration::from_secs(120);

/// The program with these arguments, without colours.
pub fn accolade(arguments: &[&str]) -> Command {
    Cli::new(".").args(arguments).command()
}

/// A process whose standard error is read while it runs; it ends with the test.
pub struct Process {
    child: Child,
    said: Arc<Mutex<Vec<String>>>,
}

impl Process {
    pub fn start(arguments: &[&str]) -> Process {
        let mut child = accolade(arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let said = Arc::new(Mutex::new(Vec::new()));
        let (lines, into) = (BufReader::new(child.stderr.take().unwrap()).lines(), Arc::clone(&said));
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| into.lock().unwrap().push(line)));
        Process { child, said }
    }

    /// The lines of its standard error so far.
    pub fn log(&self) -> Vec<String> {
        self.said.lock().unwrap().clone()
    }

    /// Waits until `enough` accepts the lines so far.
    pub fn wait_for<T>(&mut self, enough: impl Fn(&[String]) -> Option<T>) -> T {
        let begun = Instant::now();
        loop {
            if let Some(found) = enough(&self.log()) {
                return found;
            }
            let ended = self.child.try_wait().unwrap();
            assert!(ended.is_none() && begun.elapsed() < PATIENCE, "{ended:?} {:#?}", self.log());
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Ends it at once.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end, and waits.
    pub fn stop(&mut self) -> ExitStatus {
        let id = self.child.id().to_string();
        assert!(Command::new("sh").args(["-c", "kill -TERM $0", &id]).status().unwrap().success());
        self.end()
    }

    /// Waits until it ends.
    pub fn end(&mut self) -> ExitStatus {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(begun.elapsed() < PATIENCE, "{:#?}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A scheduler with executors that do one task at a time each.
pub struct TestCluster {
    pub address: String,
    pub scheduler: Process,
    pub executors: Vec<Process>,
    shared: TempDir,
}

impl TestCluster {
    pub fn start(executors: usize) -> TestCluster {
        let mut scheduler = Process::start(&["scheduler", "--listen", "127.0.0.1:0"]);
        let listens = |said: &[String]| Some(said.first()?.strip_prefix("scheduler listens at ")?.to_owned());
        let address = scheduler.wait_for(listens);
        let arguments = ["executor", "--scheduler", &address, "--threads", "1", "--verbose"];
        let mut executors: Vec<Process> = (0..executors).map(|_| Process::start(&arguments)).collect();
        let listens = |said: &[String]| said.first()?.starts_with("executor listens at ").then_some(());
        executors.iter_mut().for_each(|executor| executor.wait_for(listens));
        TestCluster { address, scheduler, executors, shared: TempDir::new().unwrap() }
    }

    /// Asserts that a run writes the same with and without the cluster.
    pub fn assert_same(&self, arguments: &[&str]) -> Output {
        let alone = accolade(arguments).output().unwrap();
        let together = self.run(arguments).output().unwrap();
        assert_same_output(&alone, &together, arguments);
        together
    }

    /// A run on the cluster.
    pub fn run(&self, arguments: &[&str]) -> Command {
        let mut command = accolade(arguments);
        command.args(["--cluster", &self.address, "--shared"]).arg(self.shared.path());
        command
    }

    /// The lines of executors that begin like this: `done: part 1 of 4 of `.
    pub fn tasks(&self, beginning: &str) -> Vec<String> {
        let said = self.executors.iter().flat_map(Process::log);
        said.filter_map(|line| line.strip_prefix(beginning).map(str::to_owned)).collect()
    }

    /// What is left in the folder that all share.
    pub fn left(&self) -> Vec<PathBuf> {
        std::fs::read_dir(self.shared.path()).unwrap().map(|entry| entry.unwrap().path()).collect()
    }
}

/// Asserts that two runs ended alike and wrote the same.
pub fn assert_same_output(alone: &Output, together: &Output, what: &[&str]) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert_eq!(text(&alone.stderr), text(&together.stderr), "{what:?}");
    assert_eq!(alone.status, together.status, "{what:?}");
    assert!(alone.stdout == together.stdout, "{what:?}\n{}\n{}", text(&alone.stdout), text(&together.stdout));
}

/// Writes a table as a Parquet file, in which amounts are decimals.
pub fn parquet(table: &DataTable, path: &Path) {
    let column = |(i, (name, kind)): (usize, &(String, ColumnKind))| {
        let values = table.rows.iter().map(|row| Some(row[i].as_str()).filter(|v| !v.is_empty()));
        let texts = StringArray::from_iter(values);
        let ty = match kind {
            ColumnKind::Text => DataType::Utf8,
            ColumnKind::Integer => DataType::Int64,
            ColumnKind::Decimal => DataType::Decimal128(18, 4),
            ColumnKind::Date => DataType::Date32,
        };
        (name.clone(), arrow::compute::cast(&texts, &ty).unwrap(), true)
    };
    let columns = table.columns.iter().enumerate().map(column);
    let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
    let file = std::fs::File::create(path).unwrap();
    let mut writer = parquet::arrow::ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}
