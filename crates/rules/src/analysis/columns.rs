//! Sources and their declared columns.

use accolade_core::literals;
use accolade_core::model::{Column, Origin, ReturnType, Slot, Source, SourcePart, SourceRole, Type, Value};
use accolade_parser::expr::ast::{BaseType, ColumnType};
use accolade_parser::syntax::file::{ColumnDecl as WrittenColumn, KeyDecl, RuleFile, SourceDecl as WrittenSource};
use accolade_parser::{Code, Diagnostic, Diagnostics, Name, Spanned};

use super::names::with_suggestion;
use super::{origin, selection, source_checks};

/// The customers table and its index, if there is one.
pub(super) fn customers(sources: &[Source]) -> Option<(usize, &Source)> {
    sources.iter().enumerate().find(|(_, s)| matches!(s.role, SourceRole::Customers { .. }))
}

/// The slot of the customer's key.
pub(super) fn key_slot(sources: &[Source]) -> Option<Slot> {
    let source = customers(sources).map(|(_, s)| s).or(sources.iter().find(|source| source.is_events()))?;
    let column = source.columns.get(source.customer_column())?;
    Some(Slot { name: column.name.clone(), ty: column.ty, nullable: false, labels: None, origin: Origin::Key })
}

/// The analysed sources; one with an error in its roles is left out after the error is reported.
pub(super) fn sources(file: &RuleFile, out: &mut Diagnostics) -> Vec<Source> {
    let sources: Vec<Source> = file.sources.values().filter_map(|s| source(s, out)).collect();
    let mut tables = sources.iter().filter(|s| matches!(s.role, SourceRole::Customers { .. }));
    if let (Some(first), Some(second)) = (tables.next(), tables.next()) {
        out.push(
            Diagnostic::new(Code::E0106, "two sources have a `key`; only one can be the customers table")
                .at(second.span)
                .label(first.span, "the first is here")
                .help("give an event source `customer:` instead of `key:`"),
        );
    }
    let mut merges = sources.iter().filter(|s| matches!(s.role, SourceRole::Aliases { .. }));
    if let (Some(first), Some(second)) = (merges.next(), merges.next()) {
        out.push(
            Diagnostic::new(Code::E0106, "two sources have `aliases`")
                .at(second.span)
                .label(first.span, "the first is here")
                .help("put all merged customers into one table"),
        );
    }
    // A file with syntax errors may have sources that could not be read.
    if file.sources.is_empty() && !out.has_errors() {
        out.push(
            Diagnostic::new(Code::E0102, "the rule file declares no sources")
                .help("add `sources:` with at least one table"),
        );
    }
    sources
}

/// Reports keys that are neither text nor integer, or not of one type.
pub(super) fn check_keys(sources: &[Source], out: &mut Diagnostics) {
    let key_type = key_slot(sources).map(|s| s.ty);
    for source in sources {
        for column in key_columns(source) {
            if !matches!(column.ty, Type::Text | Type::Integer) {
                out.push(
                    Diagnostic::new(Code::E0406, format!("the customer's key `{}` is {}", column.name, column.ty))
                        .at(column.span)
                        .help("a key is text or integer"),
                );
            } else if Some(column.ty) != key_type {
                out.push(
                    Diagnostic::new(
                        Code::E0406,
                        format!(
                            "`{}.{}` is {}, but the customers' key is {}",
                            source.name,
                            column.name,
                            column.ty,
                            key_type.unwrap_or(Type::Text)
                        ),
                    )
                    .at(column.span)
                    .help("declare the customer's key with the same type everywhere"),
                );
            }
        }
    }
}

/// The columns that hold keys of customers.
fn key_columns(source: &Source) -> impl Iterator<Item = &Column> {
    let to = match source.role {
        SourceRole::Aliases { to, .. } => Some(to),
        _ => None,
    };
    std::iter::once(source.customer_column()).chain(to).map(|column| &source.columns[column])
}

fn source(written: &WrittenSource, out: &mut Diagnostics) -> Option<Source> {
    let mut columns: Vec<Column> = written.columns.values().map(|c| column(c, out)).collect();
    let find = |name: &Name, out: &mut Diagnostics| {
        let index = columns.iter().position(|c| c.name == name.value);
        if index.is_none() {
            let known: Vec<&str> = columns.iter().map(|c| c.name.as_str()).collect();
            let message = format!("`{}` has no column `{}`", written.name.value, name.value);
            out.push(with_suggestion(Diagnostic::new(Code::E0305, message).at(name.span), &name.value, &known));
        }
        index
    };
    origin::check(written, out);
    for (column, _) in written.format.headers.values() {
        find(column, out);
    }
    if let Some(word) = written.format.values.first().filter(|_| columns.iter().all(|c| c.ty != Type::Boolean)) {
        let message = format!("`values` is for boolean columns, and `{}` has none", written.name.value);
        let help = "leave it out, or declare the column as `boolean`";
        out.push(Diagnostic::new(Code::E0106, message).at(word.text.span).help(help));
    }
    let signs = [&written.format.delimiter, &written.format.quote];
    for sign in signs.into_iter().flatten().filter(|s| !s.value.is_ascii()) {
        let message = format!("`{}` cannot separate or quote fields", sign.value);
        out.push(Diagnostic::new(Code::E0106, message).at(sign.span).help("use one ASCII character, or `tab`"));
    }
    let delimiter = written.format.delimiter.as_ref().map_or(',', |d| d.value);
    if let Some(quote) = written.format.quote.as_ref().filter(|q| q.value == delimiter) {
        let message = "the quote is also the delimiter";
        out.push(Diagnostic::new(Code::E0106, message).at(quote.span).help("choose two different characters"));
    }
    if let (Some(_), Some(date)) = (&written.key, &written.date) {
        let message = "a customers table has no `date`; only events have";
        out.push(Diagnostic::new(Code::E0106, message).at(date.span).help("leave it out"));
    }
    let key_of = |key: &KeyDecl, out: &mut Diagnostics| match key {
        KeyDecl::Column(name) => find(name, out),
        KeyDecl::Computed(_) => Some(columns.len()),
    };
    let checks = source_checks::compile(written, &find, out);
    let role = match (&written.key, &written.customer) {
        (None, None) if written.aliases.is_some() => aliases(written, &find, out)?,
        _ if written.aliases.is_some() => {
            let message = format!("`{}` has `aliases` and a customer", written.name.value);
            let help = "a table of merged customers has `aliases` alone";
            out.push(Diagnostic::new(Code::E0106, message).at(written.name.span).help(help));
            return None;
        }
        (Some(key), None) => SourceRole::Customers { key: key_of(key, out)? },
        (None, Some(customer)) => {
            let customer = key_of(customer, out);
            let date = written.date.as_ref().map(|d| find(d, out));
            if let (Some(name), Some(Some(index))) = (&written.date, date) {
                let column = &columns[index];
                if !matches!(column.ty, Type::Date | Type::DateTime) {
                    out.push(
                        Diagnostic::new(
                            Code::E0406,
                            format!("`date: {}` names a column of type {}", name.value, column.ty),
                        )
                        .at(name.span)
                        .label(column.span, "declared here")
                        .help("declare the column as `date` or `datetime`"),
                    );
                    return None;
                }
            }
            SourceRole::Events { customer: customer?, date: date.flatten() }
        }
        (Some(_), Some(customer)) => {
            out.push(
                Diagnostic::new(Code::E0106, format!("`{}` has both `key` and `customer`", written.name.value))
                    .at(customer.span())
                    .help("`key` makes it the customers table, `customer` a table of events"),
            );
            return None;
        }
        (None, None) => {
            out.push(
                Diagnostic::new(Code::E0102, format!("`{}` has neither `key` nor `customer`", written.name.value))
                    .at(written.name.span)
                    .help("`key: COLUMN` for the customers table, `customer: COLUMN` for a table of events, `aliases` for merged customers"),
            );
            return None;
        }
    };
    if let Some(KeyDecl::Computed(expr)) = written.key.as_ref().or(written.customer.as_ref()) {
        columns.push(selection::uncomputed(expr.span));
    }
    let text = |name: &Option<Name>| name.as_ref().map(|n| n.value.clone());
    Some(Source {
        name: written.name.value.clone(),
        file: text(&written.file),
        url: text(&written.url),
        password_file: text(&written.password_file),
        part: SourcePart { sheet: text(&written.sheet), table: text(&written.table), query: text(&written.query) },
        role,
        columns,
        filter: None,
        checks,
        time_zone: None,
        format: written.format.clone(),
        span: written.name.span,
    })
}

/// The role of a table of merged customers.
fn aliases(
    written: &WrittenSource,
    find: &impl Fn(&Name, &mut Diagnostics) -> Option<usize>,
    out: &mut Diagnostics,
) -> Option<SourceRole> {
    let named = written.aliases.as_ref()?;
    let date = written.date.as_ref().map(|date| ("date", date.span));
    let unknown = written.unknown.as_ref().map(|unknown| ("unknown", unknown.span));
    for (key, span) in [date, unknown].into_iter().flatten() {
        let message = format!("a table of merged customers has no `{key}`");
        out.push(Diagnostic::new(Code::E0106, message).at(span).help("leave it out"));
    }
    let (from, to) = (find(&named.from, out), find(&named.to, out));
    Some(SourceRole::Aliases { from: from?, to: to? })
}

/// The declared result of a function.
pub(super) fn returned(written: &Spanned<ColumnType>, out: &mut Diagnostics) -> ReturnType {
    let ty = base_type(written.value.base);
    let (range, allowed) = (range(&written.value, ty, out), allowed(written, ty, out));
    ReturnType { ty, nullable: written.value.nullable, range, allowed }
}

pub(super) fn column(written: &WrittenColumn, out: &mut Diagnostics) -> Column {
    let ReturnType { ty, nullable, range, allowed } = returned(&written.kind, out);
    Column {
        name: written.name.value.clone(),
        ty,
        nullable,
        range,
        allowed,
        narrowing_reason: None,
        computed: None,
        span: written.name.span,
    }
}

fn base_type(base: BaseType) -> Type {
    match base {
        BaseType::Text => Type::Text,
        BaseType::Boolean => Type::Boolean,
        BaseType::Integer => Type::Integer,
        BaseType::Number => Type::Number,
        BaseType::Money => Type::Money,
        BaseType::Percent => Type::Percent,
        BaseType::Date => Type::Date,
        BaseType::DateTime => Type::DateTime,
    }
}

fn range(spec: &ColumnType, ty: Type, out: &mut Diagnostics) -> Option<(Value, Value)> {
    let (low, high) = spec.range.as_ref()?;
    let low_value = literals::value(&low.value, ty, low.span, out)?;
    let high_value = literals::value(&high.value, ty, high.span, out)?;
    if accolade_core::ops::compare(&low_value, &high_value).is_some_and(std::cmp::Ordering::is_gt) {
        out.push(
            Diagnostic::new(Code::E0508, "the range is empty")
                .at(low.span.to(high.span))
                .help("write the lower end first")
                .fix(low.span.to(high.span), format!("{}..{}", high.value, low.value)),
        );
        return None;
    }
    Some((low_value, high_value))
}

fn allowed(written: &Spanned<ColumnType>, ty: Type, out: &mut Diagnostics) -> Option<Vec<String>> {
    let list = written.value.allowed.as_ref()?;
    if ty != Type::Text {
        let message = format!("only a text column lists its values, not {}", literals::with_article(ty));
        let help = "write a range, such as `integer 1..5`, or declare the column as text";
        out.push(Diagnostic::new(Code::E0106, message).at(written.span).help(help));
        return None;
    }
    let mut texts: Vec<String> = Vec::new();
    for literal in list {
        let Value::Text(text) = literals::value(&literal.value, ty, literal.span, out)? else { return None };
        let (message, help) = match &*text {
            "" => ("an empty text stands for a missing value", "leave it out, and write `text?`"),
            _ if texts.iter().any(|t| **t == *text) => ("the value is listed twice", "leave one of the two out"),
            _ => {
                texts.push(text.to_string());
                continue;
            }
        };
        out.push(Diagnostic::new(Code::E0106, message).at(literal.span).help(help));
    }
    Some(texts)
}
