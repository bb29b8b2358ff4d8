//! The summary of `--verbose`: files and rows, details that commands add, and the time of each kind of work.

use std::collections::HashMap;
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use accolade_engine::ProgressEvent;
use accolade_parser::count;
use indexmap::IndexMap;

#[derive(Debug)]
pub(super) struct Timings(Mutex<TimingState>);

#[derive(Debug)]
struct TimingState {
    begun: Instant,
    /// The current work and when it began.
    current: Option<(&'static str, Instant)>,
    /// How long each kind of work took, in the order they began.
    times: IndexMap<&'static str, Duration>,
    /// Rows by source and file; a file that is read again counts once.
    rows: IndexMap<(String, PathBuf), u64>,
    /// The file that each source is being read from.
    reading: HashMap<String, PathBuf>,
    details: Vec<String>,
}

impl TimingState {
    /// Ends the current work and begins another.
    fn switch_to(&mut self, work: Option<&'static str>) {
        if self.current.map(|(work, _)| work) == work {
            return;
        }
        let now = Instant::now();
        if let Some((before, since)) = self.current {
            *self.times.entry(before).or_default() += now - since;
        }
        self.current = work.map(|work| (work, now));
    }
}

impl Timings {
    pub(super) fn new() -> Timings {
        Timings(Mutex::new(TimingState {
            begun: Instant::now(),
            current: None,
            times: IndexMap::new(),
            rows: IndexMap::new(),
            reading: HashMap::new(),
            details: Vec::new(),
        }))
    }

    fn lock(&self) -> MutexGuard<'_, TimingState> {
        // Counts are sound even if a thread stopped while it held them.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn observe(&self, event: ProgressEvent<'_>) {
        let state = &mut *self.lock();
        match event {
            ProgressEvent::Reading { source, path, .. } => {
                state.switch_to(Some("reading"));
                state.rows.insert((source.to_owned(), path.to_owned()), 0);
                state.reading.insert(source.to_owned(), path.to_owned());
            }
            ProgressEvent::Rows { source, more } => {
                let key = state.reading.get(source).map(|path| (source.to_owned(), path.clone()));
                if let Some(rows) = key.and_then(|key| state.rows.get_mut(&key)) {
                    *rows += more;
                }
            }
            ProgressEvent::Step { work, .. } => state.switch_to(Some(work)),
            ProgressEvent::Finished => state.switch_to(None),
        }
    }

    /// Adds a line. A line that both sides of a comparison add is kept once.
    pub(super) fn detail(&self, line: String) {
        let details = &mut self.lock().details;
        if !details.contains(&line) {
            details.push(line);
        }
    }

    pub(super) fn text(&self) -> String {
        let state = self.lock();
        let mut text = String::new();
        for ((source, path), rows) in &state.rows {
            let _ = writeln!(text, "read {source} from {}: {}", path.display(), count(*rows, "row"));
        }
        for line in &state.details {
            let _ = writeln!(text, "{line}");
        }
        for (work, time) in &state.times {
            let _ = write!(text, "{work} {:.3} s, ", time.as_secs_f64());
        }
        // A command without timed work, such as `check`, has no total.
        if state.times.is_empty() {
            return text;
        }
        let _ = writeln!(text, "in all {:.3} s", state.begun.elapsed().as_secs_f64());
        text
    }
}
