//! `accolade scheduler`, `accolade executor`, and the part of `accolade run` that needs them.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use accolade_cluster::{Address, Client, Tell};
use accolade_engine::session::Error;
use accolade_engine::{Calibrated, Inputs, RunOptions, SavedCutOffs, Session};

use crate::args::{Executor, Scheduler};
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::{input, talk};

/// Reads and calibrates on the executors of a scheduler.
pub(super) fn calibrate<'a>(
    scheduler: &str,
    shared: Option<&Path>,
    session: &'a Session,
    inputs: &Inputs,
    saved: Option<&SavedCutOffs>,
    options: RunOptions,
) -> Result<Result<Calibrated<'a>, Error>, String> {
    let scheduler = Address::parse(scheduler)?;
    talk::detail(format!("cluster: {scheduler}"));
    let client = Client::connect(scheduler, &session.set, &session.files, inputs, shared.map(Path::to_owned))?;
    Ok(session.calibrate(Some(&client), inputs, saved, options))
}

/// Runs a scheduler.
pub(super) fn scheduler(arguments: &Scheduler) -> Result<(), Failure> {
    accolade_cluster::schedule(arguments.listen, &notes()).map_err(Failure::Io)
}

/// Runs an executor.
pub(super) fn executor(arguments: &Executor, extensions: &Extensions) -> Result<(), Failure> {
    let executor = accolade_cluster::Executor {
        scheduler: Address::parse(&arguments.scheduler).map_err(Failure::Io)?,
        listen: arguments.listen,
        threads: input::threads(arguments.threads),
        work_dir: arguments.work_dir.clone(),
    };
    let extensions = extensions.clone();
    let plugins = Arc::new(move || extensions.plugins());
    accolade_cluster::execute(&executor, plugins, &notes(), &tasks()).map_err(Failure::Io)
}

/// Prints notes of a process, such as where it listens.
fn notes() -> Tell {
    Arc::new(|what| {
        // Nothing is left to do if standard error is closed.
        let _ = talk::note(what);
    })
}

/// Prints a line for each task, if `--verbose` was given.
fn tasks() -> Tell {
    if !talk::is_verbose() {
        return Arc::new(|_| {});
    }
    Arc::new(|what| {
        let _ = writeln!(anstream::stderr(), "{what}");
    })
}
