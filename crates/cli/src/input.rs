//! From arguments to an open session and the inputs of a run.

use std::path::{Path, PathBuf};

use accolade_engine::output::OwnInputs;
use accolade_engine::rules::set::RowRater;
use accolade_engine::{
    BadRows, FileSystem, InputOptions, Inputs, Outcome, Progress, ProgressEvent, RuleSet, RunOptions, SavedCutOffs,
    Session, explain, session,
};
use accolade_parser::{Diagnostics, count};

use crate::args::{DataArgs, OutputFormat};
use crate::credentials::Environment;
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::own_inputs::refuse_input;
use crate::render::diagnostics;
use crate::{args, progress};

/// The session of a command, and the format of its diagnostics.
#[derive(Debug)]
pub(crate) struct CommandSession<'a> {
    pub(crate) session: Session<'static>,
    data: &'a DataArgs,
    output: OutputFormat,
}

impl<'a> CommandSession<'a> {
    /// Opens the rule file. Shows its warnings if the output is text.
    pub(crate) fn new(
        extensions: &Extensions,
        data: &'a DataArgs,
        output: OutputFormat,
    ) -> Result<CommandSession<'a>, Failure> {
        let plugins = if data.trace_scripts { extensions.traced_plugins() } else { extensions.plugins() };
        let session = Session::open(&data.rules, &FileSystem, &plugins).map_err(|error| Failure::of(error, output))?;
        let opened = CommandSession { session, data, output };
        if output == OutputFormat::Text {
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
    pub(crate) fn findings_failure(&self, findings: Diagnostics) -> Failure {
        self.failure(self.session.failed(findings))
    }

    /// The cut-offs of a file, if one is named.
    pub(crate) fn cut_offs(&self, path: Option<&Path>) -> Result<Option<SavedCutOffs>, Failure> {
        let read = |path| self.session.cut_offs(path).map(|(saved, _)| saved);
        path.map(read).transpose().map_err(|error| self.failure(error))
    }

    /// What the command reads: rule files, scripts, data, and cut-offs if a file is named.
    ///
    /// # Errors
    /// Fails when rejected rows would replace one of them.
    pub(crate) fn own_inputs(&self, cut_offs: Option<&Path>) -> Result<OwnInputs, Failure> {
        let options = input_options(self.data);
        let mut inputs = self.session.own_inputs(&options, &Environment);
        if let Some(path) = cut_offs {
            inputs.add("the file of cut-offs", path);
        }
        let rejects = self.session.rejects(&options);
        for (_, path) in &rejects {
            refuse_input(&inputs, Some(path))?;
        }
        rejects.into_iter().for_each(|(role, path)| inputs.add(role, &path));
        Ok(inputs)
    }

    /// Fails if the output, or a file of rejected rows, is one of the command's inputs.
    pub(crate) fn protect_inputs(&self, cut_offs: Option<&Path>, output: Option<&Path>) -> Result<(), Failure> {
        refuse_input(&self.own_inputs(cut_offs)?, output)
    }

    /// The inputs of a run.
    pub(crate) fn inputs(&self) -> Result<Inputs, Failure> {
        let inputs =
            self.session.inputs(&input_options(self.data), &Environment).map_err(|error| self.failure(error))?;
        record_threads(&inputs);
        Ok(inputs)
    }

    /// Rates every customer; cut-offs are computed unless a file is named.
    pub(crate) fn run(&self, cut_offs: Option<&Path>, options: RunOptions) -> Result<(Inputs, Outcome), Failure> {
        let saved = self.cut_offs(cut_offs)?;
        let inputs = self.inputs()?;
        let outcome = self.session.run(&inputs, saved.as_ref(), options).map_err(|error| self.failure(error))?;
        progress::cut_offs(&outcome);
        Ok((inputs, outcome))
    }

    /// Calls `of` with a rater of the run and the row of each customer, asked for by key or name.
    pub(crate) fn each_customer<T>(
        &self,
        (inputs, outcome): (&Inputs, &Outcome),
        asked: &[String],
        of: impl Fn(&RowRater, usize) -> Result<T, Diagnostics>,
    ) -> Result<Vec<T>, Failure> {
        let rater = outcome.rater(&self.session.set);
        let rows: Vec<usize> = asked
            .iter()
            .map(|asked| customer_row(&self.session.set, outcome, asked))
            .collect::<Result<_, Failure>>()?;
        let _working = inputs.observer.finish_on_drop();
        let one = |(done, (row, name)): (usize, (usize, &String))| {
            inputs.observer.emit(ProgressEvent::Step { work: "explaining", name, done, of: asked.len() });
            of(&rater, row).map_err(|findings| self.findings_failure(findings))
        };
        rows.into_iter().zip(asked).enumerate().map(one).collect()
    }
}

/// The input options that the arguments give.
pub(crate) fn input_options(data: &DataArgs) -> InputOptions {
    InputOptions {
        as_of: data.as_of.clone(),
        sources: data.sources.clone(),
        folder: None,
        bad_rows: match data.bad_rows {
            args::BadRowsChoice::Fail => BadRows::Fail,
            args::BadRowsChoice::Report => BadRows::Report(PathBuf::from(".")),
        },
        max_bad: data.max_bad,
        threads: threads(data.threads.or(data.trace_scripts.then_some(1))),
        batch_size: data.batch_size.max(1),
        memory_limit: data.memory_limit.map(|limit| limit.as_u64()),
        // Progress bars would mix with the lines that scripts print.
        observer: if data.trace_scripts { Progress::default() } else { progress::observer() },
    }
}

/// Records the number of threads of a run for `--verbose`.
pub(crate) fn record_threads(inputs: &Inputs) {
    progress::verbose_line(count(inputs.threads, "thread"));
}

/// The number of threads: as requested, or one for each processor.
pub(crate) fn threads(asked: Option<usize>) -> usize {
    asked.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from)).max(1)
}

/// The row of the customer that a key or a name means.
fn customer_row(set: &RuleSet, outcome: &Outcome, asked: &str) -> Result<usize, Failure> {
    explain::find_customer(set, outcome, asked).map_err(Failure::Message)
}
