//! Goals: a measure over the customer base and the target it should meet.
//!
//! Retention follows Reichheld and Sasser, "Zero Defections" (Harvard Business Review, 1990): of the customers
//! active in one period, the share that is active in the next.

use accolade_parser::expr::ast::{Call, Expr, ExprKind};
use accolade_parser::syntax::file::{Goal as Written, RuleFile};
use accolade_parser::{Code, Diagnostic, Diagnostics, Name, Span};
use arrow::array::{Array, AsArray};
use arrow::datatypes::Int64Type;

use crate::analyse::{Analyser, Scope};
use crate::eval::{Env, Faults, column};
use crate::frame::Frame;
use crate::kinds;
use crate::measure::domain::{Domain, float_key};
use crate::measure::interval::{Interval, intervals};
use crate::model::aggregate::AggregatePeriod;
use crate::model::{Aggregate, AggregateFunction, Role, SlotId, Type, TypedExpr};

/// A checked goal.
#[derive(Debug)]
pub struct Goal {
    /// Its name.
    pub name: String,
    /// The target as written.
    pub target: String,
    test: Vec<Interval>,
    churn: bool,
    /// Events in the earlier and the later period.
    active: (SlotId, SlotId),
    among: Option<TypedExpr>,
}

/// How a goal stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// The goal's name.
    pub name: String,
    /// What was measured, a share; none if nobody was active in the earlier period.
    pub actual: Option<f64>,
    /// Customers active in the earlier period, and those of them active in the later one.
    pub customers: (u64, u64),
    /// The target as written.
    pub target: String,
    /// Whether it is met; none without data.
    pub met: Option<bool>,
}

/// Checks the goals of a rule file.
pub(crate) fn compile(file: &RuleFile, analyser: &mut Analyser) -> Vec<Goal> {
    file.goals.values().filter_map(|goal| one(goal, analyser)).collect()
}

fn one(goal: &Written, analyser: &mut Analyser) -> Option<Goal> {
    let unknown = |analyser: &mut Analyser, span: Span| {
        analyser.out.push(
            Diagnostic::new(Code("E0303"), "unknown measure")
                .at(span)
                .help("a goal measures `retention(p to q where condition)` or `churn(p to q where condition)`"),
        );
        None
    };
    let ExprKind::Call(call) = &goal.measure.kind else { return unknown(analyser, goal.measure.span) };
    let churn = match call.function.value.as_str() {
        "retention" => false,
        "churn" => true,
        _ => return unknown(analyser, call.function.span),
    };
    let (from, to) = periods(call, goal.measure.span, analyser)?;
    let Some(source) = analyser.first_dated_source() else {
        let message = "retention needs a table of dated events";
        analyser.out.push(
            Diagnostic::new(Code("E0102"), message).at(goal.measure.span).help("add `date: COLUMN` to the orders"),
        );
        return None;
    };
    let active = |name: &Name, analyser: &mut Analyser| {
        let period = analyser.dated_period(source, &name.value, name.span)?;
        let aggregate = Aggregate {
            source,
            function: AggregateFunction::Count,
            argument: None,
            period: Some(AggregatePeriod::Whole(period)),
            filter: None,
            ty: Type::Integer,
        };
        Some(analyser.add_aggregate(format!("events in {}", name.value), false, aggregate))
    };
    let (before, after) = (active(&from, analyser), active(&to, analyser));
    let among = match &call.filter {
        Some(filter) => Some(analyser.condition(filter, Scope::Record)?),
        None => None,
    };
    let domain = Domain::Float(Type::Percent);
    let Some(test) = intervals(&goal.target.value, domain).filter(|t| !t.is_empty()) else {
        let message = "the target is a stretch of the measure";
        analyser.out.push(Diagnostic::new(Code("E0406"), message).at(goal.target.span).help("write `>= 90%`"));
        return None;
    };
    let target = goal.target.value.to_string();
    Some(Goal { name: goal.name.value.clone(), target, test, churn, active: (before?, after?), among })
}

fn periods(call: &Call, span: Span, analyser: &mut Analyser) -> Option<(Name, Name)> {
    let from = match call.arguments.as_slice() {
        [Expr { kind: ExprKind::Path(path), .. }] if path.len() == 1 => path.first(),
        _ => None,
    };
    match (from, &call.to) {
        (Some(from), Some(to)) => Some((from.clone(), to.clone())),
        _ => {
            let message = format!("`{}` compares two periods", call.function.value);
            let help = format!("write `{}(year_before to year)`", call.function.value);
            analyser.out.push(Diagnostic::new(Code("E0402"), message).at(span).help(help));
            None
        }
    }
}

impl Analyser<'_> {
    fn first_dated_source(&self) -> Option<usize> {
        self.sources().iter().position(|s| matches!(s.role, Role::Events { date: Some(_), .. }))
    }
}

impl Goal {
    /// How the goal stands for a customer base.
    ///
    /// # Errors
    /// None in a run of a compiled rule set.
    pub fn measure(&self, frame: &Frame, as_of: i32) -> Result<Standing, Diagnostics> {
        let faults = Faults::default();
        let env = Env { as_of, faults: &faults };
        let before = kinds::column(frame, self.active.0)?.as_primitive::<Int64Type>();
        let after = kinds::column(frame, self.active.1)?.as_primitive::<Int64Type>();
        let among = self.among.as_ref().map(|c| column::condition(c, &frame.columns, frame.rows, env));
        let (mut base, mut kept) = (0u64, 0u64);
        for row in 0..frame.rows {
            let counted = among.as_ref().is_none_or(|c| c.is_valid(row) && c.value(row));
            if counted && before.value(row) > 0 {
                base += 1;
                kept += u64::from(after.value(row) > 0);
            }
        }
        let hits = if self.churn { base - kept } else { kept };
        let actual = (base > 0).then(|| hits as f64 / base as f64);
        let met = actual.map(|a| self.test.iter().any(|i| i.contains(float_key(a))));
        Ok(Standing { name: self.name.clone(), actual, customers: (base, kept), target: self.target.clone(), met })
    }
}
