//! Records worth a test: for each row one that reaches it, and for each test in a condition two for which only this
//! test differs, and with it the outcome of the condition.
//!
//! Modified condition/decision coverage, after Chilenski and Miller, "Applicability of modified condition/decision
//! coverage to software testing", Software Engineering Journal 9 (1994).

use accolade_core::model::{Operation, SlotId, TypedExpr, Value};

use super::DecisionList;
use super::condition::{Condition, FALSE, TRUE, UNKNOWN};
use super::search::{FixedValue, Proof, Proofs};

/// A record worth a test, as values of the fields that matter.
type TestRecord = Vec<(SlotId, Value)>;

/// Conditions of more tests than this get only a record that reaches them.
const MOST_TESTS: usize = 8;

impl DecisionList {
    /// The records worth a test, each once.
    pub fn test_records(&self) -> Vec<TestRecord> {
        let mut probes: Vec<TestRecord> = Vec::new();
        let mut add = |proof: Proof| {
            let Proof::Witness(assigned) = proof else { return false };
            let probe: TestRecord = assigned.into_iter().map(|a| (a.field, a.value)).collect();
            if !probes.contains(&probe) {
                probes.push(probe);
            }
            true
        };
        let conditions: Vec<&TypedExpr> = self.conditions.iter().flatten().collect();
        let proofs = Proofs::new(&self.variables, conditions.iter().copied());
        for (i, condition) in conditions.iter().enumerate() {
            add(proofs.reaches(i));
            let mut tests = Vec::new();
            leaves(condition, &mut tests);
            if tests.len() > MOST_TESTS {
                continue;
            }
            // A record for which no earlier condition holds and the tests of this one have the wanted outcomes.
            let parts = Proofs::new(&self.variables, conditions[..i].iter().chain(&tests).copied());
            let record = |held: Option<FixedValue>, truths: usize| {
                let bit = |k: usize| if truths >> k & 1 == 1 { TRUE } else { FALSE };
                let before = (0..i).map(|c| (c, FALSE | UNKNOWN));
                parts.search(&before.chain((0..tests.len()).map(|k| (i + k, bit(k)))).collect::<Vec<_>>(), held)
            };
            for test in 0..tests.len() {
                for others in 0..1usize << tests.len() {
                    let flipped = others ^ (1 << test);
                    if flipped < others || outcome(condition, &mut 0, others) == outcome(condition, &mut 0, flipped) {
                        continue;
                    }
                    let found = flips(&parts.conditions()[i + test]).into_iter().find_map(|(held, turned)| {
                        let pair = (record(held, others), record(turned, flipped));
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
            add(proofs.uncovered());
        }
        probes
    }
}

/// The pairs of neighbouring values of a field between which a test of it flips, each in both orders; last, a pair that
/// leaves the field free.
fn flips(test: &Condition) -> Vec<(Option<FixedValue>, Option<FixedValue>)> {
    let mut all = Vec::new();
    if let Some((variable, truths)) = test.test() {
        let flip = |(_, pair): &(usize, &[u8])| (pair[0] == TRUE) != (pair[1] == TRUE);
        for (value, _) in truths.windows(2).enumerate().filter(flip) {
            let (one, next) = (Some((variable, value)), Some((variable, value + 1)));
            all.extend([(one, next), (next, one)]);
        }
    }
    all.push((None, None));
    all
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

/// The outcome of a condition whose tests, in order, have the outcomes in the bits of `truths`.
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
