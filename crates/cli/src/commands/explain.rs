//! `accolade explain`

use std::io::Write;

use accolade_engine::explain::Explanation;
use accolade_engine::rules::set::Step;
use accolade_engine::{Event, RuleSet, RunOptions, explain, show};
use accolade_parser::suggest;

use crate::args::{Explain, Output, Page};
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::input;
use crate::input::Opened;
use crate::render::explanation;

/// Says why customers have their results, and what would change them.
pub(crate) fn explain(arguments: &Explain, extensions: &Extensions) -> Result<(), Failure> {
    let output = if arguments.format == Page::Json { Output::Json } else { Output::Text };
    let opened = Opened::new(extensions, &arguments.data, output)?;
    known_rules(&opened.session.set, &arguments.only)?;
    let options = RunOptions { rows_used: true, ..RunOptions::default() };
    let (inputs, outcome) = opened.run(arguments.cutoffs.as_deref(), options)?;
    let set = &opened.session.set;
    let mut explanations: Vec<Explanation> = Vec::new();
    let rater = outcome.rater(set);
    let working = inputs.observer.working();
    for (done, key) in arguments.customers.iter().enumerate() {
        inputs.observer.tell(Event::Step { work: "explaining", name: key, done, of: arguments.customers.len() });
        let row = input::customer(&outcome, key)?;
        let explained = explain::explain(&rater, outcome.usage(), &outcome.frame.record(row), &arguments.only);
        explanations.push(explained.map_err(|findings| opened.failed(findings))?);
    }
    drop(working);
    let head = explanation::Head {
        set,
        files: &opened.session.files,
        as_of: show::date(outcome.as_of),
        saved: arguments.cutoffs.as_deref(),
    };
    let page = match arguments.format {
        Page::Text => explanation::text::page(&head, &explanations),
        Page::Markdown => explanation::markdown::page(&head, &explanations),
        Page::Json => format!("{}\n", explanation::data::document(&head, &explanations)),
        Page::Yaml => explanation::data::yaml(&head, &explanations),
    };
    if output == Output::Text {
        opened.show(&outcome.findings)?;
    }
    Ok(write!(anstream::stdout(), "{page}")?)
}

fn known_rules(set: &RuleSet, asked: &[String]) -> Result<(), Failure> {
    let names: Vec<&str> = set
        .steps
        .iter()
        .filter_map(|step| if let Step::Rule { name, .. } = step { Some(name.as_str()) } else { None })
        .collect();
    match asked.iter().find(|rule| !names.contains(&rule.as_str())) {
        None => Ok(()),
        Some(rule) => {
            let hint = match suggest(rule, names.iter().copied()) {
                Some(name) => format!("; did you mean `{name}`?"),
                None => format!("; its rules are {}", names.join(", ")),
            };
            Err(Failure::Io(format!("the rule file has no rule `{rule}`{hint}")))
        }
    }
}
