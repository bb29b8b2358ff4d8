//! Measures of how much of an amount a few customers have.

use accolade_core::model::{Type, TypedExpr};
use accolade_core::numbers::concentration::{gini, hhi, top_count, top_share};
use accolade_core::numbers::exact::{Exact, NumberColumn, decimal, whole};
use accolade_parser::Span;
use accolade_parser::expr::ast::{Call, Expr, ExprKind, Literal};
use accolade_rules::analysis::{Analyser, MeasureFunction};
use accolade_rules::compile::arguments::{number, report_call, single_argument};
use accolade_rules::measures::{CompiledCall, Figure, Fold};
use arrow::array::ArrayRef;

const TAKES: &str = "(VALUE) or (TABLE.COLUMN in PERIOD)";

pub(super) const GINI: MeasureFunction = MeasureFunction {
    name: "gini",
    takes: TAKES,
    doc: "The Gini coefficient over customers with a positive value: 0 where all are equal, towards 1 where one has everything; no value without any (Gini, 1912).",
    compile: |call, span, analyser| {
        let value = number(call, single_argument(call, span, analyser)?, "sum", analyser)?;
        Some(CompiledCall {
            bounds: Some((0, 1)),
            ..CompiledCall::new(Box::new(ConcentrationFold { metric: ConcentrationMetric::Gini, value }), Type::Number)
        })
    },
};
pub(super) const HHI: MeasureFunction = MeasureFunction {
    name: "hhi",
    takes: TAKES,
    doc: "The Herfindahl–Hirschman index Σ share², over customers with a positive value, from 1/n to 1; no value without any (Hirschman, 1945; Herfindahl, 1950).",
    compile: |call, span, analyser| {
        let value = number(call, single_argument(call, span, analyser)?, "sum", analyser)?;
        let fold = Box::new(ConcentrationFold { metric: ConcentrationMetric::Hhi, value });
        Some(CompiledCall { bounds: Some((0, 1)), places: 4, ..CompiledCall::new(fold, Type::Number) })
    },
};
pub(super) const TOP_SHARE: MeasureFunction = MeasureFunction {
    name: "top_share",
    takes: "(VALUE, 10) or (VALUE, 20%)",
    doc: "The share of a value's total that the 10 largest customers have, or the largest 20% of those with a positive value, rounded up; no value without any.",
    compile: compile_top_share,
};

#[derive(Clone, Debug)]
enum ConcentrationMetric {
    Gini,
    Hhi,
    Top(usize),
    TopShare(Exact),
}

#[derive(Debug)]
struct ConcentrationFold {
    metric: ConcentrationMetric,
    value: TypedExpr,
}

fn compile_top_share(call: &Call, span: Span, analyser: &mut Analyser) -> Option<CompiledCall> {
    let [value, count] = call.arguments.as_slice() else {
        return report_call(call, span, "takes two arguments", analyser);
    };
    let part = match &count.kind {
        ExprKind::Literal(Literal::Number(n)) => {
            usize::try_from(*n).ok().filter(|k| n.fract().is_zero() && *k > 0).map(ConcentrationMetric::Top)
        }
        ExprKind::Literal(Literal::Percent(p)) => {
            let share = decimal(*p);
            (share > whole(0) && share <= whole(1)).then_some(ConcentrationMetric::TopShare(share))
        }
        _ => None,
    };
    let Some(part) = part else {
        return report_call(call, count.span, "needs a number of customers or a share of them", analyser);
    };
    let value = number(call, value as &Expr, "sum", analyser)?;
    Some(CompiledCall::share(Box::new(ConcentrationFold { metric: part, value })))
}

/// Decimal places in which floats are added up.
const PLACES: i32 = 9;

impl Fold for ConcentrationFold {
    fn reads(&self) -> Vec<&TypedExpr> {
        vec![&self.value]
    }

    fn fold(&self, columns: &[ArrayRef], rows: &[usize]) -> Figure {
        let Some(numbers) = NumberColumn::of(&columns[0], self.value.ty) else { return Figure::default() };
        let amounts: Vec<i128> =
            rows.iter().filter_map(|row| numbers.amount(*row, PLACES)).filter(|a| *a > 0).collect();
        let n = amounts.len();
        let value = match &self.metric {
            ConcentrationMetric::Gini => gini(&amounts),
            ConcentrationMetric::Hhi => hhi(&amounts),
            ConcentrationMetric::Top(k) => top_share(&amounts, *k),
            ConcentrationMetric::TopShare(share) => top_share(&amounts, top_count(n, share)),
        };
        Figure::new(value, n as u64)
    }
}
