//! Functions of dates.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray};
use arrow::compute::binary;
use arrow::datatypes::{Date32Type, Int64Type};
use chrono::Datelike;

use super::{Function, FunctionSql, FunctionTrend, Kernel, MissingResult, ScriptCalls, Trend, fixed};
use crate::model::{Type, Value};
use crate::ops;
use crate::ops::{EvalResult, Fault};
use crate::sql::tree::{SqlExpr, SqlOp, SqlType};
use crate::values::period::{add_months, date_of};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "days",
        signatures: &[fixed(&[Type::Date, Type::Date], Type::Integer)],
        doc: "Calendar days from the first date to the second; negative when the second is earlier. \
              The time of day of a datetime does not count.",
        examples: &[("days(2025-12-01, 2026-01-01)", "31"), ("days(2026-01-01, 2025-12-31)", "-1")],
        kernel: Kernel::Columns(|a| with_dates(a, |from, to| i64::from(to) - i64::from(from)), day_counts),
        sql: FunctionSql::Call(|call| Ok(SqlExpr::apply(SqlOp::DaysBetween, [call.operand(1), call.operand(0)]))),
        trend: FunctionTrend::PerArgument(&[Trend::Falling, Trend::Rising]),
        scripts: ScriptCalls::EXACT,
        missing: MissingResult::Never,
        phrase: Some("the days"),
    },
    Function {
        name: "days_between",
        signatures: &[fixed(&[Type::Date, Type::Date], Type::Integer)],
        doc: "The same as `days`.",
        examples: &[("days_between(2025-12-01, 2026-01-01)", "31")],
        kernel: Kernel::Columns(|a| with_dates(a, |from, to| i64::from(to) - i64::from(from)), day_counts),
        sql: FunctionSql::Call(|call| Ok(SqlExpr::apply(SqlOp::DaysBetween, [call.operand(1), call.operand(0)]))),
        trend: FunctionTrend::PerArgument(&[Trend::Falling, Trend::Rising]),
        scripts: ScriptCalls::WIDENED,
        missing: MissingResult::Never,
        phrase: Some("the days"),
    },
    Function {
        name: "months",
        signatures: &[fixed(&[Type::Date, Type::Date], Type::Integer)],
        doc: "Whole calendar months from the first date to the second: the largest n with first + n months ≤ second, \
              which is negative when the second is earlier.",
        examples: &[
            ("months(2025-01-31, 2025-02-28)", "1"),
            ("months(2025-01-15, 2025-03-14)", "1"),
            ("months(2025-03-15, 2025-01-20)", "-2"),
        ],
        kernel: Kernel::Row(|a| with_dates(a, whole_months)),
        sql: FunctionSql::Operator(SqlOp::WholeMonths),
        trend: FunctionTrend::Unknown,
        scripts: ScriptCalls::EXACT,
        missing: MissingResult::Never,
        phrase: Some("the whole months"),
    },
    Function {
        name: "years",
        signatures: &[fixed(&[Type::Date, Type::Date], Type::Integer)],
        doc: "Whole years from the first date to the second: the largest n with first + n years ≤ second, \
              which is negative when the second is earlier.",
        examples: &[
            ("years(2020-02-29, 2021-02-28)", "1"),
            ("years(2020-06-01, 2026-01-01)", "5"),
            ("years(2026-01-01, 2025-06-01)", "-1"),
        ],
        kernel: Kernel::Row(|a| with_dates(a, |from, to| whole_months(from, to).div_euclid(12))),
        sql: FunctionSql::Call(|call| {
            let months = SqlExpr::apply(SqlOp::WholeMonths, [call.operand(0), call.operand(1)]).cast(SqlType::Whole);
            // Division truncates, so a negative number of months is divided from the next multiple below.
            let below = SqlExpr::case(
                vec![(months.clone().compare(SqlOp::Less, SqlExpr::Whole(0)), SqlExpr::Whole(11))],
                SqlExpr::Whole(0),
            );
            let from = SqlExpr::apply(SqlOp::Minus, [months, below]);
            Ok(SqlExpr::apply(SqlOp::DivideWhole, [from, SqlExpr::Whole(12)]).cast(SqlType::Integer))
        }),
        trend: FunctionTrend::Unknown,
        scripts: ScriptCalls::EXACT,
        missing: MissingResult::Never,
        phrase: Some("the whole years"),
    },
    Function {
        name: "year_of",
        signatures: &[fixed(&[Type::Date], Type::Integer)],
        doc: "The year of a date.",
        examples: &[("year_of(2026-03-31)", "2026")],
        kernel: Kernel::Row(|a| part(a, |d| i64::from(d.year()))),
        sql: FunctionSql::Operator(SqlOp::Year),
        trend: FunctionTrend::Unknown,
        scripts: ScriptCalls::property("year"),
        missing: MissingResult::Never,
        phrase: None,
    },
    Function {
        name: "quarter_of",
        signatures: &[fixed(&[Type::Date], Type::Integer)],
        doc: "The quarter of a date, 1 to 4.",
        examples: &[("quarter_of(2026-03-31)", "1"), ("quarter_of(2026-10-01)", "4")],
        kernel: Kernel::Row(|a| part(a, |d| i64::from(d.month0() / 3 + 1))),
        sql: FunctionSql::Operator(SqlOp::Quarter),
        trend: FunctionTrend::Unknown,
        scripts: ScriptCalls::property("quarter"),
        missing: MissingResult::Never,
        phrase: None,
    },
    Function {
        name: "month_of",
        signatures: &[fixed(&[Type::Date], Type::Integer)],
        doc: "The month of a date, 1 to 12.",
        examples: &[("month_of(2026-03-31)", "3")],
        kernel: Kernel::Row(|a| part(a, |d| i64::from(d.month()))),
        sql: FunctionSql::Operator(SqlOp::Month),
        trend: FunctionTrend::Unknown,
        scripts: ScriptCalls::property("month"),
        missing: MissingResult::Never,
        phrase: None,
    },
    Function {
        name: "day_of",
        signatures: &[fixed(&[Type::Date], Type::Integer)],
        doc: "The day of the month of a date, 1 to 31.",
        examples: &[("day_of(2026-03-31)", "31")],
        kernel: Kernel::Row(|a| part(a, |d| i64::from(d.day()))),
        sql: FunctionSql::Operator(SqlOp::Day),
        trend: FunctionTrend::Unknown,
        scripts: ScriptCalls::property("day"),
        missing: MissingResult::Never,
        phrase: None,
    },
    Function {
        name: "weekday_of",
        signatures: &[fixed(&[Type::Date], Type::Integer)],
        doc: "The day of the week of a date, Monday 1 to Sunday 7.",
        examples: &[("weekday_of(2026-01-01)", "4")],
        kernel: Kernel::Row(|a| part(a, |d| i64::from(d.weekday().number_from_monday()))),
        sql: FunctionSql::Operator(SqlOp::Weekday),
        trend: FunctionTrend::Unknown,
        scripts: ScriptCalls::property("weekday"),
        missing: MissingResult::Never,
        phrase: None,
    },
    Function {
        name: "to_date",
        signatures: &[fixed(&[Type::DateTime], Type::Date)],
        doc: "The calendar date of a datetime.",
        examples: &[("to_date(2026-01-01T12:30:00)", "2026-01-01")],
        kernel: Kernel::Row(|a| {
            Ok(match a {
                [Value::DateTime(micros)] => Value::Date(ops::day_of(*micros)),
                _ => Value::Null,
            })
        }),
        sql: FunctionSql::Call(|call| Ok(call.operand(0).cast(SqlType::Date))),
        trend: FunctionTrend::Unknown,
        scripts: ScriptCalls::EXACT,
        missing: MissingResult::Never,
        phrase: None,
    },
];

fn with_dates(arguments: &[Value], result: impl Fn(i32, i32) -> i64) -> EvalResult<Value> {
    Ok(match arguments {
        [Value::Date(from), Value::Date(to)] => Value::Integer(result(*from, *to)),
        _ => Value::Null,
    })
}

/// The days between two columns of dates.
fn day_counts(arguments: &[ArrayRef], _: &mut dyn FnMut(usize, Fault)) -> Option<ArrayRef> {
    let [from, to] = arguments else { return None };
    let (from, to) = (from.as_primitive_opt::<Date32Type>()?, to.as_primitive_opt::<Date32Type>()?);
    let days = binary::<_, _, _, Int64Type>(from, to, |from, to| i64::from(to) - i64::from(from)).ok()?;
    Some(Arc::new(days))
}

fn part(arguments: &[Value], result: impl Fn(chrono::NaiveDate) -> i64) -> EvalResult<Value> {
    Ok(match arguments {
        [Value::Date(day)] => date_of(*day).map_or(Value::Null, |date| Value::Integer(result(date))),
        _ => Value::Null,
    })
}

fn whole_months(from: i32, to: i32) -> i64 {
    let (Some(a), Some(b)) = (date_of(from), date_of(to)) else { return 0 };
    let months = i64::from(b.year() - a.year()) * 12 + i64::from(b.month()) - i64::from(a.month());
    // The month count is right or one too great, by the day of the month.
    months - i64::from(add_months(from, months).is_some_and(|day| day > to))
}
