//! Explanations: the limit that decides.

use accolade_core::model::{SlotId, Type, Value};
use accolade_core::numbers::domain::{Domain, float_key, key_float};
use accolade_parser::Diagnostics;
use accolade_rules::explain::{Branch, Derivation, FieldValue, Reason, Response, SourceText, Verdict};
use accolade_rules::set::{ChangeableField, Customers, Explain, RuleContext};
use accolade_rules::thresholds::cutoffs::CutOffs;
use arrow::array::ArrayRef;

use super::{Xyz, exact_variation};
use crate::labels;

impl Explain for Xyz {
    fn branches(&self) -> Vec<Branch> {
        let mut branches = self.classes.branches("class");
        branches.push(Branch::new("class", self.labels.last().cloned().unwrap_or_default(), None));
        branches
    }

    fn test_records(&self) -> Vec<Vec<(SlotId, Value)>> {
        let steady = 100
            * match self.domain {
                Domain::Exact { scale, .. } => 10i128.pow(u32::from(scale.unsigned_abs())),
                Domain::Float(_) => return Vec::new(),
            };
        let row =
            |keys: Vec<i128>| self.period_sums.iter().zip(keys).map(|(s, key)| (*s, self.domain.value(key))).collect();
        let months = |first: i128| -> Vec<i128> {
            std::iter::once(first).chain(self.period_sums.iter().skip(1).map(|_| steady)).collect()
        };
        let mut rows: Vec<Vec<(SlotId, Value)>> = vec![row(vec![0; self.period_sums.len()])];
        for boundary in self.classes.boundaries() {
            // The more the first month stands out, the less regular is the demand.
            let varies = |first: i128| exact_variation(&months(first)).is_some_and(|v| float_key(v) >= boundary);
            let (mut below, mut above) = (steady, steady * 1_000_000);
            if varies(below) || !varies(above) {
                continue;
            }
            while below + 1 < above {
                let middle = below + (above - below) / 2;
                if varies(middle) { above = middle } else { below = middle }
            }
            rows.extend([row(months(below)), row(months(above))]);
            // Just at the boundary or one step before it, as `<` and `<=` differ there.
            for key in [boundary - 1, boundary] {
                rows.extend(
                    amounts_with_variation(self.period_sums.len(), key_float(key))
                        .map(|p| row(p.into_iter().map(|v| v * steady).collect())),
                );
            }
        }
        rows
    }

    fn explain(&self, record: &[Value], context: &RuleContext, _: &CutOffs) -> Result<Derivation, Diagnostics> {
        let begun = self.begun(context.env.as_of)?;
        let months = begun.iter().map(|slot| record.get(*slot).and_then(|v| self.domain.key(v)));
        let variation = self.variation(months);
        let class = self.class(variation);
        let value = variation.map_or(Value::Null, Value::Number);
        let input = FieldValue { name: "variation".to_owned(), ty: Type::Percent, value };
        Ok(match variation {
            Some(variation) => Derivation {
                decided_by: Some(self.classes.written(class)),
                reasons: self.classes.explain(&input, float_key(variation)),
                reached: vec![class],
            },
            None => {
                let test = SourceText::without_span(no_variation(begun.len()));
                let reason = Reason::new(self.labels[class].clone(), vec![input], test.clone(), Verdict::Holds);
                Derivation { decided_by: Some(test), reasons: vec![reason], reached: vec![class] }
            }
        })
    }

    fn response(&self, _: usize, _: &[SlotId], _: &CutOffs, _: &ChangeableField) -> Option<Response> {
        // A change of one month can move the variation in either direction.
        None
    }

    fn reasons(&self, batch: &Customers, slots: &[SlotId], _: &CutOffs) -> Result<ArrayRef, Diagnostics> {
        let none = no_variation(self.begun(batch.context.env.as_of)?.len());
        let written = (0..self.classes.labels.len()).map(|i| format!("variation {}", self.classes.written(i).text));
        let reasons: Vec<String> = written.chain([none.to_owned()]).collect();
        labels::reason_column(batch, slots[0], &self.labels, &reasons)
    }
}

/// Why a customer has no coefficient of variation, given the number of months that have begun.
fn no_variation(begun: usize) -> &'static str {
    if begun < 2 { "fewer than two sums" } else { "the mean is zero" }
}

/// Small whole amounts, one a month, with exactly this coefficient of variation, if there are any: a mean of m and
/// deviations that add up to zero and whose squares add up to (n − 1)(cm)².
fn amounts_with_variation(months: usize, coefficient: f64) -> Option<Vec<i128>> {
    let n = i128::try_from(months).ok()?;
    (2..=12).find_map(|mean: i128| {
        let squares = (n - 1) as f64 * (coefficient * mean as f64) * (coefficient * mean as f64);
        let whole = squares.round();
        if (squares - whole).abs() > 1e-9 || !(1.0..=1e6).contains(&whole) {
            return None;
        }
        let mut deviations = Vec::new();
        let mut steps = 20_000;
        find_deviations(&mut deviations, mean, months, (0, whole as i128), &mut steps).then_some(())?;
        deviations.resize(months, 0);
        let values: Vec<i128> = deviations.iter().map(|d| d + mean).collect();
        // The float nearest to the coefficient is what is compared.
        (exact_variation(&values) == Some(coefficient)).then_some(values)
    })
}

/// Extends `found` by deviations, greatest first, until their sum is zero and `squares` is used up. Gives up after
/// `steps` calls.
fn find_deviations(
    found: &mut Vec<i128>,
    mean: i128,
    months: usize,
    (sum, squares): (i128, i128),
    steps: &mut u32,
) -> bool {
    if squares == 0 {
        return sum == 0;
    }
    if found.len() == months || *steps == 0 {
        return false;
    }
    *steps -= 1;
    let most = found.last().copied().unwrap_or(squares);
    for next in (-mean..=most.min(squares.isqrt())).rev().filter(|d| *d != 0 && d * d <= squares) {
        found.push(next);
        if find_deviations(found, mean, months, (sum + next, squares - next * next), steps) {
            return true;
        }
        found.pop();
    }
    false
}
