//! Functions of the language whose result can be far larger than their arguments, with a limit on its size.
//!
//! The engine checks the size of a result only after the function has returned; these check while they build it.

use accolade_core::script::ScriptLimits;
use rhai::{Array, Dynamic, Engine, EvalAltResult, FnPtr, ImmutableString, NativeCallContext, Position};

use crate::guard;
use crate::native_result::NativeResult;

pub(crate) fn register(engine: &mut Engine, limits: &ScriptLimits) {
    let text = usize::try_from(limits.get("text")).unwrap_or(usize::MAX);
    engine
        .register_fn("replace", move |whole: &mut ImmutableString, part: &str, by: &str| replace(whole, part, by, text))
        .register_fn("replace", move |whole: &mut ImmutableString, part: char, by: &str| {
            replace(whole, part.encode_utf8(&mut [0; 4]), by, text)
        });
    let memory = guard::bytes(limits);
    engine
        .register_fn("map", move |context: NativeCallContext, array: &mut Array, make: FnPtr| {
            collected(array.iter().map(|item| make.call_raw(&context, None, [item.clone()])), memory)
        })
        .register_fn("zip", move |context: NativeCallContext, array: &mut Array, other: Array, make: FnPtr| {
            let pairs = array.iter().zip(other);
            collected(pairs.map(|(a, b)| make.call_raw(&context, None, [a.clone(), b])), memory)
        });
}

fn replace(whole: &mut ImmutableString, part: &str, by: &str, most: usize) -> NativeResult<()> {
    let grown = whole.matches(part).count().saturating_mul(by.len().saturating_sub(part.len()));
    if whole.len().saturating_add(grown) > most {
        let what = "Length of string".to_owned();
        return Err(Box::new(EvalAltResult::ErrorDataTooLarge(what, Position::NONE)));
    }
    *whole = whole.replace(part, by).into();
    Ok(())
}

fn collected(items: impl Iterator<Item = NativeResult<Dynamic>>, most: usize) -> NativeResult<Array> {
    let mut array = Array::new();
    let mut bytes = 0usize;
    for item in items {
        let item = item?;
        bytes = bytes.saturating_add(guard::size(&item, 0));
        if bytes > most {
            return Err(guard::too_much(most));
        }
        array.push(item);
    }
    Ok(array)
}
