//! The effect of a programme on some customers.

use accolade_core::model::Type;
use accolade_core::numbers::exact::{Exact, NumberColumn, Total, float, ratio, whole};
use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::Int64Type;
use num_traits::{Signed, ToPrimitive};

use super::{GROUPS, Programme};
use crate::measures::intervals::{ConfidenceInterval, Sample};
use crate::measures::{Figure, intervals};

/// The cost of a programme and what it brought. Amounts are in the rule set's currency.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProgrammeEffect {
    /// The number of members.
    pub members: u64,
    /// The number of customers in the control group; none for a programme without one.
    pub controls: Option<u64>,
    /// The members' part of the fixed cost, which is shared equally, and the cost of each member.
    pub cost: Exact,
    /// Members whose own cost is missing; it is counted as nothing.
    pub cost_missing: u64,
    /// The mean change of a member's margin from the period before, less that of the control group.
    pub uplift: Option<Exact>,
    /// Its 95% interval, where there is a control group.
    pub uplift_interval: Option<ConfidenceInterval>,
    /// `uplift` times the number of members.
    pub incremental: Option<Exact>,
    /// (incremental margin − cost) / cost.
    pub return_on_cost: Option<Exact>,
    /// Members kept from the period before.
    pub kept: MemberRetention,
    /// The mean margin of a member who was kept, in the programme's period.
    pub kept_margin: Option<Exact>,
    /// The least number of kept customers whose margin pays the cost.
    pub break_even: Option<u64>,
}

/// Retention of members beside that of the control group.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MemberRetention {
    /// Of the members active before, the share that is active in the programme's period.
    pub members: Figure,
    /// The same share of the control group.
    pub control: Option<Figure>,
    /// The first less the second.
    pub difference: Option<Exact>,
    /// The 95% interval of the difference.
    pub interval: Option<ConfidenceInterval>,
    /// How many more members were kept than would have been at the control group's rate.
    pub more: Option<Exact>,
}

/// The rows of `among` whose label in a text column is `label`.
pub(super) fn rows_with(labels: &ArrayRef, label: &str, among: impl Iterator<Item = usize>) -> Vec<usize> {
    let texts = labels.as_string_view();
    among.filter(|row| texts.is_valid(*row) && texts.value(*row) == label).collect()
}

impl Programme {
    /// The number of members, who share the fixed cost.
    pub fn member_count(&self, columns: &[ArrayRef]) -> usize {
        rows_with(&columns[0], GROUPS[0], 0..columns[0].len()).len()
    }

    /// The effect on the customers in `rows`. `columns` are the values of [`reads`](Self::reads) for all customers, of
    /// whom `everyone` are members.
    pub fn effect(&self, columns: &[ArrayRef], rows: &[usize], everyone: usize) -> ProgrammeEffect {
        let of = |label: &str| rows_with(&columns[0], label, rows.iter().copied());
        let (members, controls) = (of(GROUPS[0]), of(GROUPS[1]));
        let (cost, cost_missing) = self.cost(columns.get(5), &members, everyone);
        let change = self.change(columns, &members);
        let of_controls = self.controlled.then(|| self.change(columns, &controls));
        let uplift = match &of_controls {
            Some(control) => change.mean().zip(control.mean()).map(|(own, other)| own - other),
            None => change.mean(),
        };
        let uplift_interval = of_controls
            .as_ref()
            .and_then(|control| intervals::difference_of_means(change.sample()?, control.sample()?));
        let incremental = uplift.as_ref().map(|uplift| uplift * whole(members.len()));
        let returned = incremental.as_ref().filter(|_| cost.is_positive()).map(|gain| (gain - &cost) / &cost);
        let kept = self.kept(columns, &members, self.controlled.then_some(controls.as_slice()));
        let kept_margin = self.kept_margin(columns, &members);
        let break_even = kept_margin.as_ref().filter(|margin| margin.is_positive());
        let break_even = break_even.and_then(|margin| (&cost / margin).ceil().to_integer().to_u64());
        ProgrammeEffect {
            members: members.len() as u64,
            controls: self.controlled.then_some(controls.len() as u64),
            cost,
            cost_missing,
            uplift,
            uplift_interval,
            incremental,
            return_on_cost: returned,
            kept,
            kept_margin,
            break_even,
        }
    }

    fn cost(&self, of_members: Option<&ArrayRef>, members: &[usize], everyone: usize) -> (Exact, u64) {
        let part = ratio(members.len(), everyone).unwrap_or_else(|| whole(if members.is_empty() { 1 } else { 0 }));
        let fixed = &self.fixed_cost * part;
        let Some(numbers) = of_members.and_then(|column| NumberColumn::of(column, Type::Money)) else {
            return (fixed, 0);
        };
        let own = Total::of(&numbers, members);
        (fixed + own.sum(), members.len() as u64 - own.count)
    }

    /// How the margin of some customers changed from the period before.
    fn change(&self, columns: &[ArrayRef], rows: &[usize]) -> Changes {
        let numbers = |i: usize| NumberColumn::of(&columns[i], Type::Money);
        let (Some(after), Some(before)) = (numbers(1), numbers(2)) else { return Changes::default() };
        let mut changes = Changes::default();
        for row in rows {
            if let (Some(after), Some(before)) = (after.key(*row), before.key(*row)) {
                let change = after.saturating_sub(before);
                changes.total.add((change, -4));
                changes.list.push(change);
            }
        }
        changes
    }

    fn kept(&self, columns: &[ArrayRef], members: &[usize], controls: Option<&[usize]>) -> MemberRetention {
        let (before, after) = (columns[3].as_primitive::<Int64Type>(), columns[4].as_primitive::<Int64Type>());
        let share = |rows: &[usize]| {
            let active = rows.iter().filter(|row| before.value(**row) > 0);
            let kept = active.clone().filter(|row| after.value(**row) > 0).count();
            Figure::share(kept as u64, active.count() as u64)
        };
        let own = share(members);
        let control = controls.map(share);
        let (mut difference, mut interval, mut more) = (None, None, None);
        if let Some(control) = &control
            && let (Some(a), Some(b)) = (&own.value, &control.value)
        {
            difference = Some(a - b);
            more = Some((a - b) * whole(own.n));
            interval = own
                .interval
                .zip(control.interval)
                .map(|(of_a, of_b)| intervals::difference((float(a), of_a), (float(b), of_b)));
        }
        MemberRetention { members: own, control, difference, interval, more }
    }

    fn kept_margin(&self, columns: &[ArrayRef], members: &[usize]) -> Option<Exact> {
        let (before, after) = (columns[3].as_primitive::<Int64Type>(), columns[4].as_primitive::<Int64Type>());
        let both = |row: &usize| before.value(*row) > 0 && after.value(*row) > 0;
        let kept: Vec<usize> = members.iter().copied().filter(both).collect();
        Total::of(&NumberColumn::of(&columns[1], Type::Money)?, &kept).mean()
    }
}

/// Changes of margin, in 0.0001.
#[derive(Default)]
struct Changes {
    total: Total,
    list: Vec<i128>,
}

impl Changes {
    fn mean(&self) -> Option<Exact> {
        self.total.mean()
    }

    fn sample(&self) -> Option<Sample> {
        let mean = self.mean()?;
        let center = float(&mean);
        let squares: Vec<f64> = self.list.iter().map(|c| (*c as f64 / 1e4 - center).powi(2)).collect();
        let n = self.list.len() as u64;
        Some(Sample { n, mean: center, variance: squares.iter().sum::<f64>() / (n as f64 - 1.0).max(1.0) })
    }
}

impl ProgrammeEffect {
    /// Every figure by name, with its type.
    pub fn figures(&self) -> Vec<(&'static str, Type, Option<Exact>)> {
        let share = |figure: Option<&Figure>| figure.and_then(|figure| figure.value.clone());
        vec![
            ("members", Type::Integer, Some(whole(self.members))),
            ("control", Type::Integer, self.controls.map(whole)),
            ("cost", Type::Money, Some(self.cost.clone())),
            ("uplift", Type::Money, self.uplift.clone()),
            ("incremental_margin", Type::Money, self.incremental.clone()),
            ("return", Type::Percent, self.return_on_cost.clone()),
            ("kept", Type::Percent, share(Some(&self.kept.members))),
            ("kept_control", Type::Percent, share(self.kept.control.as_ref())),
            ("kept_difference", Type::Percent, self.kept.difference.clone()),
            ("kept_more", Type::Number, self.kept.more.clone()),
            ("margin_of_kept", Type::Money, self.kept_margin.clone()),
            ("break_even", Type::Integer, self.break_even.map(whole)),
        ]
    }
}
