//! Operators on a decimal and a float, which Rhai lacks. The float counts as its shortest decimal.

use accolade_core::decimal;
use accolade_core::ops::Fault;
use rhai::{Engine, EvalAltResult, Position};
use rust_decimal::Decimal;

use crate::native_result::NativeResult;

fn arithmetic(what: &str) -> Box<EvalAltResult> {
    Box::new(EvalAltResult::ErrorArithmetic(what.to_owned(), Position::NONE))
}

fn of(float: f64) -> NativeResult<Decimal> {
    if !float.is_finite() {
        return Err(arithmetic("a number that is not finite cannot become a decimal"));
    }
    decimal::of_number(float).map_err(|_| arithmetic("the number is too large for a decimal"))
}

fn said<T>(outcome: Result<T, Fault>) -> NativeResult<T> {
    outcome.map_err(|fault| match fault {
        Fault::DivisionByZero => arithmetic("Division by zero"),
        Fault::Overflow => arithmetic("the result is too large for a decimal"),
    })
}

macro_rules! compared {
    ($engine:expr, $($name:literal $op:tt),*) => {
        $($engine
            .register_fn($name, |a: Decimal, b: f64| Ok::<bool, Box<EvalAltResult>>(a $op of(b)?))
            .register_fn($name, |a: f64, b: Decimal| Ok::<bool, Box<EvalAltResult>>(of(a)? $op b));)*
    };
}

macro_rules! computed {
    ($engine:expr, $($name:literal $kernel:path),*) => {
        $($engine
            .register_fn($name, |a: Decimal, b: f64| said($kernel(a, of(b)?)))
            .register_fn($name, |a: f64, b: Decimal| said($kernel(of(a)?, b)));)*
    };
}

pub(crate) fn register(engine: &mut Engine) {
    compared!(engine, "==" ==, "!=" !=, "<" <, "<=" <=, ">" >, ">=" >=);
    computed!(engine, "+" decimal::add, "-" decimal::subtract, "*" decimal::multiply, "/" decimal::divide, "%" decimal::remainder);
}
