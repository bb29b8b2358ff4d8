//! What a run shows a reader: plain tables, rendered by the caller.

pub mod cell;
pub mod chart;
pub(crate) mod charts;
pub mod figure_charts;
pub mod figures;
mod totals;

use std::collections::HashMap;

use arrow::array::{Array, AsArray};

use self::chart::{Chart, Class};
use crate::kinds::{Batch, Context, Unknown};
use crate::model::set::{RuleSet, Step};
use crate::run::Outcome;
use accolade_core::eval::{Env, Faults};
use accolade_core::frame::{Frame, value_at};
use accolade_core::model::types::MONEY_SCALE;
use accolade_core::model::{Origin, SlotId, Type, Value};
use accolade_core::numbers::domain::Keys;
use accolade_core::numbers::exact::Exact;

/// One table of a summary.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// What it shows.
    pub title: String,
    /// Its column headings.
    pub columns: Vec<String>,
    /// Its rows, each as long as `columns`.
    pub rows: Vec<Vec<Cell>>,
}

impl Section {
    /// Whether it is part of what is called `name`: a rule, measure or programme, `measures`, `goals` or `top`.
    pub fn is_of(&self, name: &str) -> bool {
        match self.title.strip_prefix("programme ").unwrap_or(&self.title).strip_prefix(name) {
            Some(rest) => {
                rest.is_empty()
                    || rest.starts_with(": ")
                    || rest.starts_with(" by ")
                    || name == "top" && rest.starts_with(' ')
            }
            None => false,
        }
    }
}

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Text.
    Text(String),
    /// A number of things.
    Count(u64),
    /// A value of the record.
    Value(Value),
    /// A figure of the customer base, what it is counted in, and how many decimals of a number are shown.
    Figure(Exact, Type, u32),
    /// A share of a whole, 1 being all of it.
    Share(f64),
    /// A share of the longest bar.
    Bar(f64),
}

/// What a rule sees of a run to summarise itself.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// The rule set.
    pub set: &'a RuleSet,
    /// The rule's name.
    pub rule: &'a str,
    /// The rule's output slots.
    pub slots: &'a [SlotId],
    /// Every column.
    pub frame: &'a Frame,
}

/// Customers and their total in one group.
#[derive(Clone, Copy, Debug, Default)]
struct Group {
    customers: u64,
    total: i128,
    number: f64,
}

impl Group {
    /// The total of an amount of this type.
    fn amount(&self, ty: Type) -> Cell {
        Cell::Value(match ty {
            Type::Money => Value::Money(self.total),
            Type::Integer | Type::Duration => Value::Integer(i64::try_from(self.total).unwrap_or(i64::MAX)),
            _ => Value::Number(self.number),
        })
    }
}

impl View<'_> {
    /// Classes from best to worst with the share each has of the metric they are cut by.
    pub fn pyramid(&self, labels: &[String], by: SlotId) -> Section {
        self.table(labels, self.slots[0], Some(by), true)
    }

    /// Customers and headline amount of each label of the rule's main result.
    pub fn groups(&self, labels: &[String]) -> Section {
        self.table(labels, self.slots[0], self.set.headline(), false)
    }

    /// Customers and headline amount of each grade, the rule's second output.
    pub fn grades(&self, labels: &[String]) -> Section {
        self.table(labels, self.slots[1], self.set.headline(), false)
    }

    fn table(&self, labels: &[String], by_label: SlotId, amount: Option<SlotId>, bars: bool) -> Section {
        let classes = self.classes_of(labels, by_label, amount);
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
        Section { title: self.rule.to_owned(), rows: rows.collect(), columns }
    }

    /// The customers of each label and, if there are any, those without one.
    fn classes_of(&self, labels: &[String], by_label: SlotId, amount: Option<SlotId>) -> Vec<Class> {
        let groups = self.sum(&self.labels_of(by_label, labels), labels.len(), amount);
        let customers: u64 = groups.iter().map(|g| g.customers).sum();
        let (total, number) =
            (groups.iter().map(|g| g.total).sum::<i128>(), groups.iter().map(|g| g.number).sum::<f64>());
        let ty = amount.map(|slot| self.set.demand.slots[slot].ty);
        let amount_of = |group: &Group, ty: Type| {
            let exact = matches!(ty, Type::Money | Type::Integer | Type::Duration);
            let share = if exact { ratio(group.total as f64, total as f64) } else { ratio(group.number, number) };
            (group.amount(ty), share)
        };
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
    pub fn distribution(&self, range: std::ops::RangeInclusive<i64>) -> Section {
        let column = self.frame.column(self.slots[1]);
        let keys = column.and_then(Keys::of);
        let count = |score: i64| {
            let hits =
                (0..self.frame.rows).filter(|row| keys.as_ref().and_then(|k| k.get(*row)) == Some(i128::from(score)));
            u64::try_from(hits.count()).unwrap_or(u64::MAX)
        };
        let name = &self.set.demand.slots[self.slots[1]].name;
        let rows = range.map(|score| vec![Cell::Value(Value::Integer(score)), Cell::Count(count(score))]).collect();
        Section { title: self.rule.to_owned(), columns: vec![name.clone(), "customers".to_owned()], rows }
    }

    /// How many customers have a score in each tenth of the scale, whose ends are in 10^-places.
    pub fn histogram(&self, low: i64, high: i64, places: i8) -> Section {
        let raise = 10i128.pow(u32::from((accolade_core::model::types::SCORE_SCALE - places).unsigned_abs()));
        let (low, high) = (i128::from(low) * raise, i128::from(high) * raise);
        let width = ((high - low) / 10).max(1);
        let mut counts = [0u64; 10];
        if let Some(keys) = self.frame.column(self.slots[0]).and_then(Keys::of) {
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
        Section { title: format!("{}: distribution of scores", self.rule), columns, rows: rows.collect() }
    }

    /// A matrix of counts with the label of each cell; rows and columns are the rule's second and third output.
    pub fn grid<'l>(&self, rows: &[String], columns: &[String], label: impl Fn(usize, usize) -> &'l str) -> Section {
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
        Section { title: self.rule.to_owned(), columns: headings, rows: table }
    }

    /// For each customer the index of its label, one past the last where it has none.
    pub fn labels_of(&self, slot: SlotId, labels: &[String]) -> Vec<usize> {
        let index: HashMap<&str, usize> = labels.iter().enumerate().map(|(i, l)| (l.as_str(), i)).collect();
        let Some(column) = self.frame.column(slot) else { return vec![labels.len(); self.frame.rows] };
        let texts = column.as_string_view();
        let of = |row: usize| if texts.is_null(row) { None } else { index.get(texts.value(row)).copied() };
        (0..self.frame.rows).map(|row| of(row).unwrap_or(labels.len())).collect()
    }

    fn sum(&self, label_of: &[usize], labels: usize, amount: Option<SlotId>) -> Vec<Group> {
        let mut groups = vec![Group::default(); labels + 1];
        let column = amount.and_then(|slot| self.frame.column(slot));
        let keys = column.and_then(Keys::of);
        for (row, label) in label_of.iter().enumerate() {
            let group = &mut groups[*label];
            group.customers += 1;
            match &keys {
                Some(Keys::Float(values)) if values.is_valid(row) => group.number += values.value(row),
                Some(keys) => group.total += keys.get(row).unwrap_or(0),
                None => {}
            }
        }
        groups
    }
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { part / whole }
}

/// What a rule shows a reader.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// The rule's name.
    pub rule: String,
    /// Its kind.
    pub kind: &'static str,
    /// Its description.
    pub description: Option<String>,
    /// Its tables.
    pub sections: Vec<Section>,
    /// Its pictures.
    pub charts: Vec<Chart>,
}

/// Every rule's tables and pictures, in the order of the rule file.
pub fn shown(set: &RuleSet, outcome: &Outcome) -> Vec<Shown> {
    let (faults, unknown) = (Faults::default(), Unknown::default());
    let of = |(view, step): (View, &Step)| match step {
        Step::Rule { name, kind, description, rule, .. } => {
            let context = Context { rule: name, env: Env { as_of: outcome.as_of, faults: &faults }, unknown: &unknown };
            let batch = Batch { frame: &outcome.frame, context };
            Some(Shown {
                rule: name.clone(),
                kind,
                description: description.clone(),
                sections: rule.summarise(&view),
                charts: rule.charts(&view, &batch, outcome.cut_offs_of(name)),
            })
        }
        Step::Metric { .. } => None,
    };
    views(set, &outcome.frame).into_iter().filter_map(of).collect()
}

/// Every rule's tables, in the order of the rule file.
pub fn sections(set: &RuleSet, frame: &Frame) -> Vec<Section> {
    let of = |(view, step): (View, &Step)| match step {
        Step::Rule { rule, .. } => rule.summarise(&view),
        Step::Metric { .. } => Vec::new(),
    };
    views(set, frame).into_iter().flat_map(of).collect()
}

/// What each rule that has results sees, in the order of the rule file.
fn views<'a>(set: &'a RuleSet, frame: &'a Frame) -> Vec<(View<'a>, &'a Step)> {
    let view = |step: &'a Step| match step {
        // A rule that failed has no results.
        Step::Rule { slots, .. } if slots.iter().any(|slot| frame.column(*slot).is_none()) => None,
        Step::Rule { name, slots, .. } => Some((View { set, rule: name, slots, frame }, step)),
        Step::Metric { .. } => None,
    };
    let mut rules: Vec<(View, &Step)> = set.steps.iter().filter_map(view).collect();
    rules.sort_by_key(|(view, _)| view.slots.first().and_then(|s| set.output.iter().position(|o| o == s)));
    rules
}

/// The name and the sum of the headline metric, where there is one that can be added up exactly.
pub fn total(set: &RuleSet, frame: &Frame) -> Option<(String, Cell)> {
    let slot = &set.demand.slots[set.headline()?];
    let keys = Keys::of(frame.column(set.headline()?)?)?;
    let exact = matches!(slot.ty, Type::Money | Type::Integer);
    let group = Group { total: (0..frame.rows).filter_map(|row| keys.get(row)).sum(), ..Group::default() };
    exact.then(|| (slot.name.clone(), group.amount(slot.ty)))
}

/// Every customer's row, the best by the headline metric first and those without one last, ties by key.
pub fn ranking(set: &RuleSet, frame: &Frame) -> Vec<usize> {
    let keys = set.headline().and_then(|slot| Keys::of(frame.column(slot)?));
    let mut rows: Vec<usize> = (0..frame.rows).collect();
    if let Some(keys) = keys {
        // No value is less than any.
        rows.sort_by_key(|row| std::cmp::Reverse(keys.get(*row)));
    }
    rows
}

/// The best customers by the headline metric, at most `count`, ties by key.
pub fn top(set: &RuleSet, frame: &Frame, count: usize) -> Option<Section> {
    let headline = set.headline()?;
    Keys::of(frame.column(headline)?)?;
    let mut ranked = ranking(set, frame);
    ranked.retain(|row| frame.column(headline).is_some_and(|column| column.is_valid(*row)));
    let slots = set.headings();
    let columns = slots.iter().map(|s| set.demand.slots[*s].name.clone()).collect();
    let cell = |slot: &SlotId, row: usize| Cell::Value(frame.column(*slot).map_or(Value::Null, |c| value_at(c, row)));
    let rows = ranked.iter().take(count).map(|row| slots.iter().map(|s| cell(s, *row)).collect()).collect();
    let title = format!("top {} by {}", ranked.len().min(count), set.demand.slots[headline].name);
    Some(Section { title, columns, rows })
}

impl RuleSet {
    /// The output columns that tell most at a glance: the key, a name, the headline metric, and each rule's main result.
    pub fn headings(&self) -> Vec<SlotId> {
        let headline = self.headline();
        let main = |slot: &SlotId| {
            matches!(self.demand.slots[*slot].origin, Origin::Step(step)
                if matches!(&self.steps[step], Step::Rule { slots, .. } if slots.first() == Some(slot)))
        };
        let shown = |slot: &SlotId| *slot == 0 || Some(*slot) == headline || main(slot);
        let mut slots: Vec<SlotId> = self.output.iter().filter(|s| shown(s)).copied().collect();
        // A name, where there is one, tells a reader more than a key.
        let text = |slot: &&SlotId| **slot != 0 && self.demand.slots[**slot].ty == Type::Text && !slots.contains(slot);
        if let Some(name) = self.output.iter().find(text) {
            slots.insert(1, *name);
        }
        slots
    }

    /// The amount that groups are compared by: what the first ABC rule ranks, or the first money metric.
    pub fn headline(&self) -> Option<SlotId> {
        let ranked = self.steps.iter().find_map(|step| match step {
            Step::Rule { rule, .. } => rule.ranks_by(),
            Step::Metric { .. } => None,
        });
        ranked.or_else(|| self.output.iter().copied().find(|s| self.demand.slots[*s].ty == Type::Money))
    }
}

/// Money in 0.0001 as units of the currency, rounded for a reader.
pub fn whole_units(money: i128) -> i128 {
    accolade_core::ops::divide_half_even(money, 10i128.pow(u32::from(MONEY_SCALE.unsigned_abs())))
}
