//! The sources of the data and their columns.

use accolade_core::model::script::ReturnType;
use accolade_core::model::source::Column;
use accolade_core::model::{Source, SourceChecks, SourceRole, Type, Value};
use accolade_parser::count;
use accolade_parser::syntax::file::{KeyDecl, UnknownCustomers, Within, WithinUnit};
use accolade_rules::describe::{Block, DescriptionPart, all_of, code, condition, one_of, value};
use accolade_rules::set::RuleSet;

/// The sources, each with its columns.
pub(super) fn part(set: &RuleSet) -> DescriptionPart {
    DescriptionPart {
        title: "Data".to_owned(),
        blocks: Vec::new(),
        parts: set.demand.sources.iter().map(|of| source(set, of)).collect(),
    }
}

fn source(set: &RuleSet, source: &Source) -> DescriptionPart {
    let written = set.written.sources.get(&source.name);
    let key = written.and_then(|written| written.key.as_ref().or(written.customer.as_ref()));
    let column = |index: usize| match (source.columns.get(index), key) {
        (Some(column), Some(KeyDecl::Computed(expr))) if column.computed.is_some() => code(&expr.to_string()),
        (Some(column), _) => code(&column.name),
        (None, _) => String::new(),
    };
    let mut text = match source.role {
        SourceRole::Customers { key } => format!("One row for each customer, identified by {}.", column(key)),
        SourceRole::Aliases { from, to } => {
            format!("Customers who were merged: the key in {} stands for the one in {}.", column(to), column(from))
        }
        SourceRole::Events { customer, date } => {
            let dated = date.map_or_else(String::new, |date| format!(" and its date in {}", column(date)));
            format!("Any number of rows for a customer, whose key is in {}{dated}.", column(customer))
        }
    };
    if let Some(zone) = source.time_zone {
        text += &format!(" Instants fall in days of {zone}.");
    }
    if let Some(filter) = written.and_then(|written| written.filter.as_ref()) {
        text += &format!(" Only rows where {} are read.", condition(filter));
    }
    text += &checks(source);
    if let Some(file) = &source.file {
        text += &format!(" Read from {} unless another file is named.", code(file));
    }
    let rows = source.stored().iter().map(|column| vec![code(&column.name), column_words(column)]);
    DescriptionPart::new(code(&source.name), vec![Block::Paragraph(text), Block::table(&["column", "holds"], rows)])
}

/// What the data must be like, in sentences.
fn checks(source: &Source) -> String {
    let SourceChecks { unique, unknown, newest, rows } = &source.checks;
    let mut text = String::new();
    if !unique.is_empty() {
        let columns: Vec<String> = unique.iter().map(|column| code(&source.columns[*column].name)).collect();
        text += &format!(" No two rows have the same {}.", all_of(&columns));
    }
    if *unknown != UnknownCustomers::Fail {
        text += " Events of customers who are not in the customers table do not count.";
    }
    if let Some(rows) = rows {
        text += &format!(" The number of rows is expected to be {}.", rows.text);
    }
    if let Some(Within { count: number, unit }) = newest {
        let unit = if *unit == WithinUnit::Days { "day" } else { "month" };
        text += &format!(" The newest row is expected to be at most {} old.", count(*number, unit));
    }
    text
}

/// What a column holds: "whole number from 1 to 5, may be missing".
pub(super) fn column_words(column: &Column) -> String {
    let words = holds(column.ty, column.range.as_ref(), column.allowed.as_deref(), column.nullable);
    match &column.narrowing_reason {
        Some(why) => format!("{words} ({why})"),
        None => words,
    }
}

/// What a script returns, in the same form.
pub(super) fn returned_words(returned: &ReturnType) -> String {
    holds(returned.ty, returned.range.as_ref(), returned.allowed.as_deref(), returned.nullable)
}

fn holds(ty: Type, range: Option<&(Value, Value)>, allowed: Option<&[String]>, nullable: bool) -> String {
    let mut words = type_words(ty).to_owned();
    if let Some((low, high)) = range {
        let unit = |end: &Value| match (ty, end) {
            (Type::Percent, Value::Number(share)) => {
                format!("{}%", accolade_rules::present::cell::grouped_decimal(&(share * 100.0).to_string()))
            }
            _ => value(end),
        };
        words += &format!(" from {} to {}", unit(low), unit(high));
    }
    if let Some(allowed) = allowed {
        words += &format!(": {}", one_of(&allowed.iter().map(|text| code(text)).collect::<Vec<_>>()));
    }
    if nullable { words + ", may be missing" } else { words }
}

/// A type, for readers who do not write rule files.
pub(super) fn type_words(ty: Type) -> &'static str {
    match ty {
        Type::Text => "text",
        Type::Boolean => "true or false",
        Type::Integer => "whole number",
        Type::Number | Type::Decimal => "number",
        Type::Percent => "percentage",
        Type::Money => "amount of money",
        Type::Score => "score",
        Type::Date => "date",
        Type::DateTime => "date and time",
        Type::Duration => "number of days",
        Type::Rows => "rows",
    }
}
