//! Proofs by search: records are built field by field, and a branch is left as soon as its outcome is fixed.
//!
//! A test over something other than one field and literals is taken to be true or false at will. That makes
//! more records possible than there are, so what is proved impossible is impossible; a witness that needs
//! such a test is not reported.

use super::candidates::{Subject, Variable, atom};
use super::quiet;
use crate::eval::{Faults, row};
use crate::model::{Operation, TypedExpr, Value};

/// What a search found.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Proof {
    /// No record does it.
    Impossible,
    /// A record with these values does it.
    Witness(Vec<Assigned>),
    /// Neither could be shown.
    Undecided,
}

/// A field's value in a witness.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Assigned {
    pub(super) field: usize,
    pub(super) name: String,
    pub(super) value: Value,
}

/// How many steps a search may take before it gives up.
const BUDGET: usize = 20_000;

/// Truth values a condition can still take, as bits.
pub(super) const TRUE: u8 = 1;
pub(super) const FALSE: u8 = 2;
pub(super) const UNKNOWN: u8 = 4;

/// A record for which condition `i` holds.
pub(super) fn holds(conditions: &[&TypedExpr], variables: &[Variable], i: usize) -> Proof {
    search(variables, &[(conditions[i], TRUE)])
}

/// A record that gets to condition `i` and for which it holds.
pub(super) fn reaches(conditions: &[&TypedExpr], variables: &[Variable], i: usize) -> Proof {
    let mut wanted: Vec<(&TypedExpr, u8)> = vec![(conditions[i], TRUE)];
    wanted.extend(conditions[..i].iter().map(|c| (*c, FALSE | UNKNOWN)));
    search(variables, &wanted)
}

/// A record for which conditions `i` and `j` both hold.
pub(super) fn overlaps(conditions: &[&TypedExpr], variables: &[Variable], i: usize, j: usize) -> Proof {
    search(variables, &[(conditions[i], TRUE), (conditions[j], TRUE)])
}

/// A record for which no condition holds.
pub(super) fn uncovered(conditions: &[&TypedExpr], variables: &[Variable]) -> Proof {
    let wanted: Vec<(&TypedExpr, u8)> = conditions.iter().map(|c| (*c, FALSE | UNKNOWN)).collect();
    search(variables, &wanted)
}

/// A record for which each condition takes one of the truth values it is paired with.
pub(super) fn search(variables: &[Variable], wanted: &[(&TypedExpr, u8)]) -> Proof {
    // Only what the wanted conditions speak of is tried.
    let relevant: Vec<usize> = (0..variables.len())
        .filter(|v| wanted.iter().any(|(c, _)| mentions(c, &variables[*v].subject, variables)))
        .collect();
    let width =
        variables.iter().filter_map(|v| if let Subject::Field(i) = v.subject { Some(i + 1) } else { None }).max();
    let mut state = Search {
        variables,
        wanted,
        relevant,
        assigned: vec![None; variables.len()],
        record: vec![Value::Null; width.unwrap_or(0)],
        steps: 0,
        faults: Faults::default(),
    };
    state.run(0)
}

struct Search<'a> {
    variables: &'a [Variable],
    wanted: &'a [(&'a TypedExpr, u8)],
    relevant: Vec<usize>,
    assigned: Vec<Option<usize>>,
    record: Vec<Value>,
    steps: usize,
    faults: Faults,
}

impl Search<'_> {
    fn run(&mut self, depth: usize) -> Proof {
        self.steps += 1;
        if self.steps > BUDGET {
            return Proof::Undecided;
        }
        let mut fixed = true;
        for (condition, want) in self.wanted {
            let possible = self.truth(condition);
            if possible & want == 0 {
                return Proof::Impossible;
            }
            fixed &= possible & !want == 0;
        }
        let Some(variable) = self.relevant.get(depth).copied() else {
            return if fixed { self.witness() } else { Proof::Impossible };
        };
        let subject = self.variables[variable].subject.clone();
        let mut outcome = Proof::Impossible;
        for (i, value) in self.variables[variable].values.iter().enumerate() {
            self.assigned[variable] = Some(i);
            if let Subject::Field(field) = subject {
                self.record[field] = value.clone();
            }
            match self.run(depth + 1) {
                Proof::Impossible => {}
                found @ Proof::Witness(_) => {
                    self.assigned[variable] = None;
                    return found;
                }
                Proof::Undecided => outcome = Proof::Undecided,
            }
        }
        self.assigned[variable] = None;
        outcome
    }

    fn witness(&self) -> Proof {
        let mut shown = Vec::new();
        for (variable, assigned) in self.variables.iter().zip(&self.assigned) {
            let Some(value) = assigned.and_then(|i| variable.values.get(i)) else { continue };
            match variable.subject {
                Subject::Field(field) => {
                    shown.push(Assigned { field, name: variable.name.clone(), value: value.clone() });
                }
                Subject::Opaque(_) => return Proof::Undecided,
            }
        }
        Proof::Witness(shown)
    }

    /// The truth values a condition can take under what is assigned so far.
    fn truth(&self, expr: &TypedExpr) -> u8 {
        match &expr.operation {
            Operation::And(a, b) => combine(self.truth(a), self.truth(b), and),
            Operation::Or(a, b) => combine(self.truth(a), self.truth(b), or),
            Operation::Not(a) => not(self.truth(a)),
            Operation::Literal(value) => bit(value),
            _ => self.atom_truth(expr),
        }
    }

    /// The truth of a test of several fields: known once all of them are assigned.
    fn whole_truth(&self, expr: &TypedExpr) -> u8 {
        let mut assigned = true;
        expr.for_each_field(&mut |field| {
            let variable = self.variables.iter().position(|v| v.subject == Subject::Field(field));
            assigned &= variable.is_some_and(|v| self.assigned[v].is_some());
        });
        if assigned { bit(&row::evaluate(expr, &self.record, quiet(&self.faults))) } else { TRUE | FALSE | UNKNOWN }
    }

    fn atom_truth(&self, expr: &TypedExpr) -> u8 {
        let subject = subject(expr);
        let Some(index) = self.variables.iter().position(|v| v.subject == subject) else {
            return self.whole_truth(expr);
        };
        let variable = &self.variables[index];
        let values = match self.assigned[index] {
            Some(i) => &variable.values[i..=i],
            None => &variable.values[..],
        };
        values.iter().fold(0, |possible, value| {
            possible
                | match variable.subject {
                    Subject::Opaque(_) => bit(value),
                    Subject::Field(field) => {
                        let mut record = self.record.clone();
                        record[field] = value.clone();
                        bit(&row::evaluate(expr, &record, quiet(&self.faults)))
                    }
                }
        })
    }
}

fn subject(expr: &TypedExpr) -> Subject {
    match atom(expr) {
        Some((field, _)) => Subject::Field(field),
        None => Subject::Opaque(format!("{expr:?}")),
    }
}

fn mentions(expr: &TypedExpr, wanted: &Subject, variables: &[Variable]) -> bool {
    match &expr.operation {
        Operation::And(a, b) | Operation::Or(a, b) => mentions(a, wanted, variables) || mentions(b, wanted, variables),
        Operation::Not(a) => mentions(a, wanted, variables),
        Operation::Literal(_) => false,
        _ => {
            let subject = subject(expr);
            if variables.iter().any(|v| v.subject == subject) {
                return subject == *wanted;
            }
            let mut reads = false;
            expr.for_each_field(&mut |field| reads |= *wanted == Subject::Field(field));
            reads
        }
    }
}

fn bit(value: &Value) -> u8 {
    match value {
        Value::Boolean(true) => TRUE,
        Value::Boolean(false) => FALSE,
        _ => UNKNOWN,
    }
}

fn bits(possible: u8) -> impl Iterator<Item = u8> {
    [TRUE, FALSE, UNKNOWN].into_iter().filter(move |b| possible & b != 0)
}

fn combine(a: u8, b: u8, of: fn(u8, u8) -> u8) -> u8 {
    bits(a).flat_map(|x| bits(b).map(move |y| of(x, y))).fold(0, |all, one| all | one)
}

fn and(a: u8, b: u8) -> u8 {
    if a == FALSE || b == FALSE { FALSE } else { a.max(b) }
}

fn or(a: u8, b: u8) -> u8 {
    if a == TRUE || b == TRUE { TRUE } else { a.max(b) }
}

fn not(possible: u8) -> u8 {
    bits(possible).fold(0, |all, b| {
        all | match b {
            TRUE => FALSE,
            FALSE => TRUE,
            other => other,
        }
    })
}
