//! Figures of the customer base from running a draft; cut-offs come from these.

use std::sync::Arc;

use accolade_engine::numbers::exact;
use accolade_engine::numbers::exact::NumberColumn;
use accolade_engine::{Outcome, RuleSet, frame, show};

use crate::block::grouped;

/// A draft and its outcome on the data.
pub(crate) struct Figures {
    set: Arc<RuleSet>,
    pub(crate) outcome: Outcome,
}

/// Decimals of an amount, whatever the column has.
const PLACES: i32 = 4;

/// A number in 0.0001.
fn in_units(mantissa: i128, exponent: i32) -> Option<i128> {
    match PLACES + exponent {
        up @ 0.. => mantissa.checked_mul(10i128.checked_pow(up.unsigned_abs())?),
        down => Some(mantissa / 10i128.checked_pow(down.unsigned_abs())?),
    }
}

impl Figures {
    pub(crate) fn new(set: Arc<RuleSet>, outcome: Outcome) -> Figures {
        Figures { set, outcome }
    }

    /// The values of a field in 0.0001, ascending, without those that are missing.
    pub(crate) fn values(&self, field: &str) -> Vec<i128> {
        self.values_where(field, |_| true)
    }

    /// As [`values`](Self::values), of the customers for whose row `keep` holds.
    pub(crate) fn values_where(&self, field: &str, keep: impl Fn(usize) -> bool) -> Vec<i128> {
        let Some(slot) = self.set.slot(field) else { return Vec::new() };
        let Some(column) = self.outcome.frame.column(slot) else { return Vec::new() };
        let Some(numbers) = NumberColumn::of(column, self.set.demand.slots[slot].ty) else { return Vec::new() };
        let amount = |row: usize| numbers.get(row).and_then(|(mantissa, exponent)| in_units(mantissa, exponent));
        let mut values: Vec<i128> = (0..self.outcome.frame.rows).filter(|row| keep(*row)).filter_map(amount).collect();
        values.sort_unstable();
        values
    }

    /// The customer with more than half of the sum of a field, and its share in percent; none with few customers, of
    /// whom one easily has so much.
    pub(crate) fn majority(&self, field: &str) -> Option<(String, i128)> {
        const FEW: usize = 10;
        let values = self.values(field);
        let (most, all) = (*values.last()?, values.iter().filter(|value| **value > 0).sum::<i128>());
        if values.iter().filter(|value| **value > 0).count() < FEW || 2 * most <= all {
            return None;
        }
        let slot = self.set.slot(field)?;
        let numbers = NumberColumn::of(self.outcome.frame.column(slot)?, self.set.demand.slots[slot].ty)?;
        let size = |row: &usize| numbers.get(*row).and_then(|(mantissa, exponent)| in_units(mantissa, exponent));
        let row = (0..self.outcome.frame.rows).find(|row| size(row) == Some(most))?;
        let key = frame::value_at(self.outcome.frame.column(0)?, row);
        Some((show::value(&key), 100 * most / all))
    }

    /// For each row, whether the field is above zero.
    pub(crate) fn positive(&self, field: &str) -> Vec<bool> {
        let column = self
            .set
            .slot(field)
            .and_then(|slot| NumberColumn::of(self.outcome.frame.column(slot)?, self.set.demand.slots[slot].ty));
        let positive = |row| column.and_then(|numbers| numbers.get(row)).is_some_and(|(mantissa, _)| mantissa > 0);
        (0..self.outcome.frame.rows).map(positive).collect()
    }

    /// The present value of a goal's measure, times `factor`, with one decimal.
    pub(crate) fn goal(&self, name: &str, factor: u32) -> Option<String> {
        let standing = self.outcome.goals.iter().find(|goal| goal.name == name)?;
        let value = standing.figure.value.clone()?;
        Some(exact::rounded(&(exact::whole(factor) * value), 1))
    }
}

/// The value at `part / of` of ascending `values`: `quantile(values, 1, 2)` is the median.
pub(crate) fn quantile(values: &[i128], part: usize, of: usize) -> Option<i128> {
    let last = values.len().checked_sub(1)?;
    values.get(last * part / of).copied()
}

/// `value` rounded to two significant digits.
pub(crate) fn friendly(value: i128) -> i128 {
    let mut unit = 1i128;
    while value.abs() / unit >= 100 {
        unit *= 10;
    }
    // From 10 up, cut-offs are whole numbers.
    let unit = if value.abs() >= 10 * ONE { unit.max(ONE) } else { unit };
    let half = unit / 2;
    (value + if value < 0 { -half } else { half }) / unit * unit
}

/// The number one, in the unit of values.
pub(crate) const ONE: i128 = 10_000;

/// A value as a literal of an expression.
pub(crate) fn literal(value: i128) -> String {
    grouped(&plain(value), '_')
}

/// A value for a comment; from 100 up without decimals.
pub(crate) fn shown(value: i128) -> String {
    grouped(&plain(if value.abs() >= 100 * ONE { (value + ONE / 2) / ONE * ONE } else { value }), ',')
}

fn plain(value: i128) -> String {
    let (whole, fraction) = (value.abs() / ONE, value.abs() % ONE);
    let sign = if value < 0 { "-" } else { "" };
    let fraction = format!("{fraction:04}");
    match fraction.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        fraction => format!("{sign}{whole}.{fraction}"),
    }
}

/// The quartiles of values as cut-offs: rounded, ascending, no two the same.
pub(crate) fn cuts(values: &[i128]) -> Vec<i128> {
    let mut cuts: Vec<i128> = (1..4).filter_map(|part| quantile(values, part, 4)).map(friendly).collect();
    cuts.dedup();
    // At or below the least value, a cut-off would make an empty band.
    cuts.retain(|cut| values.first().is_some_and(|least| cut > least));
    cuts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cut_offs_are_numbers_a_reader_remembers() {
        for (value, expected) in [
            ("4812", "4_800"),
            ("21433.27", "21_000"),
            ("99.6", "100"),
            ("12.4", "12"),
            ("7.46", "7.5"),
            ("0.37", "0.37"),
            ("-4812", "-4_800"),
            ("0", "0"),
            ("1250000", "1_300_000"),
        ] {
            let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
            let amount = whole.parse::<i128>().unwrap() * ONE + format!("{fraction:0<4}").parse::<i128>().unwrap();
            assert_eq!(literal(friendly(amount)), expected, "{value}");
        }
    }

    #[test]
    fn cut_offs_divide_the_customers() {
        let values: Vec<i128> = (1..=100).map(|i| i * 50 * ONE).collect();
        assert_eq!(cuts(&values).iter().map(|cut| literal(*cut)).collect::<Vec<_>>(), ["1_300", "2_500", "3_800"]);
        assert!(cuts(&[ONE; 5]).is_empty() && cuts(&[]).is_empty());
    }
}
