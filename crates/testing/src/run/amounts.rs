//! What a measure over the population comes to, exactly where its values are exact.

use std::cmp::Ordering;

use accolade_engine::eval::{Env, Faults, row};
use accolade_engine::measure::domain::Domain;
use accolade_engine::model::TypedExpr;
use accolade_engine::run::Outcome;
use accolade_engine::{RuleSet, Type, Value};
use rust_decimal::Decimal;

use super::population::{Fold, Measure};

/// What was measured.
pub(super) enum Amount {
    /// Exactly, as a fraction.
    Exact(i128, i128),
    Float(f64),
    Nothing,
}

impl Amount {
    /// How it stands to a limit; nothing without data.
    pub(super) fn order(&self, limit: Decimal) -> Option<Ordering> {
        match self {
            Amount::Exact(numerator, denominator) => exact_order(*numerator, *denominator, limit),
            Amount::Float(v) => limit.to_string().parse().ok().and_then(|limit: f64| v.partial_cmp(&limit)),
            Amount::Nothing => None,
        }
    }
}

/// How `numerator / denominator` stands to a decimal, without rounding.
fn exact_order(numerator: i128, denominator: i128, limit: Decimal) -> Option<Ordering> {
    let limit = limit.normalize();
    let left = numerator.checked_mul(10i128.checked_pow(limit.scale())?);
    match (left, limit.mantissa().checked_mul(denominator)) {
        (Some(left), Some(right)) => Some(left.cmp(&right)),
        _ => (numerator as f64 / denominator as f64).partial_cmp(&limit.to_string().parse().ok()?),
    }
}

/// An amount for a reader.
pub(super) fn shown(amount: &Amount) -> String {
    match amount {
        Amount::Exact(numerator, 1) => numerator.to_string(),
        Amount::Exact(numerator, denominator) => {
            match Decimal::from(*numerator as i64).checked_div(Decimal::from(*denominator as i64)) {
                Some(quotient) if i64::try_from(*numerator).is_ok() && i64::try_from(*denominator).is_ok() => {
                    quotient.round_dp(6).normalize().to_string()
                }
                _ => format!("{}", *numerator as f64 / *denominator as f64),
            }
        }
        Amount::Float(v) => v.to_string(),
        Amount::Nothing => "no data".to_owned(),
    }
}

/// What a measure comes to for the customers of a run.
pub(super) fn amount(measure: &Measure, set: &RuleSet, outcome: &Outcome) -> Amount {
    let faults = Faults::default();
    let env = Env { as_of: outcome.as_of, faults: &faults };
    let records: Vec<Vec<Value>> = (0..outcome.frame.rows).map(|row| outcome.frame.record(row)).collect();
    let is = |condition: &Option<TypedExpr>, record: &[Value]| {
        condition.as_ref().is_none_or(|c| row::evaluate(c, record, env) == Value::Boolean(true))
    };
    let len = |n: usize| i128::try_from(n).unwrap_or(i128::MAX);
    match measure {
        Measure::Count(condition) => Amount::Exact(len(records.iter().filter(|r| is(condition, r)).count()), 1),
        Measure::Share(condition) => {
            let hits = records.iter().filter(|r| row::evaluate(condition, r, env) == Value::Boolean(true)).count();
            if records.is_empty() { Amount::Nothing } else { Amount::Exact(len(hits), len(records.len())) }
        }
        Measure::Fold(fold, value, condition) => {
            let values = records.iter().filter(|r| is(condition, r)).map(|r| row::evaluate(value, r, env));
            folded(*fold, values.collect(), value.ty)
        }
        Measure::ShareIn(value, of, label) => {
            let wanted = Value::text(label);
            let all: Vec<Value> = records.iter().map(|r| r[*value].clone()).collect();
            let part: Vec<Value> = records.iter().filter(|r| r[*of] == wanted).map(|r| r[*value].clone()).collect();
            let ty = set.slots[*value].ty;
            match (folded(Fold::Sum, part, ty), folded(Fold::Sum, all, ty)) {
                (Amount::Exact(a, _), Amount::Exact(b, _)) if b > 0 => Amount::Exact(a, b),
                (Amount::Float(a), Amount::Float(b)) if b > 0.0 => Amount::Float(a / b),
                _ => Amount::Nothing,
            }
        }
        Measure::Goal(_) => Amount::Nothing,
    }
}

fn folded(fold: Fold, values: Vec<Value>, ty: Type) -> Amount {
    let (Some(domain), n) = (Domain::of(ty), values.iter().filter(|v| !v.is_null()).count()) else {
        return Amount::Nothing;
    };
    let keys: Vec<i128> = values.iter().filter_map(|v| domain.key(v)).collect();
    let count = i128::try_from(n).unwrap_or(i128::MAX);
    if n == 0 && fold != Fold::Sum {
        return Amount::Nothing;
    }
    match (domain, fold) {
        (Domain::Exact { scale, .. }, _) => {
            let unit = 10i128.pow(u32::from(scale.unsigned_abs()));
            match fold {
                Fold::Sum => Amount::Exact(keys.iter().sum(), unit),
                Fold::Mean => Amount::Exact(keys.iter().sum(), unit * count),
                Fold::Min => Amount::Exact(keys.into_iter().min().unwrap_or(0), unit),
                Fold::Max => Amount::Exact(keys.into_iter().max().unwrap_or(0), unit),
            }
        }
        (Domain::Float(_), _) => {
            let floats = values.iter().filter_map(|v| if let Value::Number(v) = v { Some(*v) } else { None });
            Amount::Float(match fold {
                Fold::Sum => floats.sum(),
                Fold::Mean => floats.sum::<f64>() / n as f64,
                Fold::Min => floats.fold(f64::INFINITY, f64::min),
                Fold::Max => floats.fold(f64::NEG_INFINITY, f64::max),
            })
        }
    }
}
