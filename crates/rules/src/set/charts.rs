//! Charts that several kinds share.

use accolade_core::model::SlotId;

use super::rule_results::{RuleResults, ShareBase, ratio};
use crate::present::chart::{Chart, Class, Classes, Curve, Histogram, Plot};
use crate::present::{Cell, SummaryTable};
use crate::thresholds::ranking::Ranking;

/// About how many points a curve has.
const MOST_POINTS: usize = 200;

impl RuleResults<'_> {
    /// The chart of [`pyramid`](Self::pyramid).
    pub fn pyramid_chart(&self, labels: &[String], by: SlotId) -> Chart {
        let rows = self.classes_of(labels, self.slots[0], Some(by), ShareBase::Positive);
        self.classes(self.slots[0], Some(by), true, rows, self.pyramid(labels, by))
    }

    /// The chart of [`groups`](Self::groups).
    pub fn groups_chart(&self, labels: &[String]) -> Chart {
        let amount = self.set.headline();
        let rows = self.classes_of(labels, self.slots[0], amount, ShareBase::All);
        self.classes(self.slots[0], amount, false, rows, self.groups(labels))
    }

    /// The chart of [`grades`](Self::grades).
    pub fn grades_chart(&self, labels: &[String]) -> Chart {
        let amount = self.set.headline();
        let rows = self.classes_of(labels, self.slots[1], amount, ShareBase::All);
        self.classes(self.slots[1], amount, true, rows, self.grades(labels))
    }

    /// The chart of [`histogram`](Self::histogram).
    pub fn histogram_chart(&self, low: i64, high: i64, places: i8) -> Chart {
        bars("score", self.histogram(low, high, places))
    }

    /// The chart of [`distribution`](Self::distribution).
    pub fn distribution_chart(&self, range: std::ops::RangeInclusive<i64>) -> Chart {
        bars(&self.set.demand.slots[self.slots[1]].name, self.distribution(range))
    }

    /// The running share of an amount over the customers of a ranking, largest first; `ends` are the least keys of
    /// classes. None if the total is not positive.
    pub fn curve_chart(&self, amount: &str, ranked: &Ranking, ends: Vec<(String, i128)>) -> Option<Chart> {
        let amounts = ranked.amounts();
        let total: i128 = amounts.iter().sum();
        if total <= 0 {
            return None;
        }
        let running = amounts.iter().scan(0i128, |sum, amount| {
            *sum += amount;
            Some(ratio(*sum as f64, total as f64))
        });
        let running: Vec<f64> = std::iter::once(0.0).chain(running).collect();
        let at = |count: usize| (ratio(count as f64, amounts.len() as f64), running[count]);
        let reached = |low: i128| ranked.order.iter().take_while(|c| c.key > 0 && c.key >= low).count();
        let cuts: Vec<(String, usize)> = ends.into_iter().map(|(label, low)| (label, reached(low))).collect();
        let step = amounts.len().div_ceil(MOST_POINTS).max(1);
        let mut counts: Vec<usize> = (0..=amounts.len()).step_by(step).collect();
        counts.extend(cuts.iter().map(|(_, count)| *count).chain([amounts.len()]));
        counts.sort_unstable();
        counts.dedup();
        let tenths: Vec<usize> = (1..=10).map(|tenth| (amounts.len() * tenth).div_ceil(10)).collect();
        let row = |label: String, count: usize| {
            let (customers, share) = at(count);
            vec![Cell::Text(label), Cell::Count(count as u64), Cell::Share(customers), Cell::Share(share)]
        };
        let mut rows: Vec<Vec<Cell>> =
            cuts.iter().map(|(label, count)| row(format!("end of {label}"), *count)).collect();
        rows.extend((1..).zip(tenths).map(|(tenth, count)| row(format!("largest {tenth}0%"), count)));
        let columns = ["", "customers", "share of customers"].map(str::to_owned).into_iter();
        let columns = columns.chain([format!("share of {amount}")]).collect();
        let cuts = cuts.into_iter().map(|(label, count)| (label, at(count).0, at(count).1)).collect();
        Some(Chart {
            title: format!("Which share of customers brings which share of {amount}"),
            note: Some(format!("Customers with {amount}, the largest first.")),
            plot: Plot::Curve(Curve { amount: amount.to_owned(), points: counts.into_iter().map(at).collect(), cuts }),
            table: SummaryTable { title: format!("{}: shares of {amount}", self.rule), columns, rows },
        })
    }

    fn classes(
        &self,
        by_label: SlotId,
        amount: Option<SlotId>,
        pyramid: bool,
        rows: Vec<Class>,
        table: SummaryTable,
    ) -> Chart {
        let amount_name = amount.map(|slot| self.set.demand.slots[slot].name.clone());
        let what = amount_name.as_ref().map_or_else(|| "customers".to_owned(), |name| format!("customers and {name}"));
        let title = format!("{} by {}", capitalised(&what), self.set.demand.slots[by_label].name);
        Chart { title, note: None, plot: Plot::Classes(Classes { amount: amount_name, pyramid, rows }), table }
    }
}

/// A histogram of a table whose first two columns are stretches and counts.
fn bars(scale: &str, table: SummaryTable) -> Chart {
    let bar = |row: &Vec<Cell>| match row.as_slice() {
        [stretch, Cell::Count(count), ..] => Some((crate::present::cell::text(stretch), *count)),
        _ => None,
    };
    let bars = table.rows.iter().filter_map(bar).collect();
    let plot = Plot::Histogram(Histogram { scale: scale.to_owned(), bars });
    Chart { title: format!("Customers by {scale}"), note: None, plot, table }
}

/// The text with its first letter in upper case.
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
