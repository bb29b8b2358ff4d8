//! The nearest change: for each label a rule could have given, the least that would have to change for it.
//!
//! Under fixed cut-offs a label is a function of the record. For one lever its course says on which stretches of the
//! lever the label stands still, so the nearest key of a stretch with another label is the exact answer.

use super::lever::{Lever, Surroundings};
use super::levers::{Named, levers};
use crate::measure::domain::{Domain, key_float};
use crate::measure::interval::Interval;
use crate::model::{SlotId, Step, Type, Value};
use crate::run::rate_record;

/// A field and what it would have to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Move {
    /// The field's name.
    pub field: String,
    /// Its slot.
    pub slot: SlotId,
    /// Its type.
    pub ty: Type,
    /// What it is.
    pub from: Value,
    /// What it would have to be.
    pub to: Value,
}

/// How a label can be reached.
#[derive(Clone, Debug, PartialEq)]
pub enum Reach {
    /// By any one of these alone.
    Alone(Vec<Move>),
    /// By no field alone, but by these together.
    Together(Vec<Move>),
    /// By no change of up to two fields that was found.
    NotFound,
    /// No field that can be changed by itself has a say in it.
    NoField,
}

/// The way to one label.
#[derive(Clone, Debug, PartialEq)]
pub struct Nearest {
    /// The label.
    pub label: String,
    /// What would have to change.
    pub reach: Reach,
    /// Fields the label depends on in a way that cannot be followed, such as through a script.
    pub not_followed: Vec<String>,
}

/// The slot of a rule's step that holds the label a reader asks about: its class, segment, cell or grade.
pub fn label_slot(around: Surroundings, step: &Step) -> Option<SlotId> {
    let Step::Rule { slots, .. } = step else { return None };
    slots.iter().copied().find(|slot| around.set.slots[*slot].labels.is_some())
}

/// What would change a record's label in `slot`, for every other label there is.
pub fn nearest(around: Surroundings, record: &[Value], slot: SlotId) -> Vec<Nearest> {
    let labels = around.set.slots[slot].labels.clone().unwrap_or_default();
    let others: Vec<String> = labels.into_iter().filter(|l| Value::text(l) != record[slot]).collect();
    let search = Search { around, slot, fields: levers(around.set) };
    let mut alone: Vec<Vec<Move>> = vec![Vec::new(); others.len()];
    let (mut not_followed, mut any) = (Vec::new(), false);
    for field in &search.fields {
        let Some(lever) = Lever::new(around, record, field.slot).filter(|lever| lever.moves(slot)) else { continue };
        any = true;
        // What a course says is tried; a field that does not do what it says is not to be relied on.
        let true_of = |ways: &Vec<Option<i128>>| {
            others.iter().zip(ways).all(|(label, key)| {
                key.is_none_or(|key| {
                    search.rated(record, field.slot, lever.value(key)).is_some_and(|r| r[slot] == Value::text(label))
                })
            })
        };
        match search.ways(&lever, &others).filter(true_of) {
            Some(ways) => {
                for (of_label, key) in alone.iter_mut().zip(ways) {
                    of_label.extend(key.map(|key| field.to(record, lever.value(key))));
                }
            }
            None => not_followed.push(field.name.clone()),
        }
    }
    let unreached: Vec<String> =
        others.iter().zip(&alone).filter(|(_, moves)| moves.is_empty()).map(|(label, _)| label.clone()).collect();
    let mut together = search.pairs(record, &unreached).into_iter();
    let reaches = others.into_iter().zip(alone).map(|(label, moves)| {
        let reach = match moves.is_empty() {
            false => Reach::Alone(moves),
            true if any => together.next().flatten().map_or(Reach::NotFound, Reach::Together),
            true => Reach::NoField,
        };
        Nearest { label, reach, not_followed: not_followed.clone() }
    });
    reaches.collect()
}

struct Search<'a> {
    around: Surroundings<'a>,
    slot: SlotId,
    fields: Vec<Named>,
}

/// How many courses a search for pairs may compute.
const BUDGET: usize = 600;

impl Search<'_> {
    /// For each label the nearest key of the lever that gives it; `None` where the label cannot be followed.
    fn ways(&self, lever: &Lever, labels: &[String]) -> Option<Vec<Option<i128>>> {
        let course = lever.course(self.slot)?;
        let pieces: Vec<(Interval, Value)> =
            course.0.iter().map(|p| (p.keys, lever.value_of(self.slot, p.keys.low))).collect();
        let distance = |key: i128| away(lever, key);
        let nearest = |label: &String| {
            let wanted = Value::text(label);
            let keys = pieces.iter().filter(|(_, value)| *value == wanted).map(|(keys, _)| closest(*keys, lever));
            // Ties go to the greater value.
            keys.min_by(|a, b| distance(*a).total_cmp(&distance(*b)).then(b.cmp(a)))
        };
        Some(labels.iter().map(nearest).collect())
    }

    /// For each label two fields that together reach it.
    fn pairs(&self, record: &[Value], labels: &[String]) -> Vec<Option<Vec<Move>>> {
        let mut found: Vec<Option<Vec<Move>>> = vec![None; labels.len()];
        let mut courses = 0;
        for first in &self.fields {
            let Some(lever) = Lever::new(self.around, record, first.slot).filter(|l| l.moves(self.slot)) else {
                continue;
            };
            let Some(course) = lever.course(self.slot) else { continue };
            let mut keys: Vec<i128> =
                course.0.iter().flat_map(|p| [closest(p.keys, &lever), p.keys.low, p.keys.high]).collect();
            keys.sort_by(|a, b| away(&lever, *a).total_cmp(&away(&lever, *b)).then(b.cmp(a)));
            keys.dedup();
            for key in keys {
                let Some(moved) = self.rated(record, first.slot, lever.value(key)) else { continue };
                for second in self.fields.iter().filter(|f| f.slot != first.slot) {
                    let open: Vec<String> =
                        labels.iter().zip(&found).filter(|(_, f)| f.is_none()).map(|(l, _)| l.clone()).collect();
                    if open.is_empty() || courses >= BUDGET {
                        return found;
                    }
                    courses += 1;
                    let other = Lever::new(self.around, &moved, second.slot).filter(|l| l.moves(self.slot));
                    let Some((other, ways)) = other.and_then(|l| self.ways(&l, &open).map(|ways| (l, ways))) else {
                        continue;
                    };
                    for (label, way) in open.iter().zip(ways) {
                        let Some(at) = labels.iter().position(|l| l == label) else { continue };
                        let Some(way) = way else { continue };
                        let second_move = second.to(record, other.value(way));
                        found[at] = self.tightened(record, first, second_move, label);
                    }
                }
            }
        }
        found
    }

    /// The second move kept, the first made as small as it can be.
    fn tightened(&self, record: &[Value], first: &Named, second: Move, label: &String) -> Option<Vec<Move>> {
        let moved = self.rated(record, second.slot, second.to.clone())?;
        let lever = Lever::new(self.around, &moved, first.slot)?;
        let key = self.ways(&lever, std::slice::from_ref(label))?.pop()??;
        Some(vec![first.to(record, lever.value(key)), second])
    }

    /// The record with one field changed, rated again.
    fn rated(&self, record: &[Value], slot: SlotId, to: Value) -> Option<Vec<Value>> {
        changed(self.around, record, &[(slot, to)])
    }
}

/// The record with fields changed and everything that follows from them rated again; `None` where rating fails.
pub fn changed(around: Surroundings, record: &[Value], moves: &[(SlotId, Value)]) -> Option<Vec<Value>> {
    let mut changed = record.to_vec();
    moves.iter().for_each(|(slot, to)| changed[*slot] = to.clone());
    let kept: Vec<SlotId> = moves.iter().map(|(slot, _)| *slot).collect();
    rate_record(around.set, around.cut_offs, around.as_of, &mut changed, &kept).ok()?;
    Some(changed)
}

/// The key of a stretch that is closest to where the lever stands.
fn closest(keys: Interval, lever: &Lever) -> i128 {
    lever.own_key().unwrap_or(0).clamp(keys.low, keys.high)
}

/// How far a key is from where the lever stands, in units of its value.
fn away(lever: &Lever, key: i128) -> f64 {
    let own = lever.own_key().unwrap_or(0);
    match lever.domain() {
        Some(Domain::Float(_)) => (key_float(key) - key_float(own)).abs(),
        _ => (key - own).unsigned_abs() as f64,
    }
}
