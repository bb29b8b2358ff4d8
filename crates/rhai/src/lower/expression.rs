//! Lowering of expressions.

use std::sync::Arc;

use accolade_core::functions::{CallLowering, Function};
use accolade_core::model::period::parse_day;
use accolade_core::model::{Operation, Type, TypedExpr, Value};
use rhai::{Expr, FnCallExpr, Position, Token};

use super::block::Variable;
use super::operator::{comparison, not};
use super::value::{LoweredValue, cast};
use super::{Lowerer, LoweringResult, NotLowered};
use crate::natives;

impl Lowerer<'_> {
    pub(super) fn expression(&self, expr: &Expr, variables: &[Variable]) -> LoweringResult<LoweredValue> {
        let at = expr.start_position();
        self.step(at)?;
        match expr {
            Expr::Unit(_) => Ok(LoweredValue::NOTHING),
            Expr::BoolConstant(v, _) => Ok(LoweredValue::literal(Value::Boolean(*v), Type::Boolean)),
            Expr::IntegerConstant(v, _) => Ok(LoweredValue::literal(Value::Integer(*v), Type::Integer)),
            Expr::FloatConstant(v, _) if !v.is_finite() => NotLowered::err("a number that is not finite", at),
            Expr::FloatConstant(v, _) => Ok(LoweredValue::literal(Value::Number(**v + 0.0), Type::Number)),
            Expr::StringConstant(v, _) => Ok(LoweredValue::literal(Value::text(v), Type::Text)),
            Expr::Variable(variable, ..) if variable.2.is_empty() => {
                let name = variable.1.as_str();
                match variables.iter().rev().find(|v| v.name == name) {
                    Some(found) => Ok(found.value.clone()),
                    None => NotLowered::err(format!("`{name}` is a function"), at),
                }
            }
            Expr::And(operands, _) => self.chain(operands, variables, true),
            Expr::Or(operands, _) => self.chain(operands, variables, false),
            Expr::Coalesce(operands, _) => {
                let values = operands
                    .iter()
                    .map(|e| self.expression(e, variables))
                    .collect::<LoweringResult<Vec<LoweredValue>>>()?;
                let ty = self.same_type(&values, at)?;
                let typed = values.into_iter().map(|low| low.typed(ty)).rev();
                let joined = typed.reduce(|rest, first| {
                    let nullable = rest.nullable;
                    TypedExpr { operation: Operation::OrElse(Box::new(first), Box::new(rest)), ty, nullable }
                });
                Ok(joined.map_or(LoweredValue::NOTHING, LoweredValue::of))
            }
            Expr::FnCall(call, at) => self.call(call, *at, variables),
            Expr::Dot(chain, _, at) => self.dot(&chain.lhs, &chain.rhs, *at, variables),
            Expr::Stmt(block) => self.value_of(block.statements(), variables, at),
            Expr::InterpolatedString(..) => NotLowered::err("an interpolated text", at),
            Expr::Array(..) | Expr::Map(..) | Expr::Index(..) => NotLowered::err("an array or a map", at),
            _ => NotLowered::err("an expression that cannot be lowered", at),
        }
    }

    /// An expression that must be true or false.
    pub(super) fn condition(&self, expr: &Expr, variables: &[Variable]) -> LoweringResult<TypedExpr> {
        match self.expression(expr, variables)?.0 {
            Some(condition) if condition.ty == Type::Boolean => Ok(condition),
            _ => NotLowered::err("a condition that is not true or false", expr.start_position()),
        }
    }

    /// `a && b && …`, each evaluated only if those before it are true; for `||`, only if they are false.
    fn chain(&self, operands: &[Expr], variables: &[Variable], all: bool) -> LoweringResult<LoweredValue> {
        let conditions =
            operands.iter().map(|e| self.condition(e, variables)).collect::<LoweringResult<Vec<TypedExpr>>>()?;
        // The last operand must be true or false too, so it is made strict.
        let last_is_strict = conditions.into_iter().rev().enumerate().map(|(i, condition)| match i {
            0 => strict(condition),
            _ => condition,
        });
        let joined = last_is_strict.reduce(|rest, first| {
            let stop = TypedExpr::literal(Value::Boolean(!all), Type::Boolean);
            let (then, otherwise) = if all { (rest, stop) } else { (stop, rest) };
            let operation = Operation::If(Box::new(first), Box::new(then), Box::new(otherwise));
            TypedExpr { operation, ty: Type::Boolean, nullable: true }
        });
        Ok(joined.map_or(LoweredValue::NOTHING, LoweredValue::of))
    }

    /// The type that all of these values have.
    pub(super) fn same_type(&self, values: &[LoweredValue], at: Position) -> LoweringResult<Type> {
        let mut types = values.iter().filter_map(LoweredValue::ty);
        let Some(first) = types.next() else { return Ok(Type::Integer) };
        match types.find(|ty| *ty != first) {
            Some(other) => NotLowered::err(format!("a value that is sometimes {first}, sometimes {other}"), at),
            None => Ok(first),
        }
    }

    fn call(&self, call: &FnCallExpr, at: Position, variables: &[Variable]) -> LoweringResult<LoweredValue> {
        if !call.namespace.is_empty() {
            return NotLowered::err(format!("a call of the module `{}`", call.namespace), at);
        }
        if let Some(token) = &call.op_token {
            return self.operation(token, call, at, variables);
        }
        // `value in list`
        if let ("contains", [list @ Expr::Array(..), value]) = (call.name.as_str(), call.args.as_slice()) {
            return self.one_of(list, value, at, variables);
        }
        self.function(&call.name, call.args.iter(), at, variables)
    }

    fn operation(
        &self,
        token: &Token,
        call: &FnCallExpr,
        at: Position,
        variables: &[Variable],
    ) -> LoweringResult<LoweredValue> {
        match (call.args.as_slice(), token) {
            // Rhai itself negates this call.
            ([list, value], Token::NotIn) => self.one_of(list, value, at, variables),
            ([a, b], _) => {
                let (a, b) = (self.expression(a, variables)?, self.expression(b, variables)?);
                match comparison(token) {
                    Some(compare) => self.compare(compare, a, b, at),
                    None => self.arithmetic(token, a, b, at),
                }
            }
            ([a], Token::Bang) => Ok(LoweredValue::of(not(self.condition(a, variables)?))),
            ([a], Token::UnaryMinus | Token::Minus) => {
                let a = self.expression(a, variables)?;
                self.negate(a, at)
            }
            _ => NotLowered::err(format!("the operator `{}`", token.literal_syntax()), at),
        }
    }

    /// `value in [literals]`
    fn one_of(&self, list: &Expr, value: &Expr, at: Position, variables: &[Variable]) -> LoweringResult<LoweredValue> {
        let value = self.expression(value, variables)?;
        let Expr::Array(items, _) = list else { return NotLowered::err("`in` something that is not a list", at) };
        let LoweredValue(Some(value)) = value else { return NotLowered::err("it looks for `()` in a list", at) };
        if !matches!(value.ty, Type::Text | Type::Integer) {
            return NotLowered::err(format!("`in` a list of {}", value.ty), at);
        }
        let mut values = Vec::new();
        for item in items.iter() {
            match self.expression(item, variables)?.0 {
                Some(TypedExpr { operation: Operation::Literal(literal), ty, .. }) if ty == value.ty => {
                    values.push(literal)
                }
                _ => return NotLowered::err("`in` a list of values that are not literals", at),
            }
        }
        let nullable = value.nullable;
        let operation = Operation::OneOf(Box::new(value), values);
        Ok(LoweredValue::of(TypedExpr { operation, ty: Type::Boolean, nullable }))
    }

    fn dot(&self, left: &Expr, right: &Expr, at: Position, variables: &[Variable]) -> LoweringResult<LoweredValue> {
        match right {
            Expr::MethodCall(call, at) => {
                self.function(&call.name, std::iter::once(left).chain(call.args.iter()), *at, variables)
            }
            Expr::Property(property, at) => {
                let value = self.expression(left, variables)?;
                let name = property.2.as_str();
                match self.functions.iter().find(|f| f.scripts.property == Some(name)) {
                    Some(function) if value.ty() == Some(Type::Date) => {
                        self.strict_call(function.name, vec![value], *at)
                    }
                    _ => NotLowered::err(format!("the property `{name}`"), *at),
                }
            }
            _ => NotLowered::err("a property of a property", at),
        }
    }

    fn function<'e>(
        &self,
        name: &str,
        arguments: impl Iterator<Item = &'e Expr>,
        at: Position,
        variables: &[Variable],
    ) -> LoweringResult<LoweredValue> {
        if self.own.iter().any(|own| own == name) {
            return NotLowered::err(format!("it calls `{name}`, a function of its own"), at);
        }
        let arguments =
            arguments.map(|e| self.expression(e, variables)).collect::<LoweringResult<Vec<LoweredValue>>>()?;
        match (name, arguments.as_slice()) {
            ("date", [LoweredValue(Some(TypedExpr { operation: Operation::Literal(Value::Text(text)), .. }))]) => {
                match parse_day(text) {
                    Some(day) => Ok(LoweredValue::literal(Value::Date(day), Type::Date)),
                    None => NotLowered::err("an invalid date", at),
                }
            }
            _ => self.called(name, arguments, at),
        }
    }

    /// A call that fails where an argument is missing, as reading a property does.
    fn strict_call(&self, name: &str, arguments: Vec<LoweredValue>, at: Position) -> LoweringResult<LoweredValue> {
        let called = self.called(name, arguments, at)?;
        Ok(LoweredValue(called.0.map(strict)))
    }

    /// A call of a function of the expression language.
    fn called(&self, name: &str, arguments: Vec<LoweredValue>, at: Position) -> LoweringResult<LoweredValue> {
        let found = self.functions.iter().find(|f| f.name == name && f.scripts.lowering != CallLowering::Never);
        let Some(function) = found.filter(|_| arguments.len() <= natives::MOST_ARGUMENTS) else {
            return NotLowered::err(format!("it calls `{name}`"), at);
        };
        let types: Option<Vec<Type>> = arguments.iter().map(LoweredValue::ty).collect();
        let Some(types) = types else { return NotLowered::err(format!("it calls `{name}` with `()`"), at) };
        let Some((types, returns)) = self.signature(function, &types) else {
            let given: Vec<String> = types.iter().map(Type::to_string).collect();
            return NotLowered::err(format!("it calls `{name}` with ({})", given.join(", ")), at);
        };
        let arguments = arguments.into_iter().zip(types).map(|(low, ty)| low.typed(ty)).collect();
        let call =
            TypedExpr { operation: Operation::Call(Arc::clone(function), arguments), ty: returns, nullable: true };
        Ok(LoweredValue::of(if returns == Type::Money { cast(call, Type::Decimal) } else { call }))
    }

    /// The parameter types and the return type of a function called with arguments of these types.
    fn signature(&self, function: &Function, types: &[Type]) -> Option<(Vec<Type>, Type)> {
        let signature = natives::resolve_signature(function, types)?;
        let wanted: Vec<Type> = (0..types.len()).map(|i| natives::parameter_type(signature, i)).collect();
        let as_they_are = wanted == types;
        // Where arguments would be widened, the language may have a function that takes them unchanged.
        (as_they_are || function.scripts.lowering == CallLowering::Widened).then_some((wanted, signature.returns))
    }
}

/// The expression made strict, so that it fails on a missing value: a cast to its own type does only that.
fn strict(expr: TypedExpr) -> TypedExpr {
    let (ty, nullable) = (expr.ty, expr.nullable);
    TypedExpr { operation: Operation::Cast(Box::new(expr)), ty, nullable }
}
