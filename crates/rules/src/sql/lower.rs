//! Lowering of typed expressions to SQL, and what rule kinds use to lower their rules.

use std::collections::HashMap;

use accolade_core::model::period::{ResolvedPeriod, add_months, resolve};
use accolade_core::model::{CompareOp, Demand, Operation, Origin, SlotId, Type, TypedExpr};
use accolade_core::sql::numbers;
use accolade_core::sql::tree::{SqlExpr, SqlOp, SqlType, SqlVariadicOp, literal};
use accolade_parser::{Diagnostics, Span};
use indexmap::IndexMap;

use super::aggregates::EventQuery;
use super::dialect::Dialect;
use super::layers::Layers;
use super::selection::SourceSelection;
use super::unsupported;
use crate::thresholds::cutoffs::CutOffs;

/// What the field indices of an expression refer to.
#[derive(Clone, Copy, Debug)]
pub enum SqlScope<'s> {
    /// Fields of a customer's record.
    Record,
    /// Columns of the source of this index.
    Events(usize),
    /// Columns of a row of the source of this index, before it is known whether the row is read.
    Row(usize),
    /// These expressions.
    Local(&'s [SqlExpr]),
}

/// An SQL statement under construction.
#[derive(Clone, Debug)]
pub struct SqlLowering<'a> {
    pub(crate) demand: &'a Demand,
    /// The name of the metric that is an alias of a slot, by slot.
    naming: HashMap<SlotId, String>,
    pub(crate) as_of: i32,
    pub(crate) dialect: Dialect,
    pub(crate) periods: Vec<ResolvedPeriod>,
    cut_offs: &'a IndexMap<String, CutOffs>,
    /// The queries that add columns to the profile.
    pub(crate) layers: Layers,
    /// The column of each slot that has one.
    pub(crate) slots: Vec<Option<SqlExpr>>,
    /// The columns of the customers table that are read, with their names in the profile.
    pub(crate) columns: Vec<(usize, String)>,
    /// The queries over events, by source.
    pub(crate) events: Vec<EventQuery>,
    /// What selects rows, by source.
    pub(crate) selections: Vec<Option<SourceSelection>>,
    /// The name and the place of the step being lowered.
    pub(crate) step: (String, Option<Span>),
    /// Whether the step being lowered has no SQL because something it reads has none.
    pub(crate) follows: bool,
}

impl<'a> SqlLowering<'a> {
    pub(crate) fn new(
        demand: &'a Demand,
        naming: HashMap<SlotId, String>,
        as_of: i32,
        dialect: Dialect,
        cut_offs: &'a IndexMap<String, CutOffs>,
    ) -> Option<SqlLowering<'a>> {
        let mut layers = Layers::new(dialect);
        let mut slots = vec![None; demand.slots.len()];
        if let (Some(key), Some(described)) = (slots.first_mut(), demand.slots.first()) {
            *key = Some(SqlExpr::Column(layers.names.unique(&described.name)));
        }
        Some(SqlLowering {
            demand,
            naming,
            as_of,
            dialect,
            periods: resolve(&demand.periods, as_of)?,
            cut_offs,
            layers,
            slots,
            columns: Vec::new(),
            events: demand.sources.iter().map(|source| EventQuery::new(source, dialect)).collect(),
            selections: vec![None; demand.sources.len()],
            step: (String::new(), None),
            follows: false,
        })
    }

    /// The name of the step being lowered.
    pub fn name(&self) -> &str {
        &self.step.0
    }

    /// The date of the run.
    pub fn as_of(&self) -> i32 {
        self.as_of
    }

    /// The type of a slot.
    pub fn type_of(&self, slot: SlotId) -> Type {
        self.demand.slots.get(slot).map_or(Type::Text, |described| described.ty)
    }

    /// The cut-offs of the rule being lowered.
    pub fn cut_offs(&self) -> CutOffs {
        self.cut_offs.get(&self.step.0).cloned().unwrap_or_default()
    }

    /// The error (E0901) of a step that has no SQL.
    pub fn refuse(&self, why: &str) -> Diagnostics {
        self.refuse_at(why, self.step.1)
    }

    /// As [`refuse`](Self::refuse), at a place of its own.
    pub fn refuse_at(&self, why: &str, span: Option<Span>) -> Diagnostics {
        unsupported(format!("`{}` cannot be written as SQL for {}: {why}", self.step.0, self.dialect.name()), span)
    }

    /// Binds an expression to a column of the profile of this name, made unique, and returns the column.
    pub fn bind(&mut self, name: &str, expr: SqlExpr) -> SqlExpr {
        self.layers.bind(name, expr)
    }

    /// As [`bind`](Self::bind), among the columns of a scope.
    pub(crate) fn bind_in(&mut self, scope: SqlScope, expr: SqlExpr) -> SqlExpr {
        if expr.is_plain() {
            return expr;
        }
        let name = format!("{}, part", self.step.0);
        match scope {
            SqlScope::Events(source) => self.events[source].layers.bind(&name, expr),
            SqlScope::Row(source) => match &mut self.selections[source] {
                Some(selection) => selection.query.layers.bind(&name, expr),
                None => expr,
            },
            SqlScope::Record | SqlScope::Local(_) => self.layers.bind(&name, expr),
        }
    }

    /// The SQL expression of a slot.
    ///
    /// # Errors
    /// Fails with E0901 when the field has no SQL.
    pub fn field(&mut self, slot: SlotId) -> Result<SqlExpr, Diagnostics> {
        if let Some(known) = self.slots.get(slot).cloned().flatten() {
            return Ok(known);
        }
        let demand = self.demand;
        let Some(described) = demand.slots.get(slot) else { return Err(self.refuse("a field is not known")) };
        // A field with an alias is named by the alias.
        let naming = self.naming.get(&slot).cloned();
        let name = naming.as_ref().unwrap_or(&described.name);
        let expr = match described.origin {
            Origin::Column(column) => {
                let name = self.layers.names.unique(name);
                self.columns.push((column, name.clone()));
                SqlExpr::Column(name)
            }
            Origin::Aggregate(index) => self.aggregate(name, &demand.aggregates[index])?,
            Origin::Key | Origin::Step(_) => {
                self.follows = true;
                return Err(
                    self.refuse(&format!("it reads `{}`, which cannot be written as SQL either", described.name))
                );
            }
        };
        self.slots[slot] = Some(expr.clone());
        Ok(expr)
    }

    /// An expression over a record.
    ///
    /// # Errors
    /// Fails with E0901 when the expression has no SQL.
    pub fn expression(&mut self, expr: &TypedExpr) -> Result<SqlExpr, Diagnostics> {
        self.lowered(expr, SqlScope::Record)
    }

    /// An expression over the fields of a scope.
    ///
    /// # Errors
    /// Fails with E0901 when the expression has no SQL.
    pub fn lowered(&mut self, expr: &TypedExpr, scope: SqlScope) -> Result<SqlExpr, Diagnostics> {
        if let Some(exact) = self.exactly(expr, scope)? {
            return Ok(exact);
        }
        let ty = expr.ty;
        Ok(match &expr.operation {
            Operation::Literal(value) => literal(value, ty).ok_or_else(|| self.refuse("it holds a script's value"))?,
            Operation::AsOf => SqlExpr::Date(self.as_of),
            Operation::Field(index) => match scope {
                SqlScope::Record => self.field(*index)?,
                SqlScope::Events(source) => self.events[source].column(*index),
                SqlScope::Row(source) => match &mut self.selections[source] {
                    Some(selection) => selection.query.column(*index),
                    None => return Err(self.refuse("a column is not known")),
                },
                SqlScope::Local(fields) => {
                    fields.get(*index).cloned().ok_or_else(|| self.refuse("a field is not known"))?
                }
            },
            Operation::Add(a, b) => self.sum(SqlOp::AddInteger, [a, b], scope)?,
            Operation::Subtract(a, b) => self.sum(SqlOp::SubtractInteger, [a, b], scope)?,
            Operation::Multiply(a, b) => {
                let [x, y] = [self.lowered(a, scope)?, self.lowered(b, scope)?];
                match (a.ty, b.ty) {
                    (Type::Money, Type::Integer | Type::Duration) => numbers::times(exact(x, Type::Money), y),
                    (Type::Integer, _) => SqlExpr::apply(SqlOp::MultiplyInteger, [exact(x, a.ty), y]),
                    _ => return Err(self.refuse("a script's decimals are multiplied")),
                }
            }
            Operation::Divide(..) => return Err(self.refuse("a script's numbers are divided")),
            Operation::Remainder(..) | Operation::Let(..) | Operation::Local(_) => {
                return Err(self.refuse("it is computed as in a script"));
            }
            Operation::Negate(a) => {
                let value = self.lowered(a, scope)?;
                match ty {
                    Type::Integer | Type::Duration => {
                        SqlExpr::apply(SqlOp::SubtractInteger, [exact(SqlExpr::Whole(0), Type::Integer), value])
                    }
                    _ if ty.is_float() => SqlExpr::Chain(
                        SqlVariadicOp::Plus,
                        vec![SqlExpr::apply(SqlOp::Minus, [SqlExpr::Float(0.0), value]), SqlExpr::Float(0.0)],
                    ),
                    Type::Money => SqlExpr::apply(SqlOp::Minus, [SqlExpr::Whole(0), value]),
                    _ => return Err(self.refuse("a script's decimal is negated")),
                }
            }
            Operation::Cast(a) => {
                let value = self.lowered(a, scope)?;
                match (a.ty, ty) {
                    (from, to) if SqlType::of(from) == SqlType::of(to) => value,
                    (Type::Date, Type::DateTime) => value.cast(SqlType::Moment),
                    (Type::DateTime, Type::Date) => value.cast(SqlType::Date),
                    _ => return Err(self.refuse("it holds a script's decimal")),
                }
            }
            Operation::AddMonths(a, months) => match self.lowered(a, scope)? {
                SqlExpr::Date(day) => {
                    SqlExpr::Date(add_months(day, *months).ok_or_else(|| self.refuse("a date is beyond the calendar"))?)
                }
                date => SqlExpr::apply(SqlOp::AddMonths, [date, SqlExpr::Whole(i128::from(*months))]),
            },
            Operation::AddDays(a, days) => match (self.lowered(a, scope)?, self.lowered(days, scope)?) {
                (SqlExpr::Date(day), SqlExpr::Whole(days)) => {
                    let moved = i128::from(day).checked_add(days).and_then(|day| i32::try_from(day).ok());
                    SqlExpr::Date(moved.ok_or_else(|| self.refuse("a date is beyond the calendar"))?)
                }
                (date, days) => SqlExpr::apply(SqlOp::AddDays, [date, days]),
            },
            Operation::DaysBetween(a, b) => {
                SqlExpr::apply(SqlOp::DaysBetween, [self.lowered(a, scope)?, self.lowered(b, scope)?])
            }
            Operation::Compare(compare, a, b) => {
                let [x, y] = [self.lowered(a, scope)?, self.lowered(b, scope)?];
                let op = compare_op(*compare);
                // Text in the order of its code points, whatever the database's own order is.
                let ordered = a.ty == Type::Text && !matches!(op, SqlOp::Equal | SqlOp::NotEqual);
                let of = |e: SqlExpr| if ordered { SqlExpr::Collated(Box::new(e)) } else { e };
                of(x).compare(op, of(y))
            }
            Operation::OneOf(a, list) => {
                let value = self.lowered(a, scope)?;
                let list: Option<Vec<SqlExpr>> = list.iter().map(|v| literal(v, a.ty)).collect();
                match list {
                    Some(list) if !list.is_empty() => SqlExpr::OneOf(Box::new(value), list),
                    Some(_) => value.clone().compare(SqlOp::NotEqual, value),
                    None => return Err(self.refuse("it holds a script's value")),
                }
            }
            Operation::And(a, b) => flat(SqlVariadicOp::And, [self.lowered(a, scope)?, self.lowered(b, scope)?]),
            Operation::Or(a, b) => flat(SqlVariadicOp::Or, [self.lowered(a, scope)?, self.lowered(b, scope)?]),
            Operation::Not(a) => SqlExpr::apply(SqlOp::Not, [self.lowered(a, scope)?]),
            Operation::If(condition, then, otherwise) => {
                let [x, y, z] =
                    [self.lowered(condition, scope)?, self.lowered(then, scope)?, self.lowered(otherwise, scope)?];
                if condition.nullable {
                    let cases = vec![(SqlExpr::Boolean(true), y), (SqlExpr::Boolean(false), z)];
                    SqlExpr::Case(Some(Box::new(x)), cases, None)
                } else {
                    SqlExpr::Case(None, vec![(x, y)], Some(Box::new(z)))
                }
            }
            Operation::IsMissing(a) => self.lowered(a, scope)?.is_null(),
            Operation::OrElse(a, b) => {
                let first = self.lowered(a, scope)?;
                first.or_else(self.lowered(b, scope)?)
            }
            Operation::Call(function, arguments) => self.call(function, arguments, ty, scope)?,
            Operation::Script(function, _) => {
                return Err(self.refuse(&format!("it calls `{}`, which is a script", function.name)));
            }
        })
    }

    fn sum(&mut self, integer: SqlOp, [a, b]: [&TypedExpr; 2], scope: SqlScope) -> Result<SqlExpr, Diagnostics> {
        let [x, y] = [self.lowered(a, scope)?, self.lowered(b, scope)?];
        Ok(match a.ty {
            Type::Integer | Type::Duration => SqlExpr::apply(integer, [exact(x, Type::Integer), y]),
            Type::Money if integer == SqlOp::AddInteger => {
                SqlExpr::Chain(SqlVariadicOp::Plus, vec![exact(x, Type::Money), y])
            }
            Type::Money => SqlExpr::apply(SqlOp::Minus, [exact(x, Type::Money), y]),
            _ => return Err(self.refuse("a script's decimals are added")),
        })
    }
}

/// Casts a literal, or a choice among literals, to its own type; a database would take the smallest type that holds it.
pub(crate) fn exact(expr: SqlExpr, ty: Type) -> SqlExpr {
    let loose = matches!(
        expr,
        SqlExpr::Whole(_)
            | SqlExpr::Decimal(..)
            | SqlExpr::Case(..)
            | SqlExpr::Chain(SqlVariadicOp::Coalesce | SqlVariadicOp::Least | SqlVariadicOp::Greatest, _)
    );
    match SqlType::of(ty) {
        Some(ty @ (SqlType::Integer | SqlType::Money | SqlType::Score)) if loose => expr.cast(ty),
        _ => expr,
    }
}

pub(super) fn compare_op(compare: CompareOp) -> SqlOp {
    match compare {
        CompareOp::Equal => SqlOp::Equal,
        CompareOp::NotEqual => SqlOp::NotEqual,
        CompareOp::Less => SqlOp::Less,
        CompareOp::LessEqual => SqlOp::LessEqual,
        CompareOp::Greater => SqlOp::Greater,
        CompareOp::GreaterEqual => SqlOp::GreaterEqual,
    }
}

/// A chain without nested chains of the same operator.
fn flat(op: SqlVariadicOp, operands: [SqlExpr; 2]) -> SqlExpr {
    let mut all = Vec::new();
    for operand in operands {
        match operand {
            SqlExpr::Chain(of, inner) if of == op => all.extend(inner),
            other => all.push(other),
        }
    }
    SqlExpr::Chain(op, all)
}
