//! Goals: a measure over the customer base and the target it should meet.
//!
//! Retention follows Reichheld and Sasser, "Zero Defections" (Harvard Business Review, 1990): of the customers
//! active in one period, the share that is active in the next.

use accolade_parser::expr::ast::{Call, Expr, ExprKind};
use accolade_parser::syntax::file::{Goal as Written, RuleFile};
use accolade_parser::{Code, Diagnostic, Diagnostics, Name, Span};
use arrow::array::{Array, AsArray, BooleanArray, Int64Array};
use arrow::datatypes::Int64Type;

use crate::analyse::{Analyser, Scope};
use crate::eval::{Env, Faults, column};
use crate::frame::Frame;
use crate::kinds;
use crate::measure::decision::witness;
use crate::measure::domain::{Domain, float_key, key_float};
use crate::measure::interval::{Interval, intervals};
use crate::model::aggregate::AggregatePeriod;
use crate::model::{Aggregate, AggregateFunction, Role, SlotId, Type, TypedExpr, Value};

/// A checked goal.
#[derive(Debug)]
pub struct Goal {
    /// Its name.
    pub name: String,
    /// The target as written.
    pub target: String,
    test: Vec<Interval>,
    churn: bool,
    /// Events in the earlier and the later period, of each table that has dates.
    active: (Vec<SlotId>, Vec<SlotId>),
    among: Option<TypedExpr>,
    /// Values of fields that make a customer one of those the goal is about, if such are known.
    member: Option<Vec<(SlotId, Value)>>,
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

/// Checks one goal.
pub fn one(goal: &Written, analyser: &mut Analyser) -> Option<Goal> {
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
    let sources = analyser.dated_sources();
    if sources.is_empty() {
        let message = "retention needs a table of dated events";
        analyser.out.push(
            Diagnostic::new(Code("E0102"), message).at(goal.measure.span).help("add `date: COLUMN` to the orders"),
        );
        return None;
    };
    let active_in = |source: usize, name: &Name, analyser: &mut Analyser| {
        let period = analyser.dated_period(source, &name.value, name.span)?;
        let aggregate = Aggregate {
            source,
            function: AggregateFunction::Count,
            argument: None,
            period: Some(AggregatePeriod::Whole(period)),
            filter: None,
            ty: Type::Integer,
            columns: Vec::new(),
        };
        let table = analyser.sources()[source].name.clone();
        Some(analyser.add_aggregate(format!("{table} in {}", name.value), false, aggregate))
    };
    // A customer is active who did anything that has a date.
    let active = |name: &Name, analyser: &mut Analyser| {
        sources.iter().map(|source| active_in(*source, name, analyser)).collect::<Option<Vec<SlotId>>>()
    };
    let (before, after) = (active(&from, analyser), active(&to, analyser));
    let among = match &call.filter {
        Some(filter) => Some(analyser.condition(filter, Scope::Record)?),
        None => None,
    };
    let member = match &among {
        Some(condition) => witness(condition, analyser),
        None => Some(Vec::new()),
    };
    let domain = Domain::Float(Type::Percent);
    let Some(test) = intervals(&goal.target.value, domain).filter(|t| !t.is_empty()) else {
        let message = "the target is a stretch of the measure";
        analyser.out.push(Diagnostic::new(Code("E0406"), message).at(goal.target.span).help("write `>= 90%`"));
        return None;
    };
    let share = Interval { low: float_key(0.0), high: float_key(1.0) };
    if test.iter().all(|t| t.intersection(share).is_none()) {
        analyser.out_of_range(
            goal.target.span,
            "a share is between 0% and 100%",
            "write the target with a percent sign, such as `>= 90%`",
        );
        return None;
    }
    let target = goal.target.value.to_string();
    Some(Goal { name: goal.name.value.clone(), target, test, churn, active: (before?, after?), among, member })
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
    fn dated_sources(&self) -> Vec<usize> {
        let dated = |s: &crate::model::Source| matches!(s.role, Role::Events { date: Some(_), .. });
        self.sources().iter().enumerate().filter(|(_, s)| dated(s)).map(|(i, _)| i).collect()
    }
}

/// The most customers of a base that shows a target.
const MOST: u32 = 200;

impl Goal {
    /// Customer bases that just miss the target, just meet it and do better, each customer as values of some fields.
    pub fn populations(&self) -> Vec<Vec<Vec<(SlotId, Value)>>> {
        let Some(member) = &self.member else { return Vec::new() };
        let met = |kept: u32, of: u32| {
            let hits = if self.churn { of - kept } else { kept };
            self.test.iter().any(|i| i.contains(float_key(f64::from(hits) / f64::from(of))))
        };
        // Fewest customers first: a base in which one customer more or less turns the outcome, twice if it can be.
        let turns = |of: &u32| (1..=*of).any(|kept| met(kept, *of) != met(kept - 1, *of));
        let ends: Vec<f64> = self.test.iter().flat_map(|i| [i.low, i.high]).map(key_float).collect();
        let exact =
            |of: &u32| (0..=*of).any(|k| ends.iter().any(|e| (f64::from(k) / f64::from(*of) - e).abs() < 1e-15));
        let Some(of) = (2..=MOST).find(|of| turns(of) && exact(of)).or_else(|| (2..=MOST).find(turns)) else {
            return Vec::new();
        };
        let active = |slots: &[SlotId], yes: bool| {
            slots.first().map(|slot| (*slot, Value::Integer(i64::from(yes)))).into_iter().collect::<Vec<_>>()
        };
        let base = |kept: u32| {
            let customer = |i: u32| {
                let own = [active(&self.active.0, true), active(&self.active.1, i < kept), member.clone()];
                own.concat()
            };
            (0..of).map(customer).collect()
        };
        let near =
            (0..=of).filter(|k| (k.saturating_sub(1)..=(k + 1).min(of)).any(|other| met(other, of) != met(*k, of)));
        near.map(base).collect()
    }

    /// The fields it reads.
    pub fn reads(&self) -> Vec<SlotId> {
        let mut slots: Vec<SlotId> = self.active.0.iter().chain(&self.active.1).copied().collect();
        if let Some(among) = &self.among {
            among.for_each_field(&mut |slot| slots.push(slot));
        }
        slots
    }

    /// How the goal stands for a customer base.
    ///
    /// # Errors
    /// A script that failed.
    pub fn measure(&self, frame: &Frame, as_of: i32, findings: &mut Diagnostics) -> Result<Standing, Diagnostics> {
        let faults = Faults::default();
        let env = Env { as_of, faults: &faults };
        let columns = |slots: &[SlotId]| {
            let column = |slot: &SlotId| Ok(kinds::column(frame, *slot)?.as_primitive::<Int64Type>().clone());
            slots.iter().map(column).collect::<Result<Vec<Int64Array>, Diagnostics>>()
        };
        let (before, after) = (columns(&self.active.0)?, columns(&self.active.1)?);
        let any = |columns: &[Int64Array], row: usize| columns.iter().any(|c| c.value(row) > 0);
        let among = self.among.as_ref().map(|c| column::condition(c, &frame.columns, frame.rows, env));
        faults.check()?;
        let unknown = among.as_ref().map_or(0, BooleanArray::null_count);
        if unknown > 0 {
            let message = format!(
                "`{}`: the condition is neither true nor false for {unknown} customers, who are not counted",
                self.name
            );
            findings.push(
                Diagnostic::new(Code("W0702"), message)
                    .help("say what a missing value means with `is missing` or `or else`"),
            );
        }
        let (mut base, mut kept) = (0u64, 0u64);
        for row in 0..frame.rows {
            let counted = among.as_ref().is_none_or(|c| c.is_valid(row) && c.value(row));
            if counted && any(&before, row) {
                base += 1;
                kept += u64::from(any(&after, row));
            }
        }
        let hits = if self.churn { base - kept } else { kept };
        let actual = (base > 0).then(|| hits as f64 / base as f64);
        let met = actual.map(|a| self.test.iter().any(|i| i.contains(float_key(a))));
        Ok(Standing { name: self.name.clone(), actual, customers: (base, kept), target: self.target.clone(), met })
    }
}
