//! Bars on a terminal for work that takes over a second.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use accolade_engine::ProgressEvent;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::terminal::visible;

/// Work that ends sooner shows no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often a bar shows that work still goes on.
const TICK: Duration = Duration::from_millis(200);

const ROWS: &str = "{msg:24} {bar:30} {human_pos} of about {human_len} rows";
const UNCOUNTED_ROWS: &str = "{msg:24} {spinner} {human_pos} rows";
const STEPS: &str = "{prefix:24} {bar:30} {pos} of {len} {wide_msg}";
const ONE_STEP: &str = "{prefix:24} {spinner} {wide_msg}";

#[derive(Debug)]
pub(super) struct ProgressBars {
    all: MultiProgress,
    shown: Mutex<BarState>,
}

#[derive(Debug, Default)]
struct BarState {
    sources: HashMap<String, ProgressBar>,
    steps: Option<(&'static str, ProgressBar)>,
}

impl ProgressBars {
    /// Hidden bars, which appear after [`PATIENCE`].
    pub(super) fn new() -> ProgressBars {
        let all = MultiProgress::with_draw_target(ProgressDrawTarget::hidden());
        let later = all.clone();
        thread::spawn(move || {
            thread::sleep(PATIENCE);
            later.set_draw_target(ProgressDrawTarget::stderr());
        });
        ProgressBars { all, shown: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, BarState> {
        // A bar that a panicked thread has left wrong affects no result.
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn bar(&self, length: Option<u64>, template: &str) -> ProgressBar {
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = length.map_or_else(ProgressBar::no_length, ProgressBar::new).with_style(style.progress_chars("##-"));
        let bar = self.all.add(bar);
        bar.enable_steady_tick(TICK);
        bar
    }

    pub(super) fn observe(&self, event: ProgressEvent<'_>) {
        let shown = &mut *self.lock();
        match event {
            ProgressEvent::Reading { source, rows, .. } => {
                let bar = self.bar(rows, if rows.is_some() { ROWS } else { UNCOUNTED_ROWS });
                bar.set_message(format!("reading {}", visible(source)));
                if let Some(before) = shown.sources.insert(source.to_owned(), bar) {
                    before.finish_and_clear();
                }
            }
            ProgressEvent::Rows { source, more } => {
                if let Some(bar) = shown.sources.get(source) {
                    bar.inc(more);
                    // The length is an estimate, which may be too small.
                    if bar.length().is_some_and(|length| length < bar.position()) {
                        bar.set_length(bar.position());
                    }
                }
            }
            ProgressEvent::Step { work, name, done, of } => {
                shown.sources.drain().for_each(|(_, bar)| bar.finish_and_clear());
                if shown.steps.as_ref().is_none_or(|(before, _)| *before != work) {
                    let bar = self.bar(Some(of as u64), if of > 1 { STEPS } else { ONE_STEP });
                    bar.set_prefix(work);
                    if let Some((_, before)) = shown.steps.replace((work, bar)) {
                        before.finish_and_clear();
                    }
                }
                if let Some((_, bar)) = &shown.steps {
                    bar.set_position(done as u64);
                    bar.set_message(visible(name).into_owned());
                }
            }
            ProgressEvent::Finished => {
                shown.sources.drain().for_each(|(_, bar)| bar.finish_and_clear());
                shown.steps.take().into_iter().for_each(|(_, bar)| bar.finish_and_clear());
            }
        }
    }
}
