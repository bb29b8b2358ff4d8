//! Who moved between classes, as a chart and a table.

use accolade_engine::compare::Migration;
use accolade_engine::rules::present::chart::{Chart, Flow, Plot};

use crate::migration::{moved_text, occupied_classes, table};

/// The migration of one rule.
pub(super) fn chart(migration: &Migration) -> Chart {
    let (rows, columns) = occupied_classes(migration);
    let mut links = Vec::new();
    for (from, i) in rows.iter().enumerate() {
        for (to, j) in columns.iter().enumerate() {
            links.push((from, to, migration.cells[*i][*j].customers));
        }
    }
    links.retain(|(_, _, customers)| *customers > 0);
    let old: Vec<String> = rows.iter().map(|i| migration.old[*i].to_string()).collect();
    let new: Vec<String> = columns.iter().map(|j| migration.new[*j].to_string()).collect();
    let (title, note) = (migration.field.clone(), Some(moved_text(migration)));
    Chart { title, note, plot: Plot::Flow(Flow { old, new, links }), table: table(migration) }
}
