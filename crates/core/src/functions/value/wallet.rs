//! The share of the wallet that a brand can expect.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_rational::BigRational;

use crate::functions::{Function, FunctionSql, Kernel, Scripts, SqlCall, Trend, Trends, fixed};
use crate::model::trend::{ArgumentValue, Cut, Pieces};
use crate::model::{Type, Value};
use crate::numbers::concentration;
use crate::ops;
use crate::ops::Fault;
use crate::sql::numbers;
use crate::sql::tree::{Chain, Expr, Op, SqlType};

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
    trend: Trends::Pieces(PIECES),
    scripts: Scripts::EXACT,
    words: None,
};

fn sql(call: &mut SqlCall) -> Result<Expr, String> {
    let (rank, brands) = (call.operand(0), call.operand(1));
    let defined = Expr::all(vec![
        rank.clone().compare(Op::GreaterEqual, Expr::Whole(1)),
        rank.clone().compare(Op::LessEqual, brands.clone()),
    ]);
    let brands = brands.cast(SqlType::Whole);
    let more = Expr::Chain(Chain::Plus, vec![brands.clone(), Expr::Whole(1)]);
    let above = numbers::times(Expr::Whole(2), Expr::apply(Op::Minus, [more.clone(), rank]));
    let share = numbers::share(above, numbers::times(more, brands));
    Ok(Expr::case(vec![(defined, share)], Expr::Null(SqlType::Double)))
}

/// The zones of the rank: below 1 or not, and above the number of brands or not.
const PIECES: Pieces = Pieces {
    cuts: &[Cut { argument: 0, zones: 2, zone: from_first }, Cut { argument: 0, zones: 2, zone: beyond }],
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
