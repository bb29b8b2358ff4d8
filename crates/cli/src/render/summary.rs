//! A run's summary as a sales manager reads it.

use std::io::{self, Write};

use accolade_engine::rules::present::Section;
use accolade_engine::rules::set::Step;
use accolade_engine::summary::figures;
use accolade_engine::{Outcome, RuleSet, show, summary};
use comfy_table::{CellAlignment, Table, presets};

use super::cell;

/// How many customers the last table lists.
const TOP: usize = 10;

/// Prints the head, each rule's tables, the measures, the best customers, the programmes and the goals.
/// With `only`, nothing but the parts it names.
pub(crate) fn show(set: &RuleSet, outcome: &Outcome, only: &[String]) -> io::Result<()> {
    let mut out = io::BufWriter::new(anstream::stdout());
    let currency = set.currency.as_ref().map_or(String::new(), |c| format!(", amounts in {c}"));
    let name = if set.name.is_empty() { String::new() } else { format!("{}: ", set.name) };
    let customers = if outcome.frame.rows == 1 { "customer" } else { "customers" };
    let date = show::date(outcome.as_of);
    writeln!(out, "{name}{} {customers} at {date}{currency}", outcome.frame.rows)?;
    let read: Vec<String> = outcome.read.iter().map(|r| format!("{} {}", r.rows, r.source)).collect();
    writeln!(out, "read: {}", read.join(", "))?;
    let wanted = |section: &Section| only.is_empty() || only.iter().any(|name| section.is_of(name));
    for section in sections(set, outcome).into_iter().filter(wanted) {
        writeln!(out, "\n{}\n{}", section.title, table(&section))?;
    }
    out.flush()
}

/// Every part of the summary, in order.
fn sections(set: &RuleSet, outcome: &Outcome) -> Vec<Section> {
    let mut sections = summary::sections(set, &outcome.frame);
    sections.extend(figures::measures(&outcome.measures));
    sections.extend(summary::top(set, &outcome.frame, TOP));
    sections.extend(figures::programmes(&outcome.programmes));
    sections.extend(figures::goals(&outcome.goals));
    sections
}

/// What can be asked for by name.
pub(crate) fn parts(set: &RuleSet) -> Vec<&str> {
    let rules = set.steps.iter().filter_map(|step| match step {
        Step::Rule { name, .. } => Some(name.as_str()),
        Step::Metric { .. } => None,
    });
    let grouped = set.measures.iter().filter(|measure| !measure.by.is_empty()).map(|measure| measure.name.as_str());
    rules.chain(grouped).chain(["measures", "goals", "top"]).collect()
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
