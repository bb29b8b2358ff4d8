//! The results of a run for the summary of one rule, and the tables that several kinds share.

use std::collections::HashMap;

use accolade_core::frame::Frame;
use accolade_core::model::{SlotId, Type, Value};
use accolade_core::numbers::domain::{Domain, KeyColumn};
use arrow::array::{Array, AsArray};

use crate::present::chart::Class;
use crate::present::{Cell, SummaryTable};
use crate::set::RuleSet;

/// The results of a run for the summary of one rule.
#[derive(Clone, Copy, Debug)]
pub struct RuleResults<'a> {
    /// The rule set.
    pub set: &'a RuleSet,
    /// The rule's name.
    pub rule: &'a str,
    /// The rule's output slots.
    pub slots: &'a [SlotId],
    /// Every column.
    pub frame: &'a Frame,
    /// The date of the run.
    pub as_of: i32,
}

/// Customers and their total in one group.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Group {
    pub(super) customers: u64,
    total: Sum,
    /// The total of the amounts above zero.
    positive: Sum,
}

impl Group {
    /// The total of an amount of this type.
    pub(super) fn amount(&self, ty: Type) -> Cell {
        Cell::Value(match Domain::of(ty) {
            Some(domain @ Domain::Exact { .. }) => domain.value(self.total.exact),
            _ => Value::Number(self.total.number),
        })
    }
}

/// A sum of keys or of floats.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    exact: i128,
    number: f64,
}

impl Sum {
    fn add(&mut self, other: Sum) {
        self.exact += other.exact;
        self.number += other.number;
    }

    /// Its share of another sum of the same column, of which one of the two is zero.
    fn share_of(self, whole: Sum) -> f64 {
        ratio(self.exact as f64 + self.number, whole.exact as f64 + whole.number)
    }
}

/// What the shares of groups are shares of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ShareBase {
    /// The total of all customers.
    All,
    /// The total of the amounts above zero, as in an ABC analysis.
    Positive,
}

impl RuleResults<'_> {
    /// Classes from best to worst with the share each has of the metric they are cut by, of what is above zero.
    pub fn pyramid(&self, labels: &[String], by: SlotId) -> SummaryTable {
        self.table(labels, self.slots[0], Some(by), ShareBase::Positive)
    }

    /// Customers and headline amount of each label of the rule's main result.
    pub fn groups(&self, labels: &[String]) -> SummaryTable {
        self.table(labels, self.slots[0], self.set.headline(), ShareBase::All)
    }

    /// Customers and headline amount of each grade, the rule's second output.
    pub fn grades(&self, labels: &[String]) -> SummaryTable {
        self.table(labels, self.slots[1], self.set.headline(), ShareBase::All)
    }

    fn table(&self, labels: &[String], by_label: SlotId, amount: Option<SlotId>, base: ShareBase) -> SummaryTable {
        let classes = self.classes_of(labels, by_label, amount, base);
        let bars = base == ShareBase::Positive;
        let most = classes.iter().map(|class| class.customers).max().unwrap_or(0).max(1);
        let mut columns =
            vec![self.set.demand.slots[by_label].name.clone(), "customers".to_owned(), "share".to_owned()];
        if let Some(slot) = amount.map(|slot| &self.set.demand.slots[slot]) {
            columns.extend([slot.name.clone(), format!("share of {}", slot.name)]);
        }
        if bars {
            columns.push(String::new());
        }
        let rows = classes.into_iter().map(|class| {
            let mut row = vec![Cell::Text(class.label), Cell::Count(class.customers), Cell::Share(class.share)];
            if let Some((amount, share)) = class.amount {
                row.extend([amount, Cell::Share(share)]);
            }
            if bars {
                row.push(Cell::Bar(class.customers as f64 / most as f64));
            }
            row
        });
        SummaryTable { title: self.rule.to_owned(), rows: rows.collect(), columns }
    }

    /// The customers of each label and, if there are any, those without one.
    pub(super) fn classes_of(
        &self,
        labels: &[String],
        by_label: SlotId,
        amount: Option<SlotId>,
        base: ShareBase,
    ) -> Vec<Class> {
        let groups = self.sum(&self.labels_of(by_label, labels), labels.len(), amount);
        let customers: u64 = groups.iter().map(|g| g.customers).sum();
        let mut whole = Sum::default();
        groups.iter().for_each(|group| whole.add(if base == ShareBase::All { group.total } else { group.positive }));
        let ty = amount.map(|slot| self.set.demand.slots[slot].ty);
        let amount_of = |group: &Group, ty: Type| (group.amount(ty), group.total.share_of(whole));
        let missing = "(none)".to_owned();
        let names = labels.iter().chain([&missing]);
        let shown = names.zip(&groups).enumerate().filter(|(i, (_, group))| *i < labels.len() || group.customers > 0);
        shown
            .map(|(_, (label, group))| Class {
                label: label.clone(),
                customers: group.customers,
                share: ratio(group.customers as f64, customers as f64),
                amount: ty.map(|ty| amount_of(group, ty)),
            })
            .collect()
    }

    /// How often each whole number of `range` is the rule's second output.
    pub fn distribution(&self, range: std::ops::RangeInclusive<i64>) -> SummaryTable {
        let column = self.frame.column(self.slots[1]);
        let keys = column.and_then(KeyColumn::of);
        let count = |score: i64| {
            let hits =
                (0..self.frame.rows).filter(|row| keys.as_ref().and_then(|k| k.get(*row)) == Some(i128::from(score)));
            u64::try_from(hits.count()).unwrap_or(u64::MAX)
        };
        let name = &self.set.demand.slots[self.slots[1]].name;
        let rows = range.map(|score| vec![Cell::Value(Value::Integer(score)), Cell::Count(count(score))]).collect();
        SummaryTable { title: self.rule.to_owned(), columns: vec![name.clone(), "customers".to_owned()], rows }
    }

    /// How many customers have a score in each tenth of the scale; its ends are in units of 10^-places.
    pub fn histogram(&self, low: i64, high: i64, places: i8) -> SummaryTable {
        let raise = 10i128.pow(u32::from((accolade_core::model::types::SCORE_SCALE - places).unsigned_abs()));
        let (low, high) = (i128::from(low) * raise, i128::from(high) * raise);
        let width = ((high - low) / 10).max(1);
        let mut counts = [0u64; 10];
        if let Some(keys) = self.frame.column(self.slots[0]).and_then(KeyColumn::of) {
            for key in (0..self.frame.rows).filter_map(|row| keys.get(row)) {
                let bin = ((key - low) / width).clamp(0, 9);
                counts[usize::try_from(bin).unwrap_or(0)] += 1;
            }
        }
        let most = counts.iter().max().copied().unwrap_or(0).max(1);
        let ends = |i: i128| accolade_core::show::decimal((low + i * width) / raise, places, 0);
        let rows = (0..).zip(counts).map(|(i, count)| {
            let stretch = format!("{} – {}", ends(i), ends(i + 1));
            vec![Cell::Text(stretch), Cell::Count(count), Cell::Bar(count as f64 / most as f64)]
        });
        let columns = vec!["score".to_owned(), "customers".to_owned(), String::new()];
        SummaryTable { title: format!("{}: distribution of scores", self.rule), columns, rows: rows.collect() }
    }

    /// A matrix of counts with the label of each cell; rows and columns are the rule's second and third output.
    pub fn grid<'l>(
        &self,
        rows: &[String],
        columns: &[String],
        label: impl Fn(usize, usize) -> &'l str,
    ) -> SummaryTable {
        let row_of = self.labels_of(self.slots[1], rows);
        let column_of = self.labels_of(self.slots[2], columns);
        let mut counts = vec![vec![0u64; columns.len() + 1]; rows.len() + 1];
        row_of.iter().zip(&column_of).for_each(|(row, column)| counts[*row][*column] += 1);
        let mut table: Vec<Vec<Cell>> = Vec::new();
        for (i, row) in rows.iter().enumerate() {
            let mut cells = vec![Cell::Text(row.clone())];
            cells.extend((0..columns.len()).map(|j| Cell::Text(format!("{} ({})", label(i, j), counts[i][j]))));
            table.push(cells);
        }
        let placed: u64 = counts.iter().take(rows.len()).flat_map(|r| r.iter().take(columns.len())).sum();
        let unplaced = u64::try_from(self.frame.rows).unwrap_or(0) - placed;
        if unplaced > 0 {
            let mut cells = vec![Cell::Text(format!("(none: {unplaced})"))];
            cells.extend(columns.iter().map(|_| Cell::Text(String::new())));
            table.push(cells);
        }
        let headings = [String::new()].into_iter().chain(columns.iter().cloned()).collect();
        SummaryTable { title: self.rule.to_owned(), columns: headings, rows: table }
    }

    /// For each customer the index of its label, one past the last where it has none.
    pub fn labels_of(&self, slot: SlotId, labels: &[String]) -> Vec<usize> {
        let index: HashMap<&str, usize> = labels.iter().enumerate().map(|(i, l)| (l.as_str(), i)).collect();
        let Some(column) = self.frame.column(slot) else { return vec![labels.len(); self.frame.rows] };
        let texts = column.as_string_view();
        let of = |row: usize| if texts.is_null(row) { None } else { index.get(texts.value(row)).copied() };
        (0..self.frame.rows).map(|row| of(row).unwrap_or(labels.len())).collect()
    }

    pub(super) fn sum(&self, label_of: &[usize], labels: usize, amount: Option<SlotId>) -> Vec<Group> {
        let mut groups = vec![Group::default(); labels + 1];
        let column = amount.and_then(|slot| self.frame.column(slot));
        let keys = column.and_then(KeyColumn::of);
        for (row, label) in label_of.iter().enumerate() {
            let group = &mut groups[*label];
            group.customers += 1;
            let (amount, positive) = match &keys {
                Some(KeyColumn::Float(values)) if values.is_valid(row) => {
                    (Sum { exact: 0, number: values.value(row) }, values.value(row) > 0.0)
                }
                Some(KeyColumn::Float(_)) | None => continue,
                Some(keys) => match keys.get(row) {
                    Some(exact) => (Sum { exact, number: 0.0 }, exact > 0),
                    None => continue,
                },
            };
            group.total.add(amount);
            if positive {
                group.positive.add(amount);
            }
        }
        groups
    }
}

pub(super) fn ratio(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { part / whole }
}

/// An exact total of keys of this type.
pub fn total(total: i128, ty: Type) -> Cell {
    Cell::Value(match ty {
        Type::Money => Value::Money(total),
        _ => Value::Integer(i64::try_from(total).unwrap_or(i64::MAX)),
    })
}
