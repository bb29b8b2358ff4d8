//! Functions of the language that compare the items of an array by a function of the script.
//!
//! Those of the engine swallow the errors of that function and go on, also when the time of the call is over.

use std::mem;

use rhai::{Array, Dynamic, Engine, EvalAltResult, FnPtr, NativeCallContext, Position};

use crate::native_result::NativeResult;

pub(crate) fn register(engine: &mut Engine) {
    for name in ["sort", "sort_by"] {
        engine.register_fn(name, |context: NativeCallContext, array: &mut Array, comparer: FnPtr| {
            sort(&context, array, &comparer)
        });
        // The name of a function, where the engine still takes one.
        engine.register_fn(name, |context: NativeCallContext, array: &mut Array, comparer: &str| {
            sort(&context, array, &FnPtr::new(comparer)?)
        });
    }
    for name in ["order", "order_by"] {
        engine.register_fn(name, |context: NativeCallContext, array: Array, comparer: FnPtr| {
            sorted(array, &mut |a, b| comes_before(&context, &comparer, a, b))
        });
    }
    engine
        .register_fn("dedup", |context: NativeCallContext, array: &mut Array| {
            without_repeats(array, |a, b| is_equal(&context, a, b))
        })
        .register_fn("dedup", |context: NativeCallContext, array: &mut Array, same: FnPtr| {
            without_repeats(array, |a, b| is_same(&context, &same, a, b))
        })
        .register_fn("dedup", |context: NativeCallContext, array: &mut Array, same: &str| {
            let same = FnPtr::new(same)?;
            without_repeats(array, |a, b| is_same(&context, &same, a, b))
        });
}

/// Sorts an array by a comparer. An array that cannot be sorted stays as it is.
fn sort(context: &NativeCallContext, array: &mut Array, comparer: &FnPtr) -> NativeResult<()> {
    *array = sorted(array.clone(), &mut |a, b| comes_before(context, comparer, a, b))?;
    Ok(())
}

/// A stable merge sort that ends with the first error.
fn sorted(mut items: Array, before: &mut impl FnMut(&Dynamic, &Dynamic) -> NativeResult<bool>) -> NativeResult<Array> {
    if items.len() < 2 {
        return Ok(items);
    }
    let right = items.split_off(items.len() / 2);
    let mut left = sorted(items, before)?.into_iter().peekable();
    let mut right = sorted(right, before)?.into_iter().peekable();
    let mut merged = Array::with_capacity(left.len() + right.len());
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        let next = if before(b, a)? { right.next() } else { left.next() };
        merged.extend(next);
    }
    merged.extend(left);
    merged.extend(right);
    Ok(merged)
}

/// Whether a comparer puts `a` before `b`: it gives a number below 0, or true.
fn comes_before(context: &NativeCallContext, comparer: &FnPtr, a: &Dynamic, b: &Dynamic) -> NativeResult<bool> {
    let given = comparer.call_raw(context, None, [a.clone(), b.clone()])?;
    let negative = given.as_int().map(|n| n < 0).or_else(|_| given.as_bool());
    let negative = negative.or_else(|_| given.as_float().map(|n| n < 0.0));
    negative
        .or_else(|_| given.as_decimal().map(|n| n.is_sign_negative() && !n.is_zero()))
        .map_err(|given| not_given(given, "a number or true or false"))
}

/// Removes items that are the same as the one before.
fn without_repeats(
    array: &mut Array,
    mut is_same: impl FnMut(&Dynamic, &Dynamic) -> NativeResult<bool>,
) -> NativeResult<()> {
    let mut last = 0;
    let mut kept = vec![true; array.len()];
    for index in 1..array.len() {
        kept[index] = !is_same(&array[last], &array[index])?;
        if kept[index] {
            last = index;
        }
    }
    *array = mem::take(array).into_iter().zip(kept).filter_map(|(item, kept)| kept.then_some(item)).collect();
    Ok(())
}

fn is_same(context: &NativeCallContext, same: &FnPtr, a: &Dynamic, b: &Dynamic) -> NativeResult<bool> {
    let given = same.call_raw(context, None, [a.clone(), b.clone()])?;
    given.as_bool().map_err(|given| not_given(given, "true or false"))
}

fn not_given(given: &str, wanted: &str) -> Box<EvalAltResult> {
    let message = format!("the function that compares gave {}, not {wanted}", crate::values::article(given));
    Box::new(EvalAltResult::ErrorRuntime(message.into(), Position::NONE))
}

/// Whether two values are equal; values of two types that cannot be compared are not.
fn is_equal(context: &NativeCallContext, a: &Dynamic, b: &Dynamic) -> NativeResult<bool> {
    match context.call_native_fn_raw("==", true, &mut [&mut a.clone(), &mut b.clone()]) {
        Ok(equal) => Ok(equal.as_bool().unwrap_or(false)),
        Err(error) => match *error {
            EvalAltResult::ErrorFunctionNotFound(..) if a.type_id() != b.type_id() => Ok(false),
            _ => Err(error),
        },
    }
}
