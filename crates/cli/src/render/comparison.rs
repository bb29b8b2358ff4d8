//! Comparisons as text, as JSON, and as a CSV list of moves.

use std::collections::BTreeMap;
use std::io;
use std::io::Write;

use accolade_engine::compare::{Cause, ClassLabel, Comparison, Migration, MovedCustomer, RuleFilePair};
use accolade_engine::output::{FormulaText, json_value};
use accolade_engine::rules::present::Cell;
use accolade_engine::{CutOffsOrigin, Type, Value, show};
use accolade_parser::plural;
use serde_json::{Value as Json, json};

use super::cell;
use super::json::cut_offs;
use super::table::{self, Field};

/// What is compared.
pub(crate) struct ComparisonHead<'a> {
    pub(crate) pair: &'a RuleFilePair,
    /// The dates, in days since 1970-01-01.
    pub(crate) old: i32,
    pub(crate) new: i32,
}

/// The number of moves that the text lists for each rule.
const LISTED: usize = 10;

/// The comparison for a reader.
pub(crate) fn text(head: &ComparisonHead, found: &Comparison) -> String {
    let side = |name: &str, date: i32, cut_offs: &Option<CutOffsOrigin>| {
        let cut_offs = cut_offs.as_ref().map_or(String::new(), |origin| format!(", {origin}"));
        format!("{name} at {}{cut_offs}", show::date(date))
    };
    let [old_cut_offs, new_cut_offs] = &found.cut_offs;
    let old = side(&head.pair.old.name, head.old, old_cut_offs);
    let new = side(&head.pair.new.name, head.new, new_cut_offs);
    let mut out = format!("{old} → {new}\n");
    out += if found.changes.is_empty() { "\nthe rule files say the same\n" } else { "\nchanges in the rule file\n" };
    (1..).zip(&found.changes).for_each(|(number, change)| out += &format!("  {number}. {}\n", change.description));
    if !found.lost.is_empty() {
        out += "\nlost rules\n";
        found.lost.iter().for_each(|lost| out += &format!("  `{}` {}\n", lost.rule, lost.what));
    }
    for migration in &found.migrations {
        if migration.moves.is_empty() {
            out += &format!("\n{}: nobody moved\n", migration.field);
            continue;
        }
        out += &format!("\n{}\n{}", migration.field, matrix(migration));
        out += &summary(migration, found.amount.as_deref());
        out += &causes(migration);
        out += &largest(migration, found.amount.as_deref());
    }
    found.figures().iter().for_each(|table| out += &format!("\n{}\n{}", table.title, super::summary::table(table)));
    out
}

fn matrix(migration: &Migration) -> String {
    let used_row = |i: usize| {
        matches!(migration.old[i], ClassLabel::Class(_)) || migration.cells[i].iter().any(|c| c.customers > 0)
    };
    let used_column = |j: usize| {
        matches!(migration.new[j], ClassLabel::Class(_)) || migration.cells.iter().any(|r| r[j].customers > 0)
    };
    let columns: Vec<usize> = (0..migration.new.len()).filter(|j| used_column(*j)).collect();
    let heads = columns.iter().map(|j| format!("→ {}", migration.new[*j]));
    let head: Vec<String> = std::iter::once(String::new()).chain(heads).collect();
    let rows = (0..migration.old.len()).filter(|i| used_row(*i)).map(|i| {
        let count = |j: &usize| Field::number(cell::text(&Cell::Count(migration.cells[i][*j].customers)));
        std::iter::once(Field::text(migration.old[i].to_string())).chain(columns.iter().map(count)).collect()
    });
    table::lines(&head, rows.collect(), 0)
}

fn summary(migration: &Migration, amount: Option<&str>) -> String {
    let share = if migration.customers == 0 { 0.0 } else { migration.moved as f64 / migration.customers as f64 };
    let count = |n: u64| cell::text(&Cell::Count(n));
    let of_amount = amount.map_or(String::new(), |name| {
        format!(", {} of {name}", cell::text(&Cell::Value(Value::Money(migration.amount))))
    });
    format!(
        "  {} of {} customers moved ({}){of_amount}\n",
        count(migration.moved),
        count(migration.customers),
        cell::text(&Cell::Share(share))
    )
}

/// The number of moves by their causes. Each move counts once: of several causes each is enough.
fn causes(migration: &Migration) -> String {
    let mut counts: BTreeMap<&[Cause], u64> = BTreeMap::new();
    for moved in &migration.moves {
        *counts.entry(&moved.causes).or_default() += 1;
    }
    let mut counts: Vec<(&[Cause], u64)> = counts.into_iter().collect();
    counts.sort_by_key(|(causes, count)| (std::cmp::Reverse(*count), *causes));
    counts.into_iter().map(|(causes, count)| format!("    {count} by {}\n", any_of(causes))).collect()
}

/// Causes of which each is enough: `change 1 or the date`.
fn any_of(causes: &[Cause]) -> String {
    causes.iter().map(cause_numbers).collect::<Vec<_>>().join(" or ")
}

/// A cause by the number of its change in the list above: `change 1`, `changes 1 and 2`.
fn cause_numbers(cause: &Cause) -> String {
    match cause {
        Cause::Changes(changes) => {
            let numbers: Vec<String> = changes.iter().map(|i| (i + 1).to_string()).collect();
            format!("{} {}", plural(numbers.len(), "change"), numbers.join(" and "))
        }
        Cause::Other(words) => (*words).to_owned(),
    }
}

/// A cause in words.
fn cause_text(cause: &Cause, found: &Comparison) -> String {
    match cause {
        Cause::Changes(changes) => {
            let words = changes.iter().filter_map(|i| found.changes.get(*i)).map(|c| c.description.as_str());
            words.collect::<Vec<_>>().join("; ")
        }
        Cause::Other(words) => (*words).to_owned(),
    }
}

fn largest(migration: &Migration, amount: Option<&str>) -> String {
    let mut moves: Vec<&MovedCustomer> = migration.moves.iter().collect();
    if moves.is_empty() {
        return String::new();
    }
    moves.sort_by_key(|m| (std::cmp::Reverse(m.amount.abs()), m.customer.clone()));
    let head = ["customer", "from", "to", amount.unwrap_or(""), "by"].map(str::to_owned);
    let rows = moves.iter().take(LISTED).map(|moved| {
        let amount = amount.map_or(String::new(), |_| cell::text(&Cell::Value(Value::Money(moved.amount))));
        let by = any_of(&moved.causes);
        let [customer, old, new] =
            [moved.customer.clone(), moved.old.to_string(), moved.new.to_string()].map(Field::text);
        vec![customer, old, new, Field::number(amount), Field::text(by)]
    });
    let lines = table::lines(&head, rows.collect(), 2);
    let more = moves.len().saturating_sub(LISTED);
    if more > 0 { format!("{lines}   and {more} more\n") } else { lines }
}

/// The comparison as JSON. `version` changes with every incompatible change.
pub(crate) fn json(head: &ComparisonHead, found: &Comparison) -> Json {
    let money = |v: i128| json_value(&Value::Money(v));
    let migrations: Vec<Json> = found
        .migrations
        .iter()
        .map(|m| {
            let cells: Vec<Json> = m
                .old
                .iter()
                .zip(&m.cells)
                .flat_map(|(old, row)| m.new.iter().zip(row).map(move |(new, cell)| (old, new, cell)))
                .filter(|(_, _, cell)| cell.customers > 0)
                .map(|(old, new, cell)| {
                    json!({"old": label(old), "new": label(new), "customers": cell.customers, "amount": money(cell.amount)})
                })
                .collect();
            let moves: Vec<Json> = m
                .moves
                .iter()
                .map(|moved| {
                    let causes: Vec<String> = moved.causes.iter().map(|cause| cause_text(cause, found)).collect();
                    json!({"customer": moved.customer, "old": label(&moved.old), "new": label(&moved.new),
                           "amount": money(moved.amount), "causes": causes})
                })
                .collect();
            json!({"field": m.field, "customers": m.customers, "moved": m.moved, "amount": money(m.amount),
                   "cells": cells, "moves": moves})
        })
        .collect();
    let [old_cut_offs, new_cut_offs] = &found.cut_offs;
    let lost: Vec<Json> = found.lost.iter().map(|lost| json!({"rule": lost.rule, "what": lost.what})).collect();
    let [measures, goals] = [&found.measures, &found.goals]
        .map(|figures| figures.iter().map(super::figures::compared).collect::<Vec<Json>>());
    let changes: Vec<&str> = found.changes.iter().map(|c| c.description.as_str()).collect();
    json!({
        "version": 1,
        "old": {"rule_set": head.pair.old.name, "as_of": show::date(head.old), "cut_offs": cut_offs(old_cut_offs.as_ref())},
        "new": {"rule_set": head.pair.new.name, "as_of": show::date(head.new), "cut_offs": cut_offs(new_cut_offs.as_ref())},
        "amount": found.amount,
        "changes": changes,
        "lost": lost,
        "migrations": migrations,
        "measures": measures,
        "goals": goals,
        "diagnostics": super::json::list(&found.findings, &head.pair.files),
    })
}

fn label(label: &ClassLabel) -> Json {
    match label {
        ClassLabel::Class(text) => json!(text),
        ClassLabel::Unclassified => Json::Null,
        ClassLabel::Absent => json!({"absent": true}),
    }
}

/// Everyone who moved, as CSV.
pub(crate) fn moves(
    head: &ComparisonHead,
    found: &Comparison,
    formulas: FormulaText,
    sink: &mut dyn Write,
) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(sink);
    // A key may be a number, which is never a formula.
    let keys = if head.pair.new.demand.slots[0].ty == Type::Text { formulas } else { FormulaText::Kept };
    let header = formulas.write(found.amount.as_deref().unwrap_or("amount"));
    writer.write_record(["rule", "customer", "from", "to", &header, "by"])?;
    for migration in &found.migrations {
        for moved in &migration.moves {
            let by = moved.causes.iter().map(|cause| cause_text(cause, found)).collect::<Vec<_>>().join(" or ");
            let (old, new) = (moved.old.to_string(), moved.new.to_string());
            let amount = found.amount.as_ref().map_or(String::new(), |_| show::value(&Value::Money(moved.amount)));
            let [rule, old, new, by] = [&migration.field, &old, &new, &by].map(|text| formulas.write(text));
            writer.write_record([&rule, &keys.write(&moved.customer), &old, &new, amount.as_str(), &by])?;
        }
    }
    writer.flush()
}
