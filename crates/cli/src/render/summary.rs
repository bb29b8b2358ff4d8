//! The summary of a run, as text for a sales manager.

use std::io::{self, Write};

use accolade_engine::rules::measures::MeasureTable;
use accolade_engine::rules::present::{Cell, SummaryTable};
use accolade_engine::summary::figures;
use accolade_engine::{Outcome, RuleSet, show, summary};
use accolade_parser::count;

use super::table::{self, Field};
use super::{cell, rows_of};
use crate::terminal;

/// The number of customers in the table of the best.
const TOP: usize = 10;

/// Prints the head, each rule's tables, the measures, the best customers, the programmes and the goals.
/// If `only` is not empty, prints only the parts that it names.
pub(crate) fn show(set: &RuleSet, outcome: &Outcome, only: &[String]) -> io::Result<()> {
    let mut out = io::BufWriter::new(terminal::stdout());
    let currency = set.currency.as_ref().map_or(String::new(), |c| format!(", amounts in {c}"));
    let name = if set.name.is_empty() { String::new() } else { format!("{}: ", set.name) };
    let date = show::date(outcome.as_of);
    writeln!(out, "{name}{} at {date}{currency}", count(outcome.frame.rows, "customer"))?;
    let read: Vec<String> = outcome.read.iter().map(|r| rows_of(&r.rows.to_string(), &r.source)).collect();
    writeln!(out, "read: {}", read.join(", "))?;
    for section in sections(set, outcome, only) {
        write!(out, "\n{}\n{}", section.title, table(&section))?;
    }
    out.flush()
}

/// The parts of the summary that `only` names, or all of them, in order.
fn sections(set: &RuleSet, outcome: &Outcome, only: &[String]) -> Vec<SummaryTable> {
    let measures: Vec<MeasureTable> =
        outcome.measures.iter().filter(|measure| is_asked(only, "measures", &measure.name)).cloned().collect();
    let mut sections = summary::sections(set, outcome);
    let of_measures = figures::measures(&measures);
    let others = [
        summary::top(set, &outcome.frame, TOP).into_iter().collect(),
        figures::programmes(&outcome.programmes),
        figures::goals(&outcome.goals).into_iter().collect::<Vec<_>>(),
    ];
    sections.retain(|section| is_shown(section, only));
    sections.extend(of_measures);
    sections.extend(others.into_iter().flatten().filter(|section| is_shown(section, only)));
    sections
}

/// Whether `only` names a table, or nothing.
pub(super) fn is_shown(section: &SummaryTable, only: &[String]) -> bool {
    only.is_empty() || only.iter().any(|name| section.is_of(name))
}

/// Whether `only` names an entry or its section, or nothing.
pub(super) fn is_asked(only: &[String], section: &str, name: &str) -> bool {
    only.is_empty() || only.iter().any(|asked| asked == section || asked == name)
}

/// The parts that `--show` can name.
pub(crate) fn parts(set: &RuleSet) -> Vec<&str> {
    let measures = set.measures.iter().map(|measure| measure.name.as_str());
    set.rules().chain(measures).chain(["measures", "goals", "top"]).collect()
}

fn table(section: &SummaryTable) -> String {
    let field = |c: &Cell| Field {
        text: cell::text(c),
        number: cell::is_numeric(c),
        bar: matches!(c, Cell::Bar(_)),
        met: if let Cell::Verdict(met) = c { *met } else { None },
    };
    let rows = section.rows.iter().map(|row| row.iter().map(field).collect()).collect();
    table::lines(&section.columns, rows, 0)
}
