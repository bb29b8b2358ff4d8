//! `accolade explain`

use std::io::Write;

use accolade_engine::{RuleSet, RunOptions, explain};
use accolade_parser::did_you_mean;

use crate::args::{ExplainArgs, ExplanationFormat, OutputFormat};
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::input::CommandSession;
use crate::render::explanation;
use crate::terminal;

/// Explains why customers have their results, and what would change them.
pub(crate) fn explain(arguments: &ExplainArgs, extensions: &Extensions) -> Result<(), Failure> {
    let output = if arguments.format == ExplanationFormat::Json { OutputFormat::Json } else { OutputFormat::Text };
    let opened = CommandSession::new(extensions, &arguments.data, output)?;
    opened.protect_inputs(arguments.cutoffs.as_deref(), None)?;
    check_rules(&opened.session.set, &arguments.only)?;
    let options = RunOptions { rows_used: true, ..RunOptions::default() };
    let (inputs, outcome) = opened.run(arguments.cutoffs.as_deref(), options)?;
    let explanations = opened.each_customer((&inputs, &outcome), &arguments.of.all(), |rater, row| {
        explain::explain(rater, outcome.usage(), &outcome.frame.record(row), &arguments.only, outcome.beyond_cut_offs())
    })?;
    let head = explanation::ExplanationHead::new(&opened.session, &outcome);
    let page = match arguments.format {
        ExplanationFormat::Text => explanation::text::page(&head, &explanations),
        ExplanationFormat::Markdown => explanation::markdown::page(&head, &explanations),
        ExplanationFormat::Json => format!("{}\n", explanation::data::document(&head, &explanations)),
        ExplanationFormat::Yaml => explanation::data::yaml(&head, &explanations),
    };
    if output == OutputFormat::Text {
        opened.show(&outcome.findings)?;
    }
    Ok(write!(terminal::stdout(), "{page}")?)
}

fn check_rules(set: &RuleSet, asked: &[String]) -> Result<(), Failure> {
    let Some(rule) = asked.iter().find(|rule| !set.rules().any(|name| name == **rule)) else { return Ok(()) };
    let hint = did_you_mean(rule, set.rules(), "its rules are");
    Err(Failure::Message(format!("the rule file has no rule `{rule}`; {hint}")))
}
