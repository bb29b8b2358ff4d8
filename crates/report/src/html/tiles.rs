//! The figures at the top of the page.

use accolade_engine::rules::present::{Cell, cell};
use accolade_engine::summary;
use accolade_parser::plural;

use super::escaped;
use crate::report::Report;

/// The number of customers, their total, the goals met and the warnings.
pub(super) fn tiles(report: &Report) -> String {
    let outcome = &report.outcome;
    let count = |n: usize| cell::text(&Cell::Count(n as u64));
    let mut tiles = vec![("customers".to_owned(), count(outcome.frame.rows), "#customers")];
    if let Some((name, total)) = summary::total(&report.set, &outcome.frame) {
        let currency = report.set.currency.as_ref().map_or(String::new(), |currency| format!(" {currency}"));
        tiles.push((name, cell::text(&total) + &currency, "#rule-1"));
    }
    if !outcome.goals.is_empty() {
        let met = outcome.goals.iter().filter(|goal| goal.met == Some(true)).count();
        tiles.push(("goals met".to_owned(), format!("{met} of {}", outcome.goals.len()), "#goals"));
    }
    if !report.findings.is_empty() {
        tiles.push((plural(report.findings.len(), "warning"), count(report.findings.len()), "#warnings"));
    }
    let tile = |(name, value, link): &(String, String, &str)| {
        format!("<li><a href=\"{link}\"><strong>{}</strong> {}</a></li>\n", escaped(value), escaped(name))
    };
    format!("<ul class=\"tiles\">\n{}</ul>\n", tiles.iter().map(tile).collect::<String>())
}
