//! The nearest change: for each other label of a rule, the smallest change of the record that gives it.
//!
//! Under fixed cut-offs a label is a function of the record. The response of a label to one field lists the stretches
//! of the field's keys on which the label stays the same, so the nearest key of a stretch with the wanted label is the
//! exact answer.

use accolade_core::model::{SlotId, Type, Value};
use accolade_core::numbers::domain::{Domain, key_float};
use accolade_core::numbers::interval::KeyInterval;
use accolade_rules::set::{ChangeableField, RowRater, RuleSet, Step, dependents};

use super::changeable_fields::{NamedField, changeable_fields, free_texts};
use super::together::together;

/// A change of one field.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldChange {
    /// The field's name.
    pub field: String,
    /// Its slot.
    pub slot: SlotId,
    /// Its type.
    pub ty: Type,
    /// Its value.
    pub from: Value,
    /// The value it would need.
    pub to: Value,
}

/// How a label can be reached.
#[derive(Clone, Debug, PartialEq)]
pub enum Reach {
    /// By any one of these changes alone.
    Alone(Vec<FieldChange>),
    /// By these changes together; no field alone is enough.
    Together(Vec<FieldChange>),
    /// No change of up to [`MOST_FIELDS`](super::MOST_FIELDS) fields was found.
    NotFound,
    /// The label depends on no field that can be changed by itself.
    NoField,
}

/// The nearest change to one label.
#[derive(Clone, Debug, PartialEq)]
pub struct NearestChange {
    /// The label.
    pub label: String,
    /// What would have to change.
    pub reach: Reach,
    /// Fields the label depends on in a way that cannot be followed, such as through a script, or that hold any text.
    pub not_followed: Vec<String>,
}

/// The slot that holds the label of a rule: its class, segment, cell or grade.
pub fn label_slot(set: &RuleSet, step: &Step) -> Option<SlotId> {
    let Step::Rule { slots, .. } = step else { return None };
    slots.iter().copied().find(|slot| set.demand.slots[*slot].labels.is_some())
}

/// The nearest changes of a record to each other label of `slot`.
pub fn nearest_changes(rater: &RowRater, record: &[Value], slot: SlotId) -> Vec<NearestChange> {
    let labels = rater.set().demand.slots[slot].labels.clone().unwrap_or_default();
    let others: Vec<String> = labels.into_iter().filter(|l| Value::text(l) != record[slot]).collect();
    let search = NearestSearch { rater, slot, fields: changeable_fields(rater.set()) };
    let mut alone: Vec<Vec<FieldChange>> = vec![Vec::new(); others.len()];
    let reads_it = |field: &NamedField| dependents(rater.set(), field.slot)[slot];
    let mut not_followed: Vec<String> =
        free_texts(rater.set()).into_iter().filter(reads_it).map(|field| field.name).collect();
    let mut any = false;
    for field in &search.fields {
        let Some(changeable) =
            ChangeableField::new(rater, record, field.slot).filter(|changeable| changeable.affects(slot))
        else {
            continue;
        };
        any = true;
        // The record is rated again with each change found. A field for which one does not hold counts as not followed.
        let true_of = |ways: &Vec<Option<i128>>| {
            others.iter().zip(ways).all(|(label, key)| {
                key.is_none_or(|key| {
                    search
                        .rated(record, field.slot, changeable.value(key))
                        .is_some_and(|r| r[slot] == Value::text(label))
                })
            })
        };
        match search.nearest_keys(&changeable, &others).filter(true_of) {
            Some(ways) => {
                for (of_label, key) in alone.iter_mut().zip(ways) {
                    of_label.extend(key.map(|key| field.to(record, changeable.value(key))));
                }
            }
            None => not_followed.push(field.name.clone()),
        }
    }
    let unreached: Vec<String> =
        others.iter().zip(&alone).filter(|(_, moves)| moves.is_empty()).map(|(label, _)| label.clone()).collect();
    let mut together = together(&search, record, &unreached).into_iter();
    let reaches = others.into_iter().zip(alone).map(|(label, moves)| {
        let reach = match moves.is_empty() {
            false => Reach::Alone(moves),
            true if any => match together.next().flatten() {
                Some(moves) if moves.len() == 1 => Reach::Alone(moves),
                Some(moves) => Reach::Together(moves),
                None => Reach::NotFound,
            },
            true => Reach::NoField,
        };
        NearestChange { label, reach, not_followed: not_followed.clone() }
    });
    reaches.collect()
}

pub(super) struct NearestSearch<'a> {
    pub(super) rater: &'a RowRater<'a>,
    /// The slot of the label.
    pub(super) slot: SlotId,
    pub(super) fields: Vec<NamedField>,
}

impl NearestSearch<'_> {
    /// For each label the nearest key of the changeable field that gives it; `None` where the label cannot be followed.
    pub(super) fn nearest_keys(&self, changeable: &ChangeableField, labels: &[String]) -> Option<Vec<Option<i128>>> {
        let response = changeable.response(self.slot)?;
        let pieces: Vec<(KeyInterval, Value)> =
            response.0.iter().map(|p| (p.keys, changeable.value_of(self.slot, p.keys.low))).collect();
        let distance = |key: i128| away(changeable, key);
        let nearest = |label: &String| {
            let wanted = Value::text(label);
            let keys = pieces.iter().filter(|(_, value)| *value == wanted).map(|(keys, _)| closest(*keys, changeable));
            // Two keys on one side may be equally far as floats: then the first is nearer. Of two keys on different
            // sides the greater value is nearer.
            let own = changeable.current_key().unwrap_or(0);
            let on_one_side = |a: i128, b: i128| (a < own) == (b < own);
            keys.min_by(|a, b| {
                let tie = match changeable.domain() {
                    // Of values in a list the first is as good as any.
                    None => a.cmp(b),
                    Some(_) if on_one_side(*a, *b) => (a - own).abs().cmp(&(b - own).abs()),
                    Some(_) => b.cmp(a),
                };
                distance(*a).total_cmp(&distance(*b)).then(tie)
            })
        };
        Some(labels.iter().map(nearest).collect())
    }

    /// The record with one field changed, rated again.
    fn rated(&self, record: &[Value], slot: SlotId, to: Value) -> Option<Vec<Value>> {
        rate_with_changes(self.rater, record, &[(slot, to)])
    }
}

/// The record with fields changed and everything that follows from them rated again; `None` where rating fails.
pub fn rate_with_changes(rater: &RowRater, record: &[Value], moves: &[(SlotId, Value)]) -> Option<Vec<Value>> {
    let mut changed = record.to_vec();
    moves.iter().for_each(|(slot, to)| changed[*slot] = to.clone());
    let kept: Vec<SlotId> = moves.iter().map(|(slot, _)| *slot).collect();
    rater.rate(&mut changed, &kept).ok()?;
    Some(changed)
}

/// The key in `keys` that is closest to the changeable field's own key.
pub(super) fn closest(keys: KeyInterval, changeable: &ChangeableField) -> i128 {
    changeable.current_key().unwrap_or(0).clamp(keys.low, keys.high)
}

/// The distance of a key from the changeable field's own key, in units of its value.
pub(super) fn away(changeable: &ChangeableField, key: i128) -> f64 {
    let own = changeable.current_key().unwrap_or(0);
    match changeable.domain() {
        Some(Domain::Float(_)) => (key_float(key) - key_float(own)).abs(),
        // No value in a list is nearer than another.
        None => f64::from(u8::from(key != own)),
        Some(_) => (key - own).unsigned_abs() as f64,
    }
}
