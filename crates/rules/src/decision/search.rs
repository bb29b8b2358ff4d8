//! Proofs by search: records are built field by field, and a branch is left as soon as its outcome is fixed.
//!
//! A test of anything but one field and literals is assumed to be true or false whatever the record. That admits more
//! records than exist, so an impossibility is proved all the same; a witness that needs such a test is not reported.

use accolade_core::eval::Faults;
use accolade_core::model::{TypedExpr, Value};

use super::candidates::{Subject, Variable};
use super::condition::{Condition, FALSE, TRUE, UNKNOWN};
use super::held_values::HeldValues;

/// What a search found.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Proof {
    /// There is no such record.
    Impossible,
    /// A record with these values is one.
    Witness(Vec<Assignment>),
    /// Neither could be shown.
    Undecided,
}

/// A field's value in a witness.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Assignment {
    pub(super) field: usize,
    pub(super) name: String,
    pub(super) value: Value,
    /// A value between the same literals, for readers.
    pub(super) shown: Value,
}

/// A variable and the index of the only value it may take.
pub(super) type FixedValue = (usize, usize);

/// How many steps a search may take before it gives up. A step gives a variable a value and checks the conditions that
/// read it.
const BUDGET: usize = 20_000;

/// Conditions and the variables they read, of which it can be proved what records they allow.
pub(super) struct Proofs<'a> {
    variables: &'a [Variable],
    conditions: Vec<Condition<'a>>,
    faults: Faults,
}

impl<'a> Proofs<'a> {
    pub(super) fn new(variables: &'a [Variable], conditions: impl IntoIterator<Item = &'a TypedExpr>) -> Self {
        let conditions = conditions.into_iter().map(|condition| Condition::new(condition, variables)).collect();
        Proofs { variables, conditions, faults: Faults::default() }
    }

    pub(super) fn conditions(&self) -> &[Condition<'a>] {
        &self.conditions
    }

    /// A record for which condition `i` holds.
    pub(super) fn holds(&self, i: usize) -> Proof {
        self.search(&[(i, TRUE)], None)
    }

    /// A record for which condition `i` holds and none before it.
    pub(super) fn reaches(&self, i: usize) -> Proof {
        let before = (0..i).map(|c| (c, FALSE | UNKNOWN));
        self.search(&[(i, TRUE)].into_iter().chain(before).collect::<Vec<_>>(), None)
    }

    /// A record for which conditions `i` and `j` both hold.
    pub(super) fn overlaps(&self, i: usize, j: usize) -> Proof {
        self.search(&[(i, TRUE), (j, TRUE)], None)
    }

    /// The pairs of conditions that may both hold as far as each field alone shows, the later one first.
    pub(super) fn possible_overlaps(&self) -> impl Iterator<Item = (usize, usize)> {
        let held: Vec<HeldValues> = self.conditions.iter().map(|c| HeldValues::of(c, self.variables)).collect();
        let pairs = (1..self.conditions.len()).flat_map(|j| (0..j).map(move |i| (j, i)));
        pairs.filter(move |(j, i)| !held[*j].exclude(&held[*i]))
    }

    /// A record for which no condition holds.
    pub(super) fn uncovered(&self) -> Proof {
        let none = (0..self.conditions.len()).map(|c| (c, FALSE | UNKNOWN));
        self.search(&none.collect::<Vec<_>>(), None)
    }

    /// A record for which each wanted condition takes one of the truth values it is paired with. A held variable keeps
    /// its value.
    pub(super) fn search(&self, wanted: &[(usize, u8)], held: Option<FixedValue>) -> Proof {
        // Only the variables that the wanted conditions read are tried.
        let mut speaking: Vec<Vec<(usize, u8)>> = vec![Vec::new(); self.variables.len()];
        for (condition, want) in wanted {
            for variable in self.conditions[*condition].variables() {
                speaking[*variable].push((*condition, *want));
            }
        }
        let relevant = (0..self.variables.len()).filter(|v| !speaking[*v].is_empty()).collect();
        let fields = self.variables.iter().filter_map(Variable::field).map(|field| field + 1);
        let is_whole = wanted.iter().any(|(condition, _)| self.conditions[*condition].is_of_several_fields());
        let mut search = RecordSearch {
            proofs: self,
            wanted,
            speaking,
            relevant,
            held,
            assigned: vec![None; self.variables.len()],
            record: if is_whole { vec![Value::Null; fields.max().unwrap_or(0)] } else { Vec::new() },
            steps: 1,
        };
        if let Some((variable, value)) = held {
            search.assign(variable, value);
        }
        if search.contradicts(wanted) { Proof::Impossible } else { search.run(0) }
    }
}

struct RecordSearch<'a> {
    proofs: &'a Proofs<'a>,
    wanted: &'a [(usize, u8)],
    /// For each variable, the wanted conditions that read it.
    speaking: Vec<Vec<(usize, u8)>>,
    relevant: Vec<usize>,
    held: Option<FixedValue>,
    assigned: Vec<Option<usize>>,
    /// The values assigned, for tests of several fields.
    record: Vec<Value>,
    steps: usize,
}

impl RecordSearch<'_> {
    /// Tries the values of the variables from `depth` on. The values of those before contradict no condition.
    fn run(&mut self, depth: usize) -> Proof {
        let Some(variable) = self.relevant.get(depth).copied() else { return self.witness() };
        let held = self.held.filter(|(held, _)| *held == variable);
        let values = held.map_or(0..self.proofs.variables[variable].values.len(), |(_, value)| value..value + 1);
        for value in values {
            self.steps += 1;
            if self.steps > BUDGET {
                return Proof::Undecided;
            }
            self.assign(variable, value);
            if self.contradicts(&self.speaking[variable]) {
                continue;
            }
            // Other values cannot change `Undecided`: the steps are used up, or the record rests on an assumed test, as
            // all others would.
            match self.run(depth + 1) {
                Proof::Impossible => {}
                found => return found,
            }
        }
        if held.is_none() {
            self.assigned[variable] = None;
        }
        Proof::Impossible
    }

    fn assign(&mut self, variable: usize, value: usize) {
        self.assigned[variable] = Some(value);
        let described = &self.proofs.variables[variable];
        if let Some(place) = described.field().and_then(|field| self.record.get_mut(field)) {
            *place = described.values[value].clone();
        }
    }

    /// Whether one of the conditions can no longer take any of its wanted truth values.
    fn contradicts(&self, conditions: &[(usize, u8)]) -> bool {
        conditions.iter().any(|(condition, want)| self.possible(*condition) & want == 0)
    }

    fn possible(&self, condition: usize) -> u8 {
        self.proofs.conditions[condition].possible(&self.assigned, &self.record, &self.proofs.faults)
    }

    fn witness(&self) -> Proof {
        if self.wanted.iter().any(|(condition, want)| self.possible(*condition) & !want != 0) {
            return Proof::Impossible;
        }
        let mut shown = Vec::new();
        for (variable, assigned) in self.proofs.variables.iter().zip(&self.assigned) {
            let Some(index) = *assigned else { continue };
            match variable.subject {
                Subject::Field(field) => {
                    let (value, readable) = (variable.values[index].clone(), variable.shown[index].clone());
                    shown.push(Assignment { field, name: variable.name.clone(), value, shown: readable });
                }
                Subject::Opaque(_) => return Proof::Undecided,
            }
        }
        Proof::Witness(shown)
    }
}
