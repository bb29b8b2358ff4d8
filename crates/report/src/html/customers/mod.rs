//! Every customer: a table to search and sort, and an explanation of each, built in the browser from columns.

mod columns;

use accolade_engine::explain::{PageChange, text};
use accolade_engine::frame::value_at;
use accolade_engine::model::SlotId;
use accolade_engine::rules::present::{Cell, cell};
use accolade_engine::rules::set::Step;
use accolade_engine::summary::ranking;
use accolade_engine::{RuleSet, Value};
use serde_json::{Map, Value as Json, json};

use super::{escaped, section};
use crate::report::Report;

/// A page lists every customer up to this number.
const MAX_LISTED: usize = 50_000;
/// The number of customers that a page lists if there are more than [`MAX_LISTED`].
const LISTED_OF_MORE: usize = 1_000;

/// The dialog that explains a customer.
pub(super) const DIALOG: &str = "<dialog id=\"customer\" aria-labelledby=\"customer-name\">\n\
     <form method=\"dialog\"><button aria-label=\"Close\">×</button></form>\n\
     <h2 id=\"customer-name\" tabindex=\"-1\"></h2>\n<div id=\"customer-page\"></div>\n</dialog>\n";

/// The table, which the page's script fills, and the one that replaces it on paper.
pub(super) fn table(report: &Report) -> String {
    let rows = report.outcome.frame.rows;
    let count = |n: usize| cell::text(&Cell::Count(n as u64));
    let note = match (rows > MAX_LISTED, report.metric()) {
        (false, _) => String::new(),
        (true, Some(metric)) => format!(
            "<p class=\"about\">The first {} of {} customers by {}; the classes above count all of them, and <code>accolade \
             run -o results.csv</code> writes all of them.</p>\n",
            count(LISTED_OF_MORE),
            count(rows),
            escaped(metric)
        ),
        (true, None) => {
            format!("<p class=\"about\">The first {} of {} customers.</p>\n", count(LISTED_OF_MORE), count(rows))
        }
    };
    let top = report.top.as_ref().map_or(String::new(), |top| {
        format!(
            "<div class=\"on-paper\">\n{}</div>\n<noscript>\n{}</noscript>\n",
            section::titled(top),
            section::titled(top)
        )
    });
    format!(
        "{note}<div id=\"browse\" class=\"on-screen\" hidden>\n\
         <div class=\"controls\">\n<label for=\"search\">Search</label>\n\
         <input id=\"search\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\" placeholder=\"name, key, class …\">\n\
         <p id=\"found\" role=\"status\" aria-live=\"polite\"></p>\n</div>\n\
         <div class=\"box\" tabindex=\"0\" role=\"region\" aria-label=\"Customers\">\n\
         <table id=\"list\">\n<thead></thead>\n<tbody></tbody>\n</table>\n</div>\n\
         <div class=\"pages\">\n<button id=\"previous\">Previous</button>\n<span id=\"place\"></span>\n\
         <button id=\"next\">Next</button>\n</div>\n</div>\n{top}"
    )
}

/// The data of the page's script: the columns of the customers, and what each is for.
pub(super) fn data(report: &Report) -> Json {
    let (set, outcome) = (&report.set, &report.outcome);
    let frame = &outcome.frame;
    let mut rows = ranking(set, frame);
    if frame.rows > MAX_LISTED {
        rows.truncate(LISTED_OF_MORE);
    }
    let slots: Vec<SlotId> = outcome.output(set).into_iter().filter(|slot| frame.column(*slot).is_some()).collect();
    let at = |slot: &SlotId| slots.iter().position(|other| other == slot);
    let columns: Vec<Json> = slots
        .iter()
        .filter_map(|slot| Some((slot, frame.column(*slot)?)))
        .map(|(slot, column)| {
            let values: Vec<Value> = rows.iter().map(|row| value_at(column, *row)).collect();
            columns::column(outcome.slot(set, *slot), &values)
        })
        .collect();
    let sections = [
        ("administrative", &set.profile.administrative),
        ("quantitative", &set.profile.quantitative),
        ("qualitative", &set.profile.qualitative),
    ];
    let profile: Vec<Json> = sections
        .iter()
        .map(|(name, slots)| json!([name, slots.iter().filter(|slot| **slot != 0).filter_map(at).collect::<Vec<_>>()]))
        .collect();
    let heads: Vec<usize> = report.headings.iter().filter_map(at).collect();
    let searched: Vec<usize> = report.headings.iter().chain(&set.profile.administrative).filter_map(at).collect();
    json!({
        "columns": columns,
        "heads": heads,
        "searched": distinct(searched),
        "profile": profile,
        "rules": rules(report, &at),
        "changes": changes(report, &rows),
        "command": command(report),
    })
}

fn distinct(mut columns: Vec<usize>) -> Vec<usize> {
    columns.sort_unstable();
    columns.dedup();
    columns
}

/// Each rule with the columns of its results and of its reasons.
fn rules(report: &Report, at: &dyn Fn(&SlotId) -> Option<usize>) -> Vec<Json> {
    let set: &RuleSet = &report.set;
    let step = |name: &str| {
        let is_its = |step: &Step| matches!(step, Step::Rule { name: other, .. } if other == name);
        set.steps.iter().position(is_its)
    };
    let rule = |rule: &accolade_engine::summary::RuleSummary| {
        let step = step(&rule.rule);
        let slots = step.map(|step| set.steps[step].fills()).unwrap_or_default();
        let parts: Vec<usize> = slots.iter().filter_map(at).collect();
        let why = step.and_then(|step| at(&report.outcome.reason_slot(step)?));
        json!({"name": rule.rule, "about": rule.description, "parts": parts, "why": why})
    };
    report.rules.iter().map(rule).collect()
}

/// The nearest changes of each explained customer, by its index in `rows`: rule, label and change.
fn changes(report: &Report, rows: &[usize]) -> Map<String, Json> {
    let mut place = vec![None; report.outcome.frame.rows];
    rows.iter().enumerate().for_each(|(index, row)| place[*row] = Some(index));
    let change = |change: &PageChange| {
        let moves: Vec<String> = change.moves.iter().map(text::change).collect();
        json!([report.rules.iter().position(|rule| rule.rule == change.rule), change.label, moves.join(" and ")])
    };
    let page = |(row, page): &(usize, accolade_engine::explain::CustomerPage)| {
        let changes: Vec<Json> = page.changes.iter().map(change).collect();
        Some((place[*row]?.to_string(), Json::Array(changes)))
    };
    report.pages.iter().filter_map(page).collect()
}

/// The command that explains a customer, without the customer's key.
fn command(report: &Report) -> String {
    let rules = report.files.all().first().map_or(String::new(), |file| file.path.display().to_string());
    format!("accolade explain {rules} --customer ")
}
