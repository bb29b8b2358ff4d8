//! Who moved between classes, as a picture and a table.

use accolade_engine::compare::Migration;
use accolade_engine::summary::chart::{Chart, Flow, Plot};
use accolade_engine::summary::{Cell, Section};

/// The migration of one rule.
pub(super) fn chart(migration: &Migration) -> Chart {
    let cells = &migration.cells;
    let left = |i: &usize| cells[*i].iter().any(|cell| cell.customers > 0);
    let rows: Vec<usize> = (0..migration.old.len()).filter(left).collect();
    let reached = |j: &usize| cells.iter().any(|row| row[*j].customers > 0);
    let columns: Vec<usize> = (0..migration.new.len()).filter(reached).collect();
    let mut links = Vec::new();
    for (from, i) in rows.iter().enumerate() {
        for (to, j) in columns.iter().enumerate() {
            links.push((from, to, cells[*i][*j].customers));
        }
    }
    links.retain(|(_, _, customers)| *customers > 0);
    let old: Vec<String> = rows.iter().map(|i| migration.old[*i].to_string()).collect();
    let new: Vec<String> = columns.iter().map(|j| migration.new[*j].to_string()).collect();
    let table = Section {
        title: migration.field.clone(),
        columns: std::iter::once("from".to_owned()).chain(new.iter().map(|label| format!("to {label}"))).collect(),
        rows: rows
            .iter()
            .zip(&old)
            .map(|(i, label)| {
                let counts = columns.iter().map(|j| Cell::Count(cells[*i][*j].customers));
                std::iter::once(Cell::Text(label.clone())).chain(counts).collect()
            })
            .collect(),
    };
    let share = if migration.customers == 0 { 0.0 } else { migration.moved as f64 / migration.customers as f64 };
    let note = format!("{} of {} customers moved ({:.1}%).", migration.moved, migration.customers, share * 100.0);
    Chart { title: migration.field.clone(), note: Some(note), plot: Plot::Flow(Flow { old, new, links }), table }
}
