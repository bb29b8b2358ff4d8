//! SQL for amounts and numbers that rounds exactly as the evaluators do.

use crate::numbers::domain::Domain;
use crate::sql::tree::{SqlExpr, SqlOp, SqlType};

/// The decimal places of a number that is not a literal, in databases whose decimals have a fixed size.
pub const PLACES: i8 = 18;

/// A decimal of `places` places as a whole number of 10^-places.
pub fn whole(value: SqlExpr, places: i8) -> SqlExpr {
    match value {
        SqlExpr::Decimal(unscaled, of) if of == places => SqlExpr::Whole(unscaled).cast(SqlType::Whole),
        SqlExpr::Whole(value) if places == 0 => SqlExpr::Whole(value).cast(SqlType::Whole),
        value if places == 0 => value.cast(SqlType::Whole),
        value => times(value, power(places)).cast(SqlType::Whole),
    }
}

/// 10 to the power `places`.
pub fn power(places: i8) -> SqlExpr {
    SqlExpr::Whole(10i128.pow(u32::from(places.unsigned_abs())))
}

/// A product.
pub fn times(a: SqlExpr, b: SqlExpr) -> SqlExpr {
    match (&a, &b) {
        (_, SqlExpr::Whole(1)) => a,
        (SqlExpr::Whole(1), _) => b,
        _ => SqlExpr::apply(SqlOp::Times, [a, b]),
    }
}

/// The quotient of two whole numbers rounded half to even; missing where the second is zero.
pub fn half_even(numerator: SqlExpr, denominator: SqlExpr) -> SqlExpr {
    match denominator {
        SqlExpr::Whole(1) => numerator,
        SqlExpr::Whole(_) => SqlExpr::apply(SqlOp::DivideHalfEven, [numerator, denominator]),
        other => SqlExpr::apply(
            SqlOp::DivideHalfEven,
            [numerator, SqlExpr::apply(SqlOp::NullIf, [other, SqlExpr::Whole(0)])],
        ),
    }
}

/// A whole number of 0.0001 as money.
pub fn money(whole: SqlExpr) -> SqlExpr {
    SqlExpr::apply(SqlOp::MoneyOfWhole, [whole])
}

/// A decimal rounded half to even, to `places` places.
pub fn round_even(value: SqlExpr, places: i8) -> SqlExpr {
    let unit = if places >= 0 { SqlExpr::Decimal(1, places) } else { power(places) };
    SqlExpr::apply(SqlOp::RoundEven, [value, SqlExpr::Whole(i128::from(places)), unit])
}

/// A number as the decimal that it is written as.
pub fn decimal(number: SqlExpr) -> SqlExpr {
    SqlExpr::apply(SqlOp::DecimalOfNumber, [number])
}

/// A number as a whole number of 10^-18.
pub fn whole_number(number: SqlExpr) -> SqlExpr {
    SqlExpr::apply(SqlOp::WholeOfDecimal, [decimal(number)])
}

/// A value of a domain as the whole number that adds up exactly: its stored integer, or a float in units of 10^-12.
pub fn amount(value: SqlExpr, domain: Domain) -> SqlExpr {
    match domain {
        Domain::Exact { scale, .. } => whole(value, scale),
        Domain::Float(_) => whole(round_even(decimal(value), 12), 12),
    }
}

/// One whole number as a share of another, both as floats.
pub fn share(part: SqlExpr, of: SqlExpr) -> SqlExpr {
    SqlExpr::apply(SqlOp::Share, [part.cast(SqlType::Double), of.cast(SqlType::Double)])
}
