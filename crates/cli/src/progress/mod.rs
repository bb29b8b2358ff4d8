//! Messages besides results and findings, all on standard error: progress, notes of written files, and with `--verbose`
//! a summary of what was read and how long it took.

mod bars;
mod timings;

use std::fmt::Display;
use std::io;
use std::io::{IsTerminal, Write};
use std::sync::{Arc, OnceLock};

use accolade_engine::{Outcome, Progress, ProgressEvent, ProgressObserver};

use self::bars::ProgressBars;
use self::timings::Timings;
use crate::args::Verbosity;
use crate::terminal;

/// The progress output of the process.
static PROGRESS: OnceLock<ProgressOutput> = OnceLock::new();

#[derive(Debug)]
struct ProgressOutput {
    quiet: bool,
    bars: Option<ProgressBars>,
    timings: Option<Timings>,
}

impl ProgressObserver for &'static ProgressOutput {
    fn on_event(&self, event: ProgressEvent<'_>) {
        self.bars.iter().for_each(|bars| bars.observe(event));
        self.timings.iter().for_each(|timings| timings.observe(event));
    }
}

/// Sets up progress output. The time of `--verbose` counts from here.
pub(crate) fn start(verbosity: &Verbosity) {
    // A terminal that cannot move its cursor would show every state of a bar on a line of its own.
    let movable = io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
    let bars = (movable && !verbosity.quiet).then(ProgressBars::new);
    let timings = verbosity.verbose.then(Timings::new);
    // A process has one command line, so nothing was set before.
    let _ = PROGRESS.set(ProgressOutput { quiet: verbosity.quiet, bars, timings });
}

/// Whether `--verbose` was given.
pub(crate) fn is_verbose() -> bool {
    PROGRESS.get().is_some_and(|output| output.timings.is_some())
}

/// The observer of runs. It does nothing if neither progress nor timings are shown.
pub(crate) fn observer() -> Progress {
    match PROGRESS.get() {
        Some(output) if output.bars.is_some() || output.timings.is_some() => Progress::new(Arc::new(output)),
        _ => Progress::default(),
    }
}

/// Prints a note of what was done, unless `--quiet` was given.
pub(crate) fn note(what: impl Display) -> io::Result<()> {
    match PROGRESS.get() {
        Some(output) if output.quiet => Ok(()),
        _ => writeln!(terminal::stderr(), "{}", terminal::visible(&what.to_string())),
    }
}

/// Adds a line to the summary of `--verbose`.
pub(crate) fn verbose_line(what: impl Display) {
    if let Some(timings) = PROGRESS.get().and_then(|output| output.timings.as_ref()) {
        timings.detail(what.to_string());
    }
}

/// Adds the cut-offs of a run and their origin to the summary of `--verbose`.
pub(crate) fn cut_offs(outcome: &Outcome) {
    let rules: Vec<&str> = outcome.cut_offs.keys().map(String::as_str).collect();
    if rules.is_empty() {
        return;
    }
    let origin = outcome.cut_offs_origin.as_ref();
    let from = origin.map_or("computed from these customers".to_owned(), |origin| format!("from {}", origin.file));
    verbose_line(format!("cut-offs of {}: {from}", rules.join(", ")));
}

/// Runs `act` as one step of progress.
pub(crate) fn step<T>(work: &'static str, name: &str, act: impl FnOnce() -> T) -> T {
    let observer = observer();
    let _working = observer.finish_on_drop();
    observer.emit(ProgressEvent::Step { work, name, done: 0, of: 1 });
    act()
}

/// Prints the summary of `--verbose`, if it was given.
pub(crate) fn finish() {
    if let Some(timings) = PROGRESS.get().and_then(|output| output.timings.as_ref()) {
        // Nothing is left to do if standard error is closed.
        let _ = write!(terminal::stderr(), "{}", timings.text());
    }
}
