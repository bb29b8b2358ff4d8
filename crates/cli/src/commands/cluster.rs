//! `accolade scheduler`, `accolade executor`, and the part of `accolade run` that needs them.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use accolade_cluster::{Address, ClusterClient, LineLogger};
use accolade_engine::session::Error;
use accolade_engine::{CalibratedRun, Inputs, RunOptions, SavedCutOffs, Session};

use crate::args::{ExecutorArgs, SchedulerArgs};
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::terminal;
use crate::{input, progress};

/// Reads and calibrates on the executors of a scheduler.
pub(super) fn calibrate<'a>(
    scheduler: &str,
    shared: Option<&Path>,
    session: &'a Session,
    inputs: &Inputs,
    saved: Option<&SavedCutOffs>,
    options: RunOptions,
) -> Result<Result<CalibratedRun<'a>, Error>, String> {
    let scheduler = Address::parse(scheduler)?;
    progress::verbose_line(format!("cluster: {scheduler}"));
    let client = ClusterClient::connect(scheduler, &session.set, &session.files, inputs, shared.map(Path::to_owned))?;
    Ok(session.calibrate(Some(&client), inputs, saved, options))
}

/// Runs a scheduler.
pub(super) fn scheduler(arguments: &SchedulerArgs) -> Result<(), Failure> {
    accolade_cluster::run_scheduler(arguments.listen, &notes()).map_err(Failure::Message)
}

/// Runs an executor.
pub(super) fn executor(arguments: &ExecutorArgs, extensions: &Extensions) -> Result<(), Failure> {
    let executor = accolade_cluster::ExecutorSettings {
        scheduler: Address::parse(&arguments.scheduler).map_err(Failure::Message)?,
        listen: arguments.listen,
        threads: input::threads(arguments.threads),
        work_dir: arguments.work_dir.clone(),
    };
    let extensions = extensions.clone();
    let plugins = Arc::new(move || extensions.plugins());
    accolade_cluster::run_executor(&executor, plugins, &notes(), &tasks()).map_err(Failure::Message)
}

/// Prints notes of a process, such as where it listens.
fn notes() -> LineLogger {
    Arc::new(|what| {
        // Nothing is left to do if standard error is closed.
        let _ = progress::note(what);
    })
}

/// Prints a line for each task, if `--verbose` was given.
fn tasks() -> LineLogger {
    if !progress::is_verbose() {
        return Arc::new(|_| {});
    }
    Arc::new(|what| {
        let _ = writeln!(terminal::stderr(), "{what}");
    })
}
