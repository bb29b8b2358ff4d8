//! How deeply an expression may be nested.

use std::ops::Range;

use super::token::{Kind, Token, tokens};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// The levels a tree may have; what walks a tree may recurse this far. A chain such as `a + b + c`
/// is a tree as deep as the chain is long.
pub(super) const MAX_DEPTH: usize = 100;

/// The brackets and `if`s within each other. The grammar recurses for each, through many rules, so
/// it is kept well below what a thread's stack holds.
const MAX_NESTING: usize = 50;

/// What is open at a place of an expression: brackets, `if`s, and operators whose right side is
/// still being read, by precedence. The table is the one at the head of the grammar.
type Level = u8;
const BRACKET: Level = 0;
const IF: Level = 1;
const OR: Level = 2;
const AND: Level = 3;
const NOT: Level = 4;
const COMPARISON: Level = 5;
const OR_ELSE: Level = 6;
const SUM: Level = 7;
const PRODUCT: Level = 8;
const NEGATE: Level = 9;

/// The place where `text` is nested too deeply for the grammar and the precedence parser to be let
/// loose on it, and the limit. Decided from the words alone, without recursion.
pub(super) fn too_deep(text: &str) -> Option<(Range<usize>, usize)> {
    let mut open = Open::default();
    let mut tokens = tokens(text).peekable();
    while let Some(token) = tokens.next() {
        let or_else = token.text == "or" && tokens.next_if(|next| next.text == "else").is_some();
        if or_else {
            open.infix(OR_ELSE);
        } else {
            open.token(token);
        }
        if open.nesting > MAX_NESTING {
            return Some((token.range(), MAX_NESTING));
        }
        if open.levels.len() > MAX_DEPTH {
            return Some((token.range(), MAX_DEPTH));
        }
    }
    None
}

#[derive(Default)]
struct Open {
    levels: Vec<Level>,
    /// How many of them are brackets and `if`s.
    nesting: usize,
    after_operand: bool,
}

impl Open {
    fn token(&mut self, token: Token<'_>) {
        let after_operand = std::mem::replace(&mut self.after_operand, false);
        match (token.kind, token.text) {
            (Kind::Symbol, "(" | "[") => self.nest(BRACKET),
            (Kind::Symbol, ")" | "]") => {
                self.close_to(BRACKET);
                if self.levels.pop().is_some() {
                    self.nesting -= 1;
                }
                self.after_operand = true;
            }
            (Kind::Word, "if") => self.nest(IF),
            (Kind::Word, "then" | "else") => self.close_to(IF),
            (Kind::Symbol, ",") | (Kind::Word, "where" | "to") => self.close_to(BRACKET),
            (Kind::Word, "or") => self.infix(OR),
            (Kind::Word, "and") => self.infix(AND),
            // As in `not in` and `is not`.
            (Kind::Word, "not") if after_operand => self.after_operand = true,
            (Kind::Word, "not") => self.levels.push(NOT),
            (Kind::Symbol, "-") if !after_operand => self.levels.push(NEGATE),
            (Kind::Symbol, "+" | "-") => self.infix(SUM),
            (Kind::Symbol, "*" | "/") => self.infix(PRODUCT),
            // Names' points are no operators.
            (Kind::Symbol, ".") => {}
            (Kind::Symbol, _) | (Kind::Word, "in" | "is") => self.infix(COMPARISON),
            _ => self.after_operand = true,
        }
    }

    fn nest(&mut self, level: Level) {
        self.levels.push(level);
        self.nesting += 1;
    }

    /// Ends what is open above the last bracket, or the last bracket or `if`.
    fn close_to(&mut self, level: Level) {
        while let Some(last) = self.levels.pop() {
            if last <= level {
                self.levels.push(last);
                return;
            }
            self.nesting -= usize::from(last == IF);
        }
    }

    /// An infix operator takes what binds tighter as its left side.
    fn infix(&mut self, level: Level) {
        self.after_operand = false;
        while self.levels.pop_if(|last| *last >= level).is_some() {}
        self.levels.push(level);
    }
}

/// The error for it.
pub(super) fn error(span: Span, limit: usize) -> Diagnostic {
    Diagnostic::new(Code::E0203, format!("more than {limit} levels within each other"))
        .at(span)
        .help("give a part of it a name of its own, or write `in [\u{2026}]` instead of a chain of `or`")
}
