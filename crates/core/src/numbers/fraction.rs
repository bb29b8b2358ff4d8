//! Fractions: the exact values of numbers inside an expression.

use std::cmp::Ordering;
use std::sync::Arc;

use accolade_parser::expr::ast::Literal;
use num_traits::ToPrimitive;

use super::exact::{self, Exact};
use crate::ops::{divide_half_even, finite, power_of_ten, product, shortest_decimal};
use crate::values::fault::{EvalResult, Fault};
use crate::values::types::{MONEY_SCALE, SCORE_SCALE};
use crate::values::{Type, Value};

/// An exact number.
#[derive(Clone, Debug)]
pub enum Fraction {
    /// Numerator and denominator, which is above zero. They may have common factors.
    Small(i128, i128),
    /// A number whose parts do not fit.
    Big(Arc<Exact>),
}

impl Fraction {
    /// Zero.
    pub const ZERO: Fraction = Fraction::Small(0, 1);
    /// One.
    pub const ONE: Fraction = Fraction::Small(1, 1);

    /// The number that a value stands for: a float counts as its shortest decimal. `None` for what is no number.
    #[inline]
    pub fn of(value: &Value) -> Option<Fraction> {
        Some(match value {
            Value::Integer(v) => Fraction::Small(i128::from(*v), 1),
            Value::Money(v) => Fraction::of_money(*v),
            Value::Score(v) => Fraction::of_score(*v),
            Value::Number(v) => Fraction::of_number(*v),
            Value::Decimal(v) => scaled(v.mantissa(), -i32::try_from(v.scale()).unwrap_or(0)),
            _ => return None,
        })
    }

    /// An amount of money.
    #[inline]
    pub fn of_money(unscaled: i128) -> Fraction {
        Fraction::Small(unscaled, MONEY_UNIT)
    }

    /// A score.
    #[inline]
    pub fn of_score(unscaled: i128) -> Fraction {
        Fraction::Small(unscaled, SCORE_UNIT)
    }

    /// The shortest decimal of a float.
    #[inline]
    pub fn of_number(value: f64) -> Fraction {
        let (mantissa, exponent) = shortest_decimal(value);
        scaled(mantissa, exponent)
    }

    /// The value of type `ty` that is nearest to it, half to even.
    ///
    /// # Errors
    /// Fails if the type has no value of that size.
    #[inline]
    pub fn keep(&self, ty: Type) -> EvalResult<Value> {
        Ok(match ty {
            Type::Number | Type::Percent => Value::Number(self.number()?),
            Type::Money => Value::Money(self.money()?),
            Type::Integer | Type::Duration => {
                Value::Integer(self.times_rounded(1).and_then(|v| v.to_i64()).ok_or(Fault::Overflow)?)
            }
            Type::Score => Value::Score(self.times_rounded(SCORE_UNIT).ok_or(Fault::Overflow)?),
            _ => Value::Null,
        })
    }

    /// The nearest amount of money.
    ///
    /// # Errors
    /// Fails if it is too large for money.
    #[inline]
    pub fn money(&self) -> EvalResult<i128> {
        self.times_rounded(MONEY_UNIT).ok_or(Fault::Overflow)
    }

    /// The nearest float.
    ///
    /// # Errors
    /// Fails if it is beyond the largest float.
    #[inline]
    pub fn number(&self) -> EvalResult<f64> {
        finite(self.nearest_float())
    }

    /// The nearest float, infinite beyond the largest.
    #[inline]
    pub fn nearest_float(&self) -> f64 {
        if let Fraction::Small(numerator, denominator) = self
            && is_float(*numerator)
            && is_float(*denominator)
        {
            // Both are floats, so their quotient is rounded once.
            return *numerator as f64 / *denominator as f64 + 0.0;
        }
        exact::float(&self.exact())
    }

    /// The whole number nearest to `self · unit`, if 128 bits hold it.
    #[inline]
    fn times_rounded(&self, unit: i128) -> Option<i128> {
        if let Fraction::Small(numerator, denominator) = self {
            if *denominator == unit {
                return Some(*numerator);
            }
            if let Ok(raised) = product(*numerator, unit) {
                return Some(divide_half_even(raised, *denominator));
            }
        }
        exact::half_even(&(self.exact() * exact::whole(unit))).to_i128()
    }

    /// The sum.
    #[inline]
    pub fn plus(&self, other: &Fraction) -> Fraction {
        if let (Fraction::Small(a, b), Fraction::Small(c, d)) = (self, other)
            && let Some(sum) = small_sum((*a, *b), (*c, *d))
        {
            return sum;
        }
        of_exact(self.exact() + other.exact())
    }

    /// The negative.
    #[inline]
    pub fn negated(&self) -> Fraction {
        match self {
            Fraction::Small(numerator, denominator) if *numerator != i128::MIN => {
                Fraction::Small(-numerator, *denominator)
            }
            _ => of_exact(-self.exact()),
        }
    }

    /// The difference.
    #[inline]
    pub fn minus(&self, other: &Fraction) -> Fraction {
        self.plus(&other.negated())
    }

    /// The product.
    #[inline]
    pub fn times(&self, other: &Fraction) -> Fraction {
        if let (Fraction::Small(a, b), Fraction::Small(c, d)) = (self, other)
            && let (Ok(above), Ok(below)) = (product(*a, *c), product(*b, *d))
        {
            return Fraction::Small(above, below);
        }
        of_exact(self.exact() * other.exact())
    }

    /// The quotient.
    ///
    /// # Errors
    /// Fails if `other` is zero.
    #[inline]
    pub fn over(&self, other: &Fraction) -> EvalResult<Fraction> {
        match other {
            Fraction::Small(0, _) => Err(Fault::DivisionByZero),
            Fraction::Small(numerator, denominator) if *numerator != i128::MIN => {
                let inverse = if *numerator < 0 { (-denominator, -numerator) } else { (*denominator, *numerator) };
                Ok(self.times(&Fraction::Small(inverse.0, inverse.1)))
            }
            _ => Ok(of_exact(self.exact() / other.exact())),
        }
    }

    /// Its size without the sign.
    pub fn abs(&self) -> Fraction {
        if self.cmp(&Fraction::ZERO).is_lt() { self.negated() } else { self.clone() }
    }

    /// The largest whole number that is not above it.
    pub fn floor(&self) -> Fraction {
        match self {
            Fraction::Small(numerator, denominator) => Fraction::Small(numerator.div_euclid(*denominator), 1),
            Fraction::Big(big) => of_exact(big.floor()),
        }
    }

    /// The multiple of 10^-places that is nearest to it, half to even.
    pub fn rounded(&self, places: i32) -> Fraction {
        let raised = self.times(&scaled(1, places));
        let whole = match &raised {
            Fraction::Small(numerator, denominator) => Fraction::Small(divide_half_even(*numerator, *denominator), 1),
            Fraction::Big(big) => of_exact(Exact::from_integer(exact::half_even(big))),
        };
        whole.times(&scaled(1, -places))
    }

    /// As a number of any size.
    pub fn exact(&self) -> Exact {
        match self {
            Fraction::Small(numerator, denominator) => Exact::new((*numerator).into(), (*denominator).into()),
            Fraction::Big(big) => Exact::clone(big),
        }
    }
}

impl PartialEq for Fraction {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Fraction {}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Fraction {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        if let (Fraction::Small(a, b), Fraction::Small(c, d)) = (self, other) {
            if b == d {
                return a.cmp(c);
            }
            if let (Ok(left), Ok(right)) = (product(*a, *d), product(*c, *b)) {
                return left.cmp(&right);
            }
        }
        self.exact().cmp(&other.exact())
    }
}

/// The value that a literal stands for inside an expression: a number of more digits than its type holds stays the
/// decimal that it is.
pub fn exact_literal(literal: &Literal, value: Value) -> Value {
    match (literal, &value) {
        (Literal::Number(d) | Literal::Percent(d), Value::Number(_)) => {
            let decimal = Value::Decimal(*d);
            if Fraction::of(&value) == Fraction::of(&decimal) { value } else { decimal }
        }
        _ => value,
    }
}

const MONEY_UNIT: i128 = 10i128.pow(MONEY_SCALE.unsigned_abs() as u32);
const SCORE_UNIT: i128 = 10i128.pow(SCORE_SCALE.unsigned_abs() as u32);

/// Whether a whole number is small enough to be a float whatever it is.
#[inline]
fn is_float(number: i128) -> bool {
    number.unsigned_abs() >> 53 == 0
}

/// `mantissa · 10^exponent`.
#[inline]
pub(super) fn scaled(mantissa: i128, exponent: i32) -> Fraction {
    match power_of_ten(exponent.unsigned_abs()) {
        Some(unit) if exponent <= 0 => Fraction::Small(mantissa, unit),
        Some(unit) if let Ok(whole) = product(mantissa, unit) => Fraction::Small(whole, 1),
        _ => of_exact(exact::from_mantissa(mantissa, exponent)),
    }
}

#[inline]
fn small_sum((a, b): (i128, i128), (c, d): (i128, i128)) -> Option<Fraction> {
    if b == d {
        return Some(Fraction::Small(a.checked_add(c)?, b));
    }
    // Decimals of different places.
    if d % b == 0 {
        return Some(Fraction::Small(product(a, d / b).ok()?.checked_add(c)?, d));
    }
    if b % d == 0 {
        return Some(Fraction::Small(product(c, b / d).ok()?.checked_add(a)?, b));
    }
    let above = product(a, d).ok()?.checked_add(product(c, b).ok()?)?;
    Some(Fraction::Small(above, product(b, d).ok()?))
}

/// A number of any size.
pub(super) fn of_exact(number: Exact) -> Fraction {
    match (number.numer().to_i128(), number.denom().to_i128()) {
        (Some(numerator), Some(denominator)) => Fraction::Small(numerator, denominator),
        _ => Fraction::Big(Arc::new(number)),
    }
}
