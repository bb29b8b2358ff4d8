//! Customer lifetime value.

use super::rounded;
use crate::functions::{
    Function, FunctionSql, FunctionTrend, Kernel, MissingResult, ScriptCalls, SqlCall, Trend, fixed,
};
use crate::model::trend::{ArgumentValue, ArgumentZones, PiecewiseTrend};
use crate::model::{Type, Value};
use crate::numbers::share::{aligned, power_of_ten};
use crate::ops;
use crate::ops::Fault;
use crate::sql::numbers;
use crate::sql::tree::{SqlExpr, SqlOp, SqlType, SqlVariadicOp};
use crate::values::types::MONEY_SCALE;

pub(super) const FUNCTION: Function = Function {
    name: "clv",
    signatures: &[fixed(&[Type::Money, Type::Number, Type::Number], Type::Money)],
    doc: "Customer lifetime value: what all future years of a customer are worth today, of a yearly margin (earned at \
          the end of each year), the yearly retention rate and the yearly discount rate: m·r / (1 + i − r), after \
          Gupta and Lehmann, \"Customers as Assets\" (2003). Missing (counted as undefined) for a retention outside \
          0..1 or a discount below zero, and (as a division by zero) where nobody leaves and nothing is discounted.",
    examples: &[("clv(100, 80%, 10%)", "266.6667"), ("clv(100, 0.5, 0)", "100.00")],
    kernel: Kernel::Row(|a| {
        let [Value::Money(margin), Value::Number(retention), Value::Number(discount)] = a else {
            return Ok(Value::Null);
        };
        if !(0.0..=1.0).contains(retention) || *discount < 0.0 {
            return Err(Fault::Overflow);
        }
        let ([retention, discount], places) = aligned([*retention, *discount]);
        let numerator = &retention * *margin;
        rounded(&numerator, &(power_of_ten(places) + discount - retention)).map(Value::Money)
    }),
    sql: FunctionSql::Call(sql),
    trend: FunctionTrend::Piecewise(PIECES),
    scripts: ScriptCalls::EXACT,
    missing: MissingResult::Undefined(|_| true),
    phrase: None,
};

fn sql(call: &mut SqlCall) -> Result<SqlExpr, String> {
    let [margin, retention, discount] = [call.operand(0), call.operand(1), call.operand(2)];
    let defined = SqlExpr::all(vec![
        retention.clone().compare(SqlOp::GreaterEqual, SqlExpr::Float(0.0)),
        retention.clone().compare(SqlOp::LessEqual, SqlExpr::Float(1.0)),
        discount.clone().compare(SqlOp::GreaterEqual, SqlExpr::Float(0.0)),
    ]);
    let retention = call.bind(numbers::whole_number(retention));
    let discount = numbers::whole_number(discount);
    let numerator = numbers::times(numbers::whole(margin, MONEY_SCALE), retention.clone());
    let sum = SqlExpr::Chain(SqlVariadicOp::Plus, vec![numbers::power(numbers::PLACES), discount]);
    let denominator = SqlExpr::apply(SqlOp::Minus, [sum, retention]);
    let value = numbers::money(numbers::half_even(numerator, denominator));
    Ok(SqlExpr::case(vec![(defined, value)], SqlExpr::Null(SqlType::Money)))
}

/// The zones of retention are below 0, from 0 to below 1, 1, and above 1; those of the discount are below 0, 0 and
/// above 0. A retention of 1 is a zone of its own, because there the value is defined only with a discount.
const PIECES: PiecewiseTrend = PiecewiseTrend {
    zones: &[
        ArgumentZones {
            argument: 1,
            zones: 4,
            zone: |value| match value(1) {
                Value::Number(rate) => Some(u8::from(rate >= 0.0) + u8::from(rate >= 1.0) + u8::from(rate > 1.0)),
                _ => None,
            },
        },
        ArgumentZones {
            argument: 2,
            zones: 3,
            zone: |value| match value(2) {
                Value::Number(rate) => Some(u8::from(rate >= 0.0) + u8::from(rate > 0.0)),
                _ => None,
            },
        },
    ],
    trend,
};

fn trend(trends: &[Trend], value: ArgumentValue) -> Option<Trend> {
    let &[margin, retention, discount] = trends else { return None };
    match (margin, retained(retention, discount, value)?) {
        (margin, Trend::Constant) => Some(margin),
        (Trend::Constant, retained) => Some(retained.times(ops::sign(&value(0)))),
        _ => None,
    }
}

/// The trend of the value of a margin of 1.
fn retained(retention: Trend, discount: Trend, value: ArgumentValue) -> Option<Trend> {
    let (Value::Number(r), Value::Number(i)) = (value(1), value(2)) else { return Some(Trend::Constant) };
    if !(0.0..=1.0).contains(&r) || i < 0.0 {
        return Some(Trend::Constant);
    }
    // With a retention of 1 a discount near zero makes the value overflow.
    if r == 1.0 && discount != Trend::Constant {
        return None;
    }
    retention.plus(discount.flipped())
}
