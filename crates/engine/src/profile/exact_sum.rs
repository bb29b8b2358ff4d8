//! Sums of floats that do not depend on the order or the partition of the events.
//!
//! The state of a sum is a list of floats whose exact sum is the sum so far; a long list is shortened without loss
//! by the grow-expansion of Shewchuk, "Adaptive Precision Floating-Point Arithmetic" (1997). The one rounding, at
//! the end, is that of the crate `xsum` (Neal, "Fast exact summation using small and large superaccumulators", 2015).

use std::mem::size_of_val;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray};
use arrow::datatypes::{DataType, Field, FieldRef, Float64Type};
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::{Accumulator, AggregateUDF, AggregateUDFImpl, Signature, Volatility};
use xsum::Xsum;

/// A list longer than this is shortened.
const LONG: usize = 64;

/// The aggregate function.
pub(super) fn exact_sum() -> AggregateUDF {
    AggregateUDF::from(ExactSum { signature: Signature::exact(vec![DataType::Float64], Volatility::Immutable) })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct ExactSum {
    signature: Signature,
}

impl AggregateUDFImpl for ExactSum {
    fn name(&self) -> &'static str {
        "exact_sum"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Float64)
    }

    fn accumulator(&self, _: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        Ok(Box::<Terms>::default())
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        let item = Field::new_list_field(DataType::Float64, true);
        Ok(vec![Arc::new(Field::new_list(format!("{}[terms]", args.name), item, true))])
    }
}

/// Floats whose exact sum is the sum so far.
#[derive(Debug, Default)]
struct Terms(Vec<f64>);

impl Terms {
    fn add(&mut self, value: f64) {
        if self.0.len() >= LONG {
            self.shorten();
        }
        self.0.push(value);
    }

    /// The same sum in few terms that do not overlap.
    fn shorten(&mut self) {
        let mut short: Vec<f64> = Vec::new();
        for term in self.0.drain(..) {
            let mut carry = term;
            let mut kept = 0;
            for i in 0..short.len() {
                let (large, small) = if carry.abs() < short[i].abs() { (short[i], carry) } else { (carry, short[i]) };
                let sum = large + small;
                let rest = small - (sum - large);
                if rest != 0.0 {
                    short[kept] = rest;
                    kept += 1;
                }
                carry = sum;
            }
            short.truncate(kept);
            short.push(carry);
        }
        self.0 = short;
    }

    fn sum(&self) -> f64 {
        let mut sum = xsum::XsumSmall::default();
        sum.add_list(&self.0);
        sum.sum() + 0.0
    }
}

impl Accumulator for Terms {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        values[0].as_primitive::<Float64Type>().iter().flatten().for_each(|v| self.add(v));
        Ok(())
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(ScalarValue::Float64(Some(self.sum())))
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.0.capacity() * 8
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let terms: Vec<ScalarValue> = self.0.iter().map(|t| ScalarValue::Float64(Some(*t))).collect();
        Ok(vec![ScalarValue::List(ScalarValue::new_list(&terms, &DataType::Float64, true))])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        for terms in states[0].as_list::<i32>().iter().flatten() {
            terms.as_primitive::<Float64Type>().iter().flatten().for_each(|t| self.add(t));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_exact_in_any_order() {
        let mut values: Vec<f64> = (0..500).map(|i| (f64::from(i) * 0.1 - 20.0) * 10f64.powi(i % 30 - 15)).collect();
        values.extend([1e16, 1.0, -1e16]);
        let sum = |values: &[f64]| {
            let mut terms = Terms::default();
            values.iter().for_each(|v| terms.add(*v));
            terms.sum()
        };
        let forward = sum(&values);
        values.reverse();
        assert_eq!(sum(&values).to_bits(), forward.to_bits());
        values.sort_by(f64::total_cmp);
        assert_eq!(sum(&values).to_bits(), forward.to_bits());
        assert_eq!(sum(&[1e16, 1.0, -1e16]), 1.0);
        assert_eq!(sum(&[0.1; 10]), 1.0);
    }
}
