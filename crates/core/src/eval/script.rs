//! Calls of functions that scripts define, for both evaluators.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BooleanArray, UInt32Array, new_null_array};
use arrow::compute::{filter, take};
use arrow::error::ArrowError;

use super::Env;
use crate::frame::value_at;
use crate::model::script::ScriptFailure;
use crate::model::{Column, ReturnType, ScriptFunction, Type, Value};
use crate::{ops, show};

/// The results for the active rows; missing where a required argument is missing.
pub(super) fn call_columns(
    function: &ScriptFunction,
    customers: Option<&ArrayRef>,
    arguments: &[ArrayRef],
    active: impl Fn(usize) -> bool,
    rows: usize,
    env: Env,
) -> ArrayRef {
    let needed: Vec<&ArrayRef> =
        function.parameters.iter().zip(arguments).filter(|(p, _)| !p.nullable).map(|(_, column)| column).collect();
    let called = |row: usize| active(row) && needed.iter().all(|column| column.is_valid(row));
    let mask: BooleanArray = (0..rows).map(|row| Some(called(row))).collect();
    let customers = customers.map_or_else(|| new_null_array(&Type::Text.arrow(), rows), Arc::clone);
    match results(function, &customers, arguments, &mask) {
        Ok(column) => column,
        Err(failed) => {
            if let CallError::Script(customer, failure) = failed {
                fail(function, &customer, &failure, env);
            }
            new_null_array(&function.returns.ty.arrow(), rows)
        }
    }
}

/// The result for one record; missing where a required argument is missing, or after a failure.
pub(super) fn call_record(function: &ScriptFunction, customer: &Value, arguments: &[Value], env: Env) -> Value {
    call_function(function, customer, arguments).unwrap_or_else(|failure| {
        fail(function, customer, &failure, env);
        Value::Null
    })
}

/// The result of a function for one record; missing where a required argument is missing.
///
/// # Errors
/// Fails if the script fails, or if an argument or the result is out of the range that is declared for it.
pub fn call_function(function: &ScriptFunction, customer: &Value, arguments: &[Value]) -> Result<Value, ScriptFailure> {
    if function.parameters.iter().zip(arguments).any(|(parameter, value)| !parameter.nullable && value.is_null()) {
        return Ok(Value::Null);
    }
    check_arguments(&function.parameters, arguments)?;
    let result = function.script.call(customer, arguments)?;
    check_result(function, result, arguments)
}

enum CallError {
    Script(Value, ScriptFailure),
    Arrow,
}

impl From<ArrowError> for CallError {
    fn from(_: ArrowError) -> Self {
        CallError::Arrow
    }
}

fn results(
    function: &ScriptFunction,
    customers: &ArrayRef,
    arguments: &[ArrayRef],
    mask: &BooleanArray,
) -> Result<ArrayRef, CallError> {
    if mask.true_count() == mask.len() {
        return all_results(function, customers, arguments);
    }
    let kept = arguments.iter().map(|a| filter(a, mask)).collect::<Result<Vec<ArrayRef>, ArrowError>>()?;
    let results = all_results(function, &filter(customers, mask)?, &kept)?;
    let mut next = 0..;
    let places: UInt32Array = mask.values().iter().map(|called| if called { next.next() } else { None }).collect();
    Ok(take(&results, &places, None)?)
}

fn all_results(function: &ScriptFunction, customers: &ArrayRef, arguments: &[ArrayRef]) -> Result<ArrayRef, CallError> {
    let rows = customers.len();
    let failed = |row: usize, failure| CallError::Script(value_at(customers, row), failure);
    let record = |row: usize| -> Vec<Value> { arguments.iter().map(|column| value_at(column, row)).collect() };
    if function.parameters.iter().any(|p| p.range.is_some() || p.allowed.is_some()) {
        for row in 0..rows {
            check_arguments(&function.parameters, &record(row)).map_err(|failure| failed(row, failure))?;
        }
    }
    let results = function.script.call_columns(customers, arguments, rows).map_err(|(row, f)| failed(row, f))?;
    if function.returns.range.is_some() || function.returns.allowed.is_some() {
        for row in 0..rows {
            check_result(function, value_at(&results, row), &record(row)).map_err(|failure| failed(row, failure))?;
        }
    }
    Ok(results)
}

fn check_arguments(parameters: &[Column], arguments: &[Value]) -> Result<(), ScriptFailure> {
    let outside = |(parameter, value): &(&Column, &Value)| {
        is_outside(parameter.range.as_ref(), parameter.allowed.as_ref(), value)
    };
    match parameters.iter().zip(arguments).find(outside) {
        None => Ok(()),
        Some((parameter, value)) => Err(ScriptFailure {
            message: format!("the argument `{}` is {}, which is out of range", parameter.name, show::quoted(value)),
            at: Some(parameter.span),
            inputs: Vec::new(),
        }),
    }
}

fn check_result(function: &ScriptFunction, result: Value, arguments: &[Value]) -> Result<Value, ScriptFailure> {
    let ReturnType { range, allowed, .. } = &function.returns;
    if !is_outside(range.as_ref(), allowed.as_ref(), &result) {
        return Ok(result);
    }
    let names = function.parameters.iter().map(|p| p.name.clone());
    Err(ScriptFailure {
        message: format!("it returned {}, which is out of range", show::quoted(&result)),
        at: None,
        inputs: names.zip(arguments.iter().map(show::quoted)).collect(),
    })
}

fn is_outside(range: Option<&(Value, Value)>, allowed: Option<&Vec<String>>, value: &Value) -> bool {
    if let (Some(allowed), Value::Text(text)) = (allowed, value) {
        return !allowed.iter().any(|a| **a == **text);
    }
    let Some((low, high)) = range else { return false };
    ops::compare(value, low).is_some_and(std::cmp::Ordering::is_lt)
        || ops::compare(value, high).is_some_and(std::cmp::Ordering::is_gt)
}

fn fail(function: &ScriptFunction, customer: &Value, failure: &ScriptFailure, env: Env) {
    let what = format!("the function `{}`", function.name);
    env.faults.record_failure(customer, failure.diagnostic(&what, customer, function.span, "declared here"));
}
