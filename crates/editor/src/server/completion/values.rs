//! What can be the value of a key.

use std::path::Path;

use lsp_types::CompletionItemKind as Kind;

use super::keys::kind_of;
use super::{Proposal, World, expression};
use crate::server::context::Context;
use crate::server::documents::Sort;

/// The notations of columns' types.
const TYPES: &[&str] = &["text", "integer", "number", "money", "percent", "boolean", "date", "datetime"];

const PERIODS: &[&str] = &["last 12 months", "last 3 months", "last 4 quarters", "12 months before ", "2025-01-01 .. 2025-12-31"];

const CUTS: &[&str] = &["top 80%", "next 15%", "own 20%", "top 20% of customers", "top 50 customers", "next 100 customers", "rest"];

const BINS: &[&str] = &["5 by value", "5 by rank", "5 by r_package", "5 by value nested"];

fn words(words: &[&str]) -> Vec<Proposal> {
    words.iter().map(|word| Proposal::new(*word, Kind::ENUM_MEMBER, "")).collect()
}

/// The words a key takes, by kind of rule; they stand in the documentation of the key.
fn choices(world: &World, rule: &str, key: &str) -> Vec<Proposal> {
    let kind = kind_of(world, rule);
    let kind = world.plugins.kinds().iter().find(|k| Some(k.name) == kind.as_deref());
    let Some(key) = kind.and_then(|kind| kind.keys.iter().find(|k| k.name == key)) else { return Vec::new() };
    let quoted = key.doc.split('`').skip(1).step_by(2);
    let plain = |word: &&str| word.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    quoted.filter(plain).map(|word| Proposal::new(word, Kind::ENUM_MEMBER, key.doc)).collect()
}

/// The proposals for the value at the cursor.
pub(super) fn at(world: &World, context: &Context) -> Vec<Proposal> {
    let path = context.words();
    if world.sort == Sort::Tests {
        return of_tests(world, context, &path);
    }
    let expression = |measure| expression::at(world, &context.text, measure);
    match path.as_slice() {
        ["accolade"] => words(&["1"]),
        ["currency"] => words(&["EUR", "USD", "GBP", "CHF", "SEK"]),
        ["include" | "override", ..] | ["sources", _, "file"] => files(world.path, &context.text, None),
        ["sources", _, "format"] => words(&["csv", "parquet", "ndjson"]),
        ["sources", _, "decimal"] => words(&[".", ","]),
        ["sources", _, "date_order"] => words(&["year_first", "day_first", "month_first"]),
        ["sources", _, "delimiter"] => words(&[";", "tab", "|"]),
        ["sources", source, "key" | "customer" | "date"] => own_columns(world, source),
        ["sources", _, "columns", _] | ["functions", _, "arguments", _] | ["functions", _, "returns"] => words(TYPES),
        ["functions", _, "script"] | ["rules", .., "script"] => files(world.path, &context.text, Some("rhai")),
        ["periods", _] => {
            let mut proposals = if context.text.trim().is_empty() { words(PERIODS) } else { Vec::new() };
            if context.text.contains("before ") {
                proposals.extend(expression::periods(world));
            } else if !context.text.trim().is_empty() {
                proposals.extend(words(&["days", "weeks", "months", "quarters", "years", "before"]));
            }
            proposals
        }
        ["profile", "administrative" | "quantitative" | "qualitative", "-"] => expression::fields(world),
        ["profile", _, _] => expression(false),
        ["measures", _] | ["measures" | "goals", _, "measure"] => expression(true),
        ["goals", _, "programme"] => expression::programmes(world),
        ["programmes", _, "period" | "before"] | ["rules", _, "period" | "before" | "now"] => {
            expression::periods(world)
        }
        ["programmes", _, "members" | "control" | "margin" | "by"]
        | ["programmes", _, "by", "-"]
        | ["programmes", _, "cost", _] => expression(false),
        ["rules", _, "kind"] => {
            let kinds = world.plugins.kinds().iter();
            kinds.map(|k| Proposal::new(k.name, Kind::CLASS, k.summary).doc(super::keys::kind_doc(k))).collect()
        }
        [.., "description" | "advice" | "label"] | ["name" | "as_of"] => Vec::new(),
        ["rules", _, "bins"] => words(BINS),
        ["rules", _, "criteria", _, "weight"] => Vec::new(),
        ["rules", _, "cells", ..] => Vec::new(),
        ["rules", rule, "classes" | "layers", _] => cuts(world, rule),
        ["rules", _, "grades", _] => words(&["rest", ">= "]),
        ["rules", .., "percentile" | "lower_is_better"] => words(&["true"]),
        ["rules", _, "rows" | "columns", "cuts", "-"] => words(&["median"]),
        ["rules", rule, key] => {
            let mut proposals = choices(world, rule, key);
            if !matches!(*key, "missing" | "hit" | "boundary" | "per" | "weights" | "scale") {
                proposals.extend(expression(false));
            }
            proposals
        }
        ["rules", ..] => expression(false),
        _ => Vec::new(),
    }
}

/// The cuts of classes; those of an ABC analysis name its metric.
fn cuts(world: &World, rule: &str) -> Vec<Proposal> {
    let mut proposals = Vec::new();
    if let Some(by) = super::keys::value_in(world.text, &["rules", rule, "by"]) {
        proposals.extend([format!("top 80% of {by}"), format!("next 15% of {by}")].map(|cut| Proposal::new(cut, Kind::ENUM_MEMBER, "")));
    }
    proposals.extend(words(CUTS));
    proposals
}

/// The declared columns of a source.
fn own_columns(world: &World, source: &str) -> Vec<Proposal> {
    let file = world.analysis.and_then(|a| a.compilation.as_ref()).and_then(|c| c.written.as_ref());
    let columns = file.and_then(|file| file.sources.get(source)).into_iter().flat_map(|s| s.columns.values());
    columns.map(|c| Proposal::new(c.name.value.as_str(), Kind::FIELD, c.kind.value.to_string())).collect()
}

/// Files below the folder of the document, as they are named from there.
fn files(document: &Path, written: &str, ending: Option<&str>) -> Vec<Proposal> {
    let Some(folder) = document.parent() else { return Vec::new() };
    let within = written.rsplit_once('/').map_or("", |(within, _)| within);
    let Ok(entries) = std::fs::read_dir(folder.join(within)) else { return Vec::new() };
    let mut found: Vec<String> = entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let name = path.file_name()?.to_str()?.to_owned();
            let wanted = ending.is_none_or(|ending| path.extension().is_some_and(|e| e == ending));
            let shown = if within.is_empty() { name } else { format!("{within}/{name}") };
            match path.is_dir() {
                true => Some(format!("{shown}/")),
                false => (wanted && path != document).then_some(shown),
            }
        })
        .filter(|name| !name.starts_with('.'))
        .collect();
    found.sort();
    found.into_iter().map(|name| Proposal::new(name, Kind::FILE, "")).collect()
}

fn of_tests(world: &World, context: &Context, path: &[&str]) -> Vec<Proposal> {
    match path {
        ["rules"] | ["cases", _, "table" | "before"] => files(world.path, &context.text, None),
        ["cases", _, "cutoffs"] => words(&["computed"]),
        ["cases", _, "expect", "goals", _] => words(&["met", "not met", "no data"]),
        ["cases", _, "expect", "diagnostics", "-"] => {
            let codes = accolade_parser::code::CODES.iter();
            codes.map(|(code, title)| Proposal::new(*code, Kind::ENUM_MEMBER, *title)).collect()
        }
        ["cases", _, "expect", "customers", _, field] | ["cases", _, "given", "profile", "-", field] => {
            let labels = expression::labels(world, field).into_iter();
            labels.map(|label| Proposal::new(label, Kind::ENUM_MEMBER, *field)).collect()
        }
        ["cases", _, "expect", "population", "-"] => expression::at(world, &context.text, true),
        _ => Vec::new(),
    }
}
