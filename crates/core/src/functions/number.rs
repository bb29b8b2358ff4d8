//! Functions of numbers and money.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::{fixed, variadic};
use crate::model::fault::{Fault, Outcome};
use crate::model::function::{Function, Signature};
use crate::model::types::MONEY_SCALE;
use crate::model::{Type, Value};
use crate::ops;

const SAME_NUMERIC: &[Signature] = &[
    fixed(&[Type::Integer], Type::Integer),
    fixed(&[Type::Money], Type::Money),
    fixed(&[Type::Number], Type::Number),
    fixed(&[Type::Decimal], Type::Decimal),
];

const COMPARABLE: &[Signature] = &[
    variadic(&[Type::Integer, Type::Integer], Type::Integer),
    variadic(&[Type::Money, Type::Money], Type::Money),
    variadic(&[Type::Number, Type::Number], Type::Number),
    variadic(&[Type::Date, Type::Date], Type::Date),
    variadic(&[Type::Decimal, Type::Decimal], Type::Decimal),
];

const NUMBER: &[Signature] = &[fixed(&[Type::Number], Type::Number)];

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "abs",
        signatures: SAME_NUMERIC,
        doc: "The value without its sign.",
        examples: &[("abs(-3)", "3"), ("abs(2.5)", "2.5")],
        kernel: |a| {
            Ok(match a {
                [Value::Integer(v)] => Value::Integer(v.checked_abs().ok_or(Fault::Overflow)?),
                [Value::Money(v)] => Value::Money(v.abs()),
                [Value::Decimal(v)] => Value::Decimal(v.abs()),
                [Value::Number(v)] => Value::Number(v.abs()),
                _ => Value::Null,
            })
        },
    },
    Function {
        name: "round",
        signatures: &[
            fixed(&[Type::Money], Type::Money),
            fixed(&[Type::Money, Type::Integer], Type::Money),
            fixed(&[Type::Number], Type::Number),
            fixed(&[Type::Number, Type::Integer], Type::Number),
        ],
        doc: "Rounds half to even, to a whole number or to the given decimal places.",
        examples: &[("round(2.5)", "2"), ("round(1.005, 2)", "1"), ("round(3.5)", "4")],
        kernel: |a| {
            let places = match a {
                [_, Value::Integer(places)] => i32::try_from((*places).clamp(-40, 40)).unwrap_or(0),
                _ => 0,
            };
            Ok(match a.first() {
                Some(Value::Money(v)) => Value::Money(round_decimal(*v, i32::from(MONEY_SCALE) - places)?),
                Some(Value::Number(v)) => {
                    let (mantissa, exponent) = ops::shortest_decimal(*v);
                    let rounded = round_decimal(mantissa, -exponent - places)?;
                    Value::Number(ops::finite(format!("{rounded}e{exponent}").parse().unwrap_or(f64::INFINITY))?)
                }
                _ => Value::Null,
            })
        },
    },
    Function {
        name: "floor",
        signatures: SAME_NUMERIC,
        doc: "The largest whole value not above.",
        examples: &[("floor(2.7)", "2"), ("floor(-2.1)", "-3")],
        kernel: |a| whole(a, f64::floor, Decimal::floor, |v, unit| v.div_euclid(unit) * unit),
    },
    Function {
        name: "ceil",
        signatures: SAME_NUMERIC,
        doc: "The smallest whole value not below.",
        examples: &[("ceil(2.1)", "3"), ("ceil(-2.7)", "-2")],
        kernel: |a| whole(a, f64::ceil, Decimal::ceil, |v, unit| -((-v).div_euclid(unit) * unit)),
    },
    Function {
        name: "least",
        signatures: COMPARABLE,
        doc: "The least of its arguments.",
        examples: &[("least(3, 1, 2)", "1")],
        kernel: |a| Ok(pick(a, Ordering::Less)),
    },
    Function {
        name: "greatest",
        signatures: COMPARABLE,
        doc: "The greatest of its arguments.",
        examples: &[("greatest(3, 1, 2)", "3")],
        kernel: |a| Ok(pick(a, Ordering::Greater)),
    },
    Function {
        name: "clamp",
        signatures: &[
            fixed(&[Type::Integer, Type::Integer, Type::Integer], Type::Integer),
            fixed(&[Type::Money, Type::Money, Type::Money], Type::Money),
            fixed(&[Type::Number, Type::Number, Type::Number], Type::Number),
            fixed(&[Type::Decimal, Type::Decimal, Type::Decimal], Type::Decimal),
        ],
        doc: "The first argument, but not below the second nor above the third.",
        examples: &[("clamp(12, 0, 10)", "10"), ("clamp(-1, 0, 10)", "0")],
        kernel: |a| {
            let [value, low, high] = a else { return Ok(Value::Null) };
            let raised = pick(&[value.clone(), low.clone()], Ordering::Greater);
            Ok(pick(&[raised, high.clone()], Ordering::Less))
        },
    },
    Function {
        name: "sqrt",
        signatures: NUMBER,
        doc: "The square root; missing (counted as too large) for a negative number.",
        examples: &[("sqrt(9)", "3")],
        kernel: |a| float(a, f64::sqrt),
    },
    Function {
        name: "ln",
        signatures: NUMBER,
        doc: "The natural logarithm; missing (counted as too large) at or below zero.",
        examples: &[("ln(1)", "0")],
        kernel: |a| float(a, f64::ln),
    },
    Function {
        name: "log10",
        signatures: NUMBER,
        doc: "The logarithm to base 10; missing (counted as too large) at or below zero.",
        examples: &[("log10(1000)", "3")],
        kernel: |a| float(a, f64::log10),
    },
    Function {
        name: "power",
        signatures: &[fixed(&[Type::Number, Type::Number], Type::Number)],
        doc: "The first number raised to the second.",
        examples: &[("power(2, 10)", "1024")],
        kernel: |a| {
            Ok(match a {
                [Value::Number(base), Value::Number(exponent)] => Value::Number(ops::finite(base.powf(*exponent))?),
                _ => Value::Null,
            })
        },
    },
    Function {
        name: "to_number",
        signatures: &[
            fixed(&[Type::Money], Type::Number),
            fixed(&[Type::Score], Type::Number),
            fixed(&[Type::Number], Type::Number),
        ],
        doc: "An amount of money (in units of the currency), a score or a percentage as a plain number.",
        examples: &[("to_number(30%)", "0.3")],
        kernel: |a| {
            Ok(match a {
                [Value::Money(v)] => Value::Number(ops::money_to_number(*v)),
                [Value::Score(v)] => Value::Number(ops::score_to_number(*v)),
                [other] => other.clone(),
                _ => Value::Null,
            })
        },
    },
    Function {
        name: "to_money",
        signatures: &[fixed(&[Type::Number], Type::Money)],
        doc: "A number as an amount in the rule set's currency, rounded half to even to 4 places.",
        examples: &[("to_money(12.5)", "12.50")],
        kernel: |a| {
            Ok(match a {
                [Value::Number(v)] => Value::Money(ops::number_to_money(*v)?),
                _ => Value::Null,
            })
        },
    },
];

/// `value` with its last `cut` decimal places rounded away (to zeros).
fn round_decimal(value: i128, cut: i32) -> Outcome<i128> {
    if cut <= 0 {
        return Ok(value);
    }
    ops::scale_by_ten(ops::scale_by_ten(value, -cut)?, cut)
        .or_else(|fault| if ops::scale_by_ten(value, -cut)? == 0 { Ok(0) } else { Err(fault) })
}

fn whole(
    arguments: &[Value],
    number: fn(f64) -> f64,
    decimal: fn(&Decimal) -> Decimal,
    money: fn(i128, i128) -> i128,
) -> Outcome<Value> {
    Ok(match arguments {
        [Value::Number(v)] => Value::Number(ops::finite(number(*v))?),
        [Value::Decimal(v)] => Value::Decimal(decimal(v)),
        [Value::Money(v)] => Value::Money(money(*v, 10i128.pow(u32::from(MONEY_SCALE.unsigned_abs())))),
        [other] => other.clone(),
        _ => Value::Null,
    })
}

fn float(arguments: &[Value], result: fn(f64) -> f64) -> Outcome<Value> {
    Ok(match arguments {
        [Value::Number(v)] => Value::Number(ops::finite(result(*v))?),
        _ => Value::Null,
    })
}

fn pick(arguments: &[Value], wanted: Ordering) -> Value {
    let better = |best: &Value, next: &Value| ops::compare(next, best) == Some(wanted);
    let mut rest = arguments.iter();
    let Some(first) = rest.next() else { return Value::Null };
    rest.fold(first, |best, next| if better(best, next) { next } else { best }).clone()
}
