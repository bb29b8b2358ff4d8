//! Writes a suggested suite as YAML.

use std::path::Path;

use accolade_engine::frame::value_at;
use accolade_engine::rules::present::cell;
use accolade_engine::run::Outcome;
use accolade_engine::{RuleSet, show};

use super::CustomerGroup;
use crate::run::number_text;
use crate::suite::{Case, GivenData, GivenRow, Suite};

/// One case that expects its actual results.
pub(super) fn case(set: &RuleSet, group: &CustomerGroup, case: &Case, outcome: &Outcome, keys: &[String]) -> String {
    let computed = if group.computed { "    cutoffs: computed\n" } else { "" };
    let mut out = format!("  {}:\n{computed}    given:\n      profile:\n", scalar(&group.name));
    let rows = match case.given.get("profile") {
        Some(GivenData::Rows(rows, _)) => rows.as_slice(),
        _ => &[],
    };
    rows.iter().for_each(|given| out += &format!("        - {}\n", row(given)));
    if let Some(goal) = &group.goal {
        let met = cell::verdict(outcome.goals.iter().find(|g| g.name == *goal).and_then(|g| g.met));
        return out + &format!("    expect:\n      goals: {{{}: {met}}}\n", scalar(goal));
    }
    out += "    expect:\n      customers:\n";
    for given in rows {
        let Some(key) = given.cells.values().next().and_then(|c| c.text.clone()) else { continue };
        let Some(at) = keys.iter().position(|k| *k == key) else { continue };
        let fields = group.shown.iter().filter_map(|slot| {
            let described = &set.demand.slots[*slot];
            let value = value_at(outcome.frame.column(*slot)?, at);
            Some(format!("{}: {}", described.name, expected(&number_text(&value, described.ty), value.is_null())))
        });
        out += &format!("        {}: {{{}}}\n", scalar(&key), fields.collect::<Vec<_>>().join(", "));
    }
    out
}

/// The whole file.
pub(super) fn suite(rules: &Path, run: &Outcome, suite: &Suite, cases: &[String]) -> String {
    let file = rules.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let mut out = format!(
        "# Cases at every threshold and for every condition of {file}, made by `accolade test --suggest`.\n\
         # They expect the present results of the rules. Review them: they are not known to be right.\n\
         rules: {}\nas_of: {}\n",
        scalar(&file),
        show::date(run.as_of)
    );
    if !suite.cut_offs.is_empty() {
        out += "cutoffs:\n";
        for (rule, lists) in &suite.cut_offs {
            // JSON is YAML, and keeps a rule's lists on one line.
            out += &format!("  {}: {}\n", scalar(rule), serde_json::to_string(lists).unwrap_or_default());
        }
    }
    out += "defaults:\n";
    for (table, defaults) in suite.defaults.iter().filter(|(_, row)| !row.cells.is_empty()) {
        out += &format!("  {}: {}\n", scalar(table), row(defaults));
    }
    out += "cases:\n";
    out += &cases.join("\n");
    out
}

fn row(row: &GivenRow) -> String {
    let cells = row.cells.iter().map(|(name, cell)| match &cell.text {
        Some(text) => format!("{}: {}", scalar(name), scalar(text)),
        None => format!("{}: missing", scalar(name)),
    });
    format!("{{{}}}", cells.collect::<Vec<_>>().join(", "))
}

fn expected(text: &str, missing: bool) -> String {
    if missing { "missing".to_owned() } else { scalar(text) }
}

/// A text as a YAML scalar in a flow mapping, quoted where it must be.
fn scalar(text: &str) -> String {
    let plain = !text.is_empty()
        && !["missing", "null", "Null", "NULL"].contains(&text)
        && text.chars().all(|c| c.is_alphanumeric() || " _.=-%".contains(c))
        && text.starts_with(|c: char| c.is_alphanumeric() || c == '-' && text.len() > 1 && !text.starts_with("- "))
        && !text.ends_with(' ');
    if plain { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}
