//! Tables of old class by new class, with a row and a column for customers who are on one side only.

use std::collections::HashMap;

use accolade_core::frame::value_at;
use accolade_core::model::{SlotId, Type, Value};
use accolade_core::show;
use accolade_rules::set::{RuleSet, Step};

use super::Side;
use super::label::ClassLabel;
use super::rename::{RenamedLabel, new_name};
use crate::explain::label_slot;

/// The customers who went from one class to another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MigrationCell {
    /// How many.
    pub customers: u64,
    /// The sum of their amounts in 0.0001 of the currency: new amounts, or old ones of customers who are gone.
    pub amount: i128,
}

/// A customer whose class differs between the sides.
#[derive(Clone, Debug, PartialEq)]
pub struct MovedCustomer {
    /// The customer's key.
    pub customer: String,
    /// The class before.
    pub old: ClassLabel,
    /// The class now.
    pub new: ClassLabel,
    /// The customer's amount, as in [`MigrationCell`].
    pub amount: i128,
    /// The causes of the move, each of which is enough by itself.
    pub causes: Vec<Cause>,
}

/// A cause of a move.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Changes of the rule file, by index in [`Comparison::changes`](super::Comparison::changes); most often a single
    /// one.
    Changes(Vec<usize>),
    /// Something else, in words.
    Other(&'static str),
}

/// The moves of customers between the classes of one rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Migration {
    /// The field that holds the class.
    pub field: String,
    /// The old classes, also those without customers.
    pub old: Vec<ClassLabel>,
    /// The new classes, also those without customers.
    pub new: Vec<ClassLabel>,
    /// By old class, then new.
    pub cells: Vec<Vec<MigrationCell>>,
    /// The number of customers on both sides.
    pub customers: u64,
    /// The number of customers on both sides whose class differs.
    pub moved: u64,
    /// The sum of the amounts of those.
    pub amount: i128,
    /// All customers whose class differs, also those on one side only, by key.
    pub moves: Vec<MovedCustomer>,
}

/// The slot of the amount that migrations add up: the headline metric, if it is money.
pub(super) fn headline(set: &RuleSet) -> Option<SlotId> {
    set.headline().filter(|slot| set.demand.slots[*slot].ty == Type::Money)
}

/// The slots of a rule set that hold a class, by name, in the order of the output.
pub(super) fn class_slots(side: Side) -> Vec<(String, SlotId)> {
    let (set, _) = side;
    let steps = set.steps.iter().filter(|s| matches!(s, Step::Rule { .. }));
    let mut slots: Vec<SlotId> = steps.filter_map(|step| label_slot(set, step)).collect();
    slots.sort_by_key(|slot| set.output.iter().position(|s| s == slot));
    slots.into_iter().map(|slot| (set.demand.slots[slot].name.clone(), slot)).collect()
}

/// The class of each customer of one side, by key.
pub(super) fn labels(side: Side, slot: SlotId) -> HashMap<String, ClassLabel> {
    let (_, outcome) = side;
    let (Some(keys), Some(column)) = (outcome.frame.column(0), outcome.frame.column(slot)) else {
        return HashMap::new();
    };
    let label = |row: usize| match value_at(column, row) {
        Value::Text(text) => ClassLabel::Class(text.to_string()),
        _ => ClassLabel::Unclassified,
    };
    (0..outcome.frame.rows).map(|row| (show::value(&value_at(keys, row)), label(row))).collect()
}

/// The migration of every rule that gives classes on both sides.
pub(super) fn migrations(old: Side, new: Side, renamed: &[RenamedLabel]) -> Vec<Migration> {
    let after = class_slots(new);
    let both = class_slots(old).into_iter().filter_map(|(name, slot)| {
        let (_, now) = after.iter().find(|(other, _)| *other == name)?;
        Some(migration(name, (old, slot), (new, *now), renamed))
    });
    both.collect()
}

fn migration(
    field: String,
    (old, was): (Side, SlotId),
    (new, is): (Side, SlotId),
    renamed: &[RenamedLabel],
) -> Migration {
    let (before, after) = (labels(old, was), labels(new, is));
    let (old_amounts, new_amounts) = (amounts(old), amounts(new));
    let all = |side: Side, slot: SlotId| -> Vec<ClassLabel> {
        let labels = side.0.demand.slots[slot].labels.iter().flatten().cloned().map(ClassLabel::Class);
        labels.chain([ClassLabel::Unclassified, ClassLabel::Absent]).collect()
    };
    let (rows, columns) = (all(old, was), all(new, is));
    let mut cells = vec![vec![MigrationCell::default(); columns.len()]; rows.len()];
    let mut keys: Vec<&String> = before.keys().chain(after.keys().filter(|key| !before.contains_key(*key))).collect();
    keys.sort();
    let mut migration = Migration {
        field,
        old: rows,
        new: columns,
        cells: Vec::new(),
        customers: 0,
        moved: 0,
        amount: 0,
        moves: Vec::new(),
    };
    for key in keys {
        let was = before.get(key).cloned().unwrap_or(ClassLabel::Absent);
        let is = after.get(key).cloned().unwrap_or(ClassLabel::Absent);
        let amount = new_amounts.get(key).or(old_amounts.get(key)).copied().unwrap_or(0);
        let at = |labels: &[ClassLabel], label: &ClassLabel| labels.iter().position(|l| l == label);
        if let (Some(row), Some(column)) = (at(&migration.old, &was), at(&migration.new, &is)) {
            cells[row][column].customers += 1;
            cells[row][column].amount += amount;
        }
        let both = was != ClassLabel::Absent && is != ClassLabel::Absent;
        migration.customers += u64::from(both);
        if new_name(renamed, &migration.field, &was) != is {
            migration.moved += u64::from(both);
            migration.amount += if both { amount } else { 0 };
            migration.moves.push(MovedCustomer {
                customer: key.clone(),
                old: was,
                new: is,
                amount,
                causes: Vec::new(),
            });
        }
    }
    migration.cells = cells;
    migration
}

fn amounts(side: Side) -> HashMap<String, i128> {
    let (set, outcome) = side;
    let column = headline(set).and_then(|slot| outcome.frame.column(slot));
    let (Some(keys), Some(column)) = (outcome.frame.column(0), column) else { return HashMap::new() };
    let amount = |row: usize| if let Value::Money(v) = value_at(column, row) { v } else { 0 };
    (0..outcome.frame.rows).map(|row| (show::value(&value_at(keys, row)), amount(row))).collect()
}
