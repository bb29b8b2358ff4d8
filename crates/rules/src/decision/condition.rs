//! The outcomes that a condition can still have while only some of its variables have a value.

use accolade_core::eval::{Faults, row};
use accolade_core::model::{Operation, TypedExpr, Value};

use super::candidates::{Subject, Variable, alone};
use super::silent_env;

/// Truth values a condition can still take, as bits.
pub(super) const TRUE: u8 = 1;
pub(super) const FALSE: u8 = 2;
pub(super) const UNKNOWN: u8 = 4;

/// A condition. The outcome of each test of one variable is computed in advance for all of its values.
pub(super) struct Condition<'a> {
    tree: Tree<'a>,
    /// The variables it reads, each once.
    variables: Vec<usize>,
}

enum Tree<'a> {
    And(Box<Tree<'a>>, Box<Tree<'a>>),
    Or(Box<Tree<'a>>, Box<Tree<'a>>),
    Not(Box<Tree<'a>>),
    Literal(u8),
    Variable(Test),
    /// A test of several fields, known once all of them have a value. None if one of them is not a variable.
    MultiField(&'a TypedExpr, Option<Vec<usize>>),
}

/// A test of one variable.
struct Test {
    variable: usize,
    /// The outcome for each value of the variable.
    truths: Vec<u8>,
    /// All of these outcomes together.
    any: u8,
}

impl<'a> Condition<'a> {
    pub(super) fn new(expr: &'a TypedExpr, variables: &[Variable]) -> Self {
        let mut speaks_of = Vec::new();
        let tree = tree(expr, variables, &mut speaks_of);
        speaks_of.sort_unstable();
        speaks_of.dedup();
        Condition { tree, variables: speaks_of }
    }

    /// The variables it reads.
    pub(super) fn variables(&self) -> &[usize] {
        &self.variables
    }

    /// The variable and the outcome for each of its values, if the condition is a test of one variable.
    pub(super) fn test(&self) -> Option<(usize, &[u8])> {
        match &self.tree {
            Tree::Variable(test) => Some((test.variable, &test.truths)),
            _ => None,
        }
    }

    /// Whether one of its tests reads several fields.
    pub(super) fn is_of_several_fields(&self) -> bool {
        self.tree.is_of_several_fields()
    }

    /// The truth values it can take when variables have the values of these indices; `record` holds the same values by
    /// field.
    pub(super) fn possible(&self, assigned: &[Option<usize>], record: &[Value], faults: &Faults) -> u8 {
        self.tree.possible(assigned, record, faults)
    }
}

fn tree<'a>(expr: &'a TypedExpr, variables: &[Variable], speaks_of: &mut Vec<usize>) -> Tree<'a> {
    let mut branch = |expr: &'a TypedExpr| Box::new(tree(expr, variables, speaks_of));
    match &expr.operation {
        Operation::And(a, b) => return Tree::And(branch(a), branch(b)),
        Operation::Or(a, b) => return Tree::Or(branch(a), branch(b)),
        Operation::Not(a) => return Tree::Not(branch(a)),
        Operation::Literal(value) => return Tree::Literal(bit(value)),
        _ => {}
    }
    let subject = Subject::of(expr);
    let place = |subject: &Subject| variables.iter().position(|v| v.subject == *subject);
    if let Some(variable) = place(&subject) {
        speaks_of.push(variable);
        let values = &variables[variable].values;
        let truths: Vec<u8> = match subject {
            Subject::Opaque(_) => values.iter().map(bit).collect(),
            Subject::Field(_) => {
                let (alone, faults) = (alone(expr), Faults::default());
                let truth = |value| bit(&row::evaluate(&alone, std::slice::from_ref(value), silent_env(&faults)));
                values.iter().map(truth).collect()
            }
        };
        let any = truths.iter().fold(0, |any, truth| any | truth);
        return Tree::Variable(Test { variable, truths, any });
    }
    let mut fields = Vec::new();
    expr.for_each_field(&mut |field| fields.push(place(&Subject::Field(field))));
    speaks_of.extend(fields.iter().flatten());
    Tree::MultiField(expr, fields.into_iter().collect())
}

impl Tree<'_> {
    fn possible(&self, assigned: &[Option<usize>], record: &[Value], faults: &Faults) -> u8 {
        let of = |tree: &Tree| tree.possible(assigned, record, faults);
        match self {
            Tree::And(a, b) => and(of(a), of(b)),
            Tree::Or(a, b) => or(of(a), of(b)),
            Tree::Not(a) => not(of(a)),
            Tree::Literal(truth) => *truth,
            Tree::Variable(test) => assigned[test.variable].map_or(test.any, |value| test.truths[value]),
            Tree::MultiField(expr, fields) => {
                let known = fields.as_ref().is_some_and(|fields| fields.iter().all(|v| assigned[*v].is_some()));
                if known { bit(&row::evaluate(expr, record, silent_env(faults))) } else { TRUE | FALSE | UNKNOWN }
            }
        }
    }

    fn is_of_several_fields(&self) -> bool {
        match self {
            Tree::And(a, b) | Tree::Or(a, b) => a.is_of_several_fields() || b.is_of_several_fields(),
            Tree::Not(a) => a.is_of_several_fields(),
            Tree::MultiField(..) => true,
            Tree::Literal(_) | Tree::Variable(_) => false,
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

/// The truth values that `a and b` can take: true if each can be true, false if one can be false, unknown if one can be
/// unknown and the other need not be false.
fn and(a: u8, b: u8) -> u8 {
    if a == 0 || b == 0 {
        return 0;
    }
    let open = TRUE | UNKNOWN;
    let unknown = if a & open != 0 && b & open != 0 { (a | b) & UNKNOWN } else { 0 };
    (a & b & TRUE) | ((a | b) & FALSE) | unknown
}

fn or(a: u8, b: u8) -> u8 {
    not(and(not(a), not(b)))
}

fn not(possible: u8) -> u8 {
    (possible & UNKNOWN) | ((possible & TRUE) << 1) | ((possible & FALSE) >> 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The conjunction of single truth values.
    fn both(a: u8, b: u8) -> u8 {
        if a == FALSE || b == FALSE { FALSE } else { a.max(b) }
    }

    fn either(a: u8, b: u8) -> u8 {
        if a == TRUE || b == TRUE { TRUE } else { a.max(b) }
    }

    fn each(a: u8, b: u8, of: fn(u8, u8) -> u8) -> u8 {
        let bits = |possible: u8| [TRUE, FALSE, UNKNOWN].into_iter().filter(move |bit| possible & bit != 0);
        bits(a).flat_map(|x| bits(b).map(move |y| of(x, y))).fold(0, |all, one| all | one)
    }

    #[test]
    fn sets_of_truth_values_come_to_what_their_members_do() {
        for a in 0..8 {
            assert_eq!(not(not(a)), a);
            for b in 0..8 {
                assert_eq!(and(a, b), each(a, b, both), "{a} and {b}");
                assert_eq!(or(a, b), each(a, b, either), "{a} or {b}");
            }
        }
    }
}
