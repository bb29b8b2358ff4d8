//! A rule kind.

use accolade_parser::syntax::file::RuleDecl;
pub use accolade_parser::syntax::key::{Key, NameKind, Notation, Shape};
use accolade_parser::yaml::node::{Entry, Mapping, Node, Scalar};

use crate::analysis::Analyser;
use crate::set::CompiledRule;

/// A rule kind, named after `kind:` in a rule.
#[derive(Debug)]
pub struct RuleKind {
    /// Its name.
    pub name: &'static str,
    /// The question it answers, in one line.
    pub summary: &'static str,
    /// The keys it understands.
    pub keys: &'static [Key],
    /// Lists the labels in the parameters of a rule, for editors; empty if the kind itself fixes the labels.
    pub labels: for<'a> fn(&'a Mapping) -> Vec<WrittenLabel<'a>>,
    /// Checks a rule of this kind; `None` after at least one diagnostic.
    pub compile: for<'a> fn(&RuleDecl, &mut Analyser<'a>) -> Option<Box<dyn CompiledRule>>,
}

/// A label in the parameters of a rule.
#[derive(Clone, Copy, Debug)]
pub struct WrittenLabel<'a> {
    /// The part of the output that has it; none for the main result.
    pub part: Option<&'static str>,
    /// The label.
    pub label: &'a Scalar,
    /// The value written for the label, such as a condition, if there is one.
    pub value: Option<&'a Node>,
}

impl<'a> WrittenLabel<'a> {
    /// The labels of the main result that are the keys of the mapping at `key`.
    pub fn below(parameters: &'a Mapping, key: &str) -> Vec<WrittenLabel<'a>> {
        let Some(Node::Mapping(mapping)) = parameters.get(key) else { return Vec::new() };
        let written = |entry: &'a Entry| WrittenLabel { part: None, label: &entry.key, value: Some(&entry.value) };
        mapping.entries.iter().map(written).collect()
    }

    /// The label of the main result that is the scalar at `key`, or the labels that are the keys of a mapping there.
    pub fn at(parameters: &'a Mapping, key: &str) -> Vec<WrittenLabel<'a>> {
        match parameters.get(key) {
            Some(Node::Scalar(label)) => vec![WrittenLabel { part: None, label, value: None }],
            _ => WrittenLabel::below(parameters, key),
        }
    }

    /// The same label of another part of the output.
    pub fn of(self, part: &'static str) -> WrittenLabel<'a> {
        WrittenLabel { part: Some(part), ..self }
    }

    /// The name of the field that has the label; `rule` is the name of the rule.
    pub fn field(&self, rule: &str) -> String {
        self.part.map_or_else(|| rule.to_owned(), |part| format!("{rule}.{part}"))
    }
}
