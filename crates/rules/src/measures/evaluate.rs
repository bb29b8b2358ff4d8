//! The figures of a measure over the customers of a run.

use accolade_core::eval::{Env, Faults, column};
use accolade_core::frame::Frame;
use accolade_core::model::TypedExpr;
use accolade_core::numbers::exact::Exact;
use accolade_parser::Diagnostics;
use accolade_parser::expr::ast::BinaryOp;
use arrow::array::{Array, ArrayRef, BooleanArray};
use num_traits::Zero;

use super::{Figure, Measure, MeasureExpr};

/// What a measure reads of every customer: for each call its filter and its columns.
pub struct MeasureColumns(Vec<(Option<BooleanArray>, Vec<ArrayRef>)>);

impl Measure {
    /// Evaluates what the measure reads of every customer; faults are counted in `faults`.
    ///
    /// # Errors
    /// Fails when a script fails.
    pub fn columns(&self, frame: &Frame, as_of: i32, faults: &Faults) -> Result<MeasureColumns, Diagnostics> {
        let env = Env { as_of, faults };
        let evaluated = |expr: &TypedExpr| column::evaluate(expr, &frame.columns, frame.rows, env);
        let of_call = self.calls.iter().map(|call| {
            let filter = call.filter.as_ref().map(|c| column::condition(c, &frame.columns, frame.rows, env));
            (filter, call.fold.reads().into_iter().map(evaluated).collect())
        });
        let columns = MeasureColumns(of_call.collect());
        faults.check()?;
        Ok(columns)
    }

    /// The figure of the customers in `rows`.
    pub fn figure(&self, columns: &MeasureColumns, rows: &[usize]) -> Figure {
        let of_call = |(call, (filter, columns)): (&super::CallNode, &(Option<BooleanArray>, Vec<ArrayRef>))| {
            let Some(filter) = filter else { return call.fold.fold(columns, rows) };
            let unknown = rows.iter().filter(|row| filter.is_null(**row)).count() as u64;
            let kept: Vec<usize> =
                rows.iter().copied().filter(|row| filter.is_valid(*row) && filter.value(*row)).collect();
            let figure = call.fold.fold(columns, &kept);
            Figure { unknown: figure.unknown + unknown, ..figure }
        };
        let mut figures: Vec<Figure> = self.calls.iter().zip(&columns.0).map(of_call).collect();
        if let (MeasureExpr::Function(0), 1) = (&self.root, figures.len()) {
            return figures.pop().unwrap_or_default();
        }
        Figure {
            value: value(&self.root, &figures),
            n: figures.iter().map(|f| f.n).max().unwrap_or(0),
            unknown: figures.iter().map(|f| f.unknown).max().unwrap_or(0),
            ..Figure::default()
        }
    }
}

fn value(node: &MeasureExpr, figures: &[Figure]) -> Option<Exact> {
    match node {
        MeasureExpr::Constant(value) => Some(value.clone()),
        MeasureExpr::Function(index) => figures.get(*index)?.value.clone(),
        MeasureExpr::Negate(inner) => Some(-value(inner, figures)?),
        MeasureExpr::Binary(op, a, b) => {
            let (a, b) = (value(a, figures)?, value(b, figures)?);
            match op {
                BinaryOp::Add => Some(a + b),
                BinaryOp::Subtract => Some(a - b),
                BinaryOp::Multiply => Some(a * b),
                BinaryOp::Divide if !b.is_zero() => Some(a / b),
                _ => None,
            }
        }
    }
}
