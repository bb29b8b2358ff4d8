//! Comparison and arithmetic: which types an operator takes and what it gives.

use accolade_core::literals;
use accolade_core::model::{CompareOp, Operation, Type, TypedExpr, Value};
use accolade_parser::expr::ast::{BinaryOp, Expr, ExprKind, Literal, TimeUnit};
use accolade_parser::{Code, Diagnostic, Span};

use super::Analyser;
use super::expr::{Scope, cast, literal};

impl Analyser<'_> {
    pub(super) fn compare(
        &mut self,
        compare: CompareOp,
        a: &Expr,
        b: &Expr,
        span: Span,
        scope: Scope,
    ) -> Option<TypedExpr> {
        let (left, right) = self.pair(a, b, scope, None, "the two sides of a comparison")?;
        let ordered = !matches!(compare, CompareOp::Equal | CompareOp::NotEqual);
        if ordered && matches!(left.ty, Type::Boolean) {
            self.out.push(
                Diagnostic::new(Code::E0401, format!("a {} cannot be compared by size", left.ty))
                    .at(span)
                    .help("use `=` or `!=`"),
            );
            return None;
        }
        self.check_label(&left, b);
        self.check_label(&right, a);
        if matches!(scope, Scope::Record) {
            self.used_with(&left, b);
            self.used_with(&right, a);
        }
        let nullable = left.nullable || right.nullable;
        Some(TypedExpr {
            operation: Operation::Compare(compare, Box::new(left), Box::new(right)),
            ty: Type::Boolean,
            nullable,
        })
    }

    /// Reports a class or segment that is compared with a text it can never be: most likely a misspelt label.
    fn check_label(&mut self, field: &TypedExpr, other: &Expr) {
        let (Operation::Field(slot), Some((Literal::Text(text), _))) = (&field.operation, literal(other)) else {
            return;
        };
        let Some(labels) = self.slots.get(*slot).and_then(|s| s.labels.clone()) else { return };
        if labels.iter().any(|l| l == text) {
            return;
        }
        let name = self.slots[*slot].name.clone();
        let known: Vec<&str> = labels.iter().map(String::as_str).collect();
        let diagnostic = Diagnostic::new(Code::E0301, format!("`{name}` is never \"{text}\"")).at(other.span);
        self.out.push(super::names::with_suggestion(diagnostic, text, &known));
    }

    pub(super) fn negate(&mut self, operand: &Expr, scope: Scope, expected: Option<Type>) -> Option<TypedExpr> {
        let typed = self.expression(operand, scope, expected)?;
        let typed = if typed.ty == Type::Score { cast(typed, Type::Number) } else { typed };
        if !typed.ty.is_numeric() && typed.ty != Type::Duration {
            self.out.push(
                Diagnostic::new(Code::E0401, format!("{} has no negative", literals::with_article(typed.ty)))
                    .at(operand.span),
            );
            return None;
        }
        let (ty, nullable) = (typed.ty, typed.nullable);
        Some(TypedExpr { operation: Operation::Negate(Box::new(typed)), ty, nullable })
    }

    pub(super) fn arithmetic(
        &mut self,
        op: BinaryOp,
        a: &Expr,
        b: &Expr,
        span: Span,
        scope: Scope,
        expected: Option<Type>,
    ) -> Option<TypedExpr> {
        if let Some(shifted) = self.shift_by_months(op, a, b, span, scope) {
            return shifted;
        }
        let additive = matches!(op, BinaryOp::Add | BinaryOp::Subtract);
        // In a sum a literal takes the other side's type; a factor is a plain number.
        let (left, right) = if additive && literal(a).is_some() {
            let right = self.expression(b, scope, expected);
            (self.expression(a, scope, right.as_ref().map(|r| r.ty).or(expected)), right)
        } else {
            let left = self.expression(a, scope, if additive { expected } else { None });
            let wanted = left.as_ref().map(|l| l.ty).filter(|_| additive);
            let right = self.expression(b, scope, wanted);
            (left, right)
        };
        let plain = |e: TypedExpr| if e.ty == Type::Score { cast(e, Type::Number) } else { e };
        let (left, right) = (plain(left?), plain(right?));
        let (left_type, right_type) = (left.ty, right.ty);
        let typed = match op {
            BinaryOp::Add => sum(left, right),
            BinaryOp::Subtract => difference(left, right),
            BinaryOp::Multiply => product(left, right),
            _ => quotient(left, right),
        };
        if typed.is_none() {
            self.out.push(mismatch(op, left_type, right_type, span, a.span, b.span));
        }
        typed
    }

    /// `date ± 6 months`, which needs the calendar; `None` if it is not of that form.
    fn shift_by_months(
        &mut self,
        op: BinaryOp,
        a: &Expr,
        b: &Expr,
        span: Span,
        scope: Scope,
    ) -> Option<Option<TypedExpr>> {
        let sign = match op {
            BinaryOp::Add => 1,
            BinaryOp::Subtract => -1,
            _ => return None,
        };
        let (date, amount) = match (&a.kind, &b.kind) {
            (_, ExprKind::Literal(Literal::Duration(n, unit))) => (a, months(*n, *unit)?),
            (ExprKind::Literal(Literal::Duration(n, unit)), _) if sign > 0 => (b, months(*n, *unit)?),
            _ => return None,
        };
        let Some(typed) = self.expression(date, scope, None) else { return Some(None) };
        let typed = if typed.ty == Type::DateTime { cast(typed, Type::Date) } else { typed };
        if typed.ty != Type::Date {
            let given = typed.ty;
            let message = format!("months can be added to a date only, not to {}", literals::with_article(given));
            self.out.push(Diagnostic::new(Code::E0401, message).at(span).label(date.span, format!("this is {given}")));
            return Some(None);
        }
        let nullable = typed.nullable;
        let operation = Operation::AddMonths(Box::new(typed), sign * amount);
        Some(Some(TypedExpr { operation, ty: Type::Date, nullable }))
    }
}

fn months(amount: i64, unit: TimeUnit) -> Option<i64> {
    match unit {
        TimeUnit::Month => Some(amount),
        TimeUnit::Quarter => amount.checked_mul(3),
        TimeUnit::Year => amount.checked_mul(12),
        TimeUnit::Day | TimeUnit::Week => None,
    }
}

fn is_float(ty: Type) -> bool {
    matches!(ty, Type::Number | Type::Percent)
}

fn binary(
    operation: fn(Box<TypedExpr>, Box<TypedExpr>) -> Operation,
    a: TypedExpr,
    b: TypedExpr,
    ty: Type,
    may_fail: bool,
) -> TypedExpr {
    let nullable = may_fail || a.nullable || b.nullable;
    TypedExpr { operation: operation(Box::new(a), Box::new(b)), ty, nullable }
}

/// The operands of a sum, cast to one type, and that type.
fn additive(a: TypedExpr, b: TypedExpr) -> Option<(TypedExpr, TypedExpr, Type)> {
    match (a.ty, b.ty) {
        (x, y)
            if x == y && matches!(x, Type::Integer | Type::Number | Type::Percent | Type::Money | Type::Duration) =>
        {
            Some((a, b, x))
        }
        (Type::Integer | Type::Number | Type::Percent, Type::Integer | Type::Number | Type::Percent) => {
            Some((cast(a, Type::Number), cast(b, Type::Number), Type::Number))
        }
        _ => None,
    }
}

fn sum(a: TypedExpr, b: TypedExpr) -> Option<TypedExpr> {
    match (a.ty, b.ty) {
        (Type::Date | Type::DateTime, Type::Duration) => Some(shifted(a, b)),
        (Type::Duration, Type::Date | Type::DateTime) => Some(shifted(b, a)),
        _ => additive(a, b).map(|(a, b, ty)| binary(Operation::Add, a, b, ty, false)),
    }
}

fn difference(a: TypedExpr, b: TypedExpr) -> Option<TypedExpr> {
    match (a.ty, b.ty) {
        (Type::Date | Type::DateTime, Type::Duration) => {
            let (ty, nullable) = (b.ty, b.nullable);
            Some(shifted(a, TypedExpr { operation: Operation::Negate(Box::new(b)), ty, nullable }))
        }
        (Type::Date | Type::DateTime, Type::Date | Type::DateTime) => {
            Some(binary(Operation::DaysBetween, cast(a, Type::Date), cast(b, Type::Date), Type::Duration, false))
        }
        _ => additive(a, b).map(|(a, b, ty)| binary(Operation::Subtract, a, b, ty, false)),
    }
}

fn shifted(date: TypedExpr, days: TypedExpr) -> TypedExpr {
    binary(Operation::AddDays, cast(date, Type::Date), days, Type::Date, false)
}

fn product(a: TypedExpr, b: TypedExpr) -> Option<TypedExpr> {
    let (a, b) = if b.ty == Type::Money { (b, a) } else { (a, b) };
    match (a.ty, b.ty) {
        (Type::Money, Type::Integer) => Some(binary(Operation::Multiply, a, b, Type::Money, false)),
        (Type::Money, y) if is_float(y) => {
            Some(binary(Operation::Multiply, a, cast(b, Type::Number), Type::Money, false))
        }
        (Type::Integer, Type::Integer) => Some(binary(Operation::Multiply, a, b, Type::Integer, false)),
        (Type::Integer | Type::Number | Type::Percent, Type::Integer | Type::Number | Type::Percent) => {
            Some(binary(Operation::Multiply, cast(a, Type::Number), cast(b, Type::Number), Type::Number, false))
        }
        _ => None,
    }
}

fn quotient(a: TypedExpr, b: TypedExpr) -> Option<TypedExpr> {
    // Dividing by a literal other than zero cannot fail.
    let fails =
        !matches!(&b.operation, Operation::Literal(v) if !matches!(v, Value::Integer(0)) && *v != Value::Number(0.0));
    match (a.ty, b.ty) {
        (Type::Money, Type::Money) => Some(binary(Operation::Divide, a, b, Type::Number, fails)),
        (Type::Money, Type::Integer) => Some(binary(Operation::Divide, a, b, Type::Money, fails)),
        (Type::Money, y) if is_float(y) => {
            Some(binary(Operation::Divide, a, cast(b, Type::Number), Type::Money, fails))
        }
        (Type::Integer | Type::Number | Type::Percent, Type::Integer | Type::Number | Type::Percent) => {
            Some(binary(Operation::Divide, cast(a, Type::Number), cast(b, Type::Number), Type::Number, fails))
        }
        _ => None,
    }
}

fn mismatch(op: BinaryOp, a: Type, b: Type, span: Span, a_span: Span, b_span: Span) -> Diagnostic {
    let (symbol, verb) = match op {
        BinaryOp::Add => ("+", "add"),
        BinaryOp::Subtract => ("-", "subtract"),
        BinaryOp::Multiply => ("*", "multiply"),
        _ => ("/", "divide"),
    };
    let diagnostic = Diagnostic::new(Code::E0401, format!("`{symbol}` cannot {verb} {a} and {b}"))
        .at(span)
        .label(a_span, format!("this is {a}"))
        .label(b_span, format!("this is {b}"));
    match (a, b) {
        (Type::Money, Type::Integer | Type::Number | Type::Percent)
        | (Type::Integer | Type::Number | Type::Percent, Type::Money) => {
            diagnostic.help("make the number an amount with `to_money(…)`, or the amount a number with `to_number(…)`")
        }
        (Type::Money, Type::Money) => diagnostic.help("money times money has no meaning; divide to get a ratio"),
        (Type::Date | Type::DateTime, _) | (_, Type::Date | Type::DateTime) => {
            diagnostic.help("use `days(from, to)` for the days between two dates, or add a duration such as `30 days`")
        }
        (Type::Text, Type::Text) => diagnostic.help("join texts with `concat(a, b)`"),
        _ => diagnostic,
    }
}
