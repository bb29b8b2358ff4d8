//! Customers kept, lost and returned from one period to another, and those who buy again.
//!
//! By set: of the customers active in the first period, the share that is active in the second (Reichheld and Sasser,
//! "Zero Defections", Harvard Business Review, 1990). By count: (E − N) / S with S customers at the start, E at the end
//! and N new ones between (Farris and others, "Marketing Metrics", 2010). Customers who return after a pause are
//! neither new nor kept, so the two differ by them.

use accolade_core::model::aggregate::AggregatePeriod;
use accolade_core::model::{Operation, Type, TypedExpr};
use accolade_core::numbers::exact::{Exact, from_mantissa, ratio, rounded};
use accolade_parser::expr::ast::Call;
use accolade_parser::{Span, count};
use accolade_rules::analysis::{Analyser, MeasureFunction};
use accolade_rules::compile::arguments::{
    events_in, one_period, per_customer, report_call, single_argument, two_periods,
};
use accolade_rules::measures::{CompiledCall, Figure, Fold, RetentionPeriods};
use arrow::array::{ArrayRef, AsArray};
use arrow::datatypes::Int64Type;

const TAKES: &str = "(TABLE in PERIOD to PERIOD)";

pub(super) const RETENTION: MeasureFunction = MeasureFunction {
    name: "retention",
    takes: TAKES,
    doc: "Of the customers with events in the first period, the share that has some in the second; no value where there are none (Reichheld and Sasser, 1990).",
    compile: |call, span, analyser| compile(RetentionMetric::Kept, call, span, analyser),
};
pub(super) const CHURN: MeasureFunction = MeasureFunction {
    name: "churn",
    takes: TAKES,
    doc: "1 − retention: the share of customers lost from one period to the next.",
    compile: |call, span, analyser| compile(RetentionMetric::Lost, call, span, analyser),
};
pub(super) const RETENTION_BY_COUNT: MeasureFunction = MeasureFunction {
    name: "retention_by_count",
    takes: TAKES,
    doc: "(E − N) / S: customers of the second period less those whose first event ever is in it, by customers of the first. Customers who came back after a pause count as kept, which is warned about (Farris and others, 2010).",
    compile: |call, span, analyser| compile(RetentionMetric::ByCount, call, span, analyser),
};
pub(super) const REPEAT_RATE: MeasureFunction = MeasureFunction {
    name: "repeat_rate",
    takes: "(TABLE in PERIOD)",
    doc: "Of the customers with at least one event, the share with two or more: the repeat purchase rate.",
    compile: compile_repeat_rate,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RetentionMetric {
    Kept,
    Lost,
    ByCount,
}

#[derive(Debug)]
struct RetentionFold {
    metric: RetentionMetric,
    before: TypedExpr,
    after: TypedExpr,
    /// Events before the second period begins.
    earlier: TypedExpr,
}

fn compile(part: RetentionMetric, call: &Call, span: Span, analyser: &mut Analyser) -> Option<CompiledCall> {
    let (source, from, to) = two_periods(call, span, analyser)?;
    let first = analyser.dated_period(source, &from.value, from.span);
    let second = analyser.dated_period(source, &to.value, to.span);
    let (first, second) = (first?, second?);
    let table = analyser.source_name(source);
    let mut count = |period, label: String| events_in(source, period, label, analyser);
    let before = count(AggregatePeriod::Whole(first), format!("{table} in {}", from.value));
    let after = count(AggregatePeriod::Whole(second), format!("{table} in {}", to.value));
    let earlier = count(AggregatePeriod::Before(second), format!("{table} before {}", to.value));
    let fold = Box::new(RetentionFold { metric: part, before, after, earlier });
    Some(if part == RetentionMetric::ByCount {
        CompiledCall::new(fold, Type::Percent)
    } else {
        CompiledCall::share(fold)
    })
}

impl Fold for RetentionFold {
    fn reads(&self) -> Vec<&TypedExpr> {
        vec![&self.before, &self.after, &self.earlier]
    }

    fn fold(&self, columns: &[ArrayRef], rows: &[usize]) -> Figure {
        let column = |i: usize| columns[i].as_primitive::<Int64Type>();
        let (before, after, earlier) = (column(0), column(1), column(2));
        let (mut start, mut kept, mut end, mut new) = (0u64, 0u64, 0u64, 0u64);
        for row in rows.iter().copied() {
            let (was, is) = (before.value(row) > 0, after.value(row) > 0);
            start += u64::from(was);
            kept += u64::from(was && is);
            end += u64::from(is);
            new += u64::from(is && earlier.value(row) == 0);
        }
        let by_count = ratio(i128::from(end) - i128::from(new), start);
        // Customers who came back after a pause: by count they are kept, by set they are not.
        let returned = (end - new).abs_diff(kept);
        let differ = start > 0 && end - new != kept;
        let percent = |share: &Option<Exact>| {
            share.as_ref().map_or_else(|| "none".to_owned(), |s| format!("{}%", rounded(&(s * from_mantissa(1, 2)), 1)))
        };
        let customers = count(returned, "customer");
        match self.metric {
            RetentionMetric::Kept | RetentionMetric::Lost => {
                let hits = if self.metric == RetentionMetric::Kept { kept } else { start - kept };
                let note =
                    differ.then(|| format!("retention by count is {}: {customers} came back", percent(&by_count)));
                Figure { note, ..Figure::share(hits, start) }
            }
            RetentionMetric::ByCount => {
                let by_set = percent(&ratio(kept, start));
                let note =
                    differ.then(|| format!("the measure `retention` is {by_set}: {customers} came back after a pause"));
                Figure { note, warn: differ, ..Figure::new(by_count, start) }
            }
        }
    }

    fn periods(&self) -> Option<RetentionPeriods> {
        match (self.metric, &self.before.operation, &self.after.operation) {
            (RetentionMetric::Kept | RetentionMetric::Lost, Operation::Field(before), Operation::Field(after)) => {
                Some(RetentionPeriods { before: *before, after: *after, lost: self.metric == RetentionMetric::Lost })
            }
            _ => None,
        }
    }
}

#[derive(Debug)]
struct RepeatRateFold(TypedExpr);

fn compile_repeat_rate(call: &Call, span: Span, analyser: &mut Analyser) -> Option<CompiledCall> {
    let argument = single_argument(call, span, analyser)?;
    one_period(call, analyser)?;
    match per_customer(call, argument, "count", call.period.as_ref(), analyser)? {
        Some(events) => Some(CompiledCall::share(Box::new(RepeatRateFold(events)))),
        None => report_call(call, argument.span, "needs a table of events", analyser),
    }
}

impl Fold for RepeatRateFold {
    fn reads(&self) -> Vec<&TypedExpr> {
        vec![&self.0]
    }

    fn fold(&self, columns: &[ArrayRef], rows: &[usize]) -> Figure {
        let events = columns[0].as_primitive::<Int64Type>();
        let at_least = |n: i64| rows.iter().filter(|row| events.value(**row) >= n).count() as u64;
        Figure::share(at_least(2), at_least(1))
    }
}
