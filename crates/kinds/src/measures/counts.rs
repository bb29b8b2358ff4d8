//! Measures that count customers or events, and shares of customers.

use accolade_core::model::{Type, TypedExpr};
use accolade_core::numbers::exact::{NumberColumn, Total, whole};
use accolade_parser::Span;
use accolade_parser::expr::ast::{Call, ExprKind};
use accolade_rules::analysis::{Analyser, MeasureFunction, Scope};
use accolade_rules::compile::arguments::{no_period, one_period, per_customer, single_argument};
use accolade_rules::measures::{CompiledCall, Figure, Fold};
use arrow::array::{Array, ArrayRef, AsArray};

pub(super) const COUNT: MeasureFunction = MeasureFunction {
    name: "count",
    takes: "(customers), (CONDITION) or (TABLE in PERIOD)",
    doc: "The number of customers, of those for whom the condition holds, or of their events.",
    compile: |call, _, analyser| {
        one_period(call, analyser)?;
        let (fold, ty): (Box<dyn Fold>, Type) = match call.arguments.as_slice() {
            [] => (Box::new(CustomerCountFold), Type::Integer),
            [argument] => match &argument.kind {
                ExprKind::Path(path) if path.len() == 1 && analyser.is_customers(&path[0].value) => {
                    no_period(call, analyser)?;
                    analyser.add_reference(&path[0].value, path[0].span);
                    (Box::new(CustomerCountFold), Type::Integer)
                }
                _ => match per_customer(call, argument, "count", call.period.as_ref(), analyser)? {
                    Some(events) => (Box::new(EventCountFold(events)), Type::Integer),
                    None => {
                        no_period(call, analyser)?;
                        (
                            Box::new(ConditionFold {
                                condition: analyser.condition(argument, Scope::Record)?,
                                share: false,
                            }),
                            Type::Integer,
                        )
                    }
                },
            },
            _ => {
                return accolade_rules::compile::arguments::report_call(
                    call,
                    call.function.span,
                    "takes one argument",
                    analyser,
                );
            }
        };
        Some(CompiledCall::new(fold, ty))
    },
};

pub(super) const SHARE: MeasureFunction = MeasureFunction {
    name: "share",
    takes: "(CONDITION)",
    doc: "The share of customers for whom the condition holds, of those for whom it is true or false; no value without any.",
    compile: compile_share,
};

fn compile_share(call: &Call, span: Span, analyser: &mut Analyser) -> Option<CompiledCall> {
    let argument = single_argument(call, span, analyser)?;
    no_period(call, analyser)?;
    let condition = analyser.condition(argument, Scope::Record)?;
    Some(CompiledCall::share(Box::new(ConditionFold { condition, share: true })))
}

/// All customers.
#[derive(Debug)]
struct CustomerCountFold;

impl Fold for CustomerCountFold {
    fn reads(&self) -> Vec<&TypedExpr> {
        Vec::new()
    }

    fn fold(&self, _: &[ArrayRef], rows: &[usize]) -> Figure {
        Figure::new(Some(whole(rows.len())), rows.len() as u64)
    }
}

/// The events of all customers.
#[derive(Debug)]
struct EventCountFold(TypedExpr);

impl Fold for EventCountFold {
    fn reads(&self) -> Vec<&TypedExpr> {
        vec![&self.0]
    }

    fn fold(&self, columns: &[ArrayRef], rows: &[usize]) -> Figure {
        let total = NumberColumn::of(&columns[0], Type::Integer).map_or_else(Total::default, |n| Total::of(&n, rows));
        Figure::new(Some(total.sum()), rows.len() as u64)
    }
}

/// Customers for whom a condition holds, or their share.
#[derive(Debug)]
struct ConditionFold {
    condition: TypedExpr,
    share: bool,
}

impl Fold for ConditionFold {
    fn reads(&self) -> Vec<&TypedExpr> {
        vec![&self.condition]
    }

    fn fold(&self, columns: &[ArrayRef], rows: &[usize]) -> Figure {
        let truth = columns[0].as_boolean();
        let known = rows.iter().filter(|row| truth.is_valid(**row)).count() as u64;
        let hits = rows.iter().filter(|row| truth.is_valid(**row) && truth.value(**row)).count() as u64;
        let unknown = rows.len() as u64 - known;
        if self.share {
            Figure { unknown, ..Figure::share(hits, known) }
        } else {
            Figure { unknown, ..Figure::new(Some(whole(hits)), known) }
        }
    }
}
