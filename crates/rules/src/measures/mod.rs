//! Measures over the whole customer base: what `measures:`, goals, programmes and tests of rule sets compute.
//!
//! A measure is a function over customers (`retention(orders in p to q)`, `sum(revenue where country = "NL")`) or a
//! sum, difference, product or quotient of such. Each function is one entry among the plugins and one `Fold` that makes
//! a figure from the rows of a group, so a figure by class is computed as the figure of everyone is.

mod compiled;
mod evaluate;
mod figure;
mod groups;
pub mod intervals;
mod table;
mod target;

use accolade_core::model::{SlotId, Type, TypedExpr};
use accolade_core::numbers::exact::Exact;

pub use self::compiled::CompiledCall;
pub use self::figure::Figure;
pub use self::groups::{Grouping, group_text, groups as group_rows};
pub use self::table::{MeasureRow, MeasureTable};
pub use self::target::GoalTarget;

/// A checked measure.
#[derive(Debug)]
pub struct Measure {
    /// Its name, or its text where it has none.
    pub name: String,
    /// As written, without its groups.
    pub written: String,
    /// `description:`
    pub description: Option<String>,
    /// The type of its figure.
    pub ty: Type,
    /// How many decimals of a number are shown.
    pub places: u32,
    /// The fields whose values make the groups, the outer one first.
    pub by: Vec<Grouping>,
    /// The least and the greatest possible figure.
    pub bounds: Option<(i64, i64)>,
    pub(crate) root: MeasureExpr,
    pub(crate) calls: Vec<CallNode>,
}

/// Arithmetic over the figures of functions.
#[derive(Debug)]
pub(crate) enum MeasureExpr {
    Constant(Exact),
    /// The function of this index in `calls`.
    Function(usize),
    Negate(Box<MeasureExpr>),
    Binary(accolade_parser::expr::ast::BinaryOp, Box<MeasureExpr>, Box<MeasureExpr>),
}

/// A checked call of a function and its filter.
#[derive(Debug)]
pub(crate) struct CallNode {
    pub(crate) fold: Box<dyn Fold>,
    pub(crate) filter: Option<TypedExpr>,
}

/// Computes a figure from some customers.
pub trait Fold: std::fmt::Debug + Send + Sync {
    /// The expressions over the record that it needs.
    fn reads(&self) -> Vec<&TypedExpr>;

    /// The figure of the customers in `rows`; `columns` hold what [`reads`](Self::reads) asks for, in that order.
    fn fold(&self, columns: &[arrow::array::ArrayRef], rows: &[usize]) -> Figure;

    /// For a share of customers who did something in two periods, the slots that count their events.
    fn periods(&self) -> Option<RetentionPeriods> {
        None
    }
}

/// The slots that count a customer's events in two periods.
#[derive(Clone, Copy, Debug)]
pub struct RetentionPeriods {
    /// Events in the first period.
    pub before: SlotId,
    /// Events in the second period.
    pub after: SlotId,
    /// Whether the figure is the share of customers lost, not kept.
    pub lost: bool,
}

impl Measure {
    /// The fields it reads.
    pub fn reads(&self) -> Vec<SlotId> {
        let mut slots: Vec<SlotId> = self.by.iter().map(|grouping| grouping.field.slot).collect();
        for call in &self.calls {
            for expr in call.fold.reads().into_iter().chain(&call.filter) {
                expr.for_each_field(&mut |slot| slots.push(slot));
            }
        }
        slots
    }

    /// The periods and the condition on customers, if the measure is just a share of customers kept or lost.
    pub fn retained(&self) -> Option<(RetentionPeriods, Option<&TypedExpr>)> {
        match (&self.root, self.calls.as_slice()) {
            (MeasureExpr::Function(0), [call]) => Some((call.fold.periods()?, call.filter.as_ref())),
            _ => None,
        }
    }
}
