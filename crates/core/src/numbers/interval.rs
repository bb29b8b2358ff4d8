//! Patterns as sets of keys: the geometry behind bands, grades and class tests.

use accolade_parser::Spanned;
use accolade_parser::expr::ast::{BinaryOp, Literal, Pattern};

use super::domain::{Domain, float_key, key_float};
use crate::show;
use crate::values::types::{SCORE_SCALE, Type};

/// Keys `low..=high`; the ends of the line are `i128::MIN` and `i128::MAX`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyInterval {
    /// The least key in it.
    pub low: i128,
    /// The greatest key in it.
    pub high: i128,
}

/// Every key.
pub const ALL: KeyInterval = KeyInterval { low: i128::MIN, high: i128::MAX };

impl KeyInterval {
    /// The keys in both, if there are any.
    #[inline]
    pub fn intersection(self, other: KeyInterval) -> Option<KeyInterval> {
        let both = KeyInterval { low: self.low.max(other.low), high: self.high.min(other.high) };
        (both.low <= both.high).then_some(both)
    }

    /// Whether `key` is in it.
    #[inline]
    pub fn contains(self, key: i128) -> bool {
        self.low <= key && key <= self.high
    }
}

/// The keys that a pattern accepts; none for `missing`. Returns `None` for `rest`, which depends on other patterns,
/// and for a literal of another type.
pub fn intervals(pattern: &Pattern, domain: Domain) -> Option<Vec<KeyInterval>> {
    let around = |literal: &Spanned<Literal>| domain.nearest_keys(&literal.value);
    let below = |high: i128| KeyInterval { low: i128::MIN, high };
    let above = |low: i128| KeyInterval { low, high: i128::MAX };
    let exactly = |(floor, ceiling): (i128, i128)| {
        if floor == ceiling { vec![KeyInterval { low: floor, high: floor }] } else { Vec::new() }
    };
    Some(match pattern {
        Pattern::Compare(op, literal) => {
            let (floor, ceiling) = around(literal)?;
            match op {
                BinaryOp::Less => vec![below(ceiling - 1)],
                BinaryOp::LessEqual => vec![below(floor)],
                BinaryOp::Greater => vec![above(floor + 1)],
                BinaryOp::GreaterEqual => vec![above(ceiling)],
                BinaryOp::NotEqual if floor == ceiling => vec![below(floor - 1), above(floor + 1)],
                BinaryOp::NotEqual => vec![ALL],
                _ => exactly((floor, ceiling)),
            }
        }
        Pattern::Range { low, high, closed } => {
            let (_, from) = around(low)?;
            let (floor, ceiling) = around(high)?;
            let to = if *closed { floor } else { ceiling - 1 };
            if from <= to { vec![KeyInterval { low: from, high: to }] } else { Vec::new() }
        }
        Pattern::OneOf(literals) => {
            let mut all = Vec::new();
            for literal in literals {
                all.extend(exactly(around(literal)?));
            }
            all
        }
        Pattern::Missing => Vec::new(),
        Pattern::Rest => return None,
    })
}

/// The first interval within `within` that none of `covered` covers.
pub fn first_gap(within: KeyInterval, covered: &[KeyInterval]) -> Option<KeyInterval> {
    let mut sorted: Vec<KeyInterval> = covered.iter().filter_map(|i| i.intersection(within)).collect();
    sorted.sort();
    let mut next = within.low;
    for interval in sorted {
        if interval.low > next {
            return Some(KeyInterval { low: next, high: interval.low - 1 });
        }
        match interval.high.checked_add(1) {
            Some(after) => next = next.max(after),
            None => return None,
        }
    }
    (next <= within.high).then_some(KeyInterval { low: next, high: within.high })
}

/// A key of the interval that reads well: a finite end, or zero where it has none. Next to a literal the end of an
/// interval of floats or scores has up to hundreds of digits; then it is the key with the shortest text.
pub fn example_key(interval: KeyInterval, domain: Domain) -> i128 {
    let end = match (interval.low, interval.high) {
        (i128::MIN, i128::MAX) => 0,
        (i128::MIN, high) => high,
        (low, _) => low,
    };
    let (round, length): (Vec<i128>, fn(i128) -> usize) = match domain {
        Domain::Float(_) => (round_floats(interval), |key| key_float(key).to_string().len()),
        Domain::Exact { ty: Type::Score, .. } => {
            (round_scores(interval), |key| show::decimal(key, SCORE_SCALE, 0).len())
        }
        Domain::Exact { .. } => return end,
    };
    if length(end) <= FEW_DIGITS {
        return end;
    }
    let round = round.into_iter().filter(|key| interval.contains(*key));
    std::iter::once(end).chain(round).min_by_key(|key| length(*key)).unwrap_or(end)
}

/// As [`example_key`], as text.
pub fn example(interval: KeyInterval, domain: Domain) -> String {
    show::value(&domain.value(example_key(interval, domain)))
}

/// The length of a number that is easily read.
const FEW_DIGITS: usize = 12;

/// Candidates for an example: keys of floats with few digits, most of them in the interval.
fn round_floats(interval: KeyInterval) -> Vec<i128> {
    let (low, high) = (key_float(interval.low), key_float(interval.high));
    let above = (0..=15).map(|places| {
        let step = 10f64.powi(places);
        ((low * step).floor() + 1.0) / step
    });
    let all = above.chain([0.0, (high - 0.5).floor(), high]);
    all.filter(|value| value.is_finite()).map(float_key).collect()
}

/// Candidates for an example: keys of scores with few digits, most of them in the interval.
fn round_scores(interval: KeyInterval) -> Vec<i128> {
    let unit = 10i128.pow(u32::from(SCORE_SCALE.unsigned_abs()));
    let steps = std::iter::successors(Some(unit), |step| Some(step / 10).filter(|step| *step > 0));
    let above = steps.filter_map(|step| interval.low.div_euclid(step).checked_add(1)?.checked_mul(step));
    let below = interval.high.div_euclid(unit).checked_mul(unit);
    above.chain(below).chain([0]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, ty: Type, expected: &[(i128, i128)]) {
        let pattern = accolade_parser::expr::pattern_text(pattern).unwrap();
        let got = intervals(&pattern.value, Domain::of(ty).unwrap()).unwrap();
        let got: Vec<(i128, i128)> = got.into_iter().map(|i| (i.low, i.high)).collect();
        assert_eq!(got, expected, "{}", pattern.value);
    }

    #[test]
    fn a_pattern_is_a_set_of_whole_keys() {
        check("< 5", Type::Integer, &[(i128::MIN, 4)]);
        check("<= 2.5", Type::Integer, &[(i128::MIN, 2)]);
        check("< 2.5", Type::Integer, &[(i128::MIN, 2)]);
        check("> 2.5", Type::Integer, &[(3, i128::MAX)]);
        check("1..5", Type::Integer, &[(1, 5)]);
        check("1 ..< 5", Type::Integer, &[(1, 4)]);
        check("1 ..< 5", Type::Money, &[(10_000, 49_999)]);
        check("= 2.5", Type::Integer, &[]);
        check("in [1, 3]", Type::Integer, &[(1, 1), (3, 3)]);
    }

    #[test]
    fn an_example_has_few_digits() {
        let float = |low: f64, high: f64, expected: &str| {
            let interval = KeyInterval { low: float_key(low), high: float_key(high) };
            let example = key_float(example_key(interval, Domain::Float(Type::Number)));
            assert_eq!(example.to_string(), expected, "{low:?} to {high:?}");
        };
        float(5e-324, f64::MAX, "1");
        float(f64::MIN, -5e-324, "-1");
        float(0.3f64.next_up(), 0.5f64.next_down(), "0.4");
        float(0.0, 0.3f64.next_down(), "0");
        float(0.5f64.next_up(), 1.0, "1");
        float(0.5, 0.8, "0.5");
        float(2.5f64.next_up(), 2.6f64.next_down(), "2.51");
        let lone = 0.1f64.next_up();
        float(lone, lone, &lone.to_string());
        let unit = 10i128.pow(18);
        let score = |low, high| example_key(KeyInterval { low, high }, Domain::of(Type::Score).unwrap());
        assert_eq!(score(7 * unit + 1, 8 * unit - 1), 71 * unit / 10);
        assert_eq!(score(i128::MIN, 8 * unit - 1), 7 * unit);
        assert_eq!(score(8 * unit + 1, i128::MAX), 9 * unit);
        assert_eq!(example_key(KeyInterval { low: i128::MIN, high: 4 }, Domain::of(Type::Money).unwrap()), 4);
    }

    #[test]
    fn gaps_are_found_between_and_beyond() {
        let i = |low, high| KeyInterval { low, high };
        assert_eq!(first_gap(i(0, 10), &[i(0, 4), i(6, 10)]), Some(i(5, 5)));
        assert_eq!(first_gap(i(0, 10), &[i(6, 10), i(0, 5)]), None);
        assert_eq!(first_gap(i(0, 10), &[i(-5, 3)]), Some(i(4, 10)));
        assert_eq!(first_gap(ALL, &[i(i128::MIN, 3), i(4, i128::MAX)]), None);
    }
}
