//! The cohort table: the number of customers of each cohort who were active 0, 1, 2, … slices later.

use accolade_core::frame::value_at;
use accolade_core::show;
use accolade_rules::present::chart::{Chart, HeatMap, Plot};
use accolade_rules::present::{Cell, SummaryTable, cell};
use accolade_rules::set::RuleResults;

use super::EARLIER;
use super::counts::{EventCounts, FirstPurchase};

/// The customers of one cohort.
struct CohortRow {
    label: String,
    customers: u64,
    /// How many were active in the slice of the cohort and in each later one.
    active: Vec<u64>,
}

/// Two tables: the numbers of active customers, and their shares of each cohort.
pub(super) fn sections(view: &RuleResults, counts: &EventCounts) -> Vec<SummaryTable> {
    let slices = counts.slices.len();
    let mut rows: Vec<Option<CohortRow>> = (0..slices).map(|_| None).collect();
    let (mut earlier, mut never) = (0u64, 0u64);
    for customer in 0..view.frame.rows {
        let first = match counts.first(customer) {
            FirstPurchase::Slice(first) => first,
            FirstPurchase::Earlier => {
                earlier += 1;
                continue;
            }
            FirstPurchase::Never => {
                never += 1;
                continue;
            }
        };
        let row = rows[first].get_or_insert_with(|| CohortRow {
            label: label(view, customer),
            customers: 0,
            active: vec![0; slices - first],
        });
        row.customers += 1;
        for later in first..slices {
            row.active[later - first] += u64::from(counts.is_active(customer, later));
        }
    }
    let rows: Vec<CohortRow> = rows.into_iter().flatten().collect();
    let longest = rows.iter().map(|row| row.active.len()).max().unwrap_or(0);
    let table = |title: String, cell: &dyn Fn(u64, &CohortRow) -> Cell, others: bool| {
        let name = view.set.demand.slots[view.slots[0]].name.clone();
        let heads = [name, "customers".to_owned()].into_iter().chain((0..longest).map(|later| later.to_string()));
        let blank = || Cell::Text(String::new());
        let of_row = |row: &CohortRow| -> Vec<Cell> {
            let active = row.active.iter().map(|n| cell(*n, row));
            let cells = [Cell::Text(row.label.clone()), Cell::Count(row.customers)].into_iter().chain(active);
            cells.chain(std::iter::repeat_with(blank)).take(longest + 2).collect()
        };
        let mut all: Vec<Vec<Cell>> = rows.iter().map(of_row).collect();
        let apart = [(EARLIER, earlier), ("(none)", never)].into_iter().filter(|(_, n)| others && *n > 0);
        all.extend(apart.map(|(label, n)| {
            let cells = [Cell::Text(label.to_owned()), Cell::Count(n)].into_iter();
            cells.chain(std::iter::repeat_with(blank)).take(longest + 2).collect()
        }));
        SummaryTable { title, columns: heads.collect(), rows: all }
    };
    vec![
        table(view.rule.to_owned(), &|n, _| Cell::Count(n), true),
        table(format!("{}: retention", view.rule), &|n, row| Cell::Share(n as f64 / row.customers as f64), false),
    ]
}

/// The table of shares as a heat map; `later` is the plural name of a slice, such as `months`.
pub(super) fn heat_map(retention: SummaryTable, later: &str) -> Chart {
    let figure = |cell: &Cell| matches!(cell, Cell::Share(_)).then(|| cell.clone());
    let heat = HeatMap {
        row: retention.columns.first().cloned().unwrap_or_default(),
        column: format!("{later} later"),
        value: "still active".to_owned(),
        rows: retention.rows.iter().filter_map(|row| Some(cell::text(row.first()?))).collect(),
        columns: retention.columns.iter().skip(2).cloned().collect(),
        cells: retention.rows.iter().map(|row| row.iter().skip(2).map(figure).collect()).collect(),
        names: None,
    };
    let title = format!("Customers still active, {later} after the first purchase");
    Chart { title, note: None, plot: Plot::Heat(heat), table: retention }
}

/// The label of a customer's cohort.
fn label(view: &RuleResults, customer: usize) -> String {
    view.frame.column(view.slots[0]).map_or_else(String::new, |labels| show::value(&value_at(labels, customer)))
}
