//! The sum, mean, least, greatest and median value of customers.

use accolade_core::model::{Type, TypedExpr};
use accolade_core::numbers::exact::{NumberColumn, Total, whole};
use accolade_parser::Span;
use accolade_parser::expr::ast::Call;
use accolade_rules::analysis::{Analyser, MeasureFunction};
use accolade_rules::compile::arguments::{number, per_customer, single_argument};
use accolade_rules::measures::{CompiledCall, Figure, Fold};
use arrow::array::ArrayRef;

const TAKES: &str = "(VALUE)";
const SUMMED: &str = "(VALUE) or (TABLE.COLUMN in PERIOD)";

pub(super) const SUM: MeasureFunction = MeasureFunction {
    name: "sum",
    takes: SUMMED,
    doc: "The total of a value over customers, exact in any order; 0 without any.",
    compile: |call, span, analyser| compile(Statistic::Sum, call, span, analyser),
};
pub(super) const MEAN: MeasureFunction = MeasureFunction {
    name: "mean",
    takes: SUMMED,
    doc: "The arithmetic mean of a value over customers, or of a column over their events; no value without any.",
    compile: |call, span, analyser| compile(Statistic::Mean, call, span, analyser),
};
pub(super) const MIN: MeasureFunction = MeasureFunction {
    name: "min",
    takes: TAKES,
    doc: "The least value of any customer; no value without any.",
    compile: |call, span, analyser| compile(Statistic::Min, call, span, analyser),
};
pub(super) const MAX: MeasureFunction = MeasureFunction {
    name: "max",
    takes: TAKES,
    doc: "The greatest value of any customer; no value without any.",
    compile: |call, span, analyser| compile(Statistic::Max, call, span, analyser),
};
pub(super) const MEDIAN: MeasureFunction = MeasureFunction {
    name: "median",
    takes: TAKES,
    doc: "The middle value, or the mean of the two in the middle; no value without any.",
    compile: |call, span, analyser| compile(Statistic::Median, call, span, analyser),
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Statistic {
    Sum,
    Mean,
    Min,
    Max,
    Median,
}

#[derive(Debug)]
struct StatisticFold {
    statistic: Statistic,
    value: TypedExpr,
    /// For the mean over events, how many a customer has.
    events: Option<TypedExpr>,
}

fn compile(part: Statistic, call: &Call, span: Span, analyser: &mut Analyser) -> Option<CompiledCall> {
    let argument = single_argument(call, span, analyser)?;
    let aggregate = match part {
        Statistic::Sum | Statistic::Mean => "sum",
        Statistic::Min => "min",
        Statistic::Max => "max",
        Statistic::Median => "mean",
    };
    let value = number(call, argument, aggregate, analyser)?;
    let events = match part {
        Statistic::Mean => per_customer(call, argument, "count", call.period.as_ref(), analyser)?,
        _ => None,
    };
    let ty = match (part, value.ty) {
        (Statistic::Mean | Statistic::Median, Type::Integer) => Type::Number,
        (Statistic::Sum, Type::Percent) => Type::Number,
        (_, ty) => ty,
    };
    Some(CompiledCall::new(Box::new(StatisticFold { statistic: part, value, events }), ty))
}

impl Fold for StatisticFold {
    fn reads(&self) -> Vec<&TypedExpr> {
        std::iter::once(&self.value).chain(&self.events).collect()
    }

    fn fold(&self, columns: &[ArrayRef], rows: &[usize]) -> Figure {
        let Some(numbers) = NumberColumn::of(&columns[0], self.value.ty) else { return Figure::default() };
        if let Statistic::Sum | Statistic::Mean = self.statistic {
            let total = Total::of(&numbers, rows);
            let events = columns.get(1).and_then(|events| NumberColumn::of(events, Type::Integer));
            return match (self.statistic, events) {
                (Statistic::Sum, _) => Figure::new(Some(total.sum()), total.count),
                (_, Some(events)) => {
                    let n = Total::of(&events, rows).sum();
                    let value = (n > whole(0)).then(|| total.sum() / n.clone());
                    Figure::new(value, u64::try_from(n.to_integer()).unwrap_or(u64::MAX))
                }
                (_, None) => Figure::new(total.mean(), total.count),
            };
        }
        let mut keys: Vec<i128> = rows.iter().filter_map(|row| numbers.key(*row)).collect();
        let n = keys.len();
        let value = match self.statistic {
            Statistic::Min => keys.iter().min().map(|key| numbers.of_key(*key)),
            Statistic::Max => keys.iter().max().map(|key| numbers.of_key(*key)),
            _ => {
                keys.sort_unstable();
                let middle = |i: usize| keys.get(i).map(|key| numbers.of_key(*key));
                let low = middle(n.saturating_sub(1) / 2);
                low.zip(middle(n / 2)).map(|(low, high)| (low + high) / whole(2))
            }
        };
        Figure::new(value, n as u64)
    }
}
