//! Which fields of a record can be changed by themselves.

use accolade_core::model::{Operation, Origin, Slot, SlotId, Type, TypedExpr, Value};
use accolade_core::numbers::domain::Domain;
use accolade_rules::set::{RuleSet, Step, listed_texts};

use super::nearest::FieldChange;

/// A field that can be changed, with the name that readers know it by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedField {
    /// Its name.
    pub name: String,
    /// Its slot.
    pub slot: SlotId,
    /// Its type.
    pub ty: Type,
}

impl NamedField {
    /// The change of this field to a value.
    pub(super) fn to(&self, record: &[Value], to: Value) -> FieldChange {
        let from = record[self.slot].clone();
        FieldChange { field: self.name.clone(), slot: self.slot, ty: self.ty, from, to }
    }
}

/// The fields that a nearest change may vary: amounts, numbers, truth values and listed texts that are not computed from
/// one another. They are columns of the customers table, metrics over events, and aggregates that only a rule reads. A
/// metric such as `share_of_wallet: revenue / potential_revenue` is not among them, since it changes with those two.
pub fn changeable_fields(set: &RuleSet) -> Vec<NamedField> {
    let varies =
        |slot: &Slot| Domain::of(slot.ty).is_some() || slot.ty == Type::Boolean || listed_texts(slot).is_some();
    let mut found = uncomputed(set, varies);
    for step in &set.steps {
        let Step::Rule { rule, .. } = step else { continue };
        for slot in rule.changeable_fields() {
            // An aggregate within a metric changes with the metric, not by itself.
            let within = |step: &Step| match step {
                Step::Metric { expr, .. } => reads(expr, slot),
                Step::Rule { .. } => false,
            };
            let by_itself =
                matches!(set.demand.slots[slot].origin, Origin::Aggregate(_)) && !set.steps.iter().any(within);
            if by_itself && found.iter().all(|f| f.slot != slot) {
                let described = &set.demand.slots[slot];
                found.push(NamedField { name: described.name.clone(), slot, ty: described.ty });
            }
        }
    }
    found
}

/// The fields like [`changeable_fields`] that hold any text: which text to try is not known.
pub(super) fn free_texts(set: &RuleSet) -> Vec<NamedField> {
    uncomputed(set, |slot| slot.ty == Type::Text && listed_texts(slot).is_none())
}

/// The columns and the metrics over events that are not computed from one another, where `fits` holds.
fn uncomputed(set: &RuleSet, fits: impl Fn(&Slot) -> bool) -> Vec<NamedField> {
    let mut found: Vec<NamedField> = Vec::new();
    let mut named = |slot: SlotId, name: &str| {
        let described = &set.demand.slots[slot];
        if slot != 0 && fits(described) && found.iter().all(|f| f.slot != slot) {
            found.push(NamedField { name: name.to_owned(), slot, ty: described.ty });
        }
    };
    for (slot, described) in set.demand.slots.iter().enumerate() {
        match described.origin {
            Origin::Column(_) => named(slot, &described.name),
            Origin::Step(step) => {
                let Step::Metric { expr, .. } = &set.steps[step] else { continue };
                if !set.output.contains(&slot) {
                    continue;
                }
                match expr.operation {
                    // The slot of the aggregate, so that everything that reads the aggregate follows.
                    Operation::Field(inner) => {
                        if let Origin::Aggregate(_) = set.demand.slots[inner].origin {
                            named(inner, &described.name);
                        }
                    }
                    _ if only_unnamed_aggregates(set, expr) => named(slot, &described.name),
                    _ => {}
                }
            }
            Origin::Key | Origin::Aggregate(_) => {}
        }
    }
    found
}

fn reads(expr: &TypedExpr, slot: SlotId) -> bool {
    let mut reads = false;
    expr.for_each_field(&mut |read| reads |= read == slot);
    reads
}

/// Whether a metric reads aggregates only, none of which is a metric of its own.
fn only_unnamed_aggregates(set: &RuleSet, expr: &TypedExpr) -> bool {
    let is_metric = |aggregate: SlotId| {
        set.steps.iter().any(|step| {
            matches!(step, Step::Metric { slot, expr, .. }
                if set.output.contains(slot) && matches!(expr.operation, Operation::Field(inner) if inner == aggregate))
        })
    };
    let (mut only, mut any) = (true, false);
    expr.for_each_field(&mut |slot| {
        any = true;
        only &= matches!(set.demand.slots[slot].origin, Origin::Aggregate(_)) && !is_metric(slot);
    });
    any && only
}
