//! The values that a proof has to try: for each field that the conditions test, one from every stretch between
//! literals.

use std::collections::BTreeMap;

use accolade_core::model::{Operation, Type, TypedExpr, Value};
use accolade_core::numbers::domain::Domain;
use accolade_core::numbers::fraction::Fraction;
use accolade_core::numbers::interval::ALL;
use accolade_core::show;

use super::readable::readable;
use crate::analysis::{Analyser, LocalField};

/// A variable of a proof.
#[derive(Clone, Debug)]
pub(super) struct Variable {
    /// Its name in a witness.
    pub(super) name: String,
    /// What it stands for.
    pub(super) subject: Subject,
    /// The values to try; every stretch in which no condition changes has one.
    pub(super) values: Vec<Value>,
    /// For each value the one to show in its stead, of the same stretch.
    pub(super) shown: Vec<Value>,
}

impl Variable {
    /// The field it stands for.
    pub(super) fn field(&self) -> Option<usize> {
        match self.subject {
            Subject::Field(field) => Some(field),
            Subject::Opaque(_) => None,
        }
    }
}

/// What a variable stands for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Subject {
    /// A field that is compared with literals only.
    Field(usize),
    /// Any other test, by its debug form. A proof assumes that it can be true or false whatever the record.
    Opaque(String),
}

impl Subject {
    /// What the outcome of a test depends on.
    pub(super) fn of(test: &TypedExpr) -> Subject {
        match atom(test) {
            Some((field, _)) => Subject::Field(field),
            None => Subject::Opaque(format!("{test:?}")),
        }
    }
}

/// The variables of `conditions`, fields first.
pub(super) fn variables(
    conditions: &[&TypedExpr],
    locals: Option<(&[LocalField], &[Vec<Value>])>,
    analyser: &Analyser,
) -> Vec<Variable> {
    let mut found = VariableCollector::default();
    conditions.iter().for_each(|c| found.visit(c));
    if let Some((names, _)) = locals {
        // Local fields have few values, so every record is tried and no test has to be assumed.
        found.opaque.clear();
        (0..names.len()).for_each(|index| {
            found.fields.entry(index).or_default();
        });
    }
    let mut variables: Vec<Variable> = found
        .fields
        .into_iter()
        .map(|(index, literals)| {
            if let Some((names, domains)) = locals {
                let (name, values) = (names[index].name.to_owned(), domains[index].clone());
                return Variable { name, subject: Subject::Field(index), shown: values.clone(), values };
            }
            let slot = analyser.slot(index);
            let mut values = match &slot.labels {
                Some(labels) => labels.iter().map(|l| Value::text(l)).collect(),
                None => around(&literals, slot.ty),
            };
            if let Some((low, high)) = analyser.column_range(index) {
                values.retain(|v| !outside(v, &low, &high));
            }
            let mut range = ALL;
            if let Some(domain) = Domain::of(slot.ty) {
                range = analyser.range(index, domain);
                values.retain(|v| domain.key(v).is_none_or(|key| range.contains(key)));
            }
            if slot.nullable {
                values.push(Value::Null);
            }
            let shown = match &slot.labels {
                Some(_) => values.clone(),
                None => values.iter().map(|value| readable(value, &literals, slot.ty, range)).collect(),
            };
            Variable { name: slot.name.clone(), subject: Subject::Field(index), values, shown }
        })
        .collect();
    variables.extend(found.opaque.into_iter().map(|(key, nullable)| {
        let mut values = vec![Value::Boolean(true), Value::Boolean(false)];
        values.extend(nullable.then_some(Value::Null));
        Variable { name: String::new(), subject: Subject::Opaque(key), shown: values.clone(), values }
    }));
    variables
}

fn outside(value: &Value, low: &Value, high: &Value) -> bool {
    let order = |a, b| accolade_core::ops::compare(a, b);
    order(value, low).is_some_and(std::cmp::Ordering::is_lt)
        || order(value, high).is_some_and(std::cmp::Ordering::is_gt)
}

#[derive(Default)]
struct VariableCollector {
    fields: BTreeMap<usize, Vec<Value>>,
    opaque: BTreeMap<String, bool>,
}

impl VariableCollector {
    fn visit(&mut self, expr: &TypedExpr) {
        match &expr.operation {
            Operation::And(a, b) | Operation::Or(a, b) => {
                self.visit(a);
                self.visit(b);
            }
            Operation::Not(a) => self.visit(a),
            Operation::Literal(_) => {}
            _ => match atom(expr) {
                Some((field, literals)) => self.fields.entry(field).or_default().extend(literals),
                None => {
                    self.opaque.insert(format!("{expr:?}"), expr.nullable);
                }
            },
        }
    }
}

/// The field and the literals of a test of one field against literals.
pub(super) fn atom(expr: &TypedExpr) -> Option<(usize, Vec<Value>)> {
    let field = |e: &TypedExpr| match &e.operation {
        Operation::Field(index) => Some(*index),
        Operation::Cast(inner) => match inner.operation {
            Operation::Field(index) => Some(index),
            _ => None,
        },
        _ => None,
    };
    let literal = |e: &TypedExpr| match &e.operation {
        Operation::Literal(value) => Some(value.clone()),
        _ => None,
    };
    match &expr.operation {
        Operation::Field(index) => Some((*index, Vec::new())),
        Operation::IsMissing(a) => Some((field(a)?, Vec::new())),
        Operation::OneOf(a, list) => Some((field(a)?, list.clone())),
        Operation::Compare(_, a, b) => match (field(a), literal(b)) {
            (Some(index), Some(value)) => Some((index, vec![value])),
            _ => Some((field(b)?, vec![literal(a)?])),
        },
        _ => None,
    }
}

/// A test of one field, rewritten as a test of field 0.
pub(super) fn alone(test: &TypedExpr) -> TypedExpr {
    let mut alone = test.clone();
    to_first_field(&mut alone);
    alone
}

fn to_first_field(expr: &mut TypedExpr) {
    match &mut expr.operation {
        Operation::Field(index) => *index = 0,
        Operation::IsMissing(a) | Operation::OneOf(a, _) | Operation::Cast(a) => to_first_field(a),
        Operation::Compare(_, a, b) => {
            to_first_field(a);
            to_first_field(b);
        }
        _ => {}
    }
}

/// The literals as values of the field's type, their neighbours, and one value beyond them all.
fn around(literals: &[Value], ty: Type) -> Vec<Value> {
    let mut values: Vec<Value> = match (Domain::of(ty), ty) {
        (Some(domain), _) => {
            let keys = literals.iter().filter_map(|v| near(v, domain)).flat_map(|key| [key - 1, key, key + 1]);
            let mut keys: Vec<i128> = keys.chain([domain.key(&domain.value(0)).unwrap_or(0)]).collect();
            keys.sort_unstable();
            keys.dedup();
            keys.into_iter().map(|key| domain.value(key)).collect()
        }
        (None, Type::Boolean) => vec![Value::Boolean(true), Value::Boolean(false)],
        (None, Type::Text) => {
            let mut texts: Vec<Value> = literals.to_vec();
            // Order comparisons of text fall between literals too.
            texts.extend(literals.iter().map(|v| Value::text(&format!("{}\u{1}", show::value(v)))));
            texts.push(Value::text("…"));
            texts.push(Value::text(""));
            texts
        }
        (None, Type::Date) => {
            let days = literals.iter().filter_map(|v| match v {
                Value::Date(d) => Some(*d),
                Value::DateTime(t) => Some(accolade_core::ops::day_of(*t)),
                _ => None,
            });
            days.chain([0]).flat_map(|d| [d.saturating_sub(1), d, d.saturating_add(1)]).map(Value::Date).collect()
        }
        (None, _) => {
            let micros = literals.iter().filter_map(|v| if let Value::DateTime(t) = v { Some(*t) } else { None });
            micros.chain([0]).flat_map(|t| [t.saturating_sub(1), t, t.saturating_add(1)]).map(Value::DateTime).collect()
        }
    };
    let mut unique: Vec<Value> = Vec::new();
    values.drain(..).for_each(|v| {
        if !unique.contains(&v) {
            unique.push(v);
        }
    });
    unique
}

/// The key at or next to a literal, which may have the type that the field is cast to.
pub(super) fn near(literal: &Value, domain: Domain) -> Option<i128> {
    match (literal, domain) {
        (Value::Number(v), Domain::Exact { scale, .. }) => {
            let (mantissa, exponent) = accolade_core::ops::shortest_decimal(*v);
            accolade_core::ops::scale_by_ten(mantissa, exponent + i32::from(scale)).ok()
        }
        // A literal of more digits than its type holds lies beside the value nearest to it.
        (Value::Decimal(_), domain) => domain.key(&Fraction::of(literal)?.keep(domain.ty()).ok()?),
        (value, domain) => domain.key(value),
    }
}
