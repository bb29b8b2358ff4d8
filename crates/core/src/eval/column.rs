//! The columnar evaluator: one expression over whole columns.

use std::cell::RefCell;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, BooleanBufferBuilder, Date32Array, Decimal128Array, Float64Array,
    Int64Array, PrimitiveArray, Scalar, StringViewArray, TimestampMicrosecondArray, new_null_array,
};
use arrow::buffer::NullBuffer;
use arrow::compute::kernels::cmp;
use arrow::compute::kernels::zip::zip;
use arrow::compute::{and, and_kleene, is_not_null, is_null, not, nullif, or, or_kleene};
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Date32Type, Decimal128Type, Float64Type, Int64Type, TimestampMicrosecondType,
};

use super::lowered::{Suspects, is_strict};
use super::number_kernels::{self, NumberKernels};
use super::rounding::reads_rounded;
use super::{Env, Faults, row, script};
use crate::model::{CompareOp, Operation, Type, TypedExpr, Value};
use crate::values::fault::{EvalResult, Fault};
use crate::values::period::add_months;
use crate::values::types::MONEY_SCALE;
use crate::{decimal, ops};

/// The column of `expr` over `columns`, which are indexed as the expression's fields are and all have `rows` rows.
pub fn evaluate(expr: &TypedExpr, columns: &[Option<ArrayRef>], rows: usize, env: Env) -> ArrayRef {
    ColumnEvaluation::new(columns, rows, env).column(expr, None)
}

/// The column of a lowered script, and for each row whether the interpreter might give another result.
pub fn evaluate_lowered(
    expr: &TypedExpr,
    columns: &[Option<ArrayRef>],
    rows: usize,
    as_of: i32,
) -> (ArrayRef, Vec<bool>) {
    // The interpreter reports faults, so they are not counted here.
    let faults = Faults::default();
    let mut evaluation = ColumnEvaluation::new(columns, rows, Env { as_of, faults: &faults });
    evaluation.suspects = Some(Suspects::new(rows));
    let column = evaluation.column(expr, None);
    (column, evaluation.suspects.map_or_else(Vec::new, Suspects::into_rows))
}

/// The truth of a condition over `columns`; null where it is unknown.
pub fn condition(expr: &TypedExpr, columns: &[Option<ArrayRef>], rows: usize, env: Env) -> BooleanArray {
    boolean(&evaluate(expr, columns, rows, env))
}

/// As [`condition`], but faults count only in the rows that are `active`.
pub fn condition_where(
    expr: &TypedExpr,
    columns: &[Option<ArrayRef>],
    rows: usize,
    env: Env,
    active: &BooleanArray,
) -> BooleanArray {
    boolean(&ColumnEvaluation::new(columns, rows, env).column(expr, Some(active)))
}

pub(super) struct ColumnEvaluation<'a> {
    columns: &'a [Option<ArrayRef>],
    pub(super) rows: usize,
    env: Env<'a>,
    /// The values of the enclosing lets, the outermost first.
    locals: RefCell<Vec<ArrayRef>>,
    /// For a lowered script, the rows whose result is uncertain.
    suspects: Option<Suspects>,
}

/// Rows whose faults count: those that the row evaluator would evaluate. All of them if absent.
pub(super) type Active<'a> = Option<&'a BooleanArray>;

impl<'a> ColumnEvaluation<'a> {
    fn new(columns: &'a [Option<ArrayRef>], rows: usize, env: Env<'a>) -> Self {
        ColumnEvaluation { columns, rows, env, locals: RefCell::default(), suspects: None }
    }

    pub(super) fn column(&self, expr: &TypedExpr, active: Active) -> ArrayRef {
        if self.suspects.is_none() && reads_rounded(expr) {
            return self.by_fractions(expr, active);
        }
        let column = self.compute(expr, active);
        if let Some(suspects) = self.suspects.as_ref().filter(|_| is_strict(&expr.operation)) {
            suspects.mark_missing(&column, active);
        }
        column
    }

    fn numbers(&self) -> &'static NumberKernels {
        number_kernels::kernels(self.suspects.is_some())
    }

    fn compute(&self, expr: &TypedExpr, active: Active) -> ArrayRef {
        let column = |e: &TypedExpr| self.column(e, active);
        match &expr.operation {
            Operation::Literal(value) => repeat(value, expr.ty, self.rows),
            Operation::AsOf => repeat(&Value::Date(self.env.as_of), Type::Date, self.rows),
            Operation::Field(index) => match self.columns.get(*index) {
                Some(Some(column)) => Arc::clone(column),
                _ => new_null_array(&expr.ty.arrow(), self.rows),
            },
            Operation::Add(a, b) => self.arithmetic(
                &column(a),
                &column(b),
                active,
                (
                    |a, b| a.checked_add(b).ok_or(Fault::Overflow),
                    self.numbers().add,
                    |a, b| a.checked_add(b).ok_or(Fault::Overflow),
                    decimal::add,
                ),
            ),
            Operation::Subtract(a, b) => self.arithmetic(
                &column(a),
                &column(b),
                active,
                (
                    |a, b| a.checked_sub(b).ok_or(Fault::Overflow),
                    self.numbers().subtract,
                    |a, b| a.checked_sub(b).ok_or(Fault::Overflow),
                    decimal::subtract,
                ),
            ),
            Operation::Multiply(a, b) => self.multiply(&column(a), &column(b), active),
            Operation::Divide(a, b) => self.divide(&column(a), &column(b), active),
            Operation::Remainder(a, b) => self.remainder(&column(a), &column(b), active),
            Operation::Negate(a) => self.negate(&column(a), active),
            Operation::Cast(a) if expr.ty == Type::Decimal => {
                decimal::cast(&column(a), |row, fault| self.fault(fault, row, active))
            }
            Operation::Cast(a) if a.ty == Type::Decimal && expr.ty == Type::Money => {
                let decimals = column(a);
                let decimals = decimals.as_fixed_size_binary();
                let money =
                    |row: usize| decimals.is_valid(row).then(|| decimal::to_money(decimal::value(decimals, row)));
                let values =
                    (0..self.rows).map(|row| money(row).and_then(|money| self.value_or_fault(money, row, active)));
                self.money(Arc::new(values.collect::<Decimal128Array>()))
            }
            Operation::Cast(a) => cast(&column(a), expr.ty),
            Operation::AddMonths(a, months) => {
                let dates = column(a);
                self.unary::<Date32Type, Date32Type>(dates.as_primitive(), active, |d| {
                    add_months(d, *months).ok_or(Fault::Overflow)
                })
            }
            Operation::AddDays(a, days) => self.binary::<Date32Type, Int64Type, Date32Type>(
                column(a).as_primitive(),
                column(days).as_primitive(),
                active,
                checked_day,
            ),
            Operation::DaysBetween(a, b) => self.binary::<Date32Type, Date32Type, Int64Type>(
                column(a).as_primitive(),
                column(b).as_primitive(),
                active,
                |a, b| Ok(i64::from(a) - i64::from(b)),
            ),
            Operation::Compare(compare, a, b) => Arc::new(self.compare(*compare, a, b, active)),
            Operation::OneOf(a, list) => Arc::new(self.one_of(a, list, active)),
            Operation::And(a, b) => {
                let a = boolean(&column(a));
                // Faults of the second operand count where the first is not false.
                let reached = both(active, &not_false(&a));
                let b = boolean(&self.column(b, Some(&reached)));
                Arc::new(and_kleene(&a, &b).unwrap_or_else(|_| unknown(self.rows)))
            }
            Operation::Or(a, b) => {
                let a = boolean(&column(a));
                let reached = both(active, &not_true(&a));
                let b = boolean(&self.column(b, Some(&reached)));
                Arc::new(or_kleene(&a, &b).unwrap_or_else(|_| unknown(self.rows)))
            }
            Operation::Not(a) => Arc::new(not(&boolean(&column(a))).unwrap_or_else(|_| unknown(self.rows))),
            Operation::If(condition, then, otherwise) => {
                let condition = boolean(&column(condition));
                if let Some(suspects) = &self.suspects {
                    suspects.mark_missing(&condition, active);
                }
                let holds = is_true(&condition);
                let fails = is_true(&not(&condition).unwrap_or_else(|_| unknown(self.rows)));
                let then = self.column(then, Some(&both(active, &holds)));
                let otherwise = self.column(otherwise, Some(&both(active, &fails)));
                let chosen = choose(&holds, &then, &otherwise);
                null_where_unknown(&chosen, &condition)
            }
            Operation::IsMissing(a) => Arc::new(is_null(&column(a)).unwrap_or_else(|_| unknown(self.rows))),
            Operation::OrElse(a, b) => {
                let a = column(a);
                let present = is_not_null(&a).unwrap_or_else(|_| unknown(self.rows));
                let absent = not(&present).unwrap_or_else(|_| unknown(self.rows));
                let b = self.column(b, Some(&both(active, &absent)));
                choose(&present, &a, &b)
            }
            Operation::Call(function, arguments) => {
                let arguments: Vec<ArrayRef> = arguments.iter().map(column).collect();
                let result = function.apply_columns(&arguments, &mut |row, fault| self.fault(fault, row, active));
                let fits = |c: &ArrayRef| c.len() == self.rows && *c.data_type() == expr.ty.arrow();
                if let Some(result) = result.filter(fits) {
                    return result;
                }
                let mut values: Vec<Value> = Vec::with_capacity(arguments.len());
                let results = (0..self.rows).map(|row| {
                    values.clear();
                    values.extend(arguments.iter().map(|column| crate::frame::value_at(column, row)));
                    function.apply(&values).unwrap_or_else(|fault| {
                        self.fault(fault, row, active);
                        Value::Null
                    })
                });
                crate::frame::array_of(expr.ty, results)
            }
            Operation::Script(function, arguments) => {
                let arguments: Vec<ArrayRef> = arguments.iter().map(column).collect();
                let customers = self.columns.first().and_then(Option::as_ref);
                let active = |row: usize| active.is_none_or(|a| a.value(row));
                script::call_columns(function, customers, &arguments, active, self.rows, self.env)
            }
            Operation::Let(value, body) => {
                let value = column(value);
                self.locals.borrow_mut().push(value);
                let result = column(body);
                self.locals.borrow_mut().pop();
                result
            }
            Operation::Local(number) => match self.locals.borrow().get(*number) {
                Some(column) => Arc::clone(column),
                None => new_null_array(&expr.ty.arrow(), self.rows),
            },
        }
    }

    fn compare(&self, compare: CompareOp, a: &TypedExpr, b: &TypedExpr, active: Active) -> BooleanArray {
        let left = self.column(a, active);
        let literal = if let Operation::Literal(value) = &b.operation { Some(repeat(value, b.ty, 1)) } else { None };
        let right = literal.clone().unwrap_or_else(|| self.column(b, active));
        if let Some(suspects) = &self.suspects {
            suspects.mark_nearly_equal(&left, &right, active);
        }
        if let (Some(left), Some(right)) = (left.as_fixed_size_binary_opt(), right.as_fixed_size_binary_opt()) {
            return decimal::compare(compare, left, right);
        }
        let result = match literal {
            Some(literal) => kernel(compare)(&left, &Scalar::new(literal)),
            None => kernel(compare)(&left, &right),
        };
        result.unwrap_or_else(|_| unknown(self.rows))
    }

    fn one_of(&self, a: &TypedExpr, list: &[Value], active: Active) -> BooleanArray {
        let column = self.column(a, active);
        let none = cmp::neq(&column, &column).unwrap_or_else(|_| unknown(self.rows));
        list.iter().fold(none, |found, value| {
            let hit = cmp::eq(&column, &Scalar::new(repeat(value, a.ty, 1)));
            hit.and_then(|hit| or(&found, &hit)).unwrap_or(found)
        })
    }

    fn multiply(&self, a: &ArrayRef, b: &ArrayRef, active: Active) -> ArrayRef {
        match (a.data_type(), b.data_type()) {
            (DataType::Decimal128(..), DataType::Int64) => self.money(self.binary::<_, Int64Type, Decimal128Type>(
                a.as_primitive::<Decimal128Type>(),
                b.as_primitive(),
                active,
                ops::money_times_integer,
            )),
            (DataType::Decimal128(..), _) => self.money(self.binary::<_, Float64Type, Decimal128Type>(
                a.as_primitive::<Decimal128Type>(),
                b.as_primitive(),
                active,
                number_kernels::money_times_number,
            )),
            (DataType::Int64, _) => {
                self.binary::<Int64Type, Int64Type, Int64Type>(a.as_primitive(), b.as_primitive(), active, |a, b| {
                    a.checked_mul(b).ok_or(Fault::Overflow)
                })
            }
            (DataType::FixedSizeBinary(_), _) => self.decimals(a, b, active, decimal::multiply),
            _ => self.binary::<Float64Type, Float64Type, Float64Type>(
                a.as_primitive(),
                b.as_primitive(),
                active,
                self.numbers().multiply,
            ),
        }
    }

    fn divide(&self, a: &ArrayRef, b: &ArrayRef, active: Active) -> ArrayRef {
        match (a.data_type(), b.data_type()) {
            (DataType::Decimal128(..), DataType::Decimal128(..)) => self
                .binary::<Decimal128Type, Decimal128Type, Float64Type>(
                    a.as_primitive(),
                    b.as_primitive(),
                    active,
                    number_kernels::money_by_money,
                ),
            (DataType::Decimal128(..), DataType::Int64) => {
                self.money(self.binary::<Decimal128Type, Int64Type, Decimal128Type>(
                    a.as_primitive(),
                    b.as_primitive(),
                    active,
                    ops::money_by_integer,
                ))
            }
            (DataType::Decimal128(..), _) => self.money(self.binary::<Decimal128Type, Float64Type, Decimal128Type>(
                a.as_primitive(),
                b.as_primitive(),
                active,
                number_kernels::money_by_number,
            )),
            (DataType::FixedSizeBinary(_), _) => self.decimals(a, b, active, decimal::divide),
            (DataType::Int64, _) => self.binary::<Int64Type, Int64Type, Int64Type>(
                a.as_primitive(),
                b.as_primitive(),
                active,
                ops::integer_by_integer,
            ),
            _ => self.binary::<Float64Type, Float64Type, Float64Type>(
                a.as_primitive(),
                b.as_primitive(),
                active,
                self.numbers().divide,
            ),
        }
    }

    fn remainder(&self, a: &ArrayRef, b: &ArrayRef, active: Active) -> ArrayRef {
        match a.data_type() {
            DataType::FixedSizeBinary(_) => self.decimals(a, b, active, decimal::remainder),
            DataType::Int64 => self.binary::<Int64Type, Int64Type, Int64Type>(
                a.as_primitive(),
                b.as_primitive(),
                active,
                ops::integer_remainder,
            ),
            _ => self.binary::<Float64Type, Float64Type, Float64Type>(
                a.as_primitive(),
                b.as_primitive(),
                active,
                |a, b| ops::finite(a % b),
            ),
        }
    }

    fn negate(&self, a: &ArrayRef, active: Active) -> ArrayRef {
        match a.data_type() {
            DataType::Int64 => {
                self.unary::<Int64Type, Int64Type>(a.as_primitive(), active, |a| a.checked_neg().ok_or(Fault::Overflow))
            }
            DataType::Float64 => self.unary::<Float64Type, Float64Type>(a.as_primitive(), active, |a| ops::finite(-a)),
            DataType::FixedSizeBinary(_) => {
                let zero = repeat(&Value::Decimal(rust_decimal::Decimal::ZERO), Type::Decimal, self.rows);
                self.decimals(&zero, a, active, decimal::subtract)
            }
            _ => self.money(self.unary::<Decimal128Type, Decimal128Type>(a.as_primitive(), active, |a| Ok(-a))),
        }
    }

    /// Two operands of one type: integer, float or money, each with its kernel.
    fn arithmetic(
        &self,
        a: &ArrayRef,
        b: &ArrayRef,
        active: Active,
        (integer, float, money, decimal): (
            impl Fn(i64, i64) -> EvalResult<i64>,
            impl Fn(f64, f64) -> EvalResult<f64>,
            impl Fn(i128, i128) -> EvalResult<i128>,
            decimal::DecimalKernel,
        ),
    ) -> ArrayRef {
        match a.data_type() {
            DataType::Int64 => {
                self.binary::<Int64Type, Int64Type, Int64Type>(a.as_primitive(), b.as_primitive(), active, integer)
            }
            DataType::Float64 => {
                self.binary::<Float64Type, Float64Type, Float64Type>(a.as_primitive(), b.as_primitive(), active, float)
            }
            DataType::FixedSizeBinary(_) => self.decimals(a, b, active, decimal),
            _ => self.money(self.binary::<Decimal128Type, Decimal128Type, Decimal128Type>(
                a.as_primitive(),
                b.as_primitive(),
                active,
                money,
            )),
        }
    }

    /// A decimal result, given money's precision and scale.
    fn money(&self, column: ArrayRef) -> ArrayRef {
        Arc::new(column.as_primitive::<Decimal128Type>().clone().with_data_type(Type::Money.arrow()))
    }

    fn binary<A: ArrowPrimitiveType, B: ArrowPrimitiveType, R: ArrowPrimitiveType>(
        &self,
        a: &PrimitiveArray<A>,
        b: &PrimitiveArray<B>,
        active: Active,
        kernel: impl Fn(A::Native, B::Native) -> EvalResult<R::Native>,
    ) -> ArrayRef {
        let (x, y) = (a.values(), b.values());
        let present = NullBuffer::union(a.nulls(), b.nulls());
        self.computed::<R>(present, active, |row| kernel(x[row], y[row]))
    }

    fn unary<A: ArrowPrimitiveType, R: ArrowPrimitiveType>(
        &self,
        a: &PrimitiveArray<A>,
        active: Active,
        kernel: impl Fn(A::Native) -> EvalResult<R::Native>,
    ) -> ArrayRef {
        let values = a.values();
        self.computed::<R>(a.nulls().cloned(), active, |row| kernel(values[row]))
    }

    /// The results of a kernel for the present rows; missing where it has a fault.
    fn computed<R: ArrowPrimitiveType>(
        &self,
        present: Option<NullBuffer>,
        active: Active,
        kernel: impl Fn(usize) -> EvalResult<R::Native>,
    ) -> ArrayRef {
        let mut faults = Vec::new();
        let mut value = |row: usize| {
            kernel(row).unwrap_or_else(|fault| {
                self.fault(fault, row, active);
                faults.push(row);
                R::Native::default()
            })
        };
        let values: Vec<R::Native> = match &present {
            None => (0..self.rows).map(value).collect(),
            Some(present) => {
                let value = |row: usize| if present.is_valid(row) { value(row) } else { R::Native::default() };
                (0..self.rows).map(value).collect()
            }
        };
        Arc::new(PrimitiveArray::<R>::new(values.into(), exclude_rows(present, &faults, self.rows)))
    }

    fn decimals(&self, a: &ArrayRef, b: &ArrayRef, active: Active, kernel: decimal::DecimalKernel) -> ArrayRef {
        let (a, b) = (a.as_fixed_size_binary(), b.as_fixed_size_binary());
        decimal::array((0..self.rows).map(|row| {
            if a.is_null(row) || b.is_null(row) {
                return None;
            }
            self.value_or_fault(kernel(decimal::value(a, row), decimal::value(b, row)), row, active)
        }))
    }

    pub(super) fn value_or_fault<T>(&self, outcome: EvalResult<T>, row: usize, active: Active) -> Option<T> {
        outcome.map_err(|fault| self.fault(fault, row, active)).ok()
    }

    fn fault(&self, fault: Fault, row: usize, active: Active) {
        if active.is_none_or(|a| a.value(row)) {
            self.env.faults.add(fault, 1);
            if let Some(suspects) = &self.suspects {
                suspects.mark(row);
            }
        }
    }
}

/// The present rows, without those in which the kernel failed.
fn exclude_rows(present: Option<NullBuffer>, failed: &[usize], rows: usize) -> Option<NullBuffer> {
    if failed.is_empty() {
        return present;
    }
    let mut left = BooleanBufferBuilder::new(rows);
    match &present {
        Some(present) => left.append_buffer(present.inner()),
        None => left.append_n(rows, true),
    }
    failed.iter().for_each(|row| left.set_bit(*row, false));
    Some(NullBuffer::new(left.finish()))
}

/// A date moved by a number of days.
pub(super) fn checked_day(date: i32, days: i64) -> EvalResult<i32> {
    let moved = i64::from(date).checked_add(days).and_then(|d| i32::try_from(d).ok());
    moved.filter(|d| row::in_calendar(*d)).ok_or(Fault::Overflow)
}

fn cast(column: &ArrayRef, to: Type) -> ArrayRef {
    match (column.data_type(), to) {
        (DataType::Int64, Type::Number | Type::Percent) => {
            Arc::new(column.as_primitive::<Int64Type>().unary::<_, Float64Type>(|v| v as f64))
        }
        (DataType::Decimal128(_, scale), Type::Number | Type::Percent) => {
            let convert =
                if *scale == MONEY_SCALE { number_kernels::number_of_money } else { number_kernels::number_of_score };
            Arc::new(column.as_primitive::<Decimal128Type>().unary::<_, Float64Type>(convert))
        }
        (DataType::FixedSizeBinary(_), Type::Number | Type::Percent) => {
            let decimals = column.as_fixed_size_binary();
            let number = |row| decimals.is_valid(row).then(|| decimal::to_number(decimal::value(decimals, row)) + 0.0);
            Arc::new((0..column.len()).map(number).collect::<Float64Array>())
        }
        (DataType::Date32, Type::DateTime) => Arc::new(
            column
                .as_primitive::<Date32Type>()
                .unary::<_, TimestampMicrosecondType>(|v| i64::from(v) * ops::MICROS_PER_DAY),
        ),
        (DataType::Timestamp(..), Type::Date) => {
            Arc::new(column.as_primitive::<TimestampMicrosecondType>().unary::<_, Date32Type>(ops::day_of))
        }
        _ => Arc::clone(column),
    }
}

type CompareKernel =
    fn(&dyn arrow::array::Datum, &dyn arrow::array::Datum) -> Result<BooleanArray, arrow::error::ArrowError>;

fn kernel(compare: CompareOp) -> CompareKernel {
    match compare {
        CompareOp::Equal => cmp::eq,
        CompareOp::NotEqual => cmp::neq,
        CompareOp::Less => cmp::lt,
        CompareOp::LessEqual => cmp::lt_eq,
        CompareOp::Greater => cmp::gt,
        CompareOp::GreaterEqual => cmp::gt_eq,
    }
}

/// A column of `rows` copies of a value.
pub fn repeat(value: &Value, ty: Type, rows: usize) -> ArrayRef {
    match value {
        Value::Null => new_null_array(&ty.arrow(), rows),
        Value::Boolean(v) => Arc::new(BooleanArray::from(vec![*v; rows])),
        Value::Integer(v) => Arc::new(Int64Array::from_value(*v, rows)),
        Value::Number(v) => Arc::new(Float64Array::from_value(*v, rows)),
        Value::Money(v) | Value::Score(v) => Arc::new(Decimal128Array::from_value(*v, rows).with_data_type(ty.arrow())),
        Value::Date(v) => Arc::new(Date32Array::from_value(*v, rows)),
        Value::DateTime(v) => Arc::new(TimestampMicrosecondArray::from_value(*v, rows)),
        Value::Text(v) => Arc::new(StringViewArray::from_iter_values(std::iter::repeat_n(v.as_ref(), rows))),
        Value::Decimal(v) => decimal::array(std::iter::repeat_n(Some(*v), rows)),
        // Rows have no literals.
        Value::Rows(_) => new_null_array(&ty.arrow(), rows),
    }
}

pub(super) fn boolean(column: &ArrayRef) -> BooleanArray {
    column.as_boolean_opt().cloned().unwrap_or_else(|| unknown(column.len()))
}

pub(super) fn unknown(rows: usize) -> BooleanArray {
    BooleanArray::from(vec![None; rows])
}

/// True where the condition is true; false, not null, everywhere else.
pub fn is_true(condition: &BooleanArray) -> BooleanArray {
    match condition.nulls() {
        Some(nulls) => BooleanArray::new(condition.values() & nulls.inner(), None),
        None => condition.clone(),
    }
}

fn not_true(condition: &BooleanArray) -> BooleanArray {
    BooleanArray::new(!is_true(condition).values(), None)
}

fn not_false(condition: &BooleanArray) -> BooleanArray {
    BooleanArray::new(!is_true(&not(condition).unwrap_or_else(|_| unknown(condition.len()))).values(), None)
}

pub(super) fn both(active: Active, condition: &BooleanArray) -> BooleanArray {
    match active {
        Some(active) => and(active, condition).unwrap_or_else(|_| condition.clone()),
        None => condition.clone(),
    }
}

fn choose(mask: &BooleanArray, then: &ArrayRef, otherwise: &ArrayRef) -> ArrayRef {
    zip(mask, then, otherwise).unwrap_or_else(|_| new_null_array(then.data_type(), then.len()))
}

/// `column` with null where `condition` is null.
fn null_where_unknown(column: &ArrayRef, condition: &BooleanArray) -> ArrayRef {
    match is_null(condition) {
        Ok(unknown) if unknown.true_count() > 0 => {
            nullif(column, &unknown).unwrap_or_else(|_| new_null_array(column.data_type(), column.len()))
        }
        _ => Arc::clone(column),
    }
}
