//! Checking a measure.

use accolade_core::model::Type;
use accolade_core::numbers::exact::decimal;
use accolade_parser::expr::ast;
use accolade_parser::expr::ast::{BinaryOp, Call, Expr, ExprKind, Literal, UnaryOp};
use accolade_parser::{Code, Diagnostic, Name, Span, Spanned};

use crate::analysis::{Analyser, MeasureFunction, Scope};
use crate::measures::{CallNode, CompiledCall, Grouping, Measure, MeasureExpr};

/// A checked part of a measure, with the type and the bounds of its figure.
struct MeasurePart {
    node: MeasureExpr,
    ty: Type,
    places: u32,
    bounds: Option<(i64, i64)>,
}

impl Measure {
    /// Checks a measure; it is called `name` in findings.
    pub fn compile(
        name: &str,
        description: Option<&Name>,
        measure: &Spanned<ast::MeasureSpec>,
        analyser: &mut Analyser,
    ) -> Option<Measure> {
        let mut calls = Vec::new();
        let part = part(&measure.value.expr, &mut vec![name.to_owned()], &mut calls, analyser);
        let by = groupings(&measure.value.by, analyser);
        let (part, by) = (part?, by?);
        if calls.is_empty() {
            let diagnostic =
                Diagnostic::new(Code::E0402, "a measure needs at least one function over customers").at(measure.span);
            analyser.out.push(diagnostic.help("a measure is a function over customers, such as `sum(revenue)`"));
            return None;
        }
        Some(Measure {
            name: name.to_owned(),
            written: measure.value.expr.to_string(),
            description: description.map(|d| d.value.clone()),
            ty: part.ty,
            places: part.places,
            by,
            bounds: part.bounds,
            root: part.node,
            calls,
        })
    }
}

/// The fields that make groups: at most two, each of few values.
pub fn groupings(by: &[Spanned<Vec<Name>>], analyser: &mut Analyser) -> Option<Vec<Grouping>> {
    if let Some(third) = by.get(2) {
        let diagnostic = Diagnostic::new(Code::E0402, "groups have at most two levels").at(third.span);
        analyser.out.push(diagnostic.help("leave one field out, or join two in a rule of kind `segments`"));
        return None;
    }
    let mut groupings = Vec::new();
    for field in by {
        let path = Expr { kind: ExprKind::Path(field.value.clone()), span: field.span };
        let typed = analyser.expression(&path, Scope::Record, None)?;
        let accolade_core::model::Operation::Field(slot) = typed.operation else { return None };
        let (ty, labels) = (typed.ty, analyser.slot(slot).labels.clone());
        if !matches!(ty, Type::Text | Type::Boolean | Type::Integer) {
            let what = accolade_core::literals::with_article(ty);
            let message = format!("customers can be grouped by text, integer or boolean, not by {what}");
            let diagnostic = Diagnostic::new(Code::E0406, message).at(field.span);
            analyser.out.push(diagnostic.help("cut it into classes with a rule, and name the rule"));
            return None;
        }
        groupings.push(Grouping { field: analyser.field_of_slot(slot), labels });
    }
    Some(groupings)
}

fn part(
    expr: &Expr,
    trail: &mut Vec<String>,
    calls: &mut Vec<CallNode>,
    analyser: &mut Analyser,
) -> Option<MeasurePart> {
    let constant =
        |value, ty| Some(MeasurePart { node: MeasureExpr::Constant(decimal(value)), ty, places: 3, bounds: None });
    match &expr.kind {
        ExprKind::Literal(Literal::Number(n)) if n.fract().is_zero() => constant(*n, Type::Integer),
        ExprKind::Literal(Literal::Number(n)) => constant(*n, Type::Number),
        ExprKind::Literal(Literal::Percent(p)) => constant(*p, Type::Percent),
        ExprKind::Unary(UnaryOp::Negate, inner) => {
            let inner = part(inner, trail, calls, analyser)?;
            let bounds = inner.bounds.map(|(low, high)| (-high, -low));
            Some(MeasurePart { node: MeasureExpr::Negate(Box::new(inner.node)), bounds, ..inner })
        }
        ExprKind::Binary(op, left, right) => {
            let sides = (part(left, trail, calls, analyser), part(right, trail, calls, analyser));
            let (a, b) = (sides.0?, sides.1?);
            let Some(ty) = arithmetic(*op, a.ty, b.ty) else {
                let message = format!("`{op}` does not fit measures of type {} and {}", a.ty, b.ty);
                let diagnostic = Diagnostic::new(Code::E0401, message).label(expr.span, "");
                analyser.out.push(
                    diagnostic
                        .label(left.span, format!("this is {}", a.ty))
                        .label(right.span, format!("this is {}", b.ty)),
                );
                return None;
            };
            let node = MeasureExpr::Binary(*op, Box::new(a.node), Box::new(b.node));
            Some(MeasurePart { node, ty, places: a.places.max(b.places), bounds: None })
        }
        ExprKind::Call(call) => {
            let function = find(call, analyser)?;
            let compiled = (function.compile)(call, expr.span, analyser);
            let filter = match &call.filter {
                Some(filter) => Some(analyser.condition(filter, Scope::Record)?),
                None => None,
            };
            let CompiledCall { fold, ty, places, bounds } = compiled?;
            calls.push(CallNode { fold, filter });
            Some(MeasurePart { node: MeasureExpr::Function(calls.len() - 1), ty, places, bounds })
        }
        ExprKind::Path(path) if path.len() == 1 => named(&path[0], trail, calls, analyser),
        _ => {
            let diagnostic = Diagnostic::new(Code::E0402, "this is not a measure over customers").at(expr.span);
            analyser.out.push(diagnostic.help(
                "write a function over customers, such as `sum(revenue)` or `nps(…)`, or arithmetic over several",
            ));
            None
        }
    }
}

/// Another measure of the rule file, by name.
fn named(
    name: &Name,
    trail: &mut Vec<String>,
    calls: &mut Vec<CallNode>,
    analyser: &mut Analyser,
) -> Option<MeasurePart> {
    if trail.contains(&name.value) {
        let path: Vec<String> = trail.iter().chain([&name.value]).map(|n| format!("`{n}`")).collect();
        let message = format!("definitions depend on each other: {}", path.join(" → "));
        analyser.out.push(Diagnostic::new(Code::E0504, message).at(name.span).help("remove one of the references"));
        return None;
    }
    let Some(measure) = analyser.measure_named(&name.value) else {
        return unknown(name, name.span, analyser);
    };
    analyser.add_reference(&name.value, name.span);
    trail.push(name.value.clone());
    let part = part(&measure.value.expr, trail, calls, analyser);
    trail.pop();
    part
}

fn unknown(name: &Name, span: Span, analyser: &mut Analyser) -> Option<MeasurePart> {
    let known = analyser.measure_names();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let text = &name.value;
    let diagnostic = Diagnostic::new(Code::E0301, format!("there is no measure `{text}`")).at(span);
    let diagnostic = if analyser.is_field(text) {
        diagnostic.help(format!("`{text}` has a value for each customer: say what of it, such as `sum({text})`"))
    } else {
        crate::analysis::with_suggestion(diagnostic, text, &known)
    };
    analyser.out.push(diagnostic);
    None
}

/// The type of a sum, difference, product or quotient.
fn arithmetic(op: BinaryOp, a: Type, b: Type) -> Option<Type> {
    let plain = |ty| matches!(ty, Type::Integer | Type::Number | Type::Percent | Type::Score);
    match op {
        BinaryOp::Add | BinaryOp::Subtract if a == b => Some(a),
        BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply if plain(a) && plain(b) => Some(Type::Number),
        BinaryOp::Multiply if plain(b) => Some(a),
        BinaryOp::Multiply if plain(a) => Some(b),
        BinaryOp::Divide if a == b || plain(a) && plain(b) => Some(Type::Number),
        BinaryOp::Divide if plain(b) => Some(a),
        _ => None,
    }
}

/// The function that a call names.
fn find(call: &Call, analyser: &mut Analyser) -> Option<&'static MeasureFunction> {
    let name = call.function.value.as_str();
    let found = analyser.plugins.measures().iter().find(|f| f.name == name).copied();
    if found.is_none() {
        let known: Vec<&str> = analyser.plugins.measures().iter().map(|f| f.name).collect();
        let diagnostic = Diagnostic::new(Code::E0303, format!("unknown measure `{name}`")).at(call.function.span);
        let suggested = crate::analysis::with_suggestion(diagnostic, name, &known);
        let helped = !suggested.help.is_empty();
        analyser.out.push(if helped {
            suggested
        } else {
            suggested.help(format!("the measures are {}", known.join(", ")))
        });
    }
    found
}
