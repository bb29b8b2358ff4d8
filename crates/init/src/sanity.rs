//! Values that are likely mistakes: a date, an amount or a customer far from the others.

use std::collections::BTreeMap;

use accolade_engine::model::TimeZone;
use accolade_engine::ops::day_of;
use accolade_engine::show;
use accolade_engine::source::{inspect, texts};
use accolade_parser::{Code, DataPlace, Diagnostic, Diagnostics};

use crate::figures;
use crate::file_tally::amount_of;
use crate::plan::Plan;
use crate::roles::FileRole;
use crate::subjects::Amount;
use crate::table::InferredTable;

/// Days that a date may lie from all others.
const FAR_DAYS: i32 = 366;

/// How many times the median an amount may be.
const FAR_AMOUNT: i128 = 1000;

/// The most findings about a column.
const SHOWN: usize = 3;

/// Looks for values far from the others; `majority` is the customer with more than half of the revenue, and its share.
///
/// # Errors
/// Fails when data cannot be read.
pub(crate) fn doubts(plan: &Plan, majority: Option<(String, i128)>) -> Result<Diagnostics, Diagnostics> {
    let mut found = Diagnostics::new();
    let zone = plan.time_zone.as_ref().map(|guessed| guessed.zone);
    for (index, table) in plan.tables.iter().enumerate() {
        let FileRole::Events { customer, date } = plan.roles[index] else { continue };
        let is_orders = plan.subjects.orders == Some(index);
        let amount = match plan.subjects.amount {
            Some(Amount::Column(amount)) if is_orders => Some(amount),
            _ => None,
        };
        let majority = majority.as_ref().filter(|_| is_orders);
        if date.is_none() && amount.is_none() {
            continue;
        }
        let mut look = Look {
            table,
            customer,
            date,
            amount,
            zone,
            folded: plan.folded_keys.is_some(),
            majority,
            ..Look::new(table)
        };
        look.read()?;
        found.extend(look.findings());
    }
    Ok(found)
}

/// What is looked at in a table, and what was seen.
struct Look<'a> {
    table: &'a InferredTable,
    customer: usize,
    date: Option<usize>,
    amount: Option<usize>,
    zone: Option<TimeZone>,
    /// Whether keys are compared in lower case.
    folded: bool,
    majority: Option<&'a (String, i128)>,
    /// How many rows have each day, and the first of them.
    days: BTreeMap<i32, (u64, u64)>,
    large: Vec<(u64, i128)>,
    /// How many rows the customer of the majority has, and the first of them.
    of_majority: (u64, u64),
}

impl<'a> Look<'a> {
    fn new(table: &'a InferredTable) -> Self {
        let (days, large) = (BTreeMap::new(), Vec::new());
        Look {
            table,
            customer: 0,
            date: None,
            amount: None,
            zone: None,
            folded: false,
            majority: None,
            days,
            large,
            of_majority: (0, 0),
        }
    }

    fn read(&mut self) -> Result<(), Diagnostics> {
        let table = self.table;
        let file = inspect(&table.path)?;
        let place = |column: usize| {
            let header = &table.columns[column].header;
            file.columns.iter().position(|other| other.name == *header).unwrap_or(column)
        };
        let (customer, date, amount) = (place(self.customer), self.date.map(place), self.amount.map(place));
        let sign = if table.decimal_comma { ',' } else { '.' };
        let limit = self.amount.map_or(0, |amount| FAR_AMOUNT * table.columns[amount].median);
        let end = table.footer.as_ref().map_or(u64::MAX, |footer| footer.first);
        file.rows(|number, row| {
            if number >= end {
                return;
            }
            let moment = date.and_then(|date| self.local(row[date].trim()));
            if let Some(day) = moment.map(day_of) {
                self.days.entry(day).or_insert((0, number)).0 += 1;
            }
            if let Some(size) = amount.filter(|_| limit > 0).and_then(|amount| amount_of(&row[amount], sign))
                && size.abs() >= limit
                && self.large.len() < SHOWN
            {
                self.large.push((number, size));
            }
            let is_key = |key: &str| match self.folded {
                true => row[customer].trim().to_lowercase() == key,
                false => row[customer].trim() == key,
            };
            if self.majority.is_some_and(|(key, _)| is_key(key)) {
                let first = if self.of_majority.0 == 0 { number } else { self.of_majority.1 };
                self.of_majority = (self.of_majority.0 + 1, first);
            }
        })
    }

    /// The local time of a text of the date column.
    fn local(&self, text: &str) -> Option<i64> {
        let (local, offset) = texts::moment(text, self.table.date_order)?;
        let stored = self.date.is_some_and(|date| self.table.columns[date].stored_zone.is_some());
        match (offset.or(stored.then_some(0)), self.zone) {
            (Some(offset), Some(zone)) => zone.local(local - offset),
            _ => Some(local),
        }
    }

    fn findings(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        if let Some(date) = self.date {
            for (day, row, other) in far_days(&self.days) {
                let message =
                    format!("{} is far from the other dates; the nearest is {}", show::date(day), show::date(other));
                found.push(self.finding(row, date, message).help("correct the date, or leave the row out"));
            }
        }
        if let Some(amount) = self.amount {
            let median = figures::shown(self.table.columns[amount].median);
            for (row, size) in &self.large {
                let message = format!("{} is more than a thousand times the median, {median}", figures::shown(*size));
                found.push(self.finding(*row, amount, message).help("correct the amount, or leave the row out"));
            }
        }
        if let Some((key, share)) = self.majority.filter(|_| self.of_majority.0 > 0) {
            let (rows, first) = self.of_majority;
            let message =
                format!("the customer `{key}` has {share}% of the revenue, in {}", crate::block::count(rows, "row"));
            let help = "does it stand for many customers, such as a counter or a total?";
            found.push(self.finding(first, self.customer, message).help(help));
        }
        found
    }

    fn finding(&self, row: u64, column: usize, message: String) -> Diagnostic {
        let file = self.table.path.display().to_string();
        let column = Some(self.table.columns[column].header.clone());
        Diagnostic::new(Code::W0730, message).in_data(DataPlace { file, row: Some(row), column })
    }
}

/// The first and the last day if few rows have it and it is far from the next one: the day, its first row, the next.
fn far_days(days: &BTreeMap<i32, (u64, u64)>) -> Vec<(i32, u64, i32)> {
    let rows: u64 = days.values().map(|(count, _)| count).sum();
    let known: Vec<i32> = days.keys().copied().collect();
    let [first, second, .., before_last, last] = known.as_slice() else { return Vec::new() };
    let far = |(day, next, other): (i32, i32, i32)| {
        let (count, row) = days[&day];
        let (gap, span) = ((day - next).abs(), (next - other).abs());
        let few = count <= (rows / 100).max(1);
        (few && gap > FAR_DAYS && gap > span / 2).then_some((day, row, next))
    };
    [(*first, *second, *last), (*last, *before_last, *first)].into_iter().filter_map(far).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(days: &[i32], expected: &[(i32, u64, i32)]) {
        let mut counts = BTreeMap::new();
        for (row, day) in (2..).zip(days) {
            counts.entry(*day).or_insert((0, row)).0 += 1;
        }
        assert_eq!(far_days(&counts), expected, "{days:?}");
    }

    #[test]
    fn one_day_far_from_the_rest() {
        check(&[100, 130, 150, 9_000], &[(9_000, 5, 150)]);
        check(&[-9_000, 130, 150, 170], &[(-9_000, 2, 130)]);
        check(&[100, 130, 150, 400], &[]);
        // A long history has gaps.
        check(&[100, 600, 1_000, 1_200, 1_600], &[]);
        // Two days say nothing.
        check(&[100, 9_000], &[]);
    }
}
