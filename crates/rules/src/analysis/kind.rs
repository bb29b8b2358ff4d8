//! A rule kind.

use accolade_parser::syntax::file::Rule;
pub use accolade_parser::syntax::key::{Key, Notation, Shape, Sort};
use accolade_parser::yaml::node::{Entry, Mapping, Node, Scalar};

use crate::analysis::Analyser;
use crate::set::CompiledRule;

/// A rule kind: what a rule file says after `kind:`.
#[derive(Debug)]
pub struct Kind {
    /// Its name.
    pub name: &'static str,
    /// What it answers, in one line.
    pub summary: &'static str,
    /// The keys it understands.
    pub keys: &'static [Key],
    /// The labels that the parameters of a rule write, for editors; none where the kind gives its labels itself.
    pub labels: for<'a> fn(&'a Mapping) -> Vec<WrittenLabel<'a>>,
    /// Checks a rule of this kind; `None` after at least one diagnostic.
    pub compile: for<'a> fn(&Rule, &mut Analyser<'a>) -> Option<Box<dyn CompiledRule>>,
}

/// A label as the parameters of a rule write it.
#[derive(Clone, Copy, Debug)]
pub struct WrittenLabel<'a> {
    /// The part of the output that has it; none for the main result.
    pub part: Option<&'static str>,
    /// The label.
    pub label: &'a Scalar,
    /// What the rule says of it, such as a condition, where it says anything.
    pub says: Option<&'a Node>,
}

impl<'a> WrittenLabel<'a> {
    /// The labels of the main result below a key that maps labels to what is said of them.
    pub fn below(parameters: &'a Mapping, key: &str) -> Vec<WrittenLabel<'a>> {
        let Some(Node::Mapping(mapping)) = parameters.get(key) else { return Vec::new() };
        let written = |entry: &'a Entry| WrittenLabel { part: None, label: &entry.key, says: Some(&entry.value) };
        mapping.entries.iter().map(written).collect()
    }

    /// The label of the main result that is the value of a key, or the labels below it.
    pub fn at(parameters: &'a Mapping, key: &str) -> Vec<WrittenLabel<'a>> {
        match parameters.get(key) {
            Some(Node::Scalar(label)) => vec![WrittenLabel { part: None, label, says: None }],
            _ => WrittenLabel::below(parameters, key),
        }
    }

    /// The same label of another part of the output.
    pub fn of(self, part: &'static str) -> WrittenLabel<'a> {
        WrittenLabel { part: Some(part), ..self }
    }

    /// The field that has the label, of the rule of this name.
    pub fn field(&self, rule: &str) -> String {
        self.part.map_or_else(|| rule.to_owned(), |part| format!("{rule}.{part}"))
    }
}
