//! The share of the wallet that a brand can expect.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_rational::BigRational;

use crate::functions::{
    Function, FunctionSql, FunctionTrend, Kernel, MissingResult, ScriptCalls, SqlCall, Trend, fixed,
};
use crate::model::trend::{ArgumentValue, ArgumentZones, PiecewiseTrend};
use crate::model::{Type, Value};
use crate::numbers::concentration;
use crate::ops;
use crate::ops::Fault;
use crate::sql::numbers;
use crate::sql::tree::{SqlExpr, SqlOp, SqlType, SqlVariadicOp};

pub(super) const FUNCTION: Function = Function {
    name: "wallet_allocation",
    signatures: &[fixed(&[Type::Integer, Type::Integer], Type::Percent)],
    doc: "The share of the wallet that the brand of this rank (1 is the favourite) gets among so many brands used: \
          (1 − rank / (brands + 1)) × 2 / brands, after Keiningham, Aksoy, Buoye and Cooil, \"Customer Loyalty Isn't \
          Enough. Grow Your Share of Wallet\" (2011). Brands of equal rank get the mean of their ranks' shares. \
          Missing (counted as undefined) for a rank outside 1..brands.",
    examples: &[("wallet_allocation(1, 3)", "0.5"), ("wallet_allocation(1, 1)", "1")],
    kernel: Kernel::Row(|a| {
        let [Value::Integer(rank), Value::Integer(brands)] = a else { return Ok(Value::Null) };
        if !(1..=*brands).contains(rank) {
            return Err(Fault::Overflow);
        }
        let (rank, brands) = (BigInt::from(*rank), BigInt::from(*brands));
        let share = BigRational::new((&brands + 1 - rank) * 2, (&brands + 1) * brands);
        concentration::float(&share).map(Value::Number).ok_or(Fault::Overflow)
    }),
    sql: FunctionSql::Call(sql),
    trend: FunctionTrend::Piecewise(PIECES),
    scripts: ScriptCalls::EXACT,
    missing: MissingResult::Undefined(|_| true),
    phrase: None,
};

fn sql(call: &mut SqlCall) -> Result<SqlExpr, String> {
    let (rank, brands) = (call.operand(0), call.operand(1));
    let defined = SqlExpr::all(vec![
        rank.clone().compare(SqlOp::GreaterEqual, SqlExpr::Whole(1)),
        rank.clone().compare(SqlOp::LessEqual, brands.clone()),
    ]);
    let brands = brands.cast(SqlType::Whole);
    let more = SqlExpr::Chain(SqlVariadicOp::Plus, vec![brands.clone(), SqlExpr::Whole(1)]);
    let above = numbers::times(SqlExpr::Whole(2), SqlExpr::apply(SqlOp::Minus, [more.clone(), rank]));
    let share = numbers::share(above, numbers::times(more, brands));
    Ok(SqlExpr::case(vec![(defined, share)], SqlExpr::Null(SqlType::Double)))
}

/// The zones of the rank: below 1 or not, and above the number of brands or not.
const PIECES: PiecewiseTrend = PiecewiseTrend {
    zones: &[
        ArgumentZones { argument: 0, zones: 2, zone: from_first },
        ArgumentZones { argument: 0, zones: 2, zone: beyond },
    ],
    trend,
};

fn from_first(value: ArgumentValue) -> Option<u8> {
    match value(0) {
        Value::Integer(rank) => Some(u8::from(rank >= 1)),
        _ => None,
    }
}

fn beyond(value: ArgumentValue) -> Option<u8> {
    ops::compare(&value(0), &value(1)).map(|order| u8::from(order == Ordering::Greater))
}

fn trend(trends: &[Trend], value: ArgumentValue) -> Option<Trend> {
    // The share does not move in one direction as the number of brands grows.
    let &[rank, Trend::Constant] = trends else { return None };
    Some(match (from_first(value), beyond(value)) {
        (Some(1), Some(0)) => rank.flipped(),
        _ => Trend::Constant,
    })
}
