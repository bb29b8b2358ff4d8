//! The host of the service: loads rules and cut-offs, and logs what happened.

use std::io::Write;
use std::path::PathBuf;

use accolade_engine::explain::Explanation;
use accolade_engine::session::Error;
use accolade_engine::{FileSystem, Session, SourceFiles, show};
use accolade_parser::Severity;
use accolade_serve::{Host, LoadError, LoadedRules};
use serde_json::Value as Json;

use crate::args::{OutputFormat, ServeArgs};
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::progress;
use crate::render::{diagnostics, explanation, json};
use crate::terminal;
use crate::today::today;

/// Reads the rules and cut-offs that the arguments name.
pub(super) struct FileHost {
    arguments: ServeArgs,
    extensions: Extensions,
}

/// Why rules or cut-offs cannot be used.
pub(super) struct LoadFailure {
    pub(super) failure: Failure,
    findings: Vec<String>,
    files: Vec<PathBuf>,
}

impl FileHost {
    pub(super) fn new(arguments: ServeArgs, extensions: Extensions) -> FileHost {
        FileHost { arguments, extensions }
    }

    fn follows_today(&self) -> bool {
        self.arguments.as_of.as_deref() == Some("today")
    }

    /// The rules with the cut-offs, as the files are at this moment.
    pub(super) fn read(&self) -> Result<LoadedRules, Box<LoadFailure>> {
        let ServeArgs { rules, cutoffs, only, as_of, .. } = &self.arguments;
        let session = Session::open(rules, &FileSystem, &self.extensions.plugins())
            .map_err(|error| load_failure(error, &SourceFiles::default()))?;
        let refused = |error| load_failure(error, &session.files);
        if session.set.rules().next().is_none() {
            return Err(refused(Error::Io(format!("`{}` has no rules to rate by; add `rules:`", rules.display()))));
        }
        let (saved, text) = session.cut_offs(cutoffs).map_err(refused)?;
        let as_of = as_of.as_deref();
        let day = if self.follows_today() { today() } else { session.as_of(as_of).map_err(refused)? };
        let young = saved.younger_than(day);
        let warnings = session.warnings.iter().cloned().chain(young).collect();
        diagnostics::show(&session.files, &warnings, OutputFormat::Text).map_err(|error| {
            let (findings, files) = (Vec::new(), paths(&session.files));
            Box::new(LoadFailure { failure: Failure::Write(error), findings, files })
        })?;
        let (rater, files) =
            session.into_rater(&saved, day, only).map_err(|error| load_failure(error, &SourceFiles::default()))?;
        Ok(LoadedRules::new(rater, files, (cutoffs.clone(), &text)))
    }
}

fn paths(files: &SourceFiles) -> Vec<PathBuf> {
    files.all().iter().map(|file| file.path.clone()).collect()
}

/// Converts an error of a session with these files. An error may have its own files.
fn load_failure(error: Error, files: &SourceFiles) -> Box<LoadFailure> {
    let (findings, files) = match &error {
        Error::Rules(found) | Error::Data(found) => {
            let errors = found.diagnostics.iter().filter(|finding| finding.severity == Severity::Error);
            let lines = errors.map(|finding| format!("{}: {}", finding.code.id(), finding.message)).collect();
            (lines, paths(&found.files))
        }
        Error::Io(message) => (vec![message.clone()], paths(files)),
    };
    Box::new(LoadFailure { failure: Failure::of(error, OutputFormat::Text), findings, files })
}

impl Host for FileHost {
    fn load(&self) -> Result<LoadedRules, LoadError> {
        self.read().map_err(|stopped| {
            // The service goes on with its old rules, so the exit code is not needed.
            let _ = stopped.failure.report();
            LoadError { findings: stopped.findings, watched: stopped.files }
        })
    }

    fn today(&self) -> Option<i32> {
        self.follows_today().then(today)
    }

    fn explanation(&self, loaded: &LoadedRules, explanation: &Explanation) -> Json {
        let head = explanation::ExplanationHead {
            set: loaded.rater.set(),
            files: &loaded.files,
            as_of: show::date(loaded.rater.as_of()),
            cut_offs: loaded.rater.cut_offs_origin(),
        };
        let mut document = explanation::data::customer(&head, explanation);
        document["cut_offs"] = json::cut_offs(head.cut_offs);
        document
    }

    fn log_event(&self, line: &str) {
        // Nothing is left to do if standard error is closed.
        let _ = progress::note(line);
    }

    fn log_request(&self, line: std::fmt::Arguments) {
        if progress::is_verbose() {
            let _ = writeln!(terminal::stderr(), "{line}");
        }
    }
}
