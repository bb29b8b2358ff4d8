//! The generated parser, and tests for identifiers and keywords.

use pest::Parser;
use pest::iterators::Pair;

#[derive(pest_derive::Parser)]
#[grammar = "expr/grammar.pest"]
struct Grammar;

pub(super) type ParseNode<'a> = Pair<'a, Rule>;

/// The node below the entry rule, or the error of pest.
pub(super) fn parse(entry: Rule, text: &str) -> Result<Option<ParseNode<'_>>, Box<pest::error::Error<Rule>>> {
    Grammar::parse(entry, text).map(|mut pairs| pairs.next()).map_err(Box::new)
}

/// Whether `text` can be a name.
pub(crate) fn is_identifier(text: &str) -> bool {
    if text.is_ascii() {
        return is_ascii_identifier(text);
    }
    Grammar::parse(Rule::identifier_entry, text).is_ok_and(|_| text.trim() == text)
}

/// The grammar's rule for ASCII text, without the tables of Unicode. Most names are ASCII.
fn is_ascii_identifier(text: &str) -> bool {
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    starts && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') && !KEYWORDS.contains(&text)
}

/// The words of the rule `keyword`.
const KEYWORDS: &[&str] =
    &["and", "or", "not", "in", "is", "missing", "if", "then", "else", "where", "to", "true", "false", "rest"];

/// Whether `text` is a word of the language.
pub(crate) fn is_keyword(text: &str) -> bool {
    KEYWORDS.contains(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_those_of_the_grammar() {
        let (_, rule) = include_str!("grammar.pest").split_once("keyword = @{").unwrap();
        let (rule, _) = rule.split_once('}').unwrap();
        let words: Vec<&str> = rule.split('"').skip(1).step_by(2).collect();
        assert_eq!(words, KEYWORDS);
    }

    #[test]
    fn names_of_ascii_are_those_of_the_grammar() {
        let parts = ["a", "Z", "_", "9", " ", ".", "-", "or", "rest", "to", "", "\n"];
        for text in parts.iter().flat_map(|a| parts.iter().flat_map(move |b| parts.map(|c| format!("{a}{b}{c}")))) {
            let read = Grammar::parse(Rule::identifier_entry, &text).is_ok_and(|_| text.trim() == text);
            assert_eq!(is_ascii_identifier(&text), read, "{text:?}");
        }
    }
}
