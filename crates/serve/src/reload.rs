//! New rules and cut-offs while the service runs: taken as a whole, or not at all.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::control::Control;
use crate::host::version;
use crate::state::State;

/// Loads again when asked to, and when a file has changed and then stood still for as long as files are looked at.
pub(crate) async fn watch(state: Arc<State>, control: Control, every: Option<Duration>) {
    let mut watched = state.current().loaded.watched.clone();
    let (mut loaded, mut before) = (contents(&watched).await, String::new());
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
        let now = contents(&watched).await;
        // A file that is being written is not read in the middle.
        let is_settled = now == before;
        before.clone_from(&now);
        if asked || now != loaded && is_settled {
            loaded = now;
            watched = again(&state, watched).await;
            // Rules that name other files are watched from now on.
            before = contents(&watched).await;
            loaded.clone_from(&before);
        }
    }
}

async fn again(state: &Arc<State>, watched: Vec<PathBuf>) -> Vec<PathBuf> {
    let host = Arc::clone(state);
    let Ok(outcome) = tokio::task::spawn_blocking(move || host.host.load()).await else { return watched };
    state.metrics.reloaded(outcome.is_ok());
    match outcome {
        Ok(loaded) => {
            let (rules, cut_offs) = (&loaded.rules_version, &loaded.cut_offs_version);
            state.host.note(&format!("rules {rules} with cut-offs {cut_offs} are in force"));
            let watched = loaded.watched.clone();
            state.take(loaded);
            watched
        }
        Err(refused) => {
            state.host.note("the rules and cut-offs before stay in force");
            let more = refused.watched.iter().filter(|path| !watched.contains(path)).cloned();
            let watched = watched.iter().cloned().chain(more.collect::<Vec<_>>()).collect();
            state.refuse(refused);
            watched
        }
    }
}

/// A hash of what is in the files; one that cannot be read counts as empty.
async fn contents(files: &[PathBuf]) -> String {
    let files = files.to_vec();
    let read = move || {
        let texts: Vec<Vec<u8>> = files.iter().map(|path| std::fs::read(path).unwrap_or_default()).collect();
        version(texts.iter().map(Vec::as_slice))
    };
    tokio::task::spawn_blocking(read).await.unwrap_or_default()
}
