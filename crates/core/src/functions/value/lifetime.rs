//! Lifetime value without discounting.

use super::rounded;
use crate::functions::{
    Function, FunctionSql, FunctionTrend, Kernel, MissingResult, ScriptCalls, SqlCall, Trend, fixed,
};
use crate::model::trend::{ArgumentValue, PiecewiseTrend};
use crate::model::{Type, Value};
use crate::numbers::share::{aligned, power_of_ten};
use crate::ops;
use crate::sql::numbers;
use crate::sql::tree::{SqlExpr, SqlOp};
use crate::values::types::MONEY_SCALE;

pub(super) const FUNCTION: Function = Function {
    name: "lifetime_value",
    signatures: &[fixed(&[Type::Number, Type::Money, Type::Number, Type::Money], Type::Money)],
    doc: "Lifetime value without discounting: the years a customer stays × yearly revenue × margin as a share of it − \
          what it cost to win the customer.",
    examples: &[("lifetime_value(5, 1_000, 30%, 200)", "1300.00"), ("lifetime_value(0.5, 100, 0.1, 20)", "-15.00")],
    kernel: Kernel::Row(|a| {
        let [Value::Number(years), Value::Money(revenue), Value::Number(margin), Value::Money(cost)] = a else {
            return Ok(Value::Null);
        };
        // Each is aligned alone: their product has the places of both.
        let (([years], of_years), ([margin], of_margin)) = (aligned([*years]), aligned([*margin]));
        let unit = power_of_ten(of_years + of_margin);
        rounded(&(years * margin * *revenue - &unit * *cost), &unit).map(Value::Money)
    }),
    sql: FunctionSql::Call(sql),
    trend: FunctionTrend::Piecewise(PIECES),
    scripts: ScriptCalls::EXACT,
    missing: MissingResult::Never,
    phrase: None,
};

fn sql(call: &mut SqlCall) -> Result<SqlExpr, String> {
    let (SqlExpr::Float(years), SqlExpr::Float(margin)) = (call.operand(0), call.operand(2)) else {
        return Err("`lifetime_value` needs a fixed number of years and a fixed margin there".to_owned());
    };
    let [(years, a), (margin, b)] = [years, margin].map(ops::shortest_decimal);
    let places = (-a - b).max(0);
    let raised = ops::power_of_ten((-a - b).min(0).unsigned_abs());
    let unit = ops::power_of_ten(places.unsigned_abs()).filter(|_| places <= 18);
    let part = years.checked_mul(margin).zip(raised).and_then(|(part, raised)| part.checked_mul(raised));
    let (Some(part), Some(unit)) = (part, unit) else {
        return Err("`lifetime_value` has numbers of too many digits".to_owned());
    };
    let earned = numbers::times(numbers::whole(call.operand(1), MONEY_SCALE), SqlExpr::Whole(part));
    let cost = numbers::times(numbers::whole(call.operand(3), MONEY_SCALE), SqlExpr::Whole(unit));
    Ok(numbers::money(numbers::half_even(SqlExpr::apply(SqlOp::Minus, [earned, cost]), SqlExpr::Whole(unit))))
}

const PIECES: PiecewiseTrend = PiecewiseTrend { zones: &[], trend };

fn trend(trends: &[Trend], value: ArgumentValue) -> Option<Trend> {
    let [factors @ .., cost] = trends else { return None };
    let sign = |factor: usize| ops::sign(&value(factor));
    let mut earned = Trend::Constant;
    for (i, factor) in factors.iter().enumerate() {
        earned = match (earned, *factor) {
            (others, Trend::Constant) => others.times(sign(i)),
            (Trend::Constant, own) => (0..i).map(sign).fold(own, Trend::times),
            _ => return None,
        };
    }
    earned.plus(cost.flipped())
}
