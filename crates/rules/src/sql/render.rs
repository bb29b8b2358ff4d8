//! Expressions as text.

use accolade_core::show;
use accolade_core::sql::tree::{SqlExpr, SqlOp, SqlVariadicOp};

use super::dialect::Dialect;
use super::spelling;

/// The length from which a line is broken where possible.
const WIDTH: usize = 110;

/// An expression that begins at this column, over as many lines as it needs.
pub(super) fn pretty(expr: &SqlExpr, dialect: Dialect, indent: usize) -> String {
    let line = inline(expr, dialect);
    if line.len() + indent <= WIDTH {
        return line;
    }
    let (outer, inner) = (" ".repeat(indent), " ".repeat(indent + 2));
    let part = |expr: &SqlExpr| pretty(expr, dialect, indent + 2);
    match expr {
        SqlExpr::Case(of, whens, otherwise) => {
            let mut text = "CASE".to_owned();
            if let Some(of) = of {
                text += &format!(" {}", operand(of, dialect));
            }
            for (when, then) in whens {
                text += &format!("\n{inner}WHEN {} THEN {}", part(when), part(then));
            }
            if let Some(otherwise) = otherwise {
                text += &format!("\n{inner}ELSE {}", part(otherwise));
            }
            text + &format!("\n{outer}END")
        }
        SqlExpr::Cast(value, ty) => {
            format!("CAST({} AS {})", pretty(value, dialect, indent + 2), dialect.type_name(*ty))
        }
        SqlExpr::Chain(op, operands) => match spelling::chain(*op) {
            Ok(between) => {
                let parts: Vec<String> = operands.iter().map(|o| member(*op, o, dialect)).collect();
                parts.join(&format!("\n{inner}{}", between.trim_start()))
            }
            Err(_) => line,
        },
        _ => line,
    }
}

/// An expression on one line.
pub(super) fn inline(expr: &SqlExpr, dialect: Dialect) -> String {
    let part = |expr: &SqlExpr| inline(expr, dialect);
    let list = |list: &[SqlExpr]| list.iter().map(part).collect::<Vec<_>>().join(", ");
    match expr {
        SqlExpr::Column(name) => dialect.identifier(name),
        SqlExpr::Text(text) => dialect.text(text),
        SqlExpr::Boolean(value) => if *value { "TRUE" } else { "FALSE" }.to_owned(),
        SqlExpr::Null(ty) => format!("CAST(NULL AS {})", dialect.type_name(*ty)),
        SqlExpr::Whole(value) => value.to_string(),
        SqlExpr::Decimal(unscaled, places) => show::decimal(*unscaled, *places, 0),
        SqlExpr::Float(value) => dialect.float(*value),
        SqlExpr::Date(day) => format!("DATE '{}'", show::date(*day)),
        SqlExpr::Moment(micros) => dialect.moment(*micros),
        SqlExpr::Cast(value, ty) => format!("CAST({} AS {})", part(value), dialect.type_name(*ty)),
        SqlExpr::Collated(value) if dialect == Dialect::Postgres => {
            format!("{} COLLATE \"C\"", operand(value, dialect))
        }
        SqlExpr::Collated(value) => part(value),
        SqlExpr::Apply(op, operands) => filled(&spelling::of(*op, dialect), operands, "", dialect),
        SqlExpr::Chain(op, operands) => match spelling::chain(*op) {
            Ok(between) => operands.iter().map(|o| member(*op, o, dialect)).collect::<Vec<_>>().join(between),
            Err(function) => format!("{function}({})", list(operands)),
        },
        SqlExpr::Case(of, whens, otherwise) => {
            let mut text = "CASE".to_owned();
            if let Some(of) = of {
                text += &format!(" {}", operand(of, dialect));
            }
            for (when, then) in whens {
                text += &format!(" WHEN {} THEN {}", part(when), part(then));
            }
            if let Some(otherwise) = otherwise {
                text += &format!(" ELSE {}", part(otherwise));
            }
            text + " END"
        }
        SqlExpr::OneOf(value, values) => format!("{} IN ({})", operand(value, dialect), list(values)),
        SqlExpr::Aggregate(op, operands, filter) => {
            let filter = filter.as_ref().map_or(String::new(), |f| format!(" FILTER (WHERE {})", part(f)));
            filled(&spelling::of(*op, dialect), operands, &filter, dialect)
        }
        SqlExpr::Window(op, operands, parts, order) => {
            let mut over = Vec::new();
            if !parts.is_empty() {
                over.push(format!("PARTITION BY {}", list(parts)));
            }
            if let Some(order) = order {
                over.push(format!("ORDER BY {} DESC", operand(order, dialect)));
            }
            let function = filled(&spelling::of(*op, dialect), operands, "", dialect);
            format!("{function} OVER ({})", over.join(" "))
        }
    }
}

/// Fills a template with operands, bracketed where needed, and with the filter of an aggregate.
fn filled(template: &str, operands: &[SqlExpr], filter: &str, dialect: Dialect) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some(at) = rest.find('$') {
        let (before, from) = rest.split_at(at);
        text += before;
        let after = from.get(2..).unwrap_or_default();
        if from.starts_with("$f") {
            text += filter;
            rest = after;
            continue;
        }
        let number = from.get(1..2).and_then(|digit| digit.parse::<usize>().ok());
        let operand = number.and_then(|n| operands.get(n.checked_sub(1)?));
        let alone = (before.ends_with('(') || before.ends_with(", "))
            && (after.starts_with(')') || after.starts_with(',') || after.starts_with(" AS "));
        if let Some(operand) = operand {
            text += &if alone { inline(operand, dialect) } else { self::operand(operand, dialect) };
        }
        rest = after;
    }
    text + rest
}

/// An expression, in brackets where it has an operator outside brackets.
fn operand(expr: &SqlExpr, dialect: Dialect) -> String {
    let text = inline(expr, dialect);
    let literal = matches!(expr, SqlExpr::Date(_) | SqlExpr::Moment(_)) || (expr.is_plain() && !text.starts_with('-'));
    if literal || stands_alone(&text) { text } else { format!("({text})") }
}

/// An operand of a chain: comparisons need no brackets there.
fn member(op: SqlVariadicOp, expr: &SqlExpr, dialect: Dialect) -> String {
    let compares = matches!(
        expr,
        SqlExpr::OneOf(..)
            | SqlExpr::Apply(
                SqlOp::Equal
                    | SqlOp::NotEqual
                    | SqlOp::Less
                    | SqlOp::LessEqual
                    | SqlOp::Greater
                    | SqlOp::GreaterEqual
                    | SqlOp::IsNull
                    | SqlOp::IsNotNull,
                _
            )
    );
    let multiplies = op == SqlVariadicOp::Plus && matches!(expr, SqlExpr::Apply(SqlOp::Times, _));
    if multiplies || (compares && matches!(op, SqlVariadicOp::And | SqlVariadicOp::Or)) {
        inline(expr, dialect)
    } else {
        operand(expr, dialect)
    }
}

/// Whether a text has no operator outside brackets and quotes.
fn stands_alone(text: &str) -> bool {
    let (mut depth, mut quote) = (0usize, None);
    for c in text.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"' | '`') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            (None, ' ' | '-') if depth == 0 => return false,
            _ => {}
        }
    }
    true
}
