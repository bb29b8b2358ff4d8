//! Runs one case and compares its outcome with its expectations.

use std::sync::Arc;

use accolade_engine::explain::derive;
use accolade_engine::profile::CustomerBase;
use accolade_engine::rules::set::Step;
use accolade_engine::run::{Outcome, rate};
use accolade_engine::{Inputs, RuleSet, SavedCutOffs, profile};
use accolade_parser::{Code, Diagnostic, Diagnostics, Severity};

use super::checks::{CaseOutcome, OlderOutcome};
use super::prepared::PreparedSuite;
use super::{data, population};
use crate::coverage::ReachedBranches;
use crate::suite::{Case, Suite, ValueLocation};

/// The result of a case.
#[derive(Debug, Default)]
pub struct CaseResult {
    /// The case's name.
    pub name: String,
    /// How many values were compared.
    pub checks: usize,
    /// The expectations that were not met.
    pub failures: Vec<ExpectationFailure>,
    /// Errors in the data of the case, in its run or in its expectations.
    pub errors: Diagnostics,
    /// The branches its customers took.
    pub(crate) reached: ReachedBranches,
}

impl CaseResult {
    /// Whether every expectation was met and there are no errors.
    pub fn passed(&self) -> bool {
        self.failures.is_empty() && !self.errors.has_errors()
    }
}

/// An expectation that was not met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectationFailure {
    /// The customer; none for the population.
    pub customer: Option<String>,
    /// The field, goal or expression.
    pub field: String,
    /// The expected value.
    pub expected: String,
    /// The actual value.
    pub actual: String,
    /// The reason for the actual value, in a few words.
    pub why: String,
    /// The change to the expectation that makes it hold.
    pub update: Option<Patch>,
}

/// The new text of an expected value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch {
    /// Where it is written.
    pub place: ValueLocation,
    /// The new text.
    pub text: String,
}

/// Runs the case at `index`.
pub fn run_case(suite: &Suite, prepared: &PreparedSuite, index: usize) -> CaseResult {
    let case = &suite.cases[index];
    let mut result = CaseResult { name: case.name.value.clone(), ..CaseResult::default() };
    let PreparedSuite { set, checks, before, .. } = prepared;
    match rate_case(suite, case, set) {
        Ok((outcome, keys)) => {
            let found = outcome.findings.iter().map(|d| d.code).collect::<Vec<Code>>();
            expected_codes(case, &found, &mut result);
            let older = match case.before.as_ref().and_then(|path| before.get(path)).map(Arc::as_ref) {
                Some(older) => match self::rate_case(suite, case, older) {
                    Ok((outcome, keys)) => Some((older, outcome, keys)),
                    Err(findings) => {
                        result.errors.extend(findings);
                        None
                    }
                },
                None => None,
            };
            let compared = compare(set, &outcome, &keys, case, &checks[index], older.as_ref(), &mut result);
            if let Err(findings) = compared {
                result.errors.extend(findings);
            }
        }
        Err(findings) => {
            let found: Vec<Code> = findings.iter().map(|d| d.code).collect();
            let wanted = |d: &&Diagnostic| case.expect.diagnostics.iter().any(|code| code.value == d.code.id());
            if findings.iter().filter(|d| d.severity == Severity::Error).all(|d| wanted(&d)) {
                expected_codes(case, &found, &mut result);
                for expected in &case.expect.customers {
                    result.failures.push(not_rated(&expected.key.value));
                }
            } else {
                result.errors = findings;
            }
        }
    }
    result
}

fn not_rated(customer: &str) -> ExpectationFailure {
    ExpectationFailure {
        customer: Some(customer.to_owned()),
        field: "result".to_owned(),
        expected: "one".to_owned(),
        actual: "none, because the run failed".to_owned(),
        why: String::new(),
        update: None,
    }
}

fn expected_codes(case: &Case, found: &[Code], result: &mut CaseResult) {
    for code in &case.expect.diagnostics {
        result.checks += 1;
        if found.iter().all(|f| f.id() != code.value) {
            let mut seen: Vec<&str> = found.iter().map(|c| c.id()).collect();
            seen.dedup();
            result.failures.push(ExpectationFailure {
                customer: None,
                field: "diagnostics".to_owned(),
                expected: code.value.clone(),
                actual: if seen.is_empty() { "none".to_owned() } else { seen.join(", ") },
                why: String::new(),
                update: None,
            });
        }
    }
}

/// Rates a case's data; returns the outcome and the customers' keys in order.
pub(crate) fn rate_case(suite: &Suite, case: &Case, set: &RuleSet) -> Result<(Outcome, Vec<String>), Diagnostics> {
    let Some(as_of) = case.as_of.or(suite.as_of).or(set.as_of) else {
        let message = "no date to rate at";
        return Err(Diagnostics::from(
            Diagnostic::new(Code::E0709, message).help("add `as_of: 2026-01-31` to the test file"),
        ));
    };
    let mut data = data::case_data(suite, case, set)?;
    let inputs = Inputs::new(as_of, std::mem::take(&mut data.locations));
    let base = profile::load(&data.demand, &inputs)?;
    let keys = keys(&base);
    let mut cut_offs = if case.computed { Default::default() } else { suite.cut_offs.clone() };
    cut_offs.extend(case.cut_offs.clone());
    let saved = (!cut_offs.is_empty()).then(|| SavedCutOffs::partial(set, cut_offs));
    let outcome = rate(set, base, as_of, 1, saved.as_ref(), &data.overrides(&keys))?;
    Ok((outcome, keys))
}

fn keys(base: &CustomerBase) -> Vec<String> {
    let column = base.columns.iter().find(|(slot, _)| *slot == 0).map(|(_, column)| column);
    column.map_or_else(Vec::new, |column| {
        (0..base.rows).map(|row| population::key_text(&accolade_engine::frame::value_at(column, row))).collect()
    })
}

fn compare(
    set: &RuleSet,
    outcome: &Outcome,
    keys: &[String],
    case: &Case,
    checks: &[population::PopulationCheck],
    older: Option<&(&RuleSet, Outcome, Vec<String>)>,
    result: &mut CaseResult,
) -> Result<(), Diagnostics> {
    reach(set, outcome, &mut result.reached)?;
    let before = older.map(|(set, outcome, keys)| OlderOutcome { set, outcome, keys });
    let rated = CaseOutcome { set, outcome, keys, before: before.as_ref() };
    let mut errors = Diagnostics::new();
    let mut compared = || -> Result<usize, Diagnostics> {
        let mut count = 0;
        for expected in &case.expect.customers {
            count += rated.customer(expected, &mut result.failures, &mut errors)?;
        }
        Ok(count + rated.population(case, checks, &mut result.failures, &mut errors)?)
    };
    let compared = compared();
    result.errors.extend(errors);
    result.checks += compared?;
    Ok(())
}

/// Records every branch that a customer took, and the outcome of every goal.
fn reach(set: &RuleSet, outcome: &Outcome, reached: &mut ReachedBranches) -> Result<(), Diagnostics> {
    let rater = outcome.rater(set);
    for row in 0..outcome.frame.rows {
        let record = outcome.frame.record(row);
        for step in &set.steps {
            let Step::Rule { name, .. } = step else { continue };
            if let Some(derivation) = derive(&rater, &record, step)? {
                derivation.reached.into_iter().for_each(|branch| reached.rule(name, branch));
            }
        }
    }
    outcome.goals.iter().for_each(|goal| reached.goal(&goal.name, goal.met));
    Ok(())
}
