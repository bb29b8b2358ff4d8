//! A run's summary as a sales manager reads it.

use std::io::{self, Write};

use accolade_engine::summary::{self, Section, figures};
use accolade_engine::{Outcome, RuleSet, show};
use comfy_table::{CellAlignment, Table, presets};

use super::cell;

/// How many customers the last table lists.
const TOP: usize = 10;

/// Prints the head, each rule's tables, the measures, the best customers, the programmes and the goals.
pub(crate) fn show(set: &RuleSet, outcome: &Outcome) -> io::Result<()> {
    let mut out = io::BufWriter::new(anstream::stdout());
    let currency = set.currency.as_ref().map_or(String::new(), |c| format!(", amounts in {c}"));
    let name = if set.name.is_empty() { String::new() } else { format!("{}: ", set.name) };
    let customers = if outcome.frame.rows == 1 { "customer" } else { "customers" };
    let date = show::date(outcome.as_of);
    writeln!(out, "{name}{} {customers} at {date}{currency}", outcome.frame.rows)?;
    let read: Vec<String> = outcome.read.iter().map(|r| format!("{} {}", r.rows, r.source)).collect();
    writeln!(out, "read: {}", read.join(", "))?;
    let sections = summary::sections(set, &outcome.frame)
        .into_iter()
        .chain(figures::measures(&outcome.measures))
        .chain(summary::top(set, &outcome.frame, TOP))
        .chain(figures::programmes(&outcome.programmes))
        .chain(figures::goals(&outcome.goals));
    for section in sections {
        writeln!(out, "\n{}\n{}", section.title, table(&section))?;
    }
    out.flush()
}

fn table(section: &Section) -> String {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_header(&section.columns);
    for row in &section.rows {
        table.add_row(row.iter().map(|c| {
            let text = comfy_table::Cell::new(cell::text(c));
            if cell::is_numeric(c) { text.set_alignment(CellAlignment::Right) } else { text }
        }));
    }
    // Trailing blanks help nobody and break comparisons.
    table.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}
