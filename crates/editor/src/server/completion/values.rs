//! Completion of values.

use std::path::Path;

use accolade_engine::model::TimeZone;
use accolade_engine::rules::analysis::{Notation, Shape};
use accolade_parser::syntax::key::NameKind;
use lsp_types::CompletionItemKind as Kind;

use super::{Candidate, CompletionInput, expression, keys};
use crate::server::context::CursorContext;

/// Frequent periods, cuts and bins.
const PERIODS: &[&str] =
    &["last 12 months", "last 3 months", "last 4 quarters", "12 months before ", "2025-01-01 .. 2025-12-31"];
const CUTS: &[&str] = &["top 80%", "next 15%", "own 20%", "top 20% of customers", "next 30% of customers", "rest"];
const BINS: &[&str] = &["5 by value", "5 by rank", "5 by r_package", "5 by value nested"];
const TYPES: &[&str] = &["text", "integer", "number", "money", "percent", "boolean", "date", "datetime"];
const UNITS: &[&str] = &["days", "weeks", "months", "quarters", "years", "before"];
const CURRENCIES: &[&str] = &["EUR", "USD", "GBP", "CHF", "SEK"];

fn words(words: &[&str]) -> Vec<Candidate> {
    words.iter().map(|word| Candidate::new(*word, Kind::ENUM_MEMBER, "")).collect()
}

/// The proposals for the value at the cursor.
pub(super) fn value_candidates(world: &CompletionInput, context: &CursorContext) -> Vec<Candidate> {
    let path = context.words();
    let special = match path.as_slice() {
        ["cases", _, "expect", "customers", _, field] | ["cases", _, "given", "profile", "-", field] => {
            let labels = expression::labels(world, field).into_iter();
            labels.map(|label| Candidate::new(label, Kind::ENUM_MEMBER, *field)).collect()
        }
        ["cases", _, "expect", "goals", _] => words(&["met", "not met", "no data"]),
        ["cases", _, "expect", "population", "-"] => expression::expression_candidates(world, &context.text, true),
        ["profile", _, "-"] => expression::fields(world),
        ["rules", _, "cells", ..] => return Vec::new(),
        ["rules", _, "rows" | "columns", "cuts", "-"] => words(&["median"]),
        _ => Vec::new(),
    };
    if !special.is_empty() {
        return special;
    }
    keys::shapes(world, &path).into_iter().flat_map(|shape| of_shape(world, context, shape)).collect()
}

fn of_shape(world: &CompletionInput, context: &CursorContext, shape: Shape) -> Vec<Candidate> {
    let path = context.words();
    match shape {
        // Inside a quoted text, no word of the language is meant.
        Shape::Word(_) if expression::is_in_quotes(&context.text) => Vec::new(),
        Shape::Word(choices) => words(choices),
        Shape::Boolean => words(&["true", "false"]),
        Shape::Currency => words(CURRENCIES),
        Shape::TimeZone => TimeZone::names().map(|name| Candidate::new(name, Kind::ENUM_MEMBER, "")).collect(),
        Shape::Character => words(&[";", "tab", "|"]),
        Shape::File => {
            let script = path.last().is_some_and(|key| *key == "script");
            files(world.path, &context.text, script.then_some("rhai"))
        }
        Shape::Name(sort) => names(world, &path, sort),
        Shape::Notation(Notation::Expression) if path.first() == Some(&"sources") => {
            expression::row_candidates(world, path.get(1).copied().unwrap_or_default(), &context.text)
        }
        Shape::Notation(Notation::Expression) => expression::expression_candidates(world, &context.text, false),
        Shape::Notation(Notation::Measure) => expression::expression_candidates(world, &context.text, true),
        Shape::Notation(Notation::ClassCut) => cuts(world, path.get(1).copied().unwrap_or_default()),
        Shape::Notation(Notation::Bins) => words(BINS),
        Shape::Notation(Notation::ColumnType) => words(TYPES),
        Shape::Notation(Notation::Pattern) => words(&[">= ", "< ", "rest"]),
        Shape::Notation(Notation::Period) => period(world, &context.text),
        _ => Vec::new(),
    }
}

/// The defined names of a kind.
fn names(world: &CompletionInput, path: &[&str], sort: NameKind) -> Vec<Candidate> {
    match sort {
        NameKind::Column => expression::columns(world, path.get(1).copied().unwrap_or_default()),
        NameKind::Source => expression::sources(world),
        NameKind::Period => expression::periods(world),
        NameKind::Programme => expression::programmes(world),
        NameKind::Field => expression::fields(world),
        NameKind::Entry => expression::entries(world),
        NameKind::Kind => {
            let kinds = world.plugins.kinds().iter();
            kinds.map(|k| Candidate::new(k.name, Kind::CLASS, k.summary).doc(keys::kind_doc(k))).collect()
        }
        NameKind::Code => {
            let codes = accolade_parser::code::CODES.iter();
            codes.map(|(code, title)| Candidate::new(code.id(), Kind::ENUM_MEMBER, *title)).collect()
        }
    }
}

fn period(world: &CompletionInput, written: &str) -> Vec<Candidate> {
    if written.contains("before ") {
        return expression::periods(world);
    }
    words(if written.trim().is_empty() { PERIODS } else { UNITS })
}

/// The cuts of classes; those of an ABC analysis name its metric.
fn cuts(world: &CompletionInput, rule: &str) -> Vec<Candidate> {
    let mut proposals = Vec::new();
    if let Some(by) = keys::value_in(world.text, &["rules", rule, "by"]) {
        proposals.extend(
            [format!("top 80% of {by}"), format!("next 15% of {by}")]
                .map(|cut| Candidate::new(cut, Kind::ENUM_MEMBER, "")),
        );
    }
    proposals.extend(words(CUTS));
    proposals
}

/// Files below the folder of the document, with paths relative to it.
fn files(document: &Path, written: &str, ending: Option<&str>) -> Vec<Candidate> {
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
    found.into_iter().map(|name| Candidate::new(name, Kind::FILE, "")).collect()
}
