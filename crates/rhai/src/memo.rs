//! A cache of the last calls of a script and their results.
//!
//! A search for the nearest change rates one customer hundreds of times, mostly with the script's fields unchanged. A
//! script depends on nothing but its fields, so the same fields give the same result.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use accolade_core::model::Value;

/// How many calls are kept: so few that searching them is cheaper than running a short script.
const KEPT: usize = 128;

/// Calls and their results, most recently used first.
#[derive(Debug, Default)]
pub(crate) struct Memo(Mutex<VecDeque<(Vec<Value>, Value)>>);

impl Memo {
    /// The result for this record, if it is cached.
    pub(crate) fn find(&self, record: &[Value]) -> Option<Value> {
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = calls.iter().position(|(known, _)| is_same_record(known, record))?;
        let call = calls.remove(place)?;
        let given = call.1.clone();
        calls.push_front(call);
        Some(given)
    }

    /// Adds a call and drops the least recently used one.
    pub(crate) fn keep(&self, record: &[Value], given: &Value) {
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        calls.truncate(KEPT - 1);
        calls.push_front((record.to_vec(), given.clone()));
    }
}

fn is_same_record(a: &[Value], b: &[Value]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b))
}

/// Whether two values are the same to a script.
fn is_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        // Copies of one record share their rows. Comparing the rows themselves would take longer than most scripts.
        (Value::Rows(a), Value::Rows(b)) => Arc::ptr_eq(a, b),
        // 1.0 and 1.00 are equal, but not as text.
        (Value::Decimal(a), Value::Decimal(b)) => a == b && a.scale() == b.scale(),
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::Decimal;

    /// Checks whether a result stored for `known` is found for `asked`.
    fn check(known: &[Value], asked: &[Value], expected: bool) {
        let recall = Memo::default();
        recall.keep(known, &Value::Integer(7));
        assert_eq!(recall.find(asked), expected.then_some(Value::Integer(7)), "{known:?} {asked:?}");
    }

    #[test]
    fn a_call_is_found_for_the_same_values_only() {
        check(&[Value::Integer(1), Value::Null], &[Value::Integer(1), Value::Null], true);
        check(&[Value::Integer(1), Value::Null], &[Value::Integer(1), Value::Boolean(false)], false);
        check(&[Value::Integer(1)], &[Value::Number(1.0)], false);
        check(&[Value::Integer(1)], &[Value::Integer(1), Value::Null], false);
        let ones = [Decimal::new(10, 1), Decimal::new(100, 2)];
        check(&[Value::Decimal(ones[0])], &[Value::Decimal(ones[0])], true);
        check(&[Value::Decimal(ones[0])], &[Value::Decimal(ones[1])], false);
    }

    #[test]
    fn the_call_that_was_not_asked_for_the_longest_is_forgotten() {
        let recall = Memo::default();
        let kept = i64::try_from(KEPT).unwrap();
        (0..kept).for_each(|n| recall.keep(&[Value::Integer(n)], &Value::Integer(n)));
        assert_eq!(recall.find(&[Value::Integer(0)]), Some(Value::Integer(0)));
        recall.keep(&[Value::Integer(kept)], &Value::Null);
        assert_eq!(recall.find(&[Value::Integer(1)]), None);
        assert_eq!(recall.find(&[Value::Integer(0)]), Some(Value::Integer(0)));
    }
}
