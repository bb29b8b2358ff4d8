//! Mutation: each threshold, weight and comparison of a rule file is changed a little, and a suite should notice.
//!
//! Source of the idea: DeMillo, Lipton and Sayward, "Hints on Test Data Selection", Computer 11 (1978).

mod mutants;
mod places;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use accolade_engine::{ProgressEvent, Loader, Progress, Plugins};

pub use self::mutants::{Mutant, Sort};
use crate::read::read;
use crate::run::{prepare, run_case};
use crate::suite::Suite;

/// The result of running the tests against a mutant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// A case failed; this is the name of the first one.
    Noticed(String),
    /// No case failed.
    Survived,
    /// The checker refused it, so no case was needed.
    Refused,
}

/// Every mutant and its fate, in the order of the rule file.
#[derive(Clone, Debug)]
pub struct Outcome(pub Vec<(Mutant, Fate)>);

impl Outcome {
    /// The mutants that no case notices.
    pub fn survivors(&self) -> impl Iterator<Item = &Mutant> {
        self.0.iter().filter(|(_, fate)| *fate == Fate::Survived).map(|(mutant, _)| mutant)
    }

    /// The outcome as text.
    pub fn text(&self) -> String {
        let count = |of: fn(&Fate) -> bool| self.0.iter().filter(|(_, fate)| of(fate)).count();
        let noticed = count(|f| matches!(f, Fate::Noticed(_)));
        let survived = count(|f| *f == Fate::Survived);
        let refused = count(|f| *f == Fate::Refused);
        let mut out = format!("changes: {noticed} noticed, {survived} not noticed, {refused} refused by the checker\n");
        for mutant in self.survivors() {
            out += &format!("  not noticed: {} ({})\n", mutant.description, mutant.place);
        }
        out
    }
}

/// A loader that replaces the text of one file.
struct Changed<'a> {
    loader: &'a dyn Loader,
    path: &'a Path,
    text: &'a str,
}

impl Loader for Changed<'_> {
    fn load(&self, path: &Path) -> io::Result<Vec<u8>> {
        if path == self.path { Ok(self.text.as_bytes().to_vec()) } else { self.loader.load(path) }
    }
}

/// A suite and the text of its file.
struct Loaded {
    suite: Suite,
    text: String,
}

/// Runs the tests against every mutant of their rule file and reports progress to `observer`. Returns `None` if one of
/// the files has errors.
pub fn mutate(
    tests: &[PathBuf],
    loader: &(dyn Loader + Sync),
    plugins: &(dyn Fn() -> Plugins + Sync),
    observer: &Progress,
) -> Option<Outcome> {
    let load = |path: &PathBuf| {
        let reading = read(path, loader);
        let text = reading.files.all().first()?.text.clone();
        Some(Loaded { suite: reading.suite?, text })
    };
    let suites: Vec<Loaded> = tests.iter().map(load).collect::<Option<_>>()?;
    let rules = suites.first()?.suite.rules.clone();
    let original = String::from_utf8(loader.load(&rules).ok()?).ok()?;
    let mutants = mutants::mutants(&rules, &original, plugins().kinds());
    let _working = observer.finish_on_drop();
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let worker = || {
        let plugins = plugins();
        let mut fates: Vec<(usize, Fate)> = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(mutant) = mutants.get(index) else { return fates };
            let done = done.fetch_add(1, Ordering::Relaxed);
            observer.emit(ProgressEvent::Step { work: "changing", name: &mutant.description, done, of: mutants.len() });
            let changed = Changed { loader, path: &rules, text: &mutant.text };
            fates.push((index, fate(&suites, &changed, &plugins)));
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut fates: Vec<(usize, Fate)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().flat_map(|w| w.join().unwrap_or_default()).collect()
    });
    fates.sort_by_key(|(index, _)| *index);
    let fates = fates.into_iter().map(|(_, fate)| fate);
    Some(Outcome(mutants.iter().cloned().zip(fates).collect()))
}

fn fate(suites: &[Loaded], loader: &dyn Loader, plugins: &Plugins) -> Fate {
    for Loaded { suite, text } in suites {
        let Ok(prepared) = prepare(suite, text, loader, plugins) else { return Fate::Refused };
        for index in 0..suite.cases.len() {
            let result = run_case(suite, &prepared, index);
            if !result.passed() {
                return Fate::Noticed(result.name);
            }
        }
    }
    Fate::Survived
}
