//! Lowering of `if` and `switch`: at the end of a script, as changes of variables, and as values.

use accolade_core::model::{Operation, Type, TypedExpr, Value};
use rhai::{Expr, Position, Stmt};

use super::block::{Continuation, Variable};
use super::value::{LoweredValue, is_safe};
use super::{Lowerer, LoweringResult, NotLowered, bind};

/// What a branch runs.
#[derive(Clone, Copy)]
pub(super) enum BranchBody<'b> {
    Statements(&'b [Stmt]),
    Value(&'b Expr),
    Nothing,
}

/// Branches in order; the first whose condition holds is run.
pub(super) struct Branches<'b> {
    pub(super) conditional: Vec<(TypedExpr, BranchBody<'b>)>,
    pub(super) otherwise: BranchBody<'b>,
}

/// The state after a branch: every variable, and values that were computed but are not used.
struct BranchState {
    variables: Vec<Variable>,
    discarded: Vec<TypedExpr>,
}

impl BranchState {
    /// Ends the scope of the variables after the first `known`.
    fn end(&mut self, known: usize) {
        for dropped in self.variables.split_off(known.min(self.variables.len())) {
            self.discard(dropped.value);
        }
    }

    /// Keeps a value that is no longer used if computing it may fail.
    fn discard(&mut self, value: LoweredValue) {
        self.discarded.extend(value.0.filter(|expr| !is_safe(expr)));
    }
}

/// `if condition { then } else { otherwise }` of one type.
fn choice(condition: TypedExpr, then: TypedExpr, otherwise: TypedExpr) -> TypedExpr {
    let (ty, nullable) = (then.ty, condition.nullable || then.nullable || otherwise.nullable);
    let operation = Operation::If(Box::new(condition), Box::new(then), Box::new(otherwise));
    TypedExpr { operation, ty, nullable }
}

impl Lowerer<'_> {
    /// The branches of an `if` or a `switch`.
    pub(super) fn branches<'b>(&self, statement: &'b Stmt, variables: &[Variable]) -> LoweringResult<Branches<'b>> {
        match statement {
            Stmt::If(parts, _) => {
                let condition = self.condition(&parts.expr, variables)?;
                let otherwise = match parts.branch.statements() {
                    [] => BranchBody::Nothing,
                    statements => BranchBody::Statements(statements),
                };
                Ok(Branches {
                    conditional: vec![(condition, BranchBody::Statements(parts.body.statements()))],
                    otherwise,
                })
            }
            Stmt::Switch(switch, at) => self.cases(&switch.0, &switch.1, *at, variables),
            other => NotLowered::err("a statement that cannot be lowered", other.position()),
        }
    }

    /// The script's result for these branches, each followed by `rest`.
    pub(super) fn ends(
        &self,
        branches: &Branches,
        variables: Vec<Variable>,
        depth: usize,
        rest: Option<&Continuation>,
    ) -> LoweringResult<TypedExpr> {
        let end = |body: BranchBody| match body {
            BranchBody::Statements(statements) => self.block(statements, variables.clone(), depth, rest),
            BranchBody::Nothing => self.block(&[], variables.clone(), depth, rest),
            BranchBody::Value(expr) => {
                let statement = [Stmt::Expr(Box::new(expr.clone()))];
                self.block(&statement, variables.clone(), depth, rest)
            }
        };
        let otherwise = end(branches.otherwise)?;
        let conditional = branches.conditional.iter().rev();
        conditional.map(|(condition, body)| Ok((condition, end(*body)?))).try_fold(
            otherwise,
            |rest, branch: LoweringResult<_>| {
                let (condition, then) = branch?;
                Ok(choice(condition.clone(), then, rest))
            },
        )
    }

    /// The variables that any branch changes, with their values after the branches.
    pub(super) fn changed(
        &self,
        branches: &Branches,
        variables: &[Variable],
        at: Position,
    ) -> LoweringResult<Vec<(usize, LoweredValue)>> {
        let left: Vec<BranchState> = branches
            .conditional
            .iter()
            .map(|(_, body)| self.branch_state(*body, variables))
            .collect::<LoweringResult<_>>()?;
        let otherwise = self.branch_state(branches.otherwise, variables)?;
        let joined = |of: &dyn Fn(&BranchState) -> TypedExpr| {
            let pairs = branches.conditional.iter().zip(&left).rev();
            pairs.fold(of(&otherwise), |rest, ((condition, _), left)| choice(condition.clone(), of(left), rest))
        };
        let mut changed = Vec::new();
        for (index, before) in variables.iter().enumerate() {
            let same = |left: &BranchState| left.variables[index].value.is_same(&before.value);
            if left.iter().all(same) && same(&otherwise) {
                continue;
            }
            let values: Vec<LoweredValue> =
                left.iter().chain([&otherwise]).map(|l| l.variables[index].value.clone()).collect();
            let ty = self.same_type(&values, at)?;
            changed.push((index, LoweredValue::of(joined(&|left| left.variables[index].value.clone().typed(ty)))));
        }
        let unkept = left.iter().chain([&otherwise]).any(|l| !l.discarded.is_empty());
        if unkept || changed.is_empty() {
            // An unused value may still fail, and so may a condition: both are computed where the script would, and the
            // result is ignored.
            let nothing = TypedExpr::literal(Value::Boolean(true), Type::Boolean);
            let computed = |left: &BranchState| {
                left.discarded.iter().cloned().rev().fold(nothing.clone(), |body, value| bind(value, body))
            };
            changed.push((usize::MAX, LoweredValue::of(joined(&computed))));
        }
        Ok(changed)
    }

    /// The state after a body that has no `return`.
    fn branch_state(&self, body: BranchBody, variables: &[Variable]) -> LoweringResult<BranchState> {
        let mut left = BranchState { variables: variables.to_vec(), discarded: Vec::new() };
        match body {
            BranchBody::Nothing => {}
            BranchBody::Statements(statements) => self.run(statements, &mut left)?,
            BranchBody::Value(Expr::Stmt(block)) => self.run(block.statements(), &mut left)?,
            BranchBody::Value(expr) => self.unused(expr, &mut left)?,
        }
        left.end(variables.len());
        Ok(left)
    }

    fn unused(&self, expr: &Expr, left: &mut BranchState) -> LoweringResult<()> {
        let value = self.expression(expr, &left.variables)?;
        left.discard(value);
        Ok(())
    }

    fn run(&self, statements: &[Stmt], left: &mut BranchState) -> LoweringResult<()> {
        let known = left.variables.len();
        for statement in statements {
            match statement {
                Stmt::Noop(_) => {}
                Stmt::Var(declared, ..) => {
                    let value = self.expression(&declared.1, &left.variables)?;
                    left.variables.push(Variable { name: declared.0.name.to_string(), value, is_field: false });
                }
                Stmt::Assignment(_) => {
                    let (index, value) = self.assigned(statement, &left.variables)?;
                    // The overwritten value may have failed.
                    let old = std::mem::replace(&mut left.variables[index].value, value);
                    left.discard(old);
                }
                Stmt::Block(block) => self.run(block.statements(), left)?,
                Stmt::Expr(expr) => self.unused(expr, left)?,
                Stmt::If(..) | Stmt::Switch(..) => {
                    let branches = self.branches(statement, &left.variables)?;
                    let changed = self.changed(&branches, &left.variables, statement.position())?;
                    for (index, value) in changed {
                        match left.variables.get_mut(index) {
                            Some(variable) => variable.value = value,
                            None => left.discarded.extend(value.0),
                        }
                    }
                }
                other => return NotLowered::err("a statement that cannot be lowered", other.position()),
            }
            self.still_short(left, statement.position())?;
        }
        left.end(known);
        Ok(())
    }

    fn still_short(&self, left: &BranchState, at: Position) -> LoweringResult<()> {
        let values = left.variables.iter().filter_map(|v| v.value.0.as_ref()).chain(&left.discarded);
        if values.map(TypedExpr::size).sum::<usize>() > super::MOST_PARTS {
            return NotLowered::err("its expression would be too large", at);
        }
        Ok(())
    }

    /// A block as a value: `let a = if … { … } else { … };`
    pub(super) fn value_of(
        &self,
        statements: &[Stmt],
        variables: &[Variable],
        at: Position,
    ) -> LoweringResult<LoweredValue> {
        let Some((last, before)) = statements.split_last() else { return Ok(LoweredValue::NOTHING) };
        let mut left = BranchState { variables: variables.to_vec(), discarded: Vec::new() };
        if !before.is_empty() {
            self.run_known(before, &mut left)?;
        }
        if left.variables.iter().zip(variables).any(|(now, before)| !now.value.is_same(&before.value)) {
            return NotLowered::err("a block that has a value and changes variables", at);
        }
        let value = match last {
            Stmt::Expr(expr) => self.expression(expr, &left.variables)?,
            Stmt::FnCall(call, at) => self.expression(&Expr::FnCall(call.clone(), *at), &left.variables)?,
            Stmt::Block(block) => self.value_of(block.statements(), &left.variables, at)?,
            Stmt::If(..) | Stmt::Switch(..) => {
                let branches = self.branches(last, &left.variables)?;
                let value = |body: BranchBody| match body {
                    BranchBody::Nothing => Ok(LoweredValue::NOTHING),
                    BranchBody::Value(expr) => self.expression(expr, &left.variables),
                    BranchBody::Statements(statements) => self.value_of(statements, &left.variables, at),
                };
                let mut values = vec![value(branches.otherwise)?];
                for (_, body) in branches.conditional.iter().rev() {
                    values.push(value(*body)?);
                }
                let ty = self.same_type(&values, at)?;
                let mut typed = values.into_iter().map(|low| low.typed(ty));
                let otherwise = typed.next().unwrap_or_else(|| TypedExpr::literal(Value::Null, ty));
                let conditions = branches.conditional.into_iter().rev().map(|(condition, _)| condition);
                LoweredValue::of(
                    conditions.zip(typed).fold(otherwise, |rest, (condition, then)| choice(condition, then, rest)),
                )
            }
            other => return NotLowered::err("a block whose value is not clear", other.position()),
        };
        left.end(variables.len());
        if left.discarded.is_empty() {
            return Ok(value);
        }
        let LoweredValue(Some(value)) = value else {
            return NotLowered::err("a block that computes values it does not use", at);
        };
        Ok(LoweredValue::of(left.discarded.into_iter().rev().fold(value, |body, unkept| bind(unkept, body))))
    }

    /// As [`Self::run`], but declared variables stay in scope.
    fn run_known(&self, statements: &[Stmt], left: &mut BranchState) -> LoweringResult<()> {
        for statement in statements {
            match statement {
                Stmt::Var(declared, ..) => {
                    let value = self.expression(&declared.1, &left.variables)?;
                    left.variables.push(Variable { name: declared.0.name.to_string(), value, is_field: false });
                }
                other => self.run(std::slice::from_ref(other), left)?,
            }
            self.still_short(left, statement.position())?;
        }
        Ok(())
    }
}
