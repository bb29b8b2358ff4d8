//! The options that determine the inputs of a run, as the caller wrote them.

use std::path::{Path, PathBuf};

use accolade_core::model::{Source, period};
use accolade_core::progress::Progress;
use accolade_data::profile::{BATCH_SIZE, BadRows};
use accolade_parser::{Code, Diagnostic, Diagnostics};
use accolade_rules::set::RuleSet;

/// The options that determine the inputs of a run. An absent date or location is the rule file's.
#[derive(Clone, Debug)]
pub struct InputOptions {
    /// The date to rate at.
    pub as_of: Option<String>,
    /// Locations of sources, each as `NAME=PATH`.
    pub sources: Vec<String>,
    /// The folder that holds the files of all other sources, by the names they have in the rule file.
    pub folder: Option<PathBuf>,
    /// What to do with bad rows.
    pub bad_rows: BadRows,
    /// The greatest share of a source's rows that may be rejected.
    pub max_bad: Option<f64>,
    /// Number of threads.
    pub threads: usize,
    /// Rows per batch.
    pub batch_size: usize,
    /// The most bytes of memory that a run may take.
    pub memory_limit: Option<u64>,
    /// Receives progress events.
    pub observer: Progress,
}

impl Default for InputOptions {
    fn default() -> Self {
        InputOptions {
            as_of: None,
            sources: Vec::new(),
            folder: None,
            max_bad: None,
            bad_rows: BadRows::Fail,
            threads: 1,
            batch_size: BATCH_SIZE,
            memory_limit: None,
            observer: Progress::default(),
        }
    }
}

impl InputOptions {
    /// The locations of sources as `NAME=PATH`: those of the folder, then the named ones, which count if both are there.
    pub(super) fn locations(&self, set: &RuleSet) -> Vec<String> {
        let in_folder = |folder: &Path, source: &Source| {
            let name = Path::new(source.file.as_ref()?).file_name()?;
            Some(format!("{}={}", source.name, folder.join(name).display()))
        };
        let folder = self.folder.iter();
        let of_folder =
            folder.flat_map(|folder| set.demand.sources.iter().filter_map(|source| in_folder(folder, source)));
        of_folder.chain(self.sources.iter().cloned()).collect()
    }
}

/// Refuses two locations for one source.
pub(super) fn check_named_once(sources: &[String], out: &mut Diagnostics) {
    let named: Vec<(&str, &str)> = sources.iter().filter_map(|source| source.split_once('=')).collect();
    for (at, (name, path)) in named.iter().enumerate() {
        if let Some((_, first)) = named[..at].iter().find(|(before, _)| before == name) {
            let message = format!("the source `{name}` is given twice, as `{first}` and as `{path}`");
            let help = "a folder or a pattern such as `orders/*.csv` reads several files";
            out.push(Diagnostic::new(Code::E0701, message).help(help));
        }
    }
}

/// The date to rate at: as written, or the rule file's.
pub(super) fn as_of(set: &RuleSet, written: Option<&str>, out: &mut Diagnostics) -> Option<i32> {
    let Some(written) = written else {
        if set.as_of.is_none() {
            let message = "the rule file has no `as_of`, and today is never assumed";
            out.push(
                Diagnostic::new(Code::E0709, message).help("add `--as-of 2026-01-01`, or `as_of:` to the rule file"),
            );
        }
        return set.as_of;
    };
    let day = period::parse_day(written);
    if day.is_none() {
        out.push(
            Diagnostic::new(Code::E0709, format!("`--as-of {written}` is not a date")).help("write it as 2026-01-31"),
        );
    }
    day
}
