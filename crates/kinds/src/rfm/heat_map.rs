//! Heat maps of recency by frequency: the number of customers with each pair of scores, and their mean spend.

use accolade_core::model::{SlotId, Type, Value};
use accolade_core::numbers::domain::{Domain, KeyColumn};
use accolade_rules::present::chart::{Chart, HeatMap, Plot};
use accolade_rules::present::{Cell, SummaryTable};
use accolade_rules::set::RuleResults;

/// The two heat maps; `counts` are the greatest scores of recency and frequency.
pub(super) fn charts(view: &RuleResults, counts: (i64, i64), monetary: Option<SlotId>) -> Option<[Chart; 2]> {
    let scores = view.slots.len().checked_sub(3)?;
    let keys = |slot: SlotId| KeyColumn::of(view.frame.column(slot)?);
    let (recency, frequency) = (keys(view.slots[scores])?, keys(view.slots[scores + 1])?);
    let monetary = monetary?;
    let (amounts, domain) = (keys(monetary)?, Domain::of(view.set.demand.slots[monetary].ty)?);
    let index = |score: Option<i128>| usize::try_from(score?.checked_sub(1)?).ok();
    let (rows, columns) = (usize::try_from(counts.0).ok()?, usize::try_from(counts.1).ok()?);
    let mut cells = vec![vec![CellTotals::default(); columns]; rows];
    for customer in 0..view.frame.rows {
        let at = index(recency.get(customer)).zip(index(frequency.get(customer)));
        let cell = at.and_then(|(r, f)| cells.get_mut(r)?.get_mut(f));
        if let (Some(cell), Some(key)) = (cell, amounts.get(customer)) {
            cell.add(domain, key);
        }
    }
    // The most recent are at the top.
    cells.reverse();
    let labels = |most: i64| -> Vec<String> { (1..=most).map(|score| score.to_string()).collect() };
    let recencies: Vec<String> = labels(counts.0).into_iter().rev().collect();
    let heat = |title: String, value: String, of: &dyn Fn(&CellTotals) -> Option<Cell>| {
        let cells: Vec<Vec<Option<Cell>>> = cells.iter().map(|row| row.iter().map(of).collect()).collect();
        let table = table(view.rule, &title, &recencies, counts.1, &cells);
        let (row, column) = ("recency".to_owned(), "frequency".to_owned());
        let plot =
            HeatMap { row, column, value, rows: recencies.clone(), columns: labels(counts.1), cells, names: None };
        let note = Some(format!("{} is best: the most recent, the most often.", counts.0));
        Chart { title, note, plot: Plot::Heat(plot), table }
    };
    let name = &view.set.demand.slots[monetary].name;
    let customers = heat("Customers by recency and frequency".to_owned(), "customers".to_owned(), &|sum| {
        (sum.customers > 0).then_some(Cell::Count(sum.customers))
    });
    let mean = heat(format!("Mean {name} by recency and frequency"), format!("mean {name}"), &|sum| sum.mean(domain));
    Some([customers, mean])
}

/// The number of customers in one cell, and the sum of their amounts.
#[derive(Clone, Copy, Debug, Default)]
struct CellTotals {
    customers: u64,
    total: i128,
    number: f64,
}

impl CellTotals {
    fn add(&mut self, domain: Domain, key: i128) {
        self.customers += 1;
        match domain.value(key) {
            Value::Number(number) => self.number += number,
            _ => self.total += key,
        }
    }

    fn mean(&self, domain: Domain) -> Option<Cell> {
        let customers = i128::from(self.customers);
        (customers > 0).then(|| match domain.ty() {
            Type::Number | Type::Percent => Cell::Value(Value::Number(self.number / self.customers as f64)),
            _ => Cell::Value(domain.value(accolade_core::ops::divide_half_even(self.total, customers))),
        })
    }
}

fn table(rule: &str, title: &str, rows: &[String], columns: i64, cells: &[Vec<Option<Cell>>]) -> SummaryTable {
    let head = std::iter::once("recency".to_owned()).chain((1..=columns).map(|f| format!("frequency {f}")));
    let cell = |cell: &Option<Cell>| cell.clone().unwrap_or(Cell::Text(String::new()));
    let row = |(label, row): (&String, &Vec<Option<Cell>>)| {
        std::iter::once(Cell::Text(label.clone())).chain(row.iter().map(cell)).collect()
    };
    let title = format!("{rule}: {title}");
    SummaryTable { title, columns: head.collect(), rows: rows.iter().zip(cells).map(row).collect() }
}
