//! Reloading rules and cut-offs while the service runs, as a whole or not at all.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use accolade_engine::files::read_file;
use accolade_engine::version::version;

use crate::control::ServiceHandle;
use crate::state::ServiceState;

/// The hash of each watched file.
pub(crate) type FileHashes = BTreeMap<PathBuf, String>;

/// Reloads when asked to, and when a file differs from what was `loaded` and has not changed since the last look.
pub(crate) async fn watch(
    state: Arc<ServiceState>,
    control: ServiceHandle,
    every: Option<Duration>,
    mut loaded: FileHashes,
) {
    let (mut watched, mut before) = (state.current().loaded.watched.clone(), FileHashes::new());
    loop {
        let asked = match every {
            Some(every) => tokio::select! {
                () = control.asked_to_reload() => true,
                () = tokio::time::sleep(every) => false,
            },
            None => {
                control.asked_to_reload().await;
                true
            }
        };
        let now = hash_files(&watched).await;
        // A file that is still being written is not loaded.
        let is_settled = now == before;
        before.clone_from(&now);
        if asked || now != loaded && is_settled {
            loaded = now;
            watched = reload(&state, watched).await;
            // Files that the new rules name are watched too. A file that changed during the load keeps the hash from
            // before it, and so is loaded again.
            let all = hash_files(&watched).await.into_iter();
            loaded = all.map(|(path, hash)| (path.clone(), loaded.remove(&path).unwrap_or(hash))).collect();
        }
    }
}

async fn reload(state: &Arc<ServiceState>, watched: Vec<PathBuf>) -> Vec<PathBuf> {
    let host = Arc::clone(state);
    let Ok(outcome) = tokio::task::spawn_blocking(move || host.host.load()).await else { return watched };
    state.metrics.reloaded(outcome.is_ok());
    match outcome {
        Ok(loaded) => {
            let (rules, cut_offs) = (&loaded.rules_version, &loaded.cut_offs_version);
            state.host.log_event(&format!("rules {rules} with cut-offs {cut_offs} are in force"));
            let watched = loaded.watched.clone();
            state.put_in_force(loaded);
            watched
        }
        Err(refused) => {
            state.host.log_event("the previous rules and cut-offs stay in force");
            let more = refused.watched.iter().filter(|path| !watched.contains(path)).cloned();
            let watched = watched.iter().cloned().chain(more.collect::<Vec<_>>()).collect();
            state.refuse(refused);
            watched
        }
    }
}

/// The hashes of the files. A file that cannot be read counts as empty.
pub(crate) async fn hash_files(files: &[PathBuf]) -> FileHashes {
    let files = files.to_vec();
    let hash = |path: PathBuf| {
        let hash = version([read_file(&path).unwrap_or_default().as_slice()]);
        (path, hash)
    };
    tokio::task::spawn_blocking(move || files.into_iter().map(hash).collect()).await.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Mutex, OnceLock, Weak};

    use accolade_engine::explain::Explanation;
    use accolade_engine::files::FileSystem;
    use accolade_engine::{Rater, SavedCutOffs, compile};

    use super::*;
    use crate::host::{Host, LoadError, LoadedRules};
    use crate::hosts::AllowedHosts;
    use crate::state::{Access, RequestLimits};

    /// Rules that change while they are loaded for the first time.
    struct Changing {
        rules: PathBuf,
        loads: Arc<AtomicUsize>,
    }

    impl Host for Changing {
        fn load(&self) -> Result<LoadedRules, LoadError> {
            if self.loads.fetch_add(1, Ordering::SeqCst) == 0 {
                std::fs::write(&self.rules, "changed meanwhile").unwrap();
            }
            Err(LoadError { findings: Vec::new(), watched: Vec::new() })
        }

        fn today(&self) -> Option<i32> {
            None
        }

        fn explanation(&self, _: &LoadedRules, _: &Explanation) -> serde_json::Value {
            serde_json::Value::Null
        }

        fn log_event(&self, _: &str) {}

        fn log_request(&self, _: std::fmt::Arguments) {}
    }

    /// A host that puts other rules into force while the day changes.
    #[derive(Default)]
    struct Midnight {
        state: Arc<OnceLock<Weak<ServiceState>>>,
        next: Mutex<Option<LoadedRules>>,
    }

    impl Host for Midnight {
        fn load(&self) -> Result<LoadedRules, LoadError> {
            Err(LoadError { findings: Vec::new(), watched: Vec::new() })
        }

        fn today(&self) -> Option<i32> {
            if let Some(next) = self.next.lock().unwrap().take() {
                self.state.get().unwrap().upgrade().unwrap().put_in_force(next);
            }
            Some(1)
        }

        fn explanation(&self, _: &LoadedRules, _: &Explanation) -> serde_json::Value {
            serde_json::Value::Null
        }

        fn log_event(&self, _: &str) {}

        fn log_request(&self, _: std::fmt::Arguments) {}
    }

    #[test]
    fn rules_that_come_into_force_while_the_day_changes_stay() {
        let folder = tempfile::tempdir().unwrap();
        let [old, new] = ["old.yaml", "new.yaml"].map(|name| loaded(&folder.path().join(name)));
        let own = Arc::new(OnceLock::new());
        let host = Midnight { state: Arc::clone(&own), next: Mutex::new(Some(new)) };
        let state = Arc::new(ServiceState::new(Box::new(host), old, LIMITS, anyone()));
        own.set(Arc::downgrade(&state)).unwrap();
        let name = || state.current().loaded.watched[0].file_name().unwrap().to_owned();
        // The request under way has the rules it began with.
        assert_eq!(name(), "old.yaml");
        assert_eq!(name(), "new.yaml");
    }

    fn anyone() -> Access {
        Access::Hosts(AllowedHosts::new("127.0.0.1:0".parse().unwrap(), &[]))
    }

    const LIMITS: RequestLimits = RequestLimits { body: 1, concurrency: 1, batch: 1, timeout: Duration::from_secs(1) };

    fn loaded(rules: &Path) -> LoadedRules {
        let text = "accolade: 1\nname: t\nsources:\n  c: {file: c.csv, key: id, columns: {id: text}}\nrules: {}\n";
        std::fs::write(rules, text).unwrap();
        let compiled = compile(rules, &FileSystem, &accolade_engine::plugins());
        let set = Arc::new(compiled.set.unwrap());
        let rater = Rater::new(&set, &SavedCutOffs::partial(&set, Default::default()), 0).unwrap();
        LoadedRules::new(rater, compiled.files, (rules.to_owned(), ""))
    }

    #[test]
    fn a_change_while_rules_are_loaded_is_loaded_too() {
        let folder = tempfile::tempdir().unwrap();
        let rules = folder.path().join("rules.yaml");
        let loads = Arc::new(AtomicUsize::new(0));
        let host = Changing { rules: rules.clone(), loads: Arc::clone(&loads) };
        let state = Arc::new(ServiceState::new(Box::new(host), loaded(&rules), LIMITS, anyone()));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let seen = hash_files(&state.current().loaded.watched).await;
            let every = Some(Duration::from_millis(5));
            let watching = tokio::spawn(watch(state, ServiceHandle::default(), every, seen));
            std::fs::write(&rules, "changed").unwrap();
            let twice = async {
                while loads.load(Ordering::SeqCst) < 2 {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            };
            tokio::time::timeout(Duration::from_secs(60), twice).await.expect("the second change is not loaded");
            watching.abort();
        });
    }
}
