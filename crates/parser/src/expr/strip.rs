//! Comparing trees without their places.

use super::ast::{Call, Expr, ExprKind};
use crate::span::{Name, Span};

/// Resets every place in `expr`, so that two spellings of one expression compare equal.
pub fn strip_spans(expr: &mut Expr) {
    expr.span = Span::default();
    match &mut expr.kind {
        ExprKind::Literal(_) => {}
        ExprKind::Path(names) => names.iter_mut().for_each(strip_name),
        ExprKind::Unary(_, operand) => strip_spans(operand),
        ExprKind::IsMissing { value, .. } => strip_spans(value),
        ExprKind::Binary(_, left, right) | ExprKind::OrElse(left, right) => {
            strip_spans(left);
            strip_spans(right);
        }
        ExprKind::InList { value, list, .. } => {
            strip_spans(value);
            list.iter_mut().for_each(strip_spans);
        }
        ExprKind::InRange { value, low, high, .. } => {
            [value, low, high].into_iter().for_each(|part| strip_spans(part));
        }
        ExprKind::If { condition, then, otherwise } => {
            [condition, then, otherwise].into_iter().for_each(|part| strip_spans(part));
        }
        ExprKind::Call(call) => strip_call(call),
    }
}

fn strip_call(call: &mut Call) {
    strip_name(&mut call.function);
    call.arguments.iter_mut().for_each(strip_spans);
    [&mut call.period, &mut call.to].into_iter().flatten().for_each(strip_name);
    if let Some(filter) = &mut call.filter {
        strip_spans(filter);
    }
}

fn strip_name(name: &mut Name) {
    name.span = Span::default();
}
