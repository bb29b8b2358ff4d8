//! Mutation: each threshold, weight and comparison of a rule file is changed a little, and a suite should notice.
//!
//! Source of the idea: DeMillo, Lipton and Sayward, "Hints on Test Data Selection", Computer 11 (1978).

mod mutants;
mod sites;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use accolade_engine::{Loader, Plugins, Progress, ProgressEvent};

pub use self::mutants::{Mutant, MutationKind};
use crate::read::read;
use crate::run::{prepare, run_case};
use crate::suite::Suite;

/// The result of running the tests against a mutant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MutantStatus {
    /// A case failed; this is the name of the first one.
    Killed(String),
    /// No case failed.
    Survived,
    /// The checker refused it, so no case was needed.
    Invalid,
}

/// Every mutant and its fate, in the order of the rule file.
#[derive(Clone, Debug)]
pub struct MutationReport(pub Vec<(Mutant, MutantStatus)>);

impl MutationReport {
    /// The mutants that no case notices.
    pub fn survivors(&self) -> impl Iterator<Item = &Mutant> {
        self.0.iter().filter(|(_, fate)| *fate == MutantStatus::Survived).map(|(mutant, _)| mutant)
    }

    /// The outcome as text.
    pub fn text(&self) -> String {
        let count = |of: fn(&MutantStatus) -> bool| self.0.iter().filter(|(_, fate)| of(fate)).count();
        let noticed = count(|f| matches!(f, MutantStatus::Killed(_)));
        let survived = count(|f| *f == MutantStatus::Survived);
        let refused = count(|f| *f == MutantStatus::Invalid);
        let mut out = format!("changes: {noticed} noticed, {survived} not noticed, {refused} refused by the checker\n");
        for mutant in self.survivors() {
            out += &format!("  not noticed: {} ({})\n", mutant.description, mutant.place);
        }
        out
    }
}

/// A loader that replaces the text of one file.
struct MutatedLoader<'a> {
    loader: &'a dyn Loader,
    path: &'a Path,
    text: &'a str,
}

impl Loader for MutatedLoader<'_> {
    fn load(&self, path: &Path) -> io::Result<Vec<u8>> {
        if path == self.path { Ok(self.text.as_bytes().to_vec()) } else { self.loader.load(path) }
    }

    fn is_below(&self, path: &Path, folder: &Path) -> bool {
        self.loader.is_below(path, folder)
    }
}

/// A suite and the text of its file.
struct LoadedSuite {
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
) -> Option<MutationReport> {
    let load = |path: &PathBuf| {
        let reading = read(path, loader);
        let text = reading.files.all().first()?.text.clone();
        Some(LoadedSuite { suite: reading.suite?, text })
    };
    let suites: Vec<LoadedSuite> = tests.iter().map(load).collect::<Option<_>>()?;
    let rules = suites.first()?.suite.rules.clone();
    let original = String::from_utf8(loader.load(&rules).ok()?).ok()?;
    let mutants = mutants::mutants(&rules, &original, plugins().kinds());
    let _working = observer.finish_on_drop();
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let worker = || {
        let plugins = plugins();
        let mut fates: Vec<(usize, MutantStatus)> = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(mutant) = mutants.get(index) else { return fates };
            let done = done.fetch_add(1, Ordering::Relaxed);
            observer.emit(ProgressEvent::Step { work: "changing", name: &mutant.description, done, of: mutants.len() });
            let changed = MutatedLoader { loader, path: &rules, text: &mutant.text };
            fates.push((index, fate(&suites, &changed, &plugins)));
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut fates: Vec<(usize, MutantStatus)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().flat_map(|w| w.join().unwrap_or_default()).collect()
    });
    fates.sort_by_key(|(index, _)| *index);
    let fates = fates.into_iter().map(|(_, fate)| fate);
    Some(MutationReport(mutants.iter().cloned().zip(fates).collect()))
}

fn fate(suites: &[LoadedSuite], loader: &dyn Loader, plugins: &Plugins) -> MutantStatus {
    for LoadedSuite { suite, text } in suites {
        let Ok(prepared) = prepare(suite, text, loader, plugins) else { return MutantStatus::Invalid };
        for index in 0..suite.cases.len() {
            let result = run_case(suite, &prepared, index);
            if !result.passed() {
                return MutantStatus::Killed(result.name);
            }
        }
    }
    MutantStatus::Survived
}
