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
        })
        .register_fn("pad", move |whole: &mut ImmutableString, length: i64, by: &str| pad(whole, length, by, text));
    splitting(engine, usize::try_from(limits.get("items")).unwrap_or(usize::MAX));
    let memory = guard::bytes(limits);
    engine
        .register_fn("map", move |context: NativeCallContext, array: Array, make: FnPtr| {
            collected(array.iter().map(|item| make.call_raw(&context, None, [item.clone()])), memory)
        })
        .register_fn("zip", move |context: NativeCallContext, array: Array, other: Array, make: FnPtr| {
            let pairs = array.iter().zip(other);
            collected(pairs.map(|(a, b)| make.call_raw(&context, None, [a.clone(), b])), memory)
        });
}

fn replace(whole: &mut ImmutableString, part: &str, by: &str, most: usize) -> NativeResult<()> {
    let grown = whole.matches(part).count().saturating_mul(by.len().saturating_sub(part.len()));
    if whole.len().saturating_add(grown) > most {
        return Err(text_too_long());
    }
    *whole = whole.replace(part, by).into();
    Ok(())
}

/// Fills a text up to `length` characters. The function of the engine never ends where there is nothing to fill it with.
fn pad(whole: &mut ImmutableString, length: i64, by: &str, most: usize) -> NativeResult<()> {
    let wanted = usize::try_from(length).unwrap_or(0);
    let missing = wanted.saturating_sub(whole.chars().count());
    if missing == 0 {
        return Ok(());
    }
    if by.is_empty() {
        let message = "`pad` cannot fill a text with an empty one".to_owned();
        return Err(Box::new(EvalAltResult::ErrorRuntime(message.into(), Position::NONE)));
    }
    if wanted > most {
        return Err(text_too_long());
    }
    whole.make_mut().extend(by.chars().cycle().take(missing));
    Ok(())
}

fn text_too_long() -> Box<EvalAltResult> {
    Box::new(EvalAltResult::ErrorDataTooLarge("Length of string".to_owned(), Position::NONE))
}

/// Registers the functions that split a text. One item too many is enough for the engine to refuse the result.
fn splitting(engine: &mut Engine, most: usize) {
    fn pieces<'a>(whole: &str, most: usize, parts: impl Iterator<Item = &'a str>) -> Array {
        let text = |part: &str| Dynamic::from(ImmutableString::from(part));
        if whole.is_empty() { vec![text(whole)] } else { parts.take(most.saturating_add(1)).map(text).collect() }
    }
    let segments = move |wanted: i64| usize::try_from(wanted).unwrap_or(0).clamp(1, most.saturating_add(1));
    engine
        .register_fn("split", move |s: &str, by: &str| pieces(s, most, s.split(by)))
        .register_fn("split", move |s: &str, by: char| pieces(s, most, s.split(by)))
        .register_fn("split", move |s: &str, by: &str, n: i64| pieces(s, most, s.splitn(segments(n), by)))
        .register_fn("split", move |s: &str, by: char, n: i64| pieces(s, most, s.splitn(segments(n), by)))
        .register_fn("split_rev", move |s: &str, by: &str| pieces(s, most, s.rsplit(by)))
        .register_fn("split_rev", move |s: &str, by: char| pieces(s, most, s.rsplit(by)))
        .register_fn("split_rev", move |s: &str, by: &str, n: i64| pieces(s, most, s.rsplitn(segments(n), by)))
        .register_fn("split_rev", move |s: &str, by: char, n: i64| pieces(s, most, s.rsplitn(segments(n), by)));
}

fn collected(items: impl Iterator<Item = NativeResult<Dynamic>>, most: usize) -> NativeResult<Array> {
    let mut array = Array::new();
    let mut bytes = 0usize;
    for item in items {
        let item = item?;
        bytes = bytes.saturating_add(guard::size(&item, 0)?);
        if bytes > most {
            return Err(guard::too_much(most));
        }
        array.push(item);
    }
    Ok(array)
}
