//! The values of each variable with which a condition may hold, so that most pairs of conditions need no search.

use accolade_core::eval::Faults;

use super::candidates::Variable;
use super::condition::{Condition, TRUE};

/// For each variable that a condition reads, the values with which it may hold.
pub(super) struct HeldValues(Vec<(usize, ValueSet)>);

/// A set of indices of values.
struct ValueSet {
    /// The words from the first that is not zero.
    first: usize,
    words: Vec<u64>,
}

impl HeldValues {
    pub(super) fn of(condition: &Condition, variables: &[Variable]) -> HeldValues {
        // Tests of several fields are not known by one of them.
        if condition.is_of_several_fields() {
            return HeldValues(Vec::new());
        }
        let mut assigned = vec![None; variables.len()];
        let faults = Faults::default();
        let mut of = |variable: usize| {
            let mut words = vec![0_u64; variables[variable].values.len().div_ceil(64)];
            for value in 0..variables[variable].values.len() {
                assigned[variable] = Some(value);
                if condition.possible(&assigned, &[], &faults) & TRUE != 0 {
                    words[value / 64] |= 1 << (value % 64);
                }
            }
            assigned[variable] = None;
            (variable, ValueSet::new(&words))
        };
        HeldValues(condition.variables().iter().map(|variable| of(*variable)).collect())
    }

    /// Whether no value of some variable lets both conditions hold.
    pub(super) fn exclude(&self, other: &HeldValues) -> bool {
        self.0.iter().any(|(variable, held)| {
            let same = other.0.iter().find(|(of_other, _)| of_other == variable);
            same.is_some_and(|(_, of_other)| held.is_disjoint(of_other))
        })
    }
}

impl ValueSet {
    fn new(words: &[u64]) -> ValueSet {
        let first = words.iter().position(|word| *word != 0).unwrap_or(0);
        let end = words.iter().rposition(|word| *word != 0).map_or(first, |last| last + 1);
        ValueSet { first, words: words[first..end].to_vec() }
    }

    fn is_disjoint(&self, other: &ValueSet) -> bool {
        let (begin, end) = (self.first.max(other.first), self.end().min(other.end()));
        (begin..end).all(|word| self.words[word - self.first] & other.words[word - other.first] == 0)
    }

    fn end(&self) -> usize {
        self.first + self.words.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_disjoint_where_no_value_is_in_both() {
        let set = |values: &[usize]| {
            let mut words = vec![0_u64; 4];
            values.iter().for_each(|value| words[value / 64] |= 1 << (value % 64));
            ValueSet::new(&words)
        };
        let check = |a: &[usize], b: &[usize], expected: bool| {
            assert_eq!(set(a).is_disjoint(&set(b)), expected, "{a:?} {b:?}");
            assert_eq!(set(b).is_disjoint(&set(a)), expected, "{b:?} {a:?}");
        };
        check(&[1], &[1], false);
        check(&[1], &[2], true);
        check(&[], &[1], true);
        check(&[], &[], true);
        check(&[1, 200], &[100, 200], false);
        check(&[1, 130], &[64, 200], true);
        check(&[255], &[0, 255], false);
    }
}
