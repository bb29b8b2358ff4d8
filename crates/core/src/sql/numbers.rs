//! SQL for amounts and numbers that rounds exactly as the evaluators do.

use crate::numbers::domain::Domain;
use crate::ops;
use crate::sql::tree::{Expr, Op, SqlType};
use crate::values::types::MONEY_SCALE;

/// The decimal places of a number that is not a literal, in databases whose decimals have a fixed size.
pub const PLACES: i8 = 18;

/// A decimal of `places` places as a whole number of 10^-places.
pub fn whole(value: Expr, places: i8) -> Expr {
    match value {
        Expr::Decimal(unscaled, of) if of == places => Expr::Whole(unscaled).cast(SqlType::Whole),
        Expr::Whole(value) if places == 0 => Expr::Whole(value).cast(SqlType::Whole),
        value if places == 0 => value.cast(SqlType::Whole),
        value => times(value, power(places)).cast(SqlType::Whole),
    }
}

/// Money as a number of the currency.
pub fn number_of_money(value: Expr) -> Expr {
    let whole = whole(value, MONEY_SCALE).cast(SqlType::Double);
    Expr::apply(Op::DivideNumber, [whole, Expr::Float(10_000.0)])
}

/// 10 to the power `places`.
pub fn power(places: i8) -> Expr {
    Expr::Whole(10i128.pow(u32::from(places.unsigned_abs())))
}

/// A product.
pub fn times(a: Expr, b: Expr) -> Expr {
    match (&a, &b) {
        (_, Expr::Whole(1)) => a,
        (Expr::Whole(1), _) => b,
        _ => Expr::apply(Op::Times, [a, b]),
    }
}

/// The quotient of two whole numbers rounded half to even; missing where the second is zero.
pub fn half_even(numerator: Expr, denominator: Expr) -> Expr {
    match denominator {
        Expr::Whole(1) => numerator,
        Expr::Whole(_) => Expr::apply(Op::DivideHalfEven, [numerator, denominator]),
        other => Expr::apply(Op::DivideHalfEven, [numerator, Expr::apply(Op::NullIf, [other, Expr::Whole(0)])]),
    }
}

/// A whole number of 0.0001 as money.
pub fn money(whole: Expr) -> Expr {
    Expr::apply(Op::MoneyOfWhole, [whole])
}

/// A decimal rounded half to even, to `places` places.
pub fn round_even(value: Expr, places: i8) -> Expr {
    let unit = if places >= 0 { Expr::Decimal(1, places) } else { power(places) };
    Expr::apply(Op::RoundEven, [value, Expr::Whole(i128::from(places)), unit])
}

/// A number as the decimal that it is written as.
pub fn decimal(number: Expr) -> Expr {
    Expr::apply(Op::DecimalOfNumber, [number])
}

/// A number as a whole number of 10^-18.
pub fn whole_number(number: Expr) -> Expr {
    Expr::apply(Op::WholeOfDecimal, [decimal(number)])
}

/// Money × number, rounded half to even.
pub fn money_times_number(amount: Expr, number: Expr) -> Expr {
    let amount = whole(amount, MONEY_SCALE);
    money(match number {
        Expr::Float(value) => {
            let (mantissa, exponent) = ops::shortest_decimal(value);
            scaled(times(amount, Expr::Whole(mantissa)), exponent)
        }
        number => half_even(times(amount, whole_number(number)), power(PLACES)),
    })
}

/// Money / number, rounded half to even.
pub fn money_by_number(amount: Expr, number: Expr) -> Expr {
    let amount = whole(amount, MONEY_SCALE);
    money(match number {
        Expr::Float(value) if value != 0.0 && ops::shortest_decimal(value).1.abs() <= 18 => {
            let (mantissa, exponent) = ops::shortest_decimal(value);
            let unit = ops::power_of_ten(exponent.unsigned_abs()).unwrap_or(1);
            match exponent {
                0.. => half_even(amount, Expr::Whole(mantissa.saturating_mul(unit))),
                _ => half_even(times(amount, Expr::Whole(unit)), Expr::Whole(mantissa)),
            }
        }
        number => half_even(times(amount, power(PLACES)), whole_number(number)),
    })
}

/// A whole number · 10^exponent, rounded half to even.
fn scaled(whole: Expr, exponent: i32) -> Expr {
    // Beyond 10³⁸ the result rounds to zero or does not fit.
    let unit = Expr::Whole(ops::power_of_ten(exponent.unsigned_abs()).unwrap_or(i128::MAX));
    if exponent >= 0 { times(whole, unit) } else { half_even(whole, unit) }
}

/// A value of a domain as the whole number that adds up exactly: its stored integer, or a float in units of 10^-12.
pub fn amount(value: Expr, domain: Domain) -> Expr {
    match domain {
        Domain::Exact { scale, .. } => whole(value, scale),
        Domain::Float(_) => whole(round_even(decimal(value), 12), 12),
    }
}

/// One whole number as a share of another, both as floats.
pub fn share(part: Expr, of: Expr) -> Expr {
    Expr::apply(Op::Share, [part.cast(SqlType::Double), of.cast(SqlType::Double)])
}
