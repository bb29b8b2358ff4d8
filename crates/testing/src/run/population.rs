//! Expectations over the population: `count(customer_class = "A") = 12`, `share of revenue in A >= 80%`,
//! `sum(revenue where country = "NL") >= 1_000_000`, and what a goal can measure.

use std::cmp::Ordering;

use accolade_engine::analyse::{Analyser, Scope};
use accolade_engine::goals::{self, Goal};
use accolade_engine::measure::domain::Domain;
use accolade_engine::model::{SlotId, TypedExpr};
use accolade_engine::run::Outcome;
use accolade_engine::{RuleSet, Value, show};
use accolade_parser::expr::ast::{BinaryOp, Call, Expr, ExprKind, Literal, Pattern, UnaryOp};
use accolade_parser::syntax::file::Goal as GoalSyntax;
use accolade_parser::yaml::node::Scalar;
use accolade_parser::{Code, Diagnostic, Diagnostics, SourceId, Spanned, expr};
use rust_decimal::Decimal;

use super::amounts::{amount, shown};
use super::evaluate::Failure;
use crate::suite::ExpectPopulation;

/// A checked expectation.
#[derive(Debug)]
pub(crate) struct Check {
    text: String,
    measure: Measure,
    op: BinaryOp,
    limit: Decimal,
}

#[derive(Debug)]
pub(super) enum Measure {
    /// Customers for whom the condition holds.
    Count(Option<TypedExpr>),
    /// Their share of all customers.
    Share(TypedExpr),
    /// A total, mean, least or greatest value among those for whom the condition holds.
    Fold(Fold, TypedExpr, Option<TypedExpr>),
    /// The share of a field's total that customers of a label have.
    ShareIn(SlotId, SlotId, String),
    /// Retention or churn.
    Goal(Box<Goal>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fold {
    Sum,
    Mean,
    Min,
    Max,
}

const FOLDS: [(&str, Fold); 4] = [("sum", Fold::Sum), ("mean", Fold::Mean), ("min", Fold::Min), ("max", Fold::Max)];

const HELP: &str = "write such as `count(customer_class = \"A\") = 12` or `share of revenue in A >= 80%`";

/// Checks an expectation against the rule set that is being analysed.
pub(super) fn check(expected: &ExpectPopulation, source: SourceId, analyser: &mut Analyser) -> Option<Check> {
    let mut scalar = expected.scalar.clone();
    scalar.span.source = source;
    match &expected.expr {
        None => share_in(&scalar, analyser),
        Some(_) => comparison(&scalar, analyser),
    }
}

fn wrong<T>(scalar: &Scalar, message: impl Into<String>, analyser: &mut Analyser) -> Option<T> {
    analyser.out.push(Diagnostic::new(Code("E0804"), message).at(scalar.span).help(HELP));
    None
}

fn comparison(scalar: &Scalar, analyser: &mut Analyser) -> Option<Check> {
    let written = expr::expression(scalar, analyser.out)?;
    let parts = match &written.kind {
        ExprKind::Binary(op, left, right) => match (&left.kind, literal(right)) {
            (ExprKind::Call(call), Some(limit)) if is_comparison(*op) => Some((*op, left, call, limit)),
            _ => None,
        },
        _ => None,
    };
    let Some((op, left, call, limit)) = parts else {
        return wrong(scalar, "a measure is compared with a number here", analyser);
    };
    let measure = measure(scalar, left, call, (op, limit), analyser)?;
    Some(Check { text: one_line(&scalar.text), measure, op, limit })
}

fn measure(
    scalar: &Scalar,
    left: &Expr,
    call: &Call,
    (op, limit): (BinaryOp, Decimal),
    analyser: &mut Analyser,
) -> Option<Measure> {
    let name = call.function.value.as_str();
    if matches!(name, "retention" | "churn") {
        let target = Spanned::new(Literal::Percent(limit), left.span);
        let goal = GoalSyntax {
            name: Spanned::new(scalar.text.clone(), scalar.span),
            description: None,
            measure: left.clone(),
            target: Spanned::new(Pattern::Compare(op, target), scalar.span),
            span: scalar.span,
        };
        return goals::one(&goal, analyser).map(|goal| Measure::Goal(Box::new(goal)));
    }
    let filter = match &call.filter {
        Some(filter) => Some(analyser.condition(filter, Scope::Record)?),
        None => None,
    };
    match (name, call.arguments.as_slice()) {
        ("count", []) => Some(Measure::Count(filter)),
        ("count", [condition]) => Some(Measure::Count(Some(analyser.condition(condition, Scope::Record)?))),
        ("share", [condition]) => Some(Measure::Share(analyser.condition(condition, Scope::Record)?)),
        (_, [value]) => {
            let Some((_, fold)) = FOLDS.iter().find(|(fold, _)| *fold == name) else {
                return wrong(scalar, format!("`{name}` measures nothing over customers"), analyser);
            };
            let value = analyser.expression(value, Scope::Record, None)?;
            if Domain::of(value.ty).is_none() {
                return wrong(scalar, format!("`{name}` needs an amount or a number"), analyser);
            }
            Some(Measure::Fold(*fold, value, filter))
        }
        _ => wrong(scalar, format!("`{name}` takes one argument here"), analyser),
    }
}

/// `share of METRIC in LABEL >= 80%`
fn share_in(scalar: &Scalar, analyser: &mut Analyser) -> Option<Check> {
    let text = one_line(&scalar.text);
    let parts = text.strip_prefix("share of ").and_then(|rest| rest.split_once(" in "));
    let split = parts.and_then(|(metric, rest)| {
        let at = rest.find(['<', '>', '=', '!'])?;
        Some((metric.trim(), rest[..at].trim().trim_matches('"'), rest[at..].trim()))
    });
    let Some((metric, label, test)) = split else {
        return wrong(scalar, "a share of a metric is compared with a percentage here", analyser);
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
    let measure = Measure::ShareIn(value, of, label.to_owned());
    Some(Check { text, measure, op, limit })
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

impl Check {
    /// What is wrong, if anything is.
    pub(super) fn failure(&self, set: &RuleSet, outcome: &Outcome) -> Result<Option<Failure>, Diagnostics> {
        let (holds, actual) = match &self.measure {
            Measure::Goal(goal) => {
                let standing = goal.measure(&outcome.frame, outcome.as_of, &mut Diagnostics::new())?;
                let actual = standing.actual.map_or("no data".to_owned(), |a| format!("{}", a));
                (standing.met == Some(true), actual)
            }
            measure => {
                let amount = amount(measure, set, outcome);
                (amount.order(self.limit).is_some_and(|order| holds(self.op, order)), shown(&amount))
            }
        };
        Ok((!holds).then(|| Failure {
            customer: None,
            field: self.text.clone(),
            expected: format!("{} {}", symbol(self.op), self.limit.normalize()),
            actual,
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
