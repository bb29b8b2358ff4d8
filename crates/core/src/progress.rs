//! Progress events and their receiver. Nothing here prints.

use std::fmt::Debug;
use std::path::Path;
use std::sync::Arc;

/// A progress event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProgressEvent<'a> {
    /// Reading of a source begins.
    Reading {
        /// The source's name.
        source: &'a str,
        /// Its file.
        path: &'a Path,
        /// The approximate number of its rows, if known.
        rows: Option<u64>,
    },
    /// More rows of a source were read.
    Rows {
        /// The source's name.
        source: &'a str,
        /// The number of rows since the last event.
        more: u64,
    },
    /// A step begins or is done, in work that has steps, such as rating rule by rule.
    Step {
        /// The work, as a heading: `rating`.
        work: &'static str,
        /// The name of the step.
        name: &'a str,
        /// The number of steps done.
        done: usize,
        /// The number of all steps.
        of: usize,
    },
    /// The work ended, with or without success.
    Finished,
}

/// Receives progress events. Called from several threads at once.
pub trait ProgressObserver: Debug + Send + Sync {
    /// Receives an event.
    fn on_event(&self, event: ProgressEvent<'_>);
}

/// A receiver of progress events, or none.
#[derive(Clone, Debug, Default)]
pub struct Progress(Option<Arc<dyn ProgressObserver>>);

impl Progress {
    /// An observer that passes events on to `who`.
    pub fn new(who: Arc<dyn ProgressObserver>) -> Progress {
        Progress(Some(who))
    }

    /// Whether there is a receiver.
    pub fn is_observed(&self) -> bool {
        self.0.is_some()
    }

    /// Passes an event on to the receiver, if there is one.
    pub fn emit(&self, event: ProgressEvent<'_>) {
        if let Some(who) = &self.0 {
            who.on_event(event);
        }
    }

    /// A guard that sends [`ProgressEvent::Finished`] when it is dropped, however the work ends.
    pub fn finish_on_drop(&self) -> FinishGuard<'_> {
        FinishGuard(self)
    }
}

/// A guard for work in progress. Sends [`ProgressEvent::Finished`] when it is dropped.
#[derive(Debug)]
pub struct FinishGuard<'a>(&'a Progress);

impl Drop for FinishGuard<'_> {
    fn drop(&mut self) {
        self.0.emit(ProgressEvent::Finished);
    }
}
