//! Expressions and the small notations around them. The grammar is `grammar.pest` in this folder.

pub mod ast;
mod class;
mod depth;
mod error;
mod fast_path;
mod grammar;
mod hint;
mod literal;
mod mistake;
mod parse;
mod pattern;
mod print;
mod print_notation;
mod reader;
mod strip;
pub mod token;
mod tree;

pub(crate) use grammar::{is_identifier, is_keyword};
pub use parse::{
    bins, class_cut, column_type, date, expression, expression_text, measure, number, pattern, pattern_text, period,
    range, share,
};
pub use strip::strip_spans;

#[cfg(test)]
mod tests;
