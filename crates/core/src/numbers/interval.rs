//! Patterns as sets of keys: the geometry behind bands, grades and class tests.

use accolade_parser::Spanned;
use accolade_parser::expr::ast::{BinaryOp, Literal, Pattern};

use super::domain::Domain;

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

/// A key of the interval that reads well: a finite end, or zero where it has none.
pub fn example_key(interval: KeyInterval) -> i128 {
    match (interval.low, interval.high) {
        (i128::MIN, i128::MAX) => 0,
        (i128::MIN, high) => high,
        (low, _) => low,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::Type;

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
    fn gaps_are_found_between_and_beyond() {
        let i = |low, high| KeyInterval { low, high };
        assert_eq!(first_gap(i(0, 10), &[i(0, 4), i(6, 10)]), Some(i(5, 5)));
        assert_eq!(first_gap(i(0, 10), &[i(6, 10), i(0, 5)]), None);
        assert_eq!(first_gap(i(0, 10), &[i(-5, 3)]), Some(i(4, 10)));
        assert_eq!(first_gap(ALL, &[i(i128::MIN, 3), i(4, i128::MAX)]), None);
    }
}
