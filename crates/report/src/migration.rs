//! Who moved between classes, as a table.

use accolade_engine::compare::Migration;
use accolade_engine::rules::present::{Cell, SummaryTable};

/// The indices of the old and of the new classes that have customers.
pub(crate) fn occupied_classes(migration: &Migration) -> (Vec<usize>, Vec<usize>) {
    let cells = &migration.cells;
    let left = |i: &usize| cells[*i].iter().any(|cell| cell.customers > 0);
    let reached = |j: &usize| cells.iter().any(|row| row[*j].customers > 0);
    ((0..migration.old.len()).filter(left).collect(), (0..migration.new.len()).filter(reached).collect())
}

/// The table of how many customers went from each class to each.
pub(crate) fn table(migration: &Migration) -> SummaryTable {
    let (rows, columns) = occupied_classes(migration);
    let heads = columns.iter().map(|j| format!("to {}", migration.new[*j]));
    let row = |i: &usize| {
        let counts = columns.iter().map(|j| Cell::Count(migration.cells[*i][*j].customers));
        std::iter::once(Cell::Text(migration.old[*i].to_string())).chain(counts).collect()
    };
    SummaryTable {
        title: migration.field.clone(),
        columns: std::iter::once("from".to_owned()).chain(heads).collect(),
        rows: rows.iter().map(row).collect(),
    }
}

/// `21 of 300 customers moved (7.0%).`
pub(crate) fn moved_text(migration: &Migration) -> String {
    let share = if migration.customers == 0 { 0.0 } else { migration.moved as f64 / migration.customers as f64 };
    format!("{} of {} customers moved ({:.1}%).", migration.moved, migration.customers, share * 100.0)
}
