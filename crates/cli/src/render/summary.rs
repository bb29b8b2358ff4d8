//! The summary of a run, as text for a sales manager.

use accolade_parser::count;
use std::io::{self, Write};

use accolade_engine::rules::present::{Cell, SummaryTable};
use accolade_engine::summary::figures;
use accolade_engine::{Outcome, RuleSet, show, summary};

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
    let wanted = |section: &SummaryTable| only.is_empty() || only.iter().any(|name| section.is_of(name));
    for section in sections(set, outcome).into_iter().filter(wanted) {
        write!(out, "\n{}\n{}", section.title, table(&section))?;
    }
    out.flush()
}

/// Every part of the summary, in order.
fn sections(set: &RuleSet, outcome: &Outcome) -> Vec<SummaryTable> {
    let mut sections = summary::sections(set, outcome);
    sections.extend(figures::measures(&outcome.measures));
    sections.extend(summary::top(set, &outcome.frame, TOP));
    sections.extend(figures::programmes(&outcome.programmes));
    sections.extend(figures::goals(&outcome.goals));
    sections
}

/// The parts that `--show` can name.
pub(crate) fn parts(set: &RuleSet) -> Vec<&str> {
    let grouped = set.measures.iter().filter(|measure| !measure.by.is_empty()).map(|measure| measure.name.as_str());
    set.rules().chain(grouped).chain(["measures", "goals", "top"]).collect()
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
