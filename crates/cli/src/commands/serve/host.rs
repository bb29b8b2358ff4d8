//! What the service asks of the command line: rules and cut-offs, and to say what happened.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use accolade_engine::explain::Explanation;
use accolade_engine::{FileSystem, Files, SavedCutOffs, compile, show};
use accolade_parser::{Diagnostics, Severity};
use accolade_serve::{Host, Loaded, Refused};
use serde_json::Value as Json;

use crate::args::{Output, Serve};
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::input;
use crate::render::{diagnostics, explanation};
use crate::talk;

/// Where rules and cut-offs are.
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

    /// The rules with the cut-offs as they are now.
    pub(super) fn read(&self) -> Result<Loaded, Box<Stopped>> {
        let Serve { rules, cutoffs, only, as_of, .. } = &self.arguments;
        let compilation = compile(rules, &FileSystem, &self.extensions.plugins());
        let (files, findings) = (compilation.files, compilation.diagnostics);
        let Some(set) = compilation.set else {
            // Without any file there is nothing but the rule file that cannot be read.
            let failure = match files.all().is_empty() {
                true => Failure::Data(Box::new(files.clone()), findings.clone(), Output::Text),
                false => diagnostics::show(&files, &findings, Output::Text)
                    .map_or_else(Failure::Write, |()| Failure::Findings),
            };
            return Err(stopped(failure, &findings, &files));
        };
        let refused = |findings: Diagnostics| {
            let failure = Failure::Data(Box::new(files.clone()), findings.clone(), Output::Text);
            stopped(failure, &findings, &files)
        };
        if let Err(error) = diagnostics::show(&files, &findings, Output::Text) {
            return Err(stopped(Failure::Write(error), &findings, &files));
        }
        let text = std::fs::read_to_string(cutoffs).map_err(|error| {
            let reason = accolade_engine::analyse::reason(&error);
            let message = format!("`{}` cannot be read: {reason}", cutoffs.display());
            let stopped =
                Stopped { findings: vec![message.clone()], files: paths(&files), failure: Failure::Io(message) };
            Box::new(stopped)
        })?;
        let saved = SavedCutOffs::read(&cutoffs.display().to_string(), &text).map_err(&refused)?;
        let mut out = Diagnostics::new();
        let day = if self.follows_today() { Some(today()) } else { input::as_of(&set, as_of.as_deref(), &mut out) };
        let Some(day) = day else { return Err(refused(out)) };
        let rater = Arc::new(set).with_cutoffs(&saved, day).map_err(&refused)?;
        let rater = if only.is_empty() { rater } else { rater.only(only).map_err(&refused)? };
        Ok(Loaded::new(rater, files, (cutoffs.clone(), &text)))
    }
}

fn paths(files: &Files) -> Vec<PathBuf> {
    files.all().iter().map(|file| file.path.clone()).collect()
}

fn stopped(failure: Failure, findings: &Diagnostics, files: &Files) -> Box<Stopped> {
    let errors = findings.0.iter().filter(|finding| finding.severity == Severity::Error);
    let findings = errors.map(|finding| format!("{}: {}", finding.code.0, finding.message)).collect();
    Box::new(Stopped { failure, findings, files: paths(files) })
}

/// The day it is in UTC.
fn today() -> i32 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i32::try_from(since.as_secs() / 86_400).unwrap_or(i32::MAX)
}

impl Host for Source {
    fn load(&self) -> Result<Loaded, Refused> {
        self.read().map_err(|stopped| {
            // The exit code is for those who start it with such rules.
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
