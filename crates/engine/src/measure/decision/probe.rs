//! Records worth a test: for each row one that reaches it, and for each test in a condition two that differ in the
//! outcome of this test alone and, by it, in the outcome of the condition.
//!
//! Modified condition/decision coverage, after Chilenski and Miller, "Applicability of modified condition/decision
//! coverage to software testing", Software Engineering Journal 9 (1994).

use super::DecisionList;
use super::candidates::{Subject, Variable, atom};
use super::search::{self, FALSE, Proof, TRUE, UNKNOWN};
use crate::eval::{Faults, row};
use crate::model::{Operation, SlotId, TypedExpr, Value};

/// Values of the fields that matter; all others do not.
type Probe = Vec<(SlotId, Value)>;

/// Conditions of more tests than this get one record that reaches them and no more.
const MOST_TESTS: usize = 8;

impl DecisionList {
    /// The records worth a test, each once.
    pub fn probes(&self) -> Vec<Probe> {
        let mut probes: Vec<Probe> = Vec::new();
        let mut add = |proof: Proof| {
            let Proof::Witness(assigned) = proof else { return false };
            let probe: Probe = assigned.into_iter().map(|a| (a.field, a.value)).collect();
            if !probes.contains(&probe) {
                probes.push(probe);
            }
            true
        };
        let conditions: Vec<&TypedExpr> = self.conditions.iter().flatten().collect();
        for (i, condition) in conditions.iter().enumerate() {
            let before: Vec<(&TypedExpr, u8)> = conditions[..i].iter().map(|c| (*c, FALSE | UNKNOWN)).collect();
            add(search::reaches(&conditions, &self.variables, i));
            let mut tests = Vec::new();
            leaves(condition, &mut tests);
            if tests.len() > MOST_TESTS {
                continue;
            }
            for test in 0..tests.len() {
                for others in 0..1usize << tests.len() {
                    let flipped = others ^ (1 << test);
                    if flipped < others || outcome(condition, &mut 0, others) == outcome(condition, &mut 0, flipped) {
                        continue;
                    }
                    let record = |variables: &[Variable], truths: usize| {
                        let bit = |k: usize| if truths >> k & 1 == 1 { TRUE } else { FALSE };
                        let tests = tests.iter().enumerate().map(|(k, test)| (*test, bit(k)));
                        search::search(variables, &before.iter().copied().chain(tests).collect::<Vec<_>>())
                    };
                    let found = self.flips(tests[test]).into_iter().find_map(|(variables, turned)| {
                        let pair = (record(&variables, others), record(&turned, flipped));
                        matches!(pair, (Proof::Witness(_), Proof::Witness(_))).then_some(pair)
                    });
                    if let Some((one, other)) = found {
                        add(one);
                        add(other);
                        break;
                    }
                }
            }
        }
        if self.conditions.len() > conditions.len() {
            add(search::uncovered(&conditions, &self.variables));
        }
        probes
    }

    /// The variables held to two neighbouring values between which a test of one field flips, false first and true
    /// first; and, should that not do, free.
    fn flips(&self, test: &TypedExpr) -> Vec<(Vec<Variable>, Vec<Variable>)> {
        let mut all = Vec::new();
        let field = atom(test).map(|(field, _)| Subject::Field(field));
        let at = self.variables.iter().position(|v| Some(&v.subject) == field.as_ref());
        if let (Some(at), Some(Subject::Field(field))) = (at, &field) {
            let faults = Faults::default();
            let holds = |value: &Value| {
                let mut record = vec![Value::Null; field + 1];
                record[*field] = value.clone();
                row::evaluate(test, &record, super::quiet(&faults)) == Value::Boolean(true)
            };
            let held = |value: &Value| {
                let mut variables = self.variables.clone();
                variables[at].values = vec![value.clone()];
                variables
            };
            for pair in self.variables[at].values.windows(2).filter(|pair| holds(&pair[0]) != holds(&pair[1])) {
                all.extend([(held(&pair[0]), held(&pair[1])), (held(&pair[1]), held(&pair[0]))]);
            }
        }
        all.push((self.variables.clone(), self.variables.clone()));
        all
    }
}

/// The tests of a condition: what `and`, `or` and `not` join.
fn leaves<'e>(expr: &'e TypedExpr, found: &mut Vec<&'e TypedExpr>) {
    match &expr.operation {
        Operation::And(a, b) | Operation::Or(a, b) => {
            leaves(a, found);
            leaves(b, found);
        }
        Operation::Not(a) => leaves(a, found),
        _ => found.push(expr),
    }
}

/// The outcome of a condition whose tests, in order, come out as the bits of `truths`.
fn outcome(expr: &TypedExpr, next: &mut usize, truths: usize) -> bool {
    match &expr.operation {
        Operation::And(a, b) => outcome(a, next, truths) & outcome(b, next, truths),
        Operation::Or(a, b) => outcome(a, next, truths) | outcome(b, next, truths),
        Operation::Not(a) => !outcome(a, next, truths),
        _ => {
            *next += 1;
            truths >> (*next - 1) & 1 == 1
        }
    }
}
