//! Exact numbers in SQL: inside one expression nothing is rounded, as in the evaluators.

use super::numbers::{half_even, power, times, whole};
use super::tree::{SqlExpr, SqlOp, SqlType, SqlVariadicOp};
use crate::ops;
use crate::values::types::MONEY_SCALE;

/// `numerator / denominator · 10^power`. All three are whole numbers, the denominator is above zero, and the number is
/// missing where one of them is.
#[derive(Clone, Debug, PartialEq)]
pub struct SqlFraction {
    /// The numerator.
    pub numerator: SqlExpr,
    /// The denominator.
    pub denominator: SqlExpr,
    /// The power of ten.
    pub power: SqlExpr,
}

impl SqlFraction {
    /// `numerator · 10^power`.
    pub fn scaled(numerator: SqlExpr, power: SqlExpr) -> SqlFraction {
        SqlFraction { numerator, denominator: SqlExpr::Whole(1), power }
    }

    /// A decimal of `places` places.
    pub fn of_decimal(value: SqlExpr, places: i8) -> SqlFraction {
        SqlFraction::scaled(whole(value, places), SqlExpr::Whole(-i128::from(places)))
    }

    /// A float literal, by its shortest decimal.
    pub fn of_float(value: f64) -> SqlFraction {
        let (mantissa, exponent) = ops::shortest_decimal(value);
        SqlFraction::scaled(SqlExpr::Whole(mantissa), SqlExpr::Whole(exponent.into()))
    }

    /// The sum.
    pub fn plus(self, other: SqlFraction) -> SqlFraction {
        let ([a, b], denominator, power) = aligned(self, other);
        SqlFraction { numerator: sum(a, b), denominator, power }
    }

    /// The negative.
    pub fn negated(self) -> SqlFraction {
        SqlFraction { numerator: product(self.numerator, SqlExpr::Whole(-1)), ..self }
    }

    /// The product.
    pub fn times(self, other: SqlFraction) -> SqlFraction {
        SqlFraction {
            numerator: product(self.numerator, other.numerator),
            denominator: product(self.denominator, other.denominator),
            power: sum(self.power, other.power),
        }
    }

    /// The quotient, missing where `other` is zero.
    pub fn over(self, other: SqlFraction) -> SqlFraction {
        let (sign, size) = match other.numerator {
            SqlExpr::Whole(0) => (SqlExpr::Null(SqlType::Whole), SqlExpr::Null(SqlType::Whole)),
            SqlExpr::Whole(value) => (SqlExpr::Whole(value.signum()), SqlExpr::Whole(value.saturating_abs())),
            by => {
                let is = |op| by.clone().compare(op, SqlExpr::Whole(0));
                // Neither part has a value where `other` is zero.
                let signs = vec![(is(SqlOp::Less), SqlExpr::Whole(-1)), (is(SqlOp::Greater), SqlExpr::Whole(1))];
                let sign = SqlExpr::Case(None, signs, None).cast(SqlType::Whole);
                (sign, SqlExpr::apply(SqlOp::NullIf, [SqlExpr::apply(SqlOp::Abs, [by]), SqlExpr::Whole(0)]))
            }
        };
        SqlFraction {
            numerator: product(product(self.numerator, other.denominator), sign),
            denominator: product(self.denominator, size),
            power: sum(self.power, negative(other.power)),
        }
    }

    /// Its size without the sign.
    pub fn abs(self) -> SqlFraction {
        SqlFraction { numerator: SqlExpr::apply(SqlOp::Abs, [self.numerator]), ..self }
    }

    /// The largest whole number that is not above it.
    pub fn floor(self) -> SqlFraction {
        let (numerator, denominator) = self.quotient(0);
        let floor = match denominator {
            SqlExpr::Whole(1) => numerator,
            denominator => SqlExpr::apply(SqlOp::FloorWhole, [numerator, denominator]),
        };
        SqlFraction::scaled(floor, SqlExpr::Whole(0))
    }

    /// The multiple of 10^-places that is nearest to it, half to even.
    pub fn rounded(self, places: i8) -> SqlFraction {
        SqlFraction::scaled(self.times_rounded(places), SqlExpr::Whole(-i128::from(places)))
    }

    /// The whole number of 10^-places that is nearest to it, half to even.
    pub fn times_rounded(self, places: i8) -> SqlExpr {
        let (numerator, denominator) = self.quotient(places);
        half_even(numerator, denominator)
    }

    /// The nearest amount of money.
    pub fn money(self) -> SqlExpr {
        super::numbers::money(self.times_rounded(MONEY_SCALE))
    }

    /// The nearest float, missing beyond the largest.
    pub fn number(self) -> SqlExpr {
        match self.denominator {
            SqlExpr::Whole(1) => SqlExpr::apply(SqlOp::NumberOfDecimal, [self.numerator, self.power]),
            denominator => SqlExpr::apply(SqlOp::NumberOfQuotient, [self.numerator, denominator, self.power]),
        }
    }

    /// A comparison by an operator.
    pub fn compare(self, op: SqlOp, other: SqlFraction) -> SqlExpr {
        let ([a, b], _, _) = aligned(self, other);
        a.compare(op, b)
    }

    /// The least, or with `Greatest` the greatest, of some numbers.
    pub fn extreme(op: SqlVariadicOp, numbers: Vec<SqlFraction>) -> Result<SqlFraction, String> {
        let mut numbers = numbers.into_iter();
        let first = numbers.next().ok_or_else(|| "there is nothing to choose from".to_owned())?;
        Ok(numbers.fold(first, |best, next| {
            let ([a, b], denominator, power) = aligned(best, next);
            let present = SqlExpr::all([&a, &b].map(|e| SqlExpr::apply(SqlOp::IsNotNull, [e.clone()])).to_vec());
            let chosen = SqlExpr::Chain(op, vec![a, b]);
            let numerator = SqlExpr::case(vec![(present, chosen)], SqlExpr::Null(SqlType::Whole));
            SqlFraction { numerator, denominator, power }
        }))
    }

    /// One of two numbers.
    pub fn choice(self, other: SqlFraction, choose: impl Fn(SqlExpr, SqlExpr) -> SqlExpr) -> SqlFraction {
        let pick = |a: SqlExpr, b: SqlExpr| if a == b { a } else { choose(a, b) };
        SqlFraction {
            numerator: choose(self.numerator, other.numerator),
            denominator: pick(self.denominator, other.denominator),
            power: pick(self.power, other.power),
        }
    }

    /// Whether it is missing.
    pub fn is_null(&self) -> SqlExpr {
        let parts = [&self.numerator, &self.denominator, &self.power].into_iter();
        let unsure = parts.filter(|part| !matches!(part, SqlExpr::Whole(_)));
        SqlExpr::any(unsure.map(|part| part.clone().is_null()).collect())
    }

    /// As the quotient of two whole numbers, in units of 10^-places.
    fn quotient(self, places: i8) -> (SqlExpr, SqlExpr) {
        match sum(self.power, SqlExpr::Whole(places.into())) {
            SqlExpr::Whole(0) => (self.numerator, self.denominator),
            SqlExpr::Whole(by) => {
                let unit = ten_to_the(SqlExpr::Whole(by.saturating_abs()));
                if by > 0 {
                    (product(self.numerator, unit), self.denominator)
                } else {
                    (self.numerator, product(self.denominator, unit))
                }
            }
            by => {
                let zero = || SqlExpr::Whole(0);
                let above = SqlExpr::Chain(SqlVariadicOp::Greatest, vec![by.clone(), zero()]);
                let below = SqlExpr::Chain(SqlVariadicOp::Greatest, vec![negative(by), zero()]);
                (product(self.numerator, ten_to_the(above)), product(self.denominator, ten_to_the(below)))
            }
        }
    }
}

/// The numerators of two fractions over one denominator and power of ten.
fn aligned(a: SqlFraction, b: SqlFraction) -> ([SqlExpr; 2], SqlExpr, SqlExpr) {
    let least = match (&a.power, &b.power) {
        (SqlExpr::Whole(x), SqlExpr::Whole(y)) => SqlExpr::Whole(*x.min(y)),
        (x, y) if x == y => x.clone(),
        (x, y) => SqlExpr::Chain(SqlVariadicOp::Least, vec![x.clone(), y.clone()]),
    };
    let raised =
        |of: &SqlFraction| product(of.numerator.clone(), ten_to_the(sum(of.power.clone(), negative(least.clone()))));
    let (x, y) = (raised(&a), raised(&b));
    if a.denominator == b.denominator {
        return ([x, y], a.denominator, least);
    }
    let both = product(a.denominator.clone(), b.denominator.clone());
    ([product(x, b.denominator), product(y, a.denominator)], both, least)
}

/// 10 to a power that is not below zero.
fn ten_to_the(exponent: SqlExpr) -> SqlExpr {
    match exponent {
        SqlExpr::Whole(exponent @ 0..=38) => power(i8::try_from(exponent).unwrap_or(38)),
        exponent => SqlExpr::apply(SqlOp::PowerOfTen, [exponent]),
    }
}

fn negative(of: SqlExpr) -> SqlExpr {
    match of {
        SqlExpr::Whole(value) => SqlExpr::Whole(-value),
        other => SqlExpr::apply(SqlOp::Minus, [SqlExpr::Whole(0), other]),
    }
}

fn sum(a: SqlExpr, b: SqlExpr) -> SqlExpr {
    match (a, b) {
        (SqlExpr::Whole(a), SqlExpr::Whole(b)) if a.checked_add(b).is_some() => SqlExpr::Whole(a + b),
        (SqlExpr::Whole(0), other) | (other, SqlExpr::Whole(0)) => other,
        (SqlExpr::Chain(SqlVariadicOp::Plus, mut terms), other) => {
            terms.push(other);
            SqlExpr::Chain(SqlVariadicOp::Plus, terms)
        }
        (a, b) => SqlExpr::Chain(SqlVariadicOp::Plus, vec![a, b]),
    }
}

fn product(a: SqlExpr, b: SqlExpr) -> SqlExpr {
    match (a, b) {
        (SqlExpr::Whole(a), SqlExpr::Whole(b)) if a.checked_mul(b).is_some() => SqlExpr::Whole(a * b),
        (a, b) => times(a, b),
    }
}
