//! A run's summary as a sales manager reads it.

use std::io::{self, Write};

use accolade_engine::goals::Standing;
use accolade_engine::summary::{self, Section};
use accolade_engine::{Outcome, RuleSet, show};
use comfy_table::{CellAlignment, Table, presets};

use super::cell;

/// How many customers the last table lists.
const TOP: usize = 10;

/// Prints the head, each rule's tables, the goals and the best customers.
pub(crate) fn show(set: &RuleSet, outcome: &Outcome) -> io::Result<()> {
    let mut out = io::BufWriter::new(anstream::stdout());
    let currency = set.currency.as_ref().map_or(String::new(), |c| format!(", amounts in {c}"));
    let name = if set.name.is_empty() { String::new() } else { format!("{}: ", set.name) };
    let customers = if outcome.frame.rows == 1 { "customer" } else { "customers" };
    let date = show::date(outcome.as_of);
    writeln!(out, "{name}{} {customers} at {date}{currency}", outcome.frame.rows)?;
    let read: Vec<String> = outcome.read.iter().map(|r| format!("{} {}", r.rows, r.source)).collect();
    writeln!(out, "read: {}", read.join(", "))?;
    let sections = summary::sections(set, &outcome.frame).into_iter().chain(summary::top(set, &outcome.frame, TOP));
    for section in sections {
        writeln!(out, "\n{}\n{}", section.title, table(&section))?;
    }
    if !outcome.goals.is_empty() {
        writeln!(out, "\ngoals")?;
        outcome.goals.iter().try_for_each(|goal| writeln!(out, "  {}", standing(goal)))?;
    }
    out.flush()
}

fn standing(goal: &Standing) -> String {
    let verdict = match goal.met {
        Some(true) => "met",
        Some(false) => "not met",
        None => "no data",
    };
    let actual = goal.actual.map_or(String::new(), |actual| {
        format!(": {:.1}% ({} of {} customers kept)", actual * 100.0, goal.customers.1, goal.customers.0)
    });
    format!("{}: {verdict}{actual}, target {}", goal.name, goal.target)
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
