//! Names and types in expressions.

use std::sync::Arc;

use accolade_core::literals;
use accolade_core::model::function::{Function, Signature};
use accolade_core::model::{CompareOp, Operation, Type, TypedExpr, Value};
use accolade_core::numbers::fraction::exact_literal;
use accolade_parser::expr::ast::{BinaryOp, Call, Expr, ExprKind, Literal, UnaryOp};
use accolade_parser::{Code, Diagnostic, Name, Span};

use super::names::with_suggestion;
use super::{Analyser, Definition, aggregates};

/// Which fields an expression may use.
#[derive(Clone, Copy, Debug)]
pub enum Scope<'s> {
    /// The customer's record: metrics, rules, columns, and aggregates over events.
    Record,
    /// The columns of the event source of this index, inside an aggregate.
    Events(usize),
    /// The columns of the source of this index, as the source declares what is read of it.
    Row(usize),
    /// A fixed set of fields; the index of each is its place in the list.
    Local(&'s [LocalField]),
}

/// A field of a local scope, such as `r` in an RFM segment.
#[derive(Clone, Debug)]
pub struct LocalField {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub ty: Type,
}

impl Analyser<'_> {
    /// The typed form of `expr`; a bare numeric literal takes the type `expected`.
    /// `None` after at least one diagnostic.
    pub fn expression(&mut self, expr: &Expr, scope: Scope, expected: Option<Type>) -> Option<TypedExpr> {
        if let Some((literal, negated)) = literal(expr) {
            return self.literal(literal, negated, expr.span, expected);
        }
        match &expr.kind {
            ExprKind::Literal(_) => None,
            ExprKind::Path(path) => self.path(path, expr.span, scope),
            ExprKind::Unary(UnaryOp::Not, operand) => {
                let operand = Box::new(self.condition(operand, scope)?);
                let nullable = operand.nullable;
                Some(TypedExpr { operation: Operation::Not(operand), ty: Type::Boolean, nullable })
            }
            ExprKind::Unary(UnaryOp::Negate, operand) => self.negate(operand, scope, expected),
            ExprKind::Binary(op @ (BinaryOp::And | BinaryOp::Or), a, b) => {
                let (a, b) = (self.condition(a, scope), self.condition(b, scope));
                let (a, b) = (Box::new(a?), Box::new(b?));
                let nullable = a.nullable || b.nullable;
                let operation = if *op == BinaryOp::And { Operation::And(a, b) } else { Operation::Or(a, b) };
                Some(TypedExpr { operation, ty: Type::Boolean, nullable })
            }
            ExprKind::Binary(op, a, b) => match comparison(*op) {
                Some(compare) => self.compare(compare, a, b, expr.span, scope),
                None => self.arithmetic(*op, a, b, expr.span, scope, expected),
            },
            ExprKind::InList { value, list, negated } => self.in_list(value, list, *negated, expr.span, scope),
            ExprKind::InRange { value, low, high, closed, negated } => {
                let below = if *closed { CompareOp::LessEqual } else { CompareOp::Less };
                let from = self.compare(CompareOp::GreaterEqual, value, low, expr.span, scope);
                let to = self.compare(below, value, high, expr.span, scope);
                let both = conjunction(from?, to?);
                Some(if *negated { inverse(both) } else { both })
            }
            ExprKind::If { condition, then, otherwise } => {
                let condition = self.condition(condition, scope);
                let (then, otherwise) = self.pair(then, otherwise, scope, expected, "the branches of `if`")?;
                let (ty, nullable) = (then.ty, then.nullable || otherwise.nullable);
                let condition = condition?;
                let nullable = nullable || condition.nullable;
                let operation = Operation::If(Box::new(condition), Box::new(then), Box::new(otherwise));
                Some(TypedExpr { operation, ty, nullable })
            }
            ExprKind::IsMissing { value, negated } => {
                let operand = Box::new(self.expression(value, scope, None)?);
                let missing =
                    TypedExpr { operation: Operation::IsMissing(operand), ty: Type::Boolean, nullable: false };
                Some(if *negated { inverse(missing) } else { missing })
            }
            ExprKind::OrElse(value, default) => {
                let (value, default) = self.pair(value, default, scope, expected, "the two sides of `or else`")?;
                let (ty, nullable) = (value.ty, default.nullable);
                Some(TypedExpr { operation: Operation::OrElse(Box::new(value), Box::new(default)), ty, nullable })
            }
            ExprKind::Call(call) => self.call(call, expr.span, scope),
        }
    }

    /// A condition: an expression that is true or false.
    pub fn condition(&mut self, expr: &Expr, scope: Scope) -> Option<TypedExpr> {
        let typed = self.expression(expr, scope, None)?;
        if typed.ty != Type::Boolean {
            self.out.push(
                Diagnostic::new(
                    Code::E0403,
                    format!("a condition is needed here, but this is {}", literals::with_article(typed.ty)),
                )
                .at(expr.span)
                .help("compare it with something, such as `> 0`"),
            );
            return None;
        }
        Some(typed)
    }

    fn literal(&mut self, literal: &Literal, negated: bool, span: Span, expected: Option<Type>) -> Option<TypedExpr> {
        let negative = match literal {
            Literal::Number(d) if negated => Literal::Number(-*d),
            Literal::Percent(d) if negated => Literal::Percent(-*d),
            other => other.clone(),
        };
        let Some(own) = literals::default_type(&negative) else {
            self.out.push(
                Diagnostic::new(Code::E0404, format!("`{negative}` has no fixed number of days"))
                    .at(span)
                    .help("add it to or take it from a date, such as `as_of - 6 months`, and compare dates"),
            );
            return None;
        };
        let numeric = matches!(negative, Literal::Number(_) | Literal::Percent(_));
        let wanted = expected.filter(|e| numeric && e.is_numeric() || own == Type::Date && *e == Type::DateTime);
        // A fraction keeps its own type where an integer is expected.
        let ty = match wanted {
            Some(Type::Integer) if own != Type::Integer => own,
            Some(wanted) => wanted,
            None => own,
        };
        let value = literals::value(&negative, ty, span, self.out)?;
        Some(TypedExpr::literal(exact_literal(&negative, value), ty))
    }

    /// Two expressions that must have one type.
    pub(super) fn pair(
        &mut self,
        a: &Expr,
        b: &Expr,
        scope: Scope,
        expected: Option<Type>,
        what: &str,
    ) -> Option<(TypedExpr, TypedExpr)> {
        // The side that is not a literal decides what a literal on the other side means.
        let (left, right) = if literal(a).is_some() {
            let right = self.expression(b, scope, expected);
            let left = self.expression(a, scope, right.as_ref().map(|r| r.ty).or(expected));
            (left, right)
        } else {
            let left = self.expression(a, scope, expected);
            let right = self.expression(b, scope, left.as_ref().map(|l| l.ty).or(expected));
            (left, right)
        };
        let (left, right) = (left?, right?);
        match common_type(left.ty, right.ty) {
            Some(ty) => Some((cast(left, ty), cast(right, ty))),
            None => {
                self.out.push(
                    Diagnostic::new(
                        Code::E0401,
                        format!("{what} must have one type, not {} and {}", left.ty, right.ty),
                    )
                    .label(a.span.to(b.span), "")
                    .label(a.span, format!("this is {}", left.ty))
                    .label(b.span, format!("this is {}", right.ty)),
                );
                None
            }
        }
    }

    fn in_list(&mut self, value: &Expr, list: &[Expr], negated: bool, span: Span, scope: Scope) -> Option<TypedExpr> {
        let typed = self.expression(value, scope, None)?;
        let mut literals_of_list = Vec::new();
        for item in list {
            let item_typed = self.expression(item, scope, Some(typed.ty))?;
            if matches!(scope, Scope::Record) {
                self.used_with(&typed, item);
            }
            match item_typed.operation {
                Operation::Literal(v) if item_typed.ty == typed.ty => literals_of_list.push(v),
                _ => literals_of_list.clear(),
            }
        }
        let found = if literals_of_list.len() == list.len() && !list.is_empty() {
            let nullable = typed.nullable;
            TypedExpr { operation: Operation::OneOf(Box::new(typed), literals_of_list), ty: Type::Boolean, nullable }
        } else {
            let mut tests = Vec::new();
            for item in list {
                tests.push(self.compare(CompareOp::Equal, value, item, span, scope)?);
            }
            match tests.into_iter().reduce(disjunction) {
                Some(test) => test,
                None => {
                    self.out.push(
                        Diagnostic::new(Code::E0402, "the list is empty")
                            .at(span)
                            .help("nothing is in an empty list; name at least one value"),
                    );
                    return None;
                }
            }
        };
        Some(if negated { inverse(found) } else { found })
    }

    fn path(&mut self, path: &[Name], span: Span, scope: Scope) -> Option<TypedExpr> {
        match scope {
            Scope::Record => self.record_path(path, span),
            Scope::Events(source) => self.event_path(source, path, span),
            Scope::Row(source) => self.row_path(source, path, span),
            Scope::Local(locals) => {
                let text = dotted(path);
                if let Some(index) = locals.iter().position(|l| l.name == text) {
                    return Some(TypedExpr::field(index, locals[index].ty, false));
                }
                let names: Vec<&str> = locals.iter().map(|l| l.name).collect();
                self.out.push(
                    Diagnostic::new(Code::E0301, format!("unknown name `{text}`"))
                        .at(span)
                        .help(format!("only {} can be used here", names.join(", "))),
                );
                None
            }
        }
    }

    pub(super) fn record_path(&mut self, path: &[Name], span: Span) -> Option<TypedExpr> {
        let [first, rest @ ..] = path else { return None };
        if first.value == "as_of" && rest.is_empty() {
            return Some(TypedExpr { operation: Operation::AsOf, ty: Type::Date, nullable: false });
        }
        let definition = self.names.get(&first.value).copied();
        if definition.is_some() {
            self.add_reference(&first.value, first.span);
        }
        let wrong = |out: &mut accolade_parser::Diagnostics, message: String, help: &str| {
            out.push(Diagnostic::new(Code::E0306, message).at(span).help(help));
            None
        };
        match (definition, rest) {
            (
                Some(Definition::Metric(_) | Definition::Rule(_) | Definition::Column(_) | Definition::Programme(_)),
                [],
            ) => {
                let slot = self.define(&first.value, span)?;
                Some(self.field(slot))
            }
            (Some(Definition::Rule(_) | Definition::Programme(_)), _) => {
                self.define(&first.value, span)?;
                let text = dotted(path);
                if let Some(slot) = self.by_name.get(&text) {
                    return Some(self.field(*slot));
                }
                let prefix = format!("{}.", first.value);
                let mut parts: Vec<String> = self.by_name.keys().filter(|n| n.starts_with(&prefix)).cloned().collect();
                parts.sort();
                let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
                let diagnostic = Diagnostic::new(Code::E0301, format!("unknown name `{text}`")).at(span);
                self.out.push(with_suggestion(diagnostic, &text, &parts));
                None
            }
            (Some(Definition::Source(source)), [column])
                if matches!(self.sources[source].role, accolade_core::model::SourceRole::Customers { .. }) =>
            {
                let known = self.sources[source].columns.iter().any(|c| c.name == column.value);
                if !known {
                    self.unknown_column(source, column);
                    return None;
                }
                self.add_column_reference(source, column);
                let slot = self.define(&column.value, span)?;
                Some(self.field(slot))
            }
            (Some(Definition::Source(_)), []) => wrong(
                self.out,
                format!("`{}` is a table, not a value", first.value),
                "count its rows with `count(…)` or name one of its columns inside an aggregate",
            ),
            (Some(Definition::Source(_)), _) => {
                self.out.push(
                    Diagnostic::new(Code::E0405, format!("`{}` has many values for one customer", dotted(path)))
                        .at(span)
                        .help(format!("say which: `sum({0})`, `max({0})`, `last({0})`, …", dotted(path))),
                );
                None
            }
            (Some(Definition::Period), _) => wrong(
                self.out,
                format!("`{}` is a period, not a value", first.value),
                "write a period after `in`, as in `sum(orders.amount in year)`",
            ),
            (Some(Definition::Function), []) => {
                let help = format!("write `{}(…)`", first.value);
                wrong(self.out, format!("`{}` is a function, not a value", first.value), &help)
            }
            (Some(_), _) => {
                let diagnostic = Diagnostic::new(Code::E0306, format!("`{}` has no parts", first.value)).at(span);
                self.out.push(diagnostic.help("use its name alone").fix(span, first.value.as_str()));
                None
            }
            (None, _) => {
                self.unknown_name(first, span);
                None
            }
        }
    }

    pub(super) fn event_path(&mut self, source: usize, path: &[Name], span: Span) -> Option<TypedExpr> {
        let table = &self.sources[source];
        match path {
            [first, column] if first.value == table.name => {
                if let Some(index) = table.columns.iter().position(|c| c.name == column.value) {
                    let declared = &table.columns[index];
                    let field = TypedExpr::field(index, declared.ty, declared.nullable);
                    self.add_reference(&first.value, first.span);
                    self.add_column_reference(source, column);
                    return Some(field);
                }
                self.unknown_column(source, column);
            }
            [name] if name.value == "as_of" => {
                return Some(TypedExpr { operation: Operation::AsOf, ty: Type::Date, nullable: false });
            }
            _ => {
                let message = format!("`{}` is not a column of `{}`", dotted(path), table.name);
                let help = format!(
                    "inside an aggregate only columns of its table can be used, such as `{}.{}`",
                    table.name,
                    table.columns.first().map_or("…", |c| &c.name)
                );
                self.out.push(Diagnostic::new(Code::E0306, message).at(span).help(help));
            }
        }
        None
    }

    /// A column of a source whose row is read, named with its table or without.
    fn row_path(&mut self, source: usize, path: &[Name], span: Span) -> Option<TypedExpr> {
        let table = &self.sources[source];
        let column = match path {
            [name] if name.value == "as_of" && table.stored().iter().all(|c| c.name != name.value) => {
                return Some(TypedExpr { operation: Operation::AsOf, ty: Type::Date, nullable: false });
            }
            [column] => column,
            [first, column] if first.value == table.name => column,
            _ => {
                let message = format!("`{}` is not a column of `{}`", dotted(path), table.name);
                let help = "what is read of a source depends on the columns of the row alone";
                self.out.push(Diagnostic::new(Code::E0306, message).at(span).help(help));
                return None;
            }
        };
        let Some(index) = table.stored().iter().position(|c| c.name == column.value) else {
            self.unknown_column(source, column);
            return None;
        };
        let declared = &table.columns[index];
        let field = TypedExpr::field(index, declared.ty, declared.nullable);
        self.add_column_reference(source, column);
        Some(field)
    }

    fn field(&self, slot: usize) -> TypedExpr {
        let slot_of = &self.slots[slot];
        TypedExpr::field(slot, slot_of.ty, slot_of.nullable)
    }

    fn unknown_column(&mut self, source: usize, column: &Name) {
        let table = &self.sources[source];
        let known: Vec<&str> = table.stored().iter().map(|c| c.name.as_str()).collect();
        let message = format!("`{}` has no column `{}`", table.name, column.value);
        self.out.push(with_suggestion(Diagnostic::new(Code::E0305, message).at(column.span), &column.value, &known));
    }

    fn unknown_name(&mut self, name: &Name, span: Span) {
        let diagnostic = Diagnostic::new(Code::E0301, format!("unknown name `{}`", name.value)).at(span);
        if self.plugins.functions().iter().any(|f| f.name == name.value) || aggregates::function(&name.value).is_some()
        {
            self.out.push(diagnostic.help(format!("`{0}` is a function: write `{0}(…)`", name.value)));
            return;
        }
        let event_columns = self
            .sources
            .iter()
            .flat_map(|s| s.columns.iter().filter(|c| c.name == name.value).map(|c| format!("{}.{}", s.name, c.name)));
        if let Some(qualified) = event_columns.into_iter().next() {
            let help = format!(
                "did you mean `{qualified}`? a column of an event table is named with its table, inside an aggregate"
            );
            self.out.push(diagnostic.help(help).fix(name.span, qualified));
            return;
        }
        let known: Vec<&str> = self.names.keys().map(String::as_str).chain(["as_of"]).collect();
        let mut suggested = with_suggestion(diagnostic, &name.value, &known);
        // The name may be the first part of a path.
        suggested.fix.iter_mut().for_each(|fix| fix.span = name.span);
        self.out.push(suggested);
    }

    fn call(&mut self, call: &Call, span: Span, scope: Scope) -> Option<TypedExpr> {
        if let Some(function) = aggregates::function(&call.function.value) {
            return self.aggregate(function, call, span, scope);
        }
        let plain = call.period.is_none() && call.to.is_none() && call.filter.is_none();
        if self.is_script_function(&call.function.value) && plain {
            return self.script_call(call, span, scope);
        }
        let Some(function) = self.plugins.functions().iter().find(|f| f.name == call.function.value) else {
            let names: Vec<&str> = self
                .plugins
                .functions()
                .iter()
                .map(|f| f.name)
                .chain(aggregates::AGGREGATES.iter().map(|(n, ..)| *n))
                .chain(self.file.functions.keys().map(String::as_str))
                .collect();
            let diagnostic = Diagnostic::new(Code::E0303, format!("unknown function `{}`", call.function.value))
                .at(call.function.span);
            self.out.push(match call.function.value.as_str() {
                name if self.plugins.measures().iter().any(|f| f.name == name) => diagnostic.help(format!(
                    "`{name}` is measured over the whole customer base: use it under `measures`, or in a goal's `measure`"
                )),
                name => with_suggestion(diagnostic, name, &names),
            });
            return None;
        };
        if call.period.is_some() || call.to.is_some() || call.filter.is_some() {
            self.out.push(
                Diagnostic::new(Code::E0402, format!("`{}` takes no `in` and no `where`", function.name))
                    .at(span)
                    .help("only aggregates such as `sum` and `count` do"),
            );
            return None;
        }
        self.function(&Arc::clone(function), call, span, scope)
    }

    fn function(&mut self, function: &Arc<Function>, call: &Call, span: Span, scope: Scope) -> Option<TypedExpr> {
        let natural: Option<Vec<TypedExpr>> = call.arguments.iter().map(|a| self.expression(a, scope, None)).collect();
        let natural = natural?;
        let is_literal: Vec<bool> = call.arguments.iter().map(|a| literal(a).is_some()).collect();
        let fits = |signature: &&Signature, literals_bend: bool| {
            let given = natural.len();
            let wanted = signature.arguments.len();
            (given == wanted || signature.variadic && given >= wanted)
                && natural.iter().zip(&is_literal).enumerate().all(|(i, (argument, literal))| {
                    accepts(parameter(signature, i), argument.ty, *literal && literals_bend)
                })
        };
        let Some(signature) = function
            .signatures
            .iter()
            .find(|s| fits(s, false))
            .or_else(|| function.signatures.iter().find(|s| fits(s, true)))
        else {
            let given: Vec<String> = natural.iter().map(|a| a.ty.to_string()).collect();
            self.out.push(
                Diagnostic::new(Code::E0402, format!("`{}` does not take ({})", function.name, given.join(", ")))
                    .at(span)
                    .help(format!("it takes {}", signatures(function))),
            );
            return None;
        };
        let mut arguments = Vec::new();
        for (i, written) in call.arguments.iter().enumerate() {
            let wanted = parameter(signature, i);
            arguments.push(cast(self.expression(written, scope, Some(wanted))?, wanted));
        }
        let literals: Vec<Option<&Value>> = arguments.iter().map(literal_value).collect();
        let nullable = arguments.iter().any(|a| a.nullable) || function.missing.in_expressions(&literals);
        let operation = Operation::Call(Arc::clone(function), arguments);
        Some(TypedExpr { operation, ty: signature.returns, nullable })
    }
}

/// The value of an argument that is a literal.
fn literal_value(argument: &TypedExpr) -> Option<&Value> {
    match &argument.operation {
        Operation::Literal(value) => Some(value),
        Operation::Cast(inner) => literal_value(inner),
        _ => None,
    }
}

fn parameter(signature: &Signature, index: usize) -> Type {
    let last = signature.arguments.len().saturating_sub(1);
    signature.arguments[index.min(last)]
}

fn accepts(wanted: Type, given: Type, literal: bool) -> bool {
    wanted == given
        || wanted == Type::Number && matches!(given, Type::Integer | Type::Percent)
        || wanted == Type::Date && given == Type::DateTime
        || wanted == Type::Money && literal && matches!(given, Type::Integer | Type::Number)
}

/// The signatures of a function, for messages.
pub fn signatures(function: &Function) -> String {
    let one = |s: &Signature| {
        let names: Vec<String> = s.arguments.iter().map(Type::to_string).collect();
        format!("({}{}) → {}", names.join(", "), if s.variadic { ", …" } else { "" }, s.returns)
    };
    // Only scripts have decimals.
    let shown = function.signatures.iter().filter(|s| !s.arguments.contains(&Type::Decimal));
    shown.map(one).collect::<Vec<_>>().join(" or ")
}

/// A literal, or a negated numeric one.
pub(super) fn literal(expr: &Expr) -> Option<(&Literal, bool)> {
    match &expr.kind {
        ExprKind::Literal(literal) => Some((literal, false)),
        ExprKind::Unary(UnaryOp::Negate, operand) => match &operand.kind {
            ExprKind::Literal(literal @ (Literal::Number(_) | Literal::Percent(_))) => Some((literal, true)),
            _ => None,
        },
        _ => None,
    }
}

/// The type to which two operands are cast, if there is one.
pub(super) fn common_type(a: Type, b: Type) -> Option<Type> {
    let plain = |t| matches!(t, Type::Integer | Type::Number | Type::Percent);
    match (a, b) {
        _ if a == b => Some(a),
        _ if plain(a) && plain(b) => Some(Type::Number),
        (Type::Score, b) if plain(b) => Some(Type::Number),
        (a, Type::Score) if plain(a) => Some(Type::Number),
        (Type::Date, Type::DateTime) | (Type::DateTime, Type::Date) => Some(Type::DateTime),
        _ => None,
    }
}

/// `expr` as type `ty`, which must be its own or one it widens to.
pub(super) fn cast(expr: TypedExpr, ty: Type) -> TypedExpr {
    if expr.ty == ty {
        return expr;
    }
    let nullable = expr.nullable;
    TypedExpr { operation: Operation::Cast(Box::new(expr)), ty, nullable }
}

pub(super) fn inverse(expr: TypedExpr) -> TypedExpr {
    let nullable = expr.nullable;
    TypedExpr { operation: Operation::Not(Box::new(expr)), ty: Type::Boolean, nullable }
}

fn conjunction(a: TypedExpr, b: TypedExpr) -> TypedExpr {
    let nullable = a.nullable || b.nullable;
    TypedExpr { operation: Operation::And(Box::new(a), Box::new(b)), ty: Type::Boolean, nullable }
}

fn disjunction(a: TypedExpr, b: TypedExpr) -> TypedExpr {
    let nullable = a.nullable || b.nullable;
    TypedExpr { operation: Operation::Or(Box::new(a), Box::new(b)), ty: Type::Boolean, nullable }
}

fn comparison(op: BinaryOp) -> Option<CompareOp> {
    Some(match op {
        BinaryOp::Equal => CompareOp::Equal,
        BinaryOp::NotEqual => CompareOp::NotEqual,
        BinaryOp::Less => CompareOp::Less,
        BinaryOp::LessEqual => CompareOp::LessEqual,
        BinaryOp::Greater => CompareOp::Greater,
        BinaryOp::GreaterEqual => CompareOp::GreaterEqual,
        _ => return None,
    })
}

/// The names of a path joined by dots.
pub(super) fn dotted(path: &[Name]) -> String {
    path.iter().map(|n| n.value.as_str()).collect::<Vec<_>>().join(".")
}
