//! Lowering of the cases of a `switch`.
//!
//! A compiled switch keeps only the hashes of its cases. Their literals are among the literals of the script, so each
//! of these is compiled as the only case of a switch to find its hash.

use std::collections::HashMap;

use accolade_core::model::{CompareOp, Operation, Type, TypedExpr, Value};
use rhai::{Expr, Position, RangeCase, Stmt, SwitchCasesCollection, Token};

use super::block::Variable;
use super::branch::{BranchBody, Branches};
use super::operator::not;
use super::value::LoweredValue;
use super::{Lowerer, LoweringResult, NotLowered};

impl Lowerer<'_> {
    /// The branches of a switch, ranges after literals.
    pub(super) fn cases<'b>(
        &self,
        value: &Expr,
        cases: &'b SwitchCasesCollection,
        at: Position,
        variables: &[Variable],
    ) -> LoweringResult<Branches<'b>> {
        let LoweredValue(Some(value)) = self.expression(value, variables)? else {
            return NotLowered::err("a switch on `()`", at);
        };
        if !matches!(value.ty, Type::Integer | Type::Text | Type::Boolean) {
            return NotLowered::err(format!("a switch on {}", value.ty), at);
        }
        let mut conditional = Vec::new();
        for (literals, blocks) in self.group_cases(cases, value.ty, at)? {
            let is_one = equals(&value, literals);
            for block in blocks {
                let case = &cases.expressions[block];
                conditional.push((self.guarded(is_one.clone(), &case.lhs, variables)?, BranchBody::Value(&case.rhs)));
            }
        }
        for range in &cases.ranges {
            if value.ty != Type::Integer {
                return NotLowered::err(format!("a range in a switch on {}", value.ty), at);
            }
            let (low, high, below, block) = match range {
                RangeCase::ExclusiveInt(range, block) => (range.start, range.end, CompareOp::Less, *block),
                RangeCase::InclusiveInt(range, block) => (*range.start(), *range.end(), CompareOp::LessEqual, *block),
            };
            let case = &cases.expressions[block];
            let within = both(
                compared(&value, CompareOp::GreaterEqual, Value::Integer(low)),
                compared(&value, below, Value::Integer(high)),
            );
            conditional.push((self.guarded(within, &case.lhs, variables)?, BranchBody::Value(&case.rhs)));
        }
        let otherwise =
            cases.def_case.map_or(BranchBody::Nothing, |block| BranchBody::Value(&cases.expressions[block].rhs));
        Ok(Branches { conditional, otherwise })
    }

    /// The literal cases grouped by the blocks they run.
    fn group_cases(
        &self,
        cases: &SwitchCasesCollection,
        ty: Type,
        at: Position,
    ) -> LoweringResult<Vec<(Vec<Value>, Vec<usize>)>> {
        let known = self.literals();
        // A range is also in the table of cases, as a value of a range type.
        let ranges: Vec<u64> = cases.ranges.iter().filter_map(|range| self.hash(&written_range(range))).collect();
        let mut groups: Vec<(Vec<Value>, Vec<usize>)> = Vec::new();
        for (hash, list) in cases.cases.iter().filter(|(hash, _)| !ranges.contains(*hash)) {
            let Some(value) = known.get(hash) else { return NotLowered::err("a case that is not a plain literal", at) };
            // A case of another type never matches.
            if !value.fits(ty) {
                continue;
            }
            match groups.iter_mut().find(|(_, blocks)| blocks.as_slice() == list.blocks.as_slice()) {
                Some((literals, _)) => literals.push(value.clone()),
                None => groups.push((vec![value.clone()], list.blocks.to_vec())),
            }
        }
        groups.sort_by(|(_, a), (_, b)| a.cmp(b));
        for (literals, _) in &mut groups {
            literals.sort_by(|a, b| accolade_core::ops::compare(a, b).unwrap_or(std::cmp::Ordering::Equal));
        }
        Ok(groups)
    }

    fn guarded(&self, matches: TypedExpr, guard: &Expr, variables: &[Variable]) -> LoweringResult<TypedExpr> {
        match guard {
            Expr::BoolConstant(true, _) => Ok(matches),
            guard => Ok(both(matches, self.condition(guard, variables)?)),
        }
    }

    /// The literals of the script by the hash that each has as a case.
    fn literals(&self) -> HashMap<u64, Value> {
        let mut values: Vec<Value> = vec![Value::Boolean(true), Value::Boolean(false)];
        let text = [self.text];
        // After the text the iterator returns `EOF` forever.
        for (token, _) in self.engine.lex(&text).0.take_while(|(token, _)| *token != Token::EOF) {
            match token {
                Token::StringConstant(text) => values.push(Value::text(&text)),
                Token::IntegerConstant(v) => values.extend([Value::Integer(v), Value::Integer(v.wrapping_neg())]),
                _ => {}
            }
        }
        values.into_iter().filter_map(|value| Some((self.hash(&written(&value)?)?, value))).collect()
    }

    /// The hash of a literal as the only case of a switch.
    fn hash(&self, written: &str) -> Option<u64> {
        let ast = self.engine.compile(format!("switch 0 {{ {written} => 0 }}")).ok()?;
        match ast.statements().first()? {
            Stmt::Switch(switch, _) => switch.1.cases.keys().next().copied(),
            Stmt::Expr(expr) => match &**expr {
                Expr::Stmt(block) => match block.statements().first()? {
                    Stmt::Switch(switch, _) => switch.1.cases.keys().next().copied(),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        }
    }
}

/// A literal in script syntax.
fn written(value: &Value) -> Option<String> {
    Some(match value {
        Value::Boolean(v) => v.to_string(),
        Value::Integer(v) => v.to_string(),
        Value::Text(text) => {
            let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            format!("\"{}\"", escaped.replace('\r', "\\r").replace('\t', "\\t"))
        }
        _ => return None,
    })
}

fn written_range(range: &RangeCase) -> String {
    match range {
        RangeCase::ExclusiveInt(range, _) => format!("{}..{}", range.start, range.end),
        RangeCase::InclusiveInt(range, _) => format!("{}..={}", range.start(), range.end()),
    }
}

fn boolean(operation: Operation, nullable: bool) -> TypedExpr {
    TypedExpr { operation, ty: Type::Boolean, nullable }
}

fn compared(value: &TypedExpr, compare: CompareOp, with: Value) -> TypedExpr {
    let literal = TypedExpr::literal(with, value.ty);
    boolean(Operation::Compare(compare, Box::new(value.clone()), Box::new(literal)), value.nullable)
}

fn equals(value: &TypedExpr, literals: Vec<Value>) -> TypedExpr {
    match (value.ty, literals.as_slice()) {
        (Type::Boolean, [one]) => compared(value, CompareOp::Equal, one.clone()),
        (Type::Boolean, []) => TypedExpr::literal(Value::Boolean(false), Type::Boolean),
        // Either value, but not a missing one.
        (Type::Boolean, _) => not(boolean(Operation::IsMissing(Box::new(value.clone())), false)),
        _ => boolean(Operation::OneOf(Box::new(value.clone()), literals), value.nullable),
    }
}

/// `a && b`; `b` is evaluated only if `a` holds.
fn both(a: TypedExpr, b: TypedExpr) -> TypedExpr {
    let nullable = a.nullable || b.nullable;
    let no = TypedExpr::literal(Value::Boolean(false), Type::Boolean);
    boolean(Operation::If(Box::new(a), Box::new(b), Box::new(no)), nullable)
}
