//! Counts how many texts of a column have each notation.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use accolade_engine::ops::MICROS_PER_DAY;
use accolade_engine::source::texts;
use accolade_parser::syntax::file::DateOrder;

use crate::date_span::DateSpan;
use crate::few_texts::FewTexts;
use crate::instants::Instants;
use crate::sketch::Sketch;

/// The orders in which dates may be written; `None` is ISO 8601.
pub(crate) const ORDERS: [Option<DateOrder>; 4] =
    [None, Some(DateOrder::YearFirst), Some(DateOrder::DayFirst), Some(DateOrder::MonthFirst)];

/// The decimal signs.
pub(crate) const SIGNS: [char; 2] = ['.', ','];

/// The counts of one column.
#[derive(Clone, Debug, Default)]
pub(crate) struct ColumnCounts {
    /// Cells with nothing in them.
    pub(crate) empty: u64,
    /// Cells with a text.
    pub(crate) texts: u64,
    /// Texts such as `NA`, as they are written.
    pub(crate) markers: BTreeSet<String>,
    /// Cells that hold a marker.
    pub(crate) marked: u64,
    /// Numbers with a leading zero or more than 15 digits, which are codes.
    pub(crate) codes: u64,
    /// Whole numbers, without a decimal sign or separators.
    pub(crate) whole: u64,
    /// Whole numbers that are written as `17850.0`.
    pub(crate) with_zero: u64,
    pub(crate) least: Option<i128>,
    pub(crate) most: Option<i128>,
    /// Numbers when read with each decimal sign of [`SIGNS`].
    pub(crate) numbers: [Decimals; 2],
    pub(crate) percents: [u64; 2],
    /// Amounts beside the code or sign of a currency, by currency.
    pub(crate) currencies: BTreeMap<&'static str, u64>,
    /// Dates when read in each order of [`ORDERS`].
    pub(crate) dates: [Dates; 4],
    pub(crate) serial_days: u64,
    pub(crate) booleans: u64,
    /// Whether a boolean is a word, not `0` or `1`.
    pub(crate) boolean_words: bool,
    pub(crate) emails: u64,
    /// Whether the file holds instants, whose texts have no offset.
    pub(crate) stored_instants: bool,
    /// Days of eight digits, which may be numbers.
    pub(crate) compact_days: u64,
    pub(crate) few: FewTexts,
    pub(crate) values: Sketch,
    /// The values in lower case without blanks around them, from the first that differs so on.
    pub(crate) folded: Option<Sketch>,
}

/// The unit of sums: 0.0001.
const PLACES: u32 = 4;

/// Counts of texts that are numbers.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Decimals {
    pub(crate) count: u64,
    pub(crate) most_places: u32,
    pub(crate) least_places: Option<u32>,
    /// Amounts that another program has computed with floats.
    pub(crate) computed: u64,
    /// Numbers of three places that could be groups of three digits.
    pub(crate) in_threes: u64,
    pub(crate) negative: u64,
    pub(crate) zero: u64,
    /// In 0.0001.
    pub(crate) sum: i128,
}

/// The value of an amount in 0.0001, as [`texts::amount`] gives it.
pub(crate) fn in_units((mantissa, places): (i128, u32)) -> i128 {
    match places.checked_sub(PLACES) {
        None => mantissa.saturating_mul(10i128.pow(PLACES - places)),
        Some(more) => {
            let unit = 10i128.saturating_pow(more.min(30));
            (mantissa + mantissa.signum() * unit / 2) / unit
        }
    }
}

/// Whether the only sign in a number stands after one to three digits and before three.
fn is_in_threes(text: &str) -> bool {
    let digits = text.trim_start_matches(['-', '+']);
    let parts: Vec<&str> = digits.split(['.', ',']).collect();
    let [first, last] = parts.as_slice() else { return false };
    (1..=3).contains(&first.len()) && !first.starts_with('0') && last.len() == 3
}

/// Counts of texts that are dates.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dates {
    pub(crate) count: u64,
    /// How many have a time of day.
    pub(crate) timed: u64,
    /// Dates without an offset from UTC.
    pub(crate) local: DateSpan,
    pub(crate) instants: Instants,
}

impl ColumnCounts {
    pub(crate) fn add(&mut self, cell: &str) {
        let text = cell.trim();
        if text.is_empty() {
            self.empty += 1;
            return;
        }
        self.add_value(cell, text);
        self.few.add(text);
        if texts::is_missing_marker(text) {
            self.marked += 1;
            self.markers.insert(text.to_owned());
            return;
        }
        self.texts += 1;
        if texts::boolean(text).is_some() {
            self.booleans += 1;
            self.boolean_words |= !text.starts_with(['0', '1']);
        }
        self.emails += u64::from(is_email(text));
        if text.contains(|c: char| c.is_ascii_digit()) {
            self.number(text);
            self.date(text);
        }
    }

    fn add_value(&mut self, cell: &str, text: &str) {
        let differs = cell.len() != text.len() || text.contains(char::is_uppercase);
        if differs && self.folded.is_none() {
            self.folded = Some(self.values.clone());
        }
        self.values.add(cell);
        if let Some(folded) = &mut self.folded {
            folded.add(if differs { Cow::Owned(text.to_lowercase()) } else { Cow::Borrowed(text) }.as_ref());
        }
    }

    fn number(&mut self, text: &str) {
        // A whole number that another program has written with decimals.
        let whole = text.strip_suffix(".0");
        self.with_zero += u64::from(whole.is_some());
        let text = whole.unwrap_or(text);
        let digits = text.trim_start_matches(['-', '+']);
        if digits.bytes().all(|b| b.is_ascii_digit()) {
            if (digits.len() > 1 && digits.starts_with('0')) || digits.len() > 15 {
                self.codes += 1;
            }
            self.whole += 1;
            if let Some((value, _)) = texts::decimal(text, '.') {
                self.least = Some(self.least.map_or(value, |least| least.min(value)));
                self.most = Some(self.most.map_or(value, |most| most.max(value)));
            }
            self.serial_days += u64::from(texts::serial_day(text).is_some());
        }
        let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'-'));
        let currency = if plain { None } else { texts::currency_of(text) };
        let amounts = SIGNS.map(|sign| texts::amount(text, sign, currency));
        if let Some(currency) = currency.filter(|_| amounts.iter().any(Option::is_some)) {
            *self.currencies.entry(currency).or_default() += 1;
        }
        for (i, (sign, amount)) in SIGNS.into_iter().zip(amounts).enumerate() {
            if let Some((value, places)) = amount {
                let numbers = &mut self.numbers[i];
                numbers.count += 1;
                numbers.negative += u64::from(value < 0);
                numbers.zero += u64::from(value == 0);
                numbers.sum = numbers.sum.saturating_add(in_units((value, places)));
                numbers.computed += u64::from(places > 4 && texts::is_computed_amount(text, sign));
                // `1.250` is one thousand where the point divides groups, and one and a quarter otherwise.
                numbers.in_threes += u64::from(places == 3 && is_in_threes(text));
                numbers.most_places = numbers.most_places.max(places);
                numbers.least_places = Some(numbers.least_places.map_or(places, |least| least.min(places)));
            }
            self.percents[i] += u64::from(texts::percent(text, sign).is_some());
        }
    }

    fn date(&mut self, text: &str) {
        let compact = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
        let divided = text.contains(['-', '/', '.']);
        let has_word = || text.bytes().any(|byte| byte.is_ascii_alphabetic() || !byte.is_ascii());
        if text.len() < 6 || !(compact || divided || has_word()) {
            return;
        }
        let mut found = None;
        for (i, order) in ORDERS.into_iter().enumerate() {
            // Without signs between its parts, a date does not depend on their order.
            if i == 0 || divided {
                found = texts::moment(text, order);
            }
            let Some((local, offset)) = found else { continue };
            let offset = offset.or(self.stored_instants.then_some(0));
            let dates = &mut self.dates[i];
            dates.count += 1;
            dates.timed += u64::from(local.rem_euclid(MICROS_PER_DAY) != 0);
            match offset {
                Some(offset) => dates.instants.add(local, offset),
                None => dates.local.add(local),
            }
            self.compact_days += u64::from(compact && i == 0);
        }
    }

    /// Whether `count` is all texts, and there are any.
    pub(crate) fn all(&self, count: u64) -> bool {
        self.texts > 0 && count == self.texts
    }

    /// Whether all texts are dates in one of the orders.
    pub(crate) fn is_dates(&self) -> bool {
        self.compact_days == 0 && self.dates.iter().any(|dates| self.all(dates.count))
    }
}

fn is_email(text: &str) -> bool {
    let Some((name, domain)) = text.split_once('@') else { return false };
    !name.is_empty() && domain.contains('.') && !text.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_mail() {
        for (text, expected) in [("ann@example.com", true), ("@ann", false), ("a @b.c", false), ("ann@home", false)] {
            assert_eq!(is_email(text), expected, "{text}");
        }
    }

    #[test]
    fn amounts_in_one_unit() {
        for (amount, expected) in [((125, 2), 12_500), ((1, 0), 10_000), ((-1_076_000_001, 7), -1_076_000)] {
            assert_eq!(in_units(amount), expected, "{amount:?}");
        }
    }
}
