//! The host of the service: loads rules and cut-offs, and logs what happened.

use std::io::Write;
use std::path::PathBuf;
use std::time::SystemTime;

use accolade_engine::explain::Explanation;
use accolade_engine::session::Error;
use accolade_engine::{FileSystem, SourceFiles, Session, show};
use accolade_parser::Severity;
use accolade_serve::{Host, Loaded, Refused};
use serde_json::Value as Json;

use crate::args::{Output, Serve};
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::render::{diagnostics, explanation};
use crate::talk;

/// Reads the rules and cut-offs that the arguments name.
pub(super) struct Source {
    arguments: Serve,
    extensions: Extensions,
}

/// Why rules or cut-offs cannot be used.
pub(super) struct Stopped {
    pub(super) failure: Failure,
    findings: Vec<String>,
    files: Vec<PathBuf>,
}

impl Source {
    pub(super) fn new(arguments: Serve, extensions: Extensions) -> Source {
        Source { arguments, extensions }
    }

    fn follows_today(&self) -> bool {
        self.arguments.as_of.as_deref() == Some("today")
    }

    /// The rules with the cut-offs, as the files are at this moment.
    pub(super) fn read(&self) -> Result<Loaded, Box<Stopped>> {
        let Serve { rules, cutoffs, only, as_of, .. } = &self.arguments;
        let session = Session::open(rules, &FileSystem, &self.extensions.plugins())
            .map_err(|error| stopped(error, &SourceFiles::default()))?;
        let refused = |error| stopped(error, &session.files);
        diagnostics::show(&session.files, &session.warnings, Output::Text).map_err(|error| {
            let (findings, files) = (Vec::new(), paths(&session.files));
            Box::new(Stopped { failure: Failure::Write(error), findings, files })
        })?;
        let (saved, text) = session.cut_offs(cutoffs).map_err(refused)?;
        let as_of = as_of.as_deref();
        let day = if self.follows_today() { today() } else { session.as_of(as_of).map_err(refused)? };
        let (rater, files) =
            session.into_rater(&saved, day, only).map_err(|error| stopped(error, &SourceFiles::default()))?;
        Ok(Loaded::new(rater, files, (cutoffs.clone(), &text)))
    }
}

fn paths(files: &SourceFiles) -> Vec<PathBuf> {
    files.all().iter().map(|file| file.path.clone()).collect()
}

/// Converts an error of a session with these files. An error may have its own files.
fn stopped(error: Error, files: &SourceFiles) -> Box<Stopped> {
    let (findings, files) = match &error {
        Error::Rules(found) | Error::Data(found) => {
            let errors = found.diagnostics.iter().filter(|finding| finding.severity == Severity::Error);
            let lines = errors.map(|finding| format!("{}: {}", finding.code.id(), finding.message)).collect();
            (lines, paths(&found.files))
        }
        Error::Io(message) => (vec![message.clone()], paths(files)),
    };
    Box::new(Stopped { failure: Failure::of(error, Output::Text), findings, files })
}

/// The day it is in UTC.
fn today() -> i32 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i32::try_from(since.as_secs() / 86_400).unwrap_or(i32::MAX)
}

impl Host for Source {
    fn load(&self) -> Result<Loaded, Refused> {
        self.read().map_err(|stopped| {
            // The service goes on with its old rules, so the exit code is not needed.
            let _ = stopped.failure.report();
            Refused { findings: stopped.findings, watched: stopped.files }
        })
    }

    fn today(&self) -> Option<i32> {
        self.follows_today().then(today)
    }

    fn explanation(&self, loaded: &Loaded, explanation: &Explanation) -> Json {
        let head = explanation::Head {
            set: loaded.rater.set(),
            files: &loaded.files,
            as_of: show::date(loaded.rater.as_of()),
            saved: Some(&self.arguments.cutoffs),
        };
        explanation::data::customer(&head, explanation)
    }

    fn note(&self, line: &str) {
        // Nothing is left to do if standard error is closed.
        let _ = talk::note(line);
    }

    fn answered(&self, line: &str) {
        if talk::is_verbose() {
            let _ = writeln!(anstream::stderr(), "{line}");
        }
    }
}
