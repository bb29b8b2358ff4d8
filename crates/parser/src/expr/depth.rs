//! Limits on the nesting of an expression.

use std::ops::Range;

use super::token::{Token, TokenKind, tokens};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// The greatest depth of a tree. Code that walks a tree may recurse this deep. A chain such as `a + b + c`
/// is a tree as deep as the chain is long.
pub(super) const MAX_DEPTH: usize = 100;

/// The greatest nesting of brackets and `if`s. The grammar recurses through many rules for each, so the
/// limit is well below what a thread's stack holds.
const MAX_NESTING: usize = 50;

/// A construct that is open at a place of an expression: a bracket, an `if`, or an operator whose right
/// side is still being read. Operators are ordered by the precedence table at the head of the grammar.
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

/// The place where `text` is nested more deeply than a limit, and the limit. It is found from the tokens
/// alone, without recursion, before the grammar and the precedence parser recurse on the text.
pub(super) fn too_deep(text: &str) -> Option<(Range<usize>, usize)> {
    let mut open = LevelStack::default();
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
struct LevelStack {
    levels: Vec<Level>,
    /// How many of them are brackets and `if`s.
    nesting: usize,
    after_operand: bool,
}

impl LevelStack {
    fn token(&mut self, token: Token<'_>) {
        let after_operand = std::mem::replace(&mut self.after_operand, false);
        match (token.kind, token.text) {
            (TokenKind::Symbol, "(" | "[") => self.nest(BRACKET),
            (TokenKind::Symbol, ")" | "]") => {
                self.close_to(BRACKET);
                if self.levels.pop().is_some() {
                    self.nesting -= 1;
                }
                self.after_operand = true;
            }
            (TokenKind::Word, "if") => self.nest(IF),
            (TokenKind::Word, "then" | "else") => self.close_to(IF),
            (TokenKind::Symbol, ",") | (TokenKind::Word, "where" | "to") => self.close_to(BRACKET),
            (TokenKind::Word, "or") => self.infix(OR),
            (TokenKind::Word, "and") => self.infix(AND),
            // As in `not in` and `is not`.
            (TokenKind::Word, "not") if after_operand => self.after_operand = true,
            (TokenKind::Word, "not") => self.levels.push(NOT),
            (TokenKind::Symbol, "-") if !after_operand => self.levels.push(NEGATE),
            (TokenKind::Symbol, "+" | "-") => self.infix(SUM),
            (TokenKind::Symbol, "*" | "/") => self.infix(PRODUCT),
            // The point in a path is no operator.
            (TokenKind::Symbol, ".") => {}
            (TokenKind::Symbol, _) | (TokenKind::Word, "in" | "is") => self.infix(COMPARISON),
            _ => self.after_operand = true,
        }
    }

    fn nest(&mut self, level: Level) {
        self.levels.push(level);
        self.nesting += 1;
    }

    /// Closes the levels above the last bracket (`BRACKET`), or above the last bracket or `if` (`IF`).
    fn close_to(&mut self, level: Level) {
        while let Some(last) = self.levels.pop() {
            if last <= level {
                self.levels.push(last);
                return;
            }
            self.nesting -= usize::from(last == IF);
        }
    }

    /// Opens an infix operator. Operators that bind at least as tightly belong to its left side.
    fn infix(&mut self, level: Level) {
        self.after_operand = false;
        while self.levels.pop_if(|last| *last >= level).is_some() {}
        self.levels.push(level);
    }
}

/// The error for an expression that is nested too deeply.
pub(super) fn error(span: Span, limit: usize) -> Diagnostic {
    Diagnostic::new(Code::E0203, format!("the expression is nested more than {limit} levels deep"))
        .at(span)
        .help("give a part of it a name of its own, or write `in [\u{2026}]` instead of a chain of `or`")
}
