//! Compares the outcome of a case with its expectations.

use accolade_engine::rules::set::Step;
use accolade_engine::run::Outcome;
use accolade_engine::{RuleSet, Type, Value, explain};
use accolade_parser::{Code, Diagnostic, Diagnostics};

use super::decision::{decided_by, points};
use super::evaluate::{ExpectationFailure, Patch};
use super::hint::hinted;
use super::{expected, figures, population};
use crate::suite::{Case, CustomerExpectation, ExpectedValue};

/// The outcome of a case's run and the keys of its customers.
pub(super) struct CaseOutcome<'a> {
    pub(super) set: &'a RuleSet,
    pub(super) outcome: &'a Outcome,
    pub(super) keys: &'a [String],
    /// The same customers under an older rule set, for cases that compare with one.
    pub(super) before: Option<&'a OlderOutcome<'a>>,
}

pub(super) struct OlderOutcome<'a> {
    pub(super) set: &'a RuleSet,
    pub(super) outcome: &'a Outcome,
    pub(super) keys: &'a [String],
}

impl CaseOutcome<'_> {
    /// Compares one customer with its expectations and returns how many values were compared.
    pub(super) fn customer(
        &self,
        expect: &CustomerExpectation,
        failures: &mut Vec<ExpectationFailure>,
        out: &mut Diagnostics,
    ) -> Result<usize, Diagnostics> {
        let Some(row) = self.keys.iter().position(|k| *k == expect.key.value) else {
            let message = format!("the case has no customer `{}`", expect.key.value);
            let known = self.keys.iter().map(String::as_str);
            out.push(hinted(Diagnostic::new(Code::E0802, message).at(expect.key.span), &expect.key.value, known));
            return Ok(0);
        };
        let record = self.outcome.frame.record(row);
        let rater = self.outcome.rater(self.set);
        for (field, wanted) in &expect.fields {
            let slot = self.set.slot(&field.value);
            let found = match slot {
                Some(slot) => Some((record[slot].clone(), self.set.demand.slots[slot].ty)),
                None => points(&rater, &record, &field.value)?.map(|points| (points, Type::Score)),
            };
            let Some((value, ty)) = found else {
                let message = format!("there is no field `{}`", field.value);
                let known = self.set.output.iter().map(|s| self.set.demand.slots[*s].name.as_str());
                out.push(hinted(Diagnostic::new(Code::E0802, message).at(field.span), &field.value, known));
                continue;
            };
            let actual = expected::number_text(&value, ty);
            let was = self.before.map(|before| before.value(&expect.key.value, &field.value));
            let (same, actual) = match (was, wanted.text.as_deref().and_then(split)) {
                (Some(was), Some((from, to))) => {
                    let shown = format!("{} → {actual}", expected::number_text(&was, ty));
                    let from = expected::matches(missing(from), &was, ty);
                    (from.zip(expected::matches(missing(to), &value, ty)).map(|(a, b)| a && b), shown)
                }
                _ => (expected::matches(wanted.text.as_deref(), &value, ty), actual),
            };
            match same {
                Some(true) => {}
                Some(false) => {
                    let why = slot.map_or(Ok(String::new()), |slot| self.why(slot, row))?;
                    failures.push(failure(&expect.key.value, &field.value, wanted, actual, why));
                }
                None => {
                    let message = format!("`{}` has the type {ty}, and the expected value does not", field.value);
                    out.push(Diagnostic::new(Code::E0804, message).at(field.span));
                }
            }
        }
        for (subject, wanted) in &expect.decided_by {
            let Some(texts) = decided_by(&rater, &record, &subject.value)? else {
                let message = format!("there is no rule or criterion `{}`", subject.value);
                let help = "name a rule, or a criterion as `rule.criterion`";
                out.push(Diagnostic::new(Code::E0802, message).at(subject.span).help(help));
                continue;
            };
            let wanted_text = wanted.text.clone().unwrap_or_else(|| "missing".to_owned());
            let squeezed = |text: &str| text.split_whitespace().collect::<String>();
            if texts.iter().all(|text| squeezed(text) != squeezed(&wanted_text)) {
                let actual = texts.first().cloned().unwrap_or_else(|| "nothing".to_owned());
                let field = format!("decided_by {}", subject.value);
                failures.push(failure(&expect.key.value, &field, wanted, actual, String::new()));
            }
        }
        Ok(expect.fields.len() + expect.decided_by.len())
    }

    /// The reason for the value of a field that a rule computed.
    fn why(&self, slot: usize, row: usize) -> Result<String, Diagnostics> {
        let is_its = |step: &&Step| matches!(step, Step::Rule { slots, .. } if slots.contains(&slot));
        let Some(step) = self.set.steps.iter().find(is_its) else { return Ok(String::new()) };
        Ok(match explain::reason(self.set, step, self.outcome, row)? {
            Value::Text(text) => text.to_string(),
            _ => String::new(),
        })
    }

    /// Compares the population and its figures with the expectations and returns how many were compared.
    pub(super) fn population(
        &self,
        case: &Case,
        checks: &[population::PopulationCheck],
        failures: &mut Vec<ExpectationFailure>,
        out: &mut Diagnostics,
    ) -> Result<usize, Diagnostics> {
        for check in checks {
            failures.extend(check.failure(self.outcome)?);
        }
        Ok(checks.len() + figures::check(self.outcome, &case.expect, failures, out))
    }
}

impl OlderOutcome<'_> {
    fn value(&self, key: &str, field: &str) -> Value {
        let row = self.keys.iter().position(|k| k == key);
        match (row, self.set.slot(field).and_then(|slot| self.outcome.frame.column(slot))) {
            (Some(row), Some(column)) => accolade_engine::frame::value_at(column, row),
            _ => Value::Null,
        }
    }
}

/// The actual value as an expectation, with the tolerance of the old one.
fn updated(wanted: &ExpectedValue, actual: &str) -> String {
    match wanted.text.as_deref().and_then(|text| text.split_once('±')) {
        Some((_, tolerance)) if actual != "missing" => format!("{actual} ±{tolerance}"),
        _ => actual.to_owned(),
    }
}

/// The two values of `B → A`.
fn split(text: &str) -> Option<(&str, &str)> {
    text.split_once('→').or_else(|| text.split_once("->")).map(|(from, to)| (from.trim(), to.trim()))
}

fn missing(text: &str) -> Option<&str> {
    Some(text).filter(|t| *t != "missing")
}

/// The failure of an expected field of a customer.
fn failure(customer: &str, field: &str, wanted: &ExpectedValue, actual: String, why: String) -> ExpectationFailure {
    ExpectationFailure { customer: Some(customer.to_owned()), ..mismatch(field.to_owned(), wanted, actual, why) }
}

/// The failure of an expectation.
pub(super) fn mismatch(field: String, wanted: &ExpectedValue, actual: String, why: String) -> ExpectationFailure {
    ExpectationFailure {
        customer: None,
        field,
        expected: wanted.text.clone().unwrap_or_else(|| "missing".to_owned()),
        update: Some(Patch { place: wanted.place.clone(), text: updated(wanted, &actual) }),
        actual,
        why,
    }
}
