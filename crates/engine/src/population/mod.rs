//! Measures over the whole customer base: what `measures:`, goals, programmes and tests of rule sets compute.
//!
//! A measure is a function over customers (`retention(orders in p to q)`, `sum(revenue where country = "NL")`) or a sum,
//! difference, product or quotient of such. Each function is one entry of [`FUNCTIONS`] and one `Fold` that makes a
//! figure from the rows of a group, so a figure by class is computed as the figure of everyone is.

mod answers;
mod arguments;
mod change;
mod compile;
mod concentration;
mod counts;
mod evaluate;
mod figure;
mod functions;
mod groups;
pub mod intervals;
mod programme;
mod retention;
mod table;
mod target;
mod totals;

pub(crate) use self::compile::{Compiled, groupings};
pub use self::figure::Figure;
pub use self::functions::{FUNCTIONS, MeasureFunction};
pub(crate) use self::groups::groups as group_rows;
pub use self::groups::{Grouping, group_text};
pub use self::table::{Table, TableRow};
pub use self::target::Target;
use accolade_core::model::{SlotId, Type, TypedExpr};
use accolade_core::numbers::exact::Exact;

/// A checked measure.
#[derive(Debug)]
pub struct Measure {
    /// Its name; what is written where it has none.
    pub name: String,
    /// As written, without its groups.
    pub written: String,
    /// `description:`
    pub description: Option<String>,
    /// What it is counted in.
    pub ty: Type,
    /// How many decimals a reader wants to see of a number.
    pub places: u32,
    /// The fields whose values make the groups, the outer one first.
    pub by: Vec<Grouping>,
    /// The least and the greatest figure there can be.
    pub(crate) bounds: Option<(i64, i64)>,
    root: Node,
    calls: Vec<CallNode>,
}

/// Arithmetic over the figures of functions.
#[derive(Debug)]
pub(crate) enum Node {
    Constant(Exact),
    /// The function of this index in `calls`.
    Function(usize),
    Negate(Box<Node>),
    Binary(accolade_parser::expr::ast::BinaryOp, Box<Node>, Box<Node>),
}

/// A function with what it reads.
#[derive(Debug)]
struct CallNode {
    fold: Box<dyn Fold>,
    filter: Option<TypedExpr>,
}

/// Makes a figure of some customers.
pub(crate) trait Fold: std::fmt::Debug + Send + Sync {
    /// The expressions over the record that it needs.
    fn reads(&self) -> Vec<&TypedExpr>;

    /// The figure of the customers in `rows`; `columns` hold what [`reads`](Self::reads) asks for, in that order.
    fn fold(&self, columns: &[arrow::array::ArrayRef], rows: &[usize]) -> Figure;

    /// For a share of customers who did something in two periods, the slots that count their events.
    fn periods(&self) -> Option<retention::Periods> {
        None
    }
}

pub(crate) use self::retention::Periods;

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

    /// The periods it compares, if all it is is a share of customers kept or lost, and the condition on customers.
    pub(crate) fn retained(&self) -> Option<(Periods, Option<&TypedExpr>)> {
        match (&self.root, self.calls.as_slice()) {
            (Node::Function(0), [call]) => Some((call.fold.periods()?, call.filter.as_ref())),
            _ => None,
        }
    }
}
