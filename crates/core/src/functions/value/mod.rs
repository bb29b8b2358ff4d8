//! What a customer is worth over the years, and what share of the wallet a brand can expect.
//!
//! Numbers are taken as their shortest decimals. The rest is computed in whole numbers, with one rounding at the end.

mod clv;
mod lifetime;
#[cfg(test)]
mod tests;
mod wallet;

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{ToPrimitive, Zero};

use super::Function;
use crate::ops::{EvalResult, Fault};

pub(super) const FUNCTIONS: &[Function] = &[clv::FUNCTION, lifetime::FUNCTION, wallet::FUNCTION];

/// A quotient rounded half to even; the denominator is not negative.
fn rounded(numerator: &BigInt, denominator: &BigInt) -> EvalResult<i128> {
    if denominator.is_zero() {
        return Err(Fault::DivisionByZero);
    }
    let (floor, rest) = numerator.div_mod_floor(denominator);
    let up = match (rest * 2u8).cmp(denominator) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => floor.is_odd(),
        std::cmp::Ordering::Greater => true,
    };
    (floor + i32::from(up)).to_i128().ok_or(Fault::Overflow)
}
