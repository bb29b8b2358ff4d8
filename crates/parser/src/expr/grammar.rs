//! The generated parser and what all readers of the grammar share.

use pest::Parser;
use pest::iterators::Pair;

#[derive(pest_derive::Parser)]
#[grammar = "expr/grammar.pest"]
struct Grammar;

pub(super) type Node<'a> = Pair<'a, Rule>;

/// The node below the entry rule, or what pest says is wrong.
pub(super) fn parse(entry: Rule, text: &str) -> Result<Option<Node<'_>>, Box<pest::error::Error<Rule>>> {
    Grammar::parse(entry, text).map(|mut pairs| pairs.next()).map_err(Box::new)
}

/// Whether `text` can be a name.
pub(crate) fn is_identifier(text: &str) -> bool {
    Grammar::parse(Rule::identifier_entry, text).is_ok_and(|_| text.trim() == text)
}

/// Whether `text` is a word of the language.
pub(crate) fn is_keyword(text: &str) -> bool {
    Grammar::parse(Rule::keyword_entry, text).is_ok_and(|_| text.trim() == text)
}
