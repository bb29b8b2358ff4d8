//! From arguments to an open session and the inputs of a run.

use std::path::{Path, PathBuf};

use accolade_engine::{
    BadRows, FileSystem, InputOptions, Inputs, Observer, Outcome, RunOptions, SavedCutOffs, Session, explain, session,
};
use accolade_parser::{Diagnostics, suggest};

use crate::args::{Data, Output};
use crate::credentials::Environment;
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::render::diagnostics;
use crate::{args, talk};

/// The session of a command, and how what is found is shown.
#[derive(Debug)]
pub(crate) struct Opened<'a> {
    pub(crate) session: Session<'static>,
    data: &'a Data,
    output: Output,
}

impl<'a> Opened<'a> {
    /// Opens the rule file; a reader is shown its warnings.
    pub(crate) fn new(extensions: &Extensions, data: &'a Data, output: Output) -> Result<Opened<'a>, Failure> {
        let plugins = if data.trace_scripts { extensions.traced_plugins() } else { extensions.plugins() };
        let session = Session::open(&data.rules, &FileSystem, &plugins).map_err(|error| Failure::of(error, output))?;
        let opened = Opened { session, data, output };
        if output == Output::Text {
            opened.show(&opened.session.warnings)?;
        }
        Ok(opened)
    }

    /// Shows findings.
    pub(crate) fn show(&self, findings: &Diagnostics) -> Result<(), Failure> {
        Ok(diagnostics::show(&self.session.files, findings, self.output)?)
    }

    /// The failure of a session's error.
    pub(crate) fn failure(&self, error: session::Error) -> Failure {
        Failure::of(error, self.output)
    }

    /// The failure of findings about data or cut-offs.
    pub(crate) fn failed(&self, findings: Diagnostics) -> Failure {
        self.failure(self.session.failed(findings))
    }

    /// The cut-offs of a file, if one is named.
    pub(crate) fn cut_offs(&self, path: Option<&Path>) -> Result<Option<SavedCutOffs>, Failure> {
        let read = |path| self.session.cut_offs(path).map(|(saved, _)| saved);
        path.map(read).transpose().map_err(|error| self.failure(error))
    }

    /// What a run reads.
    pub(crate) fn inputs(&self) -> Result<Inputs, Failure> {
        let inputs = self.session.inputs(&options(self.data), &Environment).map_err(|error| self.failure(error))?;
        count_threads(&inputs);
        Ok(inputs)
    }

    /// Rates every customer; cut-offs are computed unless a file is named.
    pub(crate) fn run(&self, cut_offs: Option<&Path>, options: RunOptions) -> Result<(Inputs, Outcome), Failure> {
        let saved = self.cut_offs(cut_offs)?;
        let inputs = self.inputs()?;
        let outcome = self.session.run(&inputs, saved.as_ref(), options).map_err(|error| self.failure(error))?;
        talk::cut_offs(&outcome, cut_offs);
        Ok((inputs, outcome))
    }
}

/// What the arguments say of inputs.
pub(crate) fn options(data: &Data) -> InputOptions {
    InputOptions {
        as_of: data.as_of.clone(),
        sources: data.sources.clone(),
        folder: None,
        bad_rows: match data.bad_rows {
            args::BadRows::Fail => BadRows::Fail,
            args::BadRows::Report => BadRows::Report(PathBuf::from(".")),
        },
        threads: threads(data.threads.or(data.trace_scripts.then_some(1))),
        batch_size: data.batch_size.max(1),
        memory_limit: data.memory_limit.map(|limit| limit.as_u64()),
        // Bars would stand between the lines that scripts print.
        observer: if data.trace_scripts { Observer::default() } else { talk::observer() },
    }
}

/// Keeps how many threads a run has for the account of `--verbose`.
pub(crate) fn count_threads(inputs: &Inputs) {
    let threads = inputs.threads;
    talk::detail(format!("{threads} {}", if threads == 1 { "thread" } else { "threads" }));
}

/// So many threads as are asked for, or as there are processors.
pub(crate) fn threads(asked: Option<usize>) -> usize {
    asked.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from)).max(1)
}

/// The row of the customer with this key.
pub(crate) fn customer(outcome: &Outcome, key: &str) -> Result<usize, Failure> {
    explain::row_of(outcome, key).ok_or_else(|| {
        let keys = explain::keys(outcome);
        let hint = suggest(key, keys.iter().map(String::as_str));
        let hint = hint.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        Failure::Io(format!("there is no customer `{key}` in the data{hint}"))
    })
}
