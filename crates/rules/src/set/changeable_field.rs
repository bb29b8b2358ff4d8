//! A changeable field: one field of a record that varies while the other inputs stay, and how everything computed
//! follows it.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::HashMap;

use accolade_core::eval::{Env, Faults, row};
use accolade_core::model::{Origin, Slot, SlotId, Type, TypedExpr, Value};
use accolade_core::numbers::domain::Domain;
use accolade_core::numbers::interval::KeyInterval;

use super::bounds::{dependents, field_range};
use super::row_rater::RowRater;
use super::rule::{RuleContext, UnknownCounts};
use super::rule_set::Step;
use crate::explain::{Response, Segment, Trend};

/// The values a changeable field can take, as keys.
#[derive(Clone, Debug)]
enum Line {
    Keys(Domain),
    /// Key k is value k.
    Values(Vec<Value>),
}

/// One field of a record that is changed, and how everything computed follows it.
pub struct ChangeableField<'a> {
    rater: &'a RowRater<'a>,
    record: &'a [Value],
    slot: SlotId,
    line: Line,
    range: KeyInterval,
    /// By slot, whether its value can follow the changeable field.
    follows: Vec<bool>,
    responses: RefCell<HashMap<SlotId, Option<Response>>>,
    faults: Faults,
}

impl std::fmt::Debug for ChangeableField<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChangeableField").field("slot", &self.slot).finish_non_exhaustive()
    }
}

/// The texts that a column of the customers table may hold, if they are listed.
pub fn listed_texts(slot: &Slot) -> Option<&[String]> {
    let listed = slot.ty == Type::Text && matches!(slot.origin, Origin::Column(_));
    slot.labels.as_deref().filter(|texts| listed && !texts.is_empty())
}

/// The most values that a changeable field may have for each to be tried.
const MAX_LISTED_VALUES: i128 = 256;

impl<'a> ChangeableField<'a> {
    /// The field of `slot`; `None` for a type whose values are neither ordered nor few.
    pub fn new(rater: &'a RowRater<'a>, record: &'a [Value], slot: SlotId) -> Option<ChangeableField<'a>> {
        let ty = rater.set().demand.slots[slot].ty;
        let (line, mut range) = match Domain::of(ty) {
            Some(domain) => (Line::Keys(domain), field_range(rater.set(), slot, domain)),
            None if ty == Type::Boolean => {
                (Line::Values(vec![Value::Boolean(false), Value::Boolean(true)]), KeyInterval { low: 0, high: 1 })
            }
            None => {
                let texts = listed_texts(&rater.set().demand.slots[slot])?;
                let high = i128::try_from(texts.len()).ok()? - 1;
                (Line::Values(texts.iter().map(|text| Value::text(text)).collect()), KeyInterval { low: 0, high })
            }
        };
        // The record's own value is in the range even where it is not likely.
        if let (Line::Keys(domain), Some(value)) = (&line, record.get(slot))
            && let Some(key) = domain.key(value)
        {
            range = KeyInterval { low: range.low.min(key), high: range.high.max(key) };
        }
        Some(ChangeableField {
            rater,
            record,
            slot,
            line,
            range,
            follows: dependents(rater.set(), slot),
            responses: RefCell::default(),
            faults: Faults::default(),
        })
    }

    /// Whether a field can follow the changeable field.
    pub fn affects(&self, slot: SlotId) -> bool {
        self.follows[slot]
    }

    /// The domain of its keys; none if its values are a list.
    pub fn domain(&self) -> Option<Domain> {
        if let Line::Keys(domain) = self.line { Some(domain) } else { None }
    }

    /// The field's value for a key.
    pub fn value(&self, key: i128) -> Value {
        match &self.line {
            Line::Keys(domain) => domain.value(key),
            Line::Values(values) => {
                usize::try_from(key).ok().and_then(|k| values.get(k)).cloned().unwrap_or(Value::Null)
            }
        }
    }

    /// Whether a key is within the range of values that are considered.
    pub fn holds(&self, key: i128) -> bool {
        self.range.contains(key)
    }

    /// The key of the record's own value; none if it is missing.
    pub fn current_key(&self) -> Option<i128> {
        let value = self.record.get(self.slot)?;
        match &self.line {
            Line::Keys(domain) => domain.key(value),
            Line::Values(values) => values.iter().position(|v| v == value).and_then(|k| i128::try_from(k).ok()),
        }
    }

    /// The value of `slot` when the changeable field is at `key`.
    pub fn value_of(&self, slot: SlotId, key: i128) -> Value {
        if slot == self.slot {
            return self.value(key);
        }
        let unmoved = || self.record.get(slot).cloned().unwrap_or(Value::Null);
        if !self.follows[slot] {
            return unmoved();
        }
        let Origin::Step(step) = self.rater.set().demand.slots[slot].origin else { return unmoved() };
        match &self.rater.set().steps[step] {
            Step::Metric { expr, .. } => self.evaluate(expr, key),
            Step::Rule { name, rule, slots, .. } => {
                let record = self.filled(&rule.reads(), key);
                let unknown = UnknownCounts::default();
                let context = RuleContext { rule: name, env: self.env(), unknown: &unknown };
                let output = slots.iter().position(|s| *s == slot).unwrap_or(0);
                match self.rater.prepared(step).and_then(|cut_offs| rule.rate_row(&record, &context, cut_offs)) {
                    // Outputs that need the population keep their value.
                    Ok(values) => values.get(output).cloned().unwrap_or_else(unmoved),
                    Err(_) => Value::Null,
                }
            }
        }
    }

    /// The value of `expr` when the changeable field is at `key`.
    pub fn evaluate(&self, expr: &TypedExpr, key: i128) -> Value {
        let mut reads = Vec::new();
        expr.for_each_field(&mut |slot| reads.push(slot));
        row::evaluate(expr, &self.filled(&reads, key), self.env())
    }

    /// The record with the fields in `reads` as they are when the changeable field is at `key`.
    fn filled(&self, reads: &[SlotId], key: i128) -> Vec<Value> {
        let mut record = self.record.to_vec();
        for slot in reads.iter().filter(|slot| self.follows[**slot]) {
            record[*slot] = self.value_of(*slot, key);
        }
        record
    }

    fn env(&self) -> Env<'_> {
        Env { as_of: self.rater.as_of(), faults: &self.faults }
    }

    /// How a field follows the changeable field; `None` where that is unknown.
    pub fn response(&self, slot: SlotId) -> Option<Response> {
        if let Some(known) = self.responses.borrow().get(&slot) {
            return known.clone();
        }
        // A changeable field of few values can be followed through any computation, one value at a time.
        let response = self.compute_course(slot).or_else(|| self.one_by_one());
        self.responses.borrow_mut().insert(slot, response.clone());
        response
    }

    fn compute_course(&self, slot: SlotId) -> Option<Response> {
        if !self.follows[slot] {
            return Some(self.constant());
        }
        if let Line::Values(_) = self.line {
            return self.one_by_one();
        }
        if slot == self.slot {
            return Some(Response::whole(self.range, Trend::Rising));
        }
        let Origin::Step(step) = self.rater.set().demand.slots[slot].origin else { return None };
        match &self.rater.set().steps[step] {
            Step::Metric { expr, .. } => self.response_of(expr),
            Step::Rule { name, rule, slots, .. } => {
                let cut_offs = self.rater.cut_offs_of(name);
                rule.response(slots.iter().position(|s| *s == slot)?, slots, cut_offs, self)
            }
        }
    }

    fn one_by_one(&self) -> Option<Response> {
        let one = |key| Segment { keys: KeyInterval { low: key, high: key }, trend: Trend::Constant };
        (self.range.high - self.range.low < MAX_LISTED_VALUES)
            .then(|| Response((self.range.low..=self.range.high).map(one).collect()))
    }

    /// The response of a value that does not depend on the changeable field.
    pub fn constant(&self) -> Response {
        Response::whole(self.range, Trend::Constant)
    }

    /// The response of which of `thresholds` the key of a field has reached, constant on each piece.
    pub fn threshold_response(&self, slot: SlotId, thresholds: &[i128]) -> Option<Response> {
        let domain = Domain::of(self.rater.set().demand.slots[slot].ty)?;
        let cut = self.cut(&self.response(slot)?, |key| domain.key(&self.value_of(slot, key)), thresholds)?;
        Some(cut.map(|_, _| Trend::Constant))
    }

    /// The response of a condition: constant between the keys at which it changes.
    pub fn truth(&self, condition: &TypedExpr) -> Option<Response> {
        self.response_of(condition)
    }

    /// `response` cut at the keys where its value, given by `at`, passes one of `thresholds`.
    pub fn cut(&self, response: &Response, at: impl Fn(i128) -> Option<i128>, thresholds: &[i128]) -> Option<Response> {
        let mut pieces = Vec::new();
        for piece in &response.0 {
            let mut starts = vec![piece.keys.low];
            if piece.trend != Trend::Constant && at(piece.keys.low).is_some() {
                for threshold in thresholds {
                    let rising = piece.trend == Trend::Rising;
                    let passed = |key| at(key).map(|value| (value >= *threshold) == rising);
                    starts.extend(first(piece.keys, passed)?);
                }
            }
            starts.sort_unstable();
            starts.dedup();
            let ends = starts.iter().skip(1).map(|start| start - 1).chain([piece.keys.high]);
            let cut = starts.iter().zip(ends).map(|(low, high)| KeyInterval { low: *low, high });
            pieces.extend(cut.map(|keys| Segment { keys, trend: piece.trend }));
        }
        Some(Response(pieces))
    }

    /// The response of a comparison of two values whose responses are `a` and `b`.
    pub(super) fn crossings(
        &self,
        a: &Response,
        b: &Response,
        order: impl Fn(i128) -> Option<Ordering>,
    ) -> Option<Response> {
        let difference = a.plus(&b.map(|_, trend| trend.flipped()))?;
        let sign = |key| order(key).map(|order| order as i128);
        let cut = self.cut(&difference, sign, &[0, 1])?;
        Some(cut.map(|_, _| Trend::Constant))
    }
}

/// The first key of a stretch for which `passed` holds; it must hold for all later keys too. `Some(None)` if it holds
/// from the beginning or never, `None` where it is unknown.
fn first(keys: KeyInterval, passed: impl Fn(i128) -> Option<bool>) -> Option<Option<i128>> {
    if passed(keys.low)? || !passed(keys.high)? {
        return Some(None);
    }
    let (mut before, mut after) = (keys.low, keys.high);
    while before + 1 < after {
        let middle = before + (after - before) / 2;
        if passed(middle)? {
            after = middle;
        } else {
            before = middle;
        }
    }
    Some(Some(after))
}
