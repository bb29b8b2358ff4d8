//! `accolade init`

mod add;
mod questions;

use std::io::Write;
use std::path::{Path, PathBuf};

use accolade_engine::output::OwnInputs;
use accolade_engine::session::Findings;
use accolade_engine::{Location, SourceFiles, output};
use accolade_init::{Plan, Proposal, propose, survey};
use accolade_parser::Diagnostics;

use super::{report, run};
use crate::args::{BadRowsChoice, DataArgs, EXPLAINED, InitArgs, OutputFormat, ReportArgs, RunArgs};
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::own_inputs::refuse_input;
use crate::progress;
use crate::render::diagnostics;
use crate::terminal;

/// Writes a first rule file from data files.
pub(crate) fn init(arguments: &InitArgs, extensions: &Extensions) -> Result<(), Failure> {
    let target = target(arguments);
    let to_output = target == Path::new("-");
    if to_output && (arguments.run || arguments.report.is_some()) {
        let message = "`--run` and `--report` need a rule file; name one with `--output`";
        return Err(Failure::Message(message.to_owned()));
    }
    let mut inputs = OwnInputs::default();
    for file in &arguments.files {
        let location = file.to_str().and_then(|text| Location::parse(text).ok());
        inputs.add_data("a data file", &location.unwrap_or_else(|| file.clone().into()));
    }
    refuse_input(&inputs, Some(&target))?;
    if !to_output && !arguments.force && target.exists() {
        return add::add(arguments, &target, extensions);
    }
    if arguments.interactive {
        questions::require_terminal()?;
    }
    let mut plan = progress::step("reading", "the files", || survey(&arguments.files)).map_err(failed)?;
    if arguments.interactive {
        questions::ask(&mut plan)?;
    }
    // A rule file on standard output names the data as one in the current folder would.
    let place = if to_output { Path::new("rules.yaml") } else { &target };
    let proposal = propose(&plan, place).map_err(failed)?;
    if to_output {
        write!(terminal::stdout(), "{}", proposal.text)?;
        show_findings(&proposal.doubts)?;
        return Ok(show_findings(&proposal.findings)?);
    }
    write_rules(&target, &proposal.text)?;
    let goes_on = arguments.run || arguments.report.is_some();
    summary(&plan, &proposal, &target, goes_on)?;
    rate(arguments, data_of(target, proposal.unusable), extensions)
}

/// Rates the customers and writes the report, as far as is asked for.
fn rate(arguments: &InitArgs, data: DataArgs, extensions: &Extensions) -> Result<(), Failure> {
    if arguments.run {
        progress::note("")?;
        run::run(&run_arguments(data.clone()), extensions)?;
    }
    if let Some(page) = &arguments.report {
        report::report(&report_arguments(data, page), extensions)?;
    }
    Ok(())
}

fn failed(diagnostics: Diagnostics) -> Failure {
    Failure::Data(Box::new(Findings { diagnostics, files: SourceFiles::default() }), OutputFormat::Text)
}

/// Writes the text of a rule file.
fn write_rules(target: &Path, text: &str) -> Result<(), Failure> {
    output::replace_file(target, |sink| sink.write_all(text.as_bytes()))
        .map_err(|error| Failure::Message(format!("`{}` cannot be written: {error}", target.display())))
}

fn target(arguments: &InitArgs) -> PathBuf {
    let beside = || {
        let first = arguments.files.first().map(PathBuf::as_path).unwrap_or(Path::new(""));
        let folder = if first.is_dir() { first } else { first.parent().unwrap_or(Path::new("")) };
        let folder = folder.strip_prefix(".").unwrap_or(folder);
        folder.join("rules.yaml")
    };
    arguments.output.clone().unwrap_or_else(beside)
}

fn show_findings(findings: &Diagnostics) -> std::io::Result<()> {
    diagnostics::show(&SourceFiles::default(), findings, OutputFormat::Text)
}

/// Prints what was understood, and what to do next.
fn summary(plan: &Plan, proposal: &Proposal, target: &Path, runs: bool) -> Result<(), Failure> {
    for line in plan.summary() {
        progress::note(line)?;
    }
    let customers = proposal.customers;
    let target = target.display();
    let day = plan.as_of_text();
    progress::note(format!(
        "{target} written: {customers} customers at {day}; its comments say where each guess comes from"
    ))?;
    show_findings(&proposal.doubts)?;
    if !runs {
        // With `--run`, the run shows the findings itself.
        show_findings(&proposal.findings)?;
        let rows = match proposal.unusable {
            0 => "",
            1 => " --bad-rows report   # one row cannot be used",
            _ => " --bad-rows report   # some rows cannot be used",
        };
        progress::note(format!("next: accolade run {target}{rows}"))?;
    }
    Ok(())
}

/// The data of a rule file; rows that cannot be used are left out and reported.
fn data_of(rules: PathBuf, unusable: u64) -> DataArgs {
    let bad_rows = if unusable > 0 { BadRowsChoice::Report } else { BadRowsChoice::Fail };
    DataArgs { bad_rows, ..DataArgs::of(rules) }
}

fn run_arguments(data: DataArgs) -> RunArgs {
    RunArgs {
        data,
        cutoffs: None,
        append: false,
        output: None,
        cluster: None,
        shared: None,
        show: Vec::new(),
        guard_formulas: false,
        enforce: false,
        why: false,
        format: OutputFormat::Text,
    }
}

fn report_arguments(data: DataArgs, page: &Path) -> ReportArgs {
    ReportArgs {
        output: page.to_owned(),
        data,
        cutoffs: None,
        explain: EXPLAINED,
        compare_to: None,
        old_rev: None,
        old_as_of: None,
        old_cutoffs: None,
        old_data: None,
        old_sources: Vec::new(),
    }
}
