//! How deeply an expression may be nested.

use super::token::{Kind, tokens};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// The levels a tree may have. What walks a tree may recurse this far, so it is kept well below
/// what a thread's stack holds.
pub(super) const MAX_DEPTH: u32 = 100;

/// The first byte of `text` that is nested too deeply for the grammar to be let loose on it.
///
/// An estimate from the words alone that bounds the recursion: brackets, `if`s and prefix operators,
/// the latter two taken to hold until the bracket or the argument they are in ends.
pub(super) fn too_deep(text: &str) -> Option<usize> {
    let mut depth: u32 = 0;
    // The `if`s and prefix operators within each open bracket.
    let mut prefixes: Vec<u32> = vec![0];
    let mut after_operand = false;
    for token in tokens(text) {
        let mut operand = false;
        match (token.kind, token.text) {
            (Kind::Symbol, "(" | "[") => {
                depth += 1;
                prefixes.push(0);
            }
            (Kind::Symbol, ")" | "]") => {
                if prefixes.len() > 1 {
                    depth -= 1 + prefixes.pop().unwrap_or(0);
                }
                operand = true;
            }
            (Kind::Symbol, ",") => depth -= prefixes.last_mut().map_or(0, std::mem::take),
            (Kind::Word, "if" | "not") | (Kind::Symbol, "-") if !after_operand => {
                depth += 1;
                if let Some(count) = prefixes.last_mut() {
                    *count += 1;
                }
            }
            (Kind::Word, "and" | "or" | "not" | "in" | "is" | "if" | "then" | "else" | "where" | "to")
            | (Kind::Symbol, _) => {}
            _ => operand = true,
        }
        after_operand = operand;
        if depth > MAX_DEPTH {
            return Some(token.start);
        }
    }
    None
}

/// The error for it.
pub(super) fn error(span: Span) -> Diagnostic {
    Diagnostic::new(Code("E0203"), format!("more than {MAX_DEPTH} levels within each other"))
        .at(span)
        .help("give a part of it a name of its own, or write `in [\u{2026}]` instead of a chain of `or`")
}
