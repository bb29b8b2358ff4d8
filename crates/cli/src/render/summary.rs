//! The summary of a run, as text for a sales manager.

use std::io::{self, Write};

use accolade_engine::profile::SourceCount;
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
    let read: Vec<String> = outcome.read.iter().map(rows_read).collect();
    writeln!(out, "read: {}", read.join(", "))?;
    if let Some(origin) = &outcome.cut_offs_origin {
        writeln!(out, "{origin}")?;
    }
    for section in sections(set, outcome, only) {
        write!(out, "\n{}\n{}", section.title, table(&section))?;
    }
    out.flush()
}

/// `8214 orders (1203 left out)`
fn rows_read(read: &SourceCount) -> String {
    let rows = rows_of(&read.rows.to_string(), &read.source);
    if read.left_out == 0 { rows } else { format!("{rows} ({} left out)", read.left_out) }
}

/// The parts of the summary that `only` names, or all of them, in order.
fn sections(set: &RuleSet, outcome: &Outcome, only: &[String]) -> Vec<SummaryTable> {
    let is_shown = |table: &SummaryTable| is_shown(table, only);
    let measures: Vec<MeasureTable> = measures(outcome, only).cloned().collect();
    let (top, goals) = (summary::top(set, &outcome.frame, TOP), figures::goals(&outcome.goals));
    let after = top.into_iter().chain(figures::programmes(&outcome.programmes)).chain(goals);
    let rules = summary::sections(set, outcome).into_iter().filter(is_shown);
    rules.chain(figures::measures(&measures)).chain(after.filter(is_shown)).collect()
}

/// Whether `only` names a table, or nothing.
pub(super) fn is_shown(table: &SummaryTable, only: &[String]) -> bool {
    only.is_empty() || only.iter().any(|name| table.is_of(name))
}

/// The measures that `only` names, or all of them; `measures` stands for those that have no groups.
pub(super) fn measures<'a>(outcome: &'a Outcome, only: &'a [String]) -> impl Iterator<Item = &'a MeasureTable> {
    let named = |measure: &&MeasureTable| only.contains(&measure.name);
    let table = |measure: &&MeasureTable| measure.by.is_empty() && only.iter().any(|name| name == "measures");
    outcome.measures.iter().filter(move |measure| only.is_empty() || named(measure) || table(measure))
}

/// The parts that `--show` can name.
pub(crate) fn parts(set: &RuleSet) -> Vec<&str> {
    let measures = set.measures.iter().map(|measure| measure.name.as_str());
    set.rules().chain(measures).chain(["measures", "goals", "top"]).collect()
}

/// The lines of a table of the summary.
pub(super) fn table(section: &SummaryTable) -> String {
    let field = |c: &Cell| Field {
        text: cell::text(c),
        number: cell::is_numeric(c),
        bar: matches!(c, Cell::Bar(_)),
        met: if let Cell::Verdict(met) = c { *met } else { None },
    };
    let rows = section.rows.iter().map(|row| row.iter().map(field).collect()).collect();
    table::lines(&section.columns, rows, 0)
}
