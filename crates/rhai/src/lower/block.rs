//! Lowering of statements.

use accolade_core::model::{Type, TypedExpr};
use accolade_core::script::ScriptResult;
use rhai::{ASTFlags, ASTNode, Expr, Position, Stmt};

use super::branch::{BranchBody, Branches};
use super::value::{LoweredValue, cast};
use super::{Lowerer, LoweringResult, NotLowered, bind, local};
use crate::values::MOST_POINTS;

/// A variable and its value at this point.
#[derive(Clone, Debug)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) value: LoweredValue,
    /// Whether it is a field, which scripts cannot change.
    pub(super) is_field: bool,
}

/// The deepest nesting of lowered statements; each statement contains those after it.
const MOST_DEEP: usize = 150;

/// The statements after a block.
#[derive(Clone, Copy)]
pub(super) struct Continuation<'r> {
    pub(super) statements: &'r [Stmt],
    /// How many variables are in scope there.
    pub(super) known: usize,
    pub(super) next: Option<&'r Continuation<'r>>,
}

impl Lowerer<'_> {
    /// The script's result for these statements followed by `rest`, within `depth` enclosing lets.
    pub(super) fn block(
        &self,
        statements: &[Stmt],
        variables: Vec<Variable>,
        depth: usize,
        rest: Option<&Continuation>,
    ) -> LoweringResult<TypedExpr> {
        self.step(Position::NONE)?;
        if self.deep.get() >= MOST_DEEP {
            return NotLowered::err("its expression would nest too deeply", Position::NONE);
        }
        self.deep.set(self.deep.get() + 1);
        let result = self.statements(statements, variables, depth, rest);
        self.deep.set(self.deep.get() - 1);
        result
    }

    fn statements(
        &self,
        statements: &[Stmt],
        mut variables: Vec<Variable>,
        depth: usize,
        rest: Option<&Continuation>,
    ) -> LoweringResult<TypedExpr> {
        let Some((statement, others)) = statements.split_first() else {
            return match rest {
                None => self.result(LoweredValue::NOTHING, Position::NONE),
                Some(rest) => {
                    variables.truncate(rest.known);
                    self.block(rest.statements, variables, depth, rest.next)
                }
            };
        };
        let last = others.is_empty() && rest.is_none();
        let after = Continuation { statements: others, known: variables.len(), next: rest };
        match statement {
            Stmt::Noop(_) => self.block(others, variables, depth, rest),
            Stmt::Expr(expr) if last => match branches_of(expr) {
                Some(inner) => self.block(inner, variables, depth, None),
                None => {
                    let value = self.expression(expr, &variables)?;
                    self.result(value, expr.start_position())
                }
            },
            Stmt::FnCall(call, at) if last => {
                let value = self.expression(&Expr::FnCall(call.clone(), *at), &variables)?;
                self.result(value, *at)
            }
            Stmt::Return(value, flags, at) if !flags.intersects(ASTFlags::BREAK) => match value {
                Some(expr) => {
                    let value = self.expression(expr, &variables)?;
                    self.result(value, expr.start_position())
                }
                None => self.result(LoweredValue::NOTHING, *at),
            },
            Stmt::Var(declared, ..) => {
                let value = self.expression(&declared.1, &variables)?;
                let name = declared.0.name.to_string();
                variables.push(Variable { name, value: LoweredValue::NOTHING, is_field: false });
                let index = variables.len() - 1;
                self.bind_variables(vec![(index, value)], others, variables, depth, rest)
            }
            Stmt::Assignment(_) => {
                let (index, value) = self.assigned(statement, &variables)?;
                self.bind_variables(vec![(index, value)], others, variables, depth, rest)
            }
            Stmt::Block(block) => {
                let next = if last { None } else { Some(&after) };
                self.block(block.statements(), variables, depth, next)
            }
            Stmt::If(..) | Stmt::Switch(..) => {
                let branches = self.branches(statement, &variables)?;
                if last {
                    return self.ends(&branches, variables, depth, None);
                }
                if branches.bodies().any(returns) {
                    return self.ends(&branches, variables, depth, Some(&after));
                }
                let changed = self.changed(&branches, &variables, statement.position())?;
                self.bind_variables(changed, others, variables, depth, rest)
            }
            // A value that is not used and cannot fail is skipped.
            Stmt::Expr(expr) if self.expression(expr, &variables)?.is_safe() => {
                self.block(others, variables, depth, rest)
            }
            Stmt::Expr(_) | Stmt::FnCall(..) => {
                NotLowered::err("a statement whose value is not used", statement.position())
            }
            Stmt::While(..) | Stmt::Do(..) | Stmt::For(..) => NotLowered::err("a loop", statement.position()),
            Stmt::Import(..) => NotLowered::err("an import", statement.position()),
            _ => NotLowered::err("a statement that cannot be lowered", statement.position()),
        }
    }

    /// Lowers the following statements with new values of variables, each bound by a let and read by its number.
    fn bind_variables(
        &self,
        values: Vec<(usize, LoweredValue)>,
        others: &[Stmt],
        mut variables: Vec<Variable>,
        depth: usize,
        rest: Option<&Continuation>,
    ) -> LoweringResult<TypedExpr> {
        let mut lets = Vec::new();
        for (index, value) in values {
            let value = match value {
                LoweredValue(Some(expr)) if !LoweredValue::of(expr.clone()).is_short() => {
                    let read = local(depth + lets.len(), expr.ty, expr.nullable);
                    lets.push(expr);
                    LoweredValue::of(read)
                }
                short => short,
            };
            // A value that belongs to no variable is bound too, because it may fail.
            if let Some(variable) = variables.get_mut(index) {
                variable.value = value;
            }
        }
        let depth = depth + lets.len();
        let body = self.block(others, variables, depth, rest)?;
        Ok(lets.into_iter().rev().fold(body, |body, value| bind(value, body)))
    }

    /// The variable that an assignment changes and its new value.
    pub(super) fn assigned(&self, statement: &Stmt, variables: &[Variable]) -> LoweringResult<(usize, LoweredValue)> {
        let Stmt::Assignment(assignment) = statement else {
            return NotLowered::err("a statement that cannot be lowered", statement.position());
        };
        let (operator, sides) = &**assignment;
        let at = sides.lhs.start_position();
        let Expr::Variable(variable, ..) = &sides.lhs else {
            return NotLowered::err("a change of part of a value", at);
        };
        let found = variables.iter().rposition(|v| v.name == variable.1.as_str() && !v.is_field);
        let Some(index) = found else { return NotLowered::err(format!("a change of `{}`", variable.1), at) };
        let value = self.expression(&sides.rhs, variables)?;
        let Some((.., token, _)) = operator.get_op_assignment_info() else { return Ok((index, value)) };
        let old = variables[index].value.clone();
        Ok((index, self.arithmetic(token, old, value, at)?))
    }

    /// A result converted to the type that the script must return.
    fn result(&self, value: LoweredValue, at: Position) -> LoweringResult<TypedExpr> {
        let returned = match self.gives {
            ScriptResult::Points => {
                return match value.ty() {
                    None | Some(Type::Integer | Type::Number | Type::Decimal) => {
                        Ok(value.within(MOST_POINTS).typed(Type::Decimal))
                    }
                    Some(ty) => NotLowered::err(format!("it gives {ty}"), at),
                };
            }
            ScriptResult::Value(returned) => returned,
        };
        let numeric = |ty: Type| matches!(ty, Type::Integer | Type::Number | Type::Decimal);
        let ty = returned.ty;
        match value.ty() {
            None => Ok(value.typed(ty)),
            Some(own) if own == ty => Ok(value.typed(ty)),
            Some(own) if ty.is_float() && numeric(own) => Ok(TypedExpr { ty, ..value.typed(Type::Number) }),
            Some(own) if ty == Type::Money && numeric(own) => Ok(cast(value.typed(Type::Decimal), Type::Money)),
            Some(own) => NotLowered::err(format!("it gives {own}, not {ty}"), at),
        }
    }
}

/// The statements of an expression that is a block.
fn branches_of(expr: &Expr) -> Option<&[Stmt]> {
    match expr {
        Expr::Stmt(block) => Some(block.statements()),
        _ => None,
    }
}

/// Whether a body returns from the script somewhere.
fn returns(body: BranchBody) -> bool {
    let statements = match body {
        BranchBody::Statements(statements) => statements,
        BranchBody::Value(expr) => match branches_of(expr) {
            Some(statements) => statements,
            None => return false,
        },
        BranchBody::Nothing => return false,
    };
    let found = |path: &[ASTNode]| matches!(path.last(), Some(ASTNode::Stmt(Stmt::Return(..))));
    statements.iter().any(|statement| !statement.walk(&mut Vec::new(), &mut |path| !found(path)))
}

impl Branches<'_> {
    /// What each branch runs, the last one if no condition holds.
    fn bodies(&self) -> impl Iterator<Item = BranchBody<'_>> {
        self.conditional.iter().map(|(_, body)| *body).chain([self.otherwise])
    }
}
