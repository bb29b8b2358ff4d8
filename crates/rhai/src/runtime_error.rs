//! Run-time errors of scripts as messages for the author of the script.

use rhai::{EvalAltResult, Position};

use crate::call_clock::limited;
use crate::compile_error::lowercase;
use crate::values::article;

/// The message of an error and its position in the script. An error in a module is placed at the call.
pub(crate) fn describe(error: &EvalAltResult) -> (String, Position) {
    let place = error.position();
    let mut inner = error;
    let mut module = None;
    while let EvalAltResult::ErrorInFunctionCall(_, source, cause, _) | EvalAltResult::ErrorInModule(source, cause, _) =
        inner
    {
        if !source.is_empty() {
            module = Some((source.clone(), cause.position()));
        }
        inner = cause;
    }
    // Within the script's own text the innermost position is the most precise.
    let position = if module.is_none() && !inner.position().is_none() { inner.position() } else { place };
    let mut bare = shortened(what(inner));
    if let Some((source, at)) = module {
        let line = at.line().map_or(String::new(), |line| format!(", line {line}"));
        bare = format!("{bare} (in module `{source}`{line})");
    }
    (bare, position)
}

fn what(error: &EvalAltResult) -> String {
    match error {
        EvalAltResult::ErrorTerminated(why, _) => why.to_string(),
        EvalAltResult::ErrorRuntime(why, _) if why.is_string() => why.to_string(),
        EvalAltResult::ErrorFunctionNotFound(call, _) => match call.split_once(" (") {
            Some((name, types)) => not_taken(name, types.trim_end_matches(')')),
            None => format!("there is no function `{call}`"),
        },
        EvalAltResult::ErrorMismatchDataType(wanted, given, _) if given == "()" => {
            format!(
                "a value that must be {} is missing; test it with `== ()` or give a default with `??`",
                article(wanted)
            )
        }
        EvalAltResult::ErrorMismatchDataType(wanted, given, _) => {
            format!("a value that must be {} is {}", article(wanted), article(given))
        }
        EvalAltResult::ErrorTooManyOperations(_) => limited("it takes too many steps", "operations"),
        EvalAltResult::ErrorStackOverflow(_) => limited("its functions call each other too deeply", "call_depth"),
        EvalAltResult::ErrorDataTooLarge(what, _) if what.contains("tring") => {
            limited("it makes a text too long", "text")
        }
        EvalAltResult::ErrorDataTooLarge(..) => limited("it makes an array or a map too large", "items"),
        EvalAltResult::ErrorDotExpr(text, _) if text.contains("'()'") => {
            "the script reads a property of a missing value; test it with `== ()` or give a default with `??`"
                .to_owned()
        }
        other => {
            let text = other.to_string();
            let cut = text.rfind(" (line ").unwrap_or(text.len());
            lowercase(&text[..cut])
        }
    }
}

/// The message for a call with argument types that the function or operator does not take, separated by commas.
fn not_taken(name: &str, types: &str) -> String {
    let types: Vec<&str> = types.split(", ").map(|ty| if ty == "(" { "()" } else { ty }).collect();
    if types.contains(&"()") {
        return format!("`{name}` does not take a missing value; test it with `== ()` or give a default with `??`");
    }
    let types: Vec<String> = types.into_iter().map(article).collect();
    format!("`{name}` does not take {}", types.join(" and "))
}

/// A message without the middle of a long text that it names.
fn shortened(message: String) -> String {
    const MOST: usize = 400;
    let characters = message.chars().count();
    if characters <= MOST {
        return message;
    }
    let start: String = message.chars().take(MOST / 2).collect();
    let end: String = message.chars().skip(characters - MOST / 2).collect();
    format!("{start}…{end}")
}
