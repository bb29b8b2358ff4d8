//! Cut-offs computed from the data of a saved rule file, in the background.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};

use accolade_engine::files::{read_text, regular_size};
use accolade_engine::rules::thresholds::cutoffs::CutOffs;
use accolade_engine::{FileSystem, Inputs, Plugins, SavedCutOffs, Session, run};
use indexmap::IndexMap;

/// Cut-offs are not computed from more data than this.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// The name of the file with saved cut-offs, beside the rule file.
const CUT_OFFS_FILE: &str = "cutoffs.yaml";

/// Cut-offs and their origin.
#[derive(Clone, Debug)]
pub(super) struct CutOffHints {
    /// The cut-offs of each rule.
    pub(super) rules: IndexMap<String, CutOffs>,
    /// The origin, such as `400 customers at 2026-01-01`.
    pub(super) origin: String,
}

type Cache = Arc<Mutex<HashMap<PathBuf, CutOffHints>>>;

/// A thread that computes cut-offs, started when it is first needed.
pub(super) struct CutOffWorker {
    plugins: Arc<Plugins>,
    known: Cache,
    queue: Option<Sender<PathBuf>>,
}

impl CutOffWorker {
    pub(super) fn new(plugins: Arc<Plugins>) -> CutOffWorker {
        CutOffWorker { plugins, known: Cache::default(), queue: None }
    }

    /// Queues the computation of a rule file's cut-offs.
    pub(super) fn compute(&mut self, root: PathBuf) {
        let queue = self.queue.get_or_insert_with(|| {
            let (queue, wanted) = channel::<PathBuf>();
            let (plugins, known) = (Arc::clone(&self.plugins), Arc::clone(&self.known));
            std::thread::spawn(move || {
                while let Ok(mut root) = wanted.recv() {
                    // Of several saves in a row the last one counts.
                    let mut waiting: Vec<PathBuf> = Vec::new();
                    loop {
                        waiting.retain(|other| *other != root);
                        waiting.push(root);
                        match wanted.try_recv() {
                            Ok(next) => root = next,
                            Err(_) => break,
                        }
                    }
                    for root in waiting {
                        let found = super::requests::catch_panic(|| cut_offs(&root, &plugins)).flatten();
                        let Ok(mut known) = known.lock() else { return };
                        match found {
                            Some(found) => known.insert(root, found),
                            None => known.remove(&root),
                        };
                    }
                }
            });
            queue
        });
        // If the thread has ended, hovers show no cut-offs; nothing else depends on it.
        let _ = queue.send(root);
    }

    /// The cut-offs of a rule file, if they have been computed.
    pub(super) fn of(&self, root: &Path) -> Option<CutOffHints> {
        self.known.lock().ok()?.get(root).cloned()
    }
}

/// The saved cut-offs beside a rule file, or those of its data.
fn cut_offs(root: &Path, plugins: &Plugins) -> Option<CutOffHints> {
    let Session { set, files: texts, .. } = Session::open(root, &FileSystem, plugins).ok()?;
    let saved = read_text(&root.with_file_name(CUT_OFFS_FILE)).ok();
    if let Some(saved) = saved.and_then(|text| SavedCutOffs::read(CUT_OFFS_FILE, &text).ok())
        && saved.check_rule_set(&set).is_ok()
    {
        let from = format!("{} customers at {}, kept in `{CUT_OFFS_FILE}`", saved.customers, saved.as_of);
        return Some(CutOffHints { rules: saved.rules, origin: from });
    }
    let files: Option<Vec<PathBuf>> =
        set.demand.sources.iter().map(|s| Some(texts.resolve_relative(s.span, s.file.as_ref()?))).collect();
    let files = files?;
    let bytes: u64 = files.iter().map(|file| regular_size(file).unwrap_or(u64::MAX)).fold(0, u64::saturating_add);
    if bytes > MOST_BYTES {
        return None;
    }
    let inputs = Inputs::new(set.as_of?, files.into_iter().map(Into::into).collect());
    let outcome = run(&set, &inputs, None).ok()?;
    let from = format!("{} customers at {}", outcome.frame.rows, accolade_engine::show::date(outcome.as_of));
    Some(CutOffHints { rules: outcome.cut_offs, origin: from })
}
