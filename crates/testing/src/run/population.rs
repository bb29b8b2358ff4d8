//! Expectations over the population: a measure compared with a number, such as `count(customer_class = "A") = 12` or
//! `sum(revenue where country = "NL") >= 1_000_000`, and shares, such as `share of revenue in A >= 80%`.

use std::cmp::Ordering;

use accolade_engine::numbers::domain::Domain;
use accolade_engine::numbers::exact::{decimal, shortest};
use accolade_engine::rules::analysis::Analyser;
use accolade_engine::rules::measures::Measure;
use accolade_engine::run::Outcome;
use accolade_engine::{Value, show};
use accolade_parser::expr::ast;
use accolade_parser::expr::ast::{BinaryOp, Call, Expr, ExprKind, Literal, Pattern, UnaryOp};
use accolade_parser::yaml::node::Scalar;
use accolade_parser::{Code, Diagnostic, Diagnostics, Name, SourceId, Span, Spanned, expr};
use rust_decimal::Decimal;

use super::evaluate::ExpectationFailure;
use crate::suite::PopulationExpectation;

/// An expectation that was checked against the rule set.
#[derive(Debug)]
pub(crate) struct PopulationCheck {
    text: String,
    measure: Measure,
    op: BinaryOp,
    limit: Decimal,
}

const HELP: &str = "write for example `count(customer_class = \"A\") = 12` or `share of revenue in A >= 80%`";

/// Checks an expectation against the rule set that is being analysed.
pub(super) fn check(
    expected: &PopulationExpectation,
    source: SourceId,
    analyser: &mut Analyser,
) -> Option<PopulationCheck> {
    let mut scalar = expected.scalar.clone();
    scalar.span.source = source;
    match &expected.expr {
        None => share_in(&scalar, analyser),
        Some(_) => comparison(&scalar, analyser),
    }
}

fn wrong<T>(scalar: &Scalar, message: impl Into<String>, analyser: &mut Analyser) -> Option<T> {
    analyser.out.push(Diagnostic::new(Code::E0804, message).at(scalar.span).help(HELP));
    None
}

fn comparison(scalar: &Scalar, analyser: &mut Analyser) -> Option<PopulationCheck> {
    let written = expr::expression(scalar, analyser.out)?;
    let parts = match &written.kind {
        ExprKind::Binary(op, left, right) => {
            literal(right).filter(|_| is_comparison(*op)).map(|limit| (*op, left.as_ref(), limit))
        }
        _ => None,
    };
    let Some((op, left, limit)) = parts else {
        return wrong(scalar, "expected a measure compared with a number", analyser);
    };
    let measure = measure(left.clone(), scalar.span, analyser)?;
    Some(PopulationCheck { text: one_line(&scalar.text), measure, op, limit })
}

fn measure(expr: Expr, span: Span, analyser: &mut Analyser) -> Option<Measure> {
    let name = expr.to_string();
    let measure = Spanned::new(ast::MeasureSpec { expr, by: Vec::new() }, span);
    Measure::compile(&name, None, &measure, analyser)
}

/// `share of METRIC in LABEL >= 80%`
fn share_in(scalar: &Scalar, analyser: &mut Analyser) -> Option<PopulationCheck> {
    let text = one_line(&scalar.text);
    let parts = text.strip_prefix("share of ").and_then(|rest| rest.split_once(" in "));
    let split = parts.and_then(|(metric, rest)| {
        let at = rest.find(['<', '>', '=', '!'])?;
        Some((metric.trim(), rest[..at].trim().trim_matches('"'), rest[at..].trim()))
    });
    let Some((metric, label, test)) = split else {
        return wrong(scalar, "expected a share of a metric compared with a percentage", analyser);
    };
    let compared = expr::pattern_text(test).ok().and_then(|pattern| match pattern.value {
        Pattern::Compare(op, limit) => match limit.value {
            Literal::Number(limit) | Literal::Percent(limit) => Some((op, limit)),
            _ => None,
        },
        _ => None,
    });
    let Some((op, limit)) = compared else {
        return wrong(scalar, "the share is not compared with a percentage", analyser);
    };
    let Some(value) = analyser.slot_named(metric).filter(|s| Domain::of(analyser.type_of(*s)).is_some()) else {
        return wrong(scalar, format!("`{metric}` is not an amount or a number"), analyser);
    };
    let Some(of) = analyser.slot_with_label(label) else {
        return wrong(scalar, format!("no rule gives the label `{label}`"), analyser);
    };
    let (value, of) = (analyser.field_of_slot(value).name, analyser.field_of_slot(of).name);
    let measure = measure(share_of(&value, &of, label, scalar.span), scalar.span, analyser)?;
    Some(PopulationCheck { text, measure, op, limit })
}

/// `sum(VALUE where OF = "LABEL") / sum(VALUE)`
fn share_of(value: &str, of: &str, label: &str, span: Span) -> Expr {
    let at = |kind| Expr { kind, span };
    let path = |name: &str| at(ExprKind::Path(name.split('.').map(|part| Name::new(part.to_owned(), span)).collect()));
    let sum = |filter| {
        let function = Name::new("sum".to_owned(), span);
        at(ExprKind::Call(Call { function, arguments: vec![path(value)], period: None, to: None, filter }))
    };
    let label = at(ExprKind::Literal(Literal::Text(label.to_owned())));
    let part = at(ExprKind::Binary(BinaryOp::Equal, Box::new(path(of)), Box::new(label)));
    at(ExprKind::Binary(BinaryOp::Divide, Box::new(sum(Some(Box::new(part)))), Box::new(sum(None))))
}

fn is_comparison(op: BinaryOp) -> bool {
    use BinaryOp::{Equal, Greater, GreaterEqual, Less, LessEqual, NotEqual};
    matches!(op, Equal | NotEqual | Less | LessEqual | Greater | GreaterEqual)
}

fn literal(expr: &Expr) -> Option<Decimal> {
    match &expr.kind {
        ExprKind::Literal(Literal::Number(n) | Literal::Percent(n)) => Some(*n),
        ExprKind::Unary(UnaryOp::Negate, inner) => literal(inner).map(|n| -n),
        _ => None,
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl PopulationCheck {
    /// The failure of this check on an outcome, if it does not hold.
    pub(super) fn failure(&self, outcome: &Outcome) -> Result<Option<ExpectationFailure>, Diagnostics> {
        let everyone = (0..outcome.frame.rows).collect();
        let table = self.measure.table(&outcome.frame, outcome.as_of, everyone, &mut Diagnostics::new())?;
        let value = table.rows.first().and_then(|row| row.figure.value.as_ref());
        let order = value.map(|value| value.cmp(&decimal(self.limit)));
        let holds = order.is_some_and(|order| holds(self.op, order));
        Ok((!holds).then(|| ExpectationFailure {
            customer: None,
            field: self.text.clone(),
            expected: format!("{} {}", symbol(self.op), self.limit.normalize()),
            actual: value.map_or_else(|| "no data".to_owned(), |value| shortest(value, 6)),
            why: String::new(),
            update: None,
        }))
    }
}

fn holds(op: BinaryOp, order: Ordering) -> bool {
    match op {
        BinaryOp::Equal => order.is_eq(),
        BinaryOp::NotEqual => order.is_ne(),
        BinaryOp::Less => order.is_lt(),
        BinaryOp::LessEqual => order.is_le(),
        BinaryOp::Greater => order.is_gt(),
        _ => order.is_ge(),
    }
}

fn symbol(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Equal => "=",
        BinaryOp::NotEqual => "!=",
        BinaryOp::Less => "<",
        BinaryOp::LessEqual => "<=",
        BinaryOp::Greater => ">",
        _ => ">=",
    }
}

/// A customer's key as text.
pub(super) fn key_text(value: &Value) -> String {
    show::value(value)
}
