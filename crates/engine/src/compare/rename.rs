//! Labels that have another name and mean what they meant.

use accolade_parser::span::Span;
use accolade_parser::syntax::file::RuleDecl;
use accolade_parser::yaml::node::{Entry, Mapping, Node};
use accolade_rules::analysis::RuleKind;
use accolade_rules::describe::one_line;

use super::label::ClassLabel;

/// A label that was renamed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenamedLabel {
    /// The rule.
    pub rule: String,
    /// The part of its results that holds the label; none for the main one.
    pub part: Option<&'static str>,
    /// The name before.
    pub old: String,
    /// The name now.
    pub new: String,
    /// Where the old name is written.
    pub(super) span: Span,
}

/// The labels of a rule that were renamed: at the same place in the list, with the same meaning, and with a name that no
/// other label had.
pub(super) fn renamed_labels(kind: &RuleKind, was: &RuleDecl, is: &RuleDecl) -> Vec<RenamedLabel> {
    let (old, new) = ((kind.labels)(&was.parameters), (kind.labels)(&is.parameters));
    if old.len() != new.len() {
        return Vec::new();
    }
    let is_old = |name: &str| old.iter().any(|label| label.label.text == name);
    let is_new = |name: &str| new.iter().any(|label| label.label.text == name);
    let pairs = old.iter().zip(&new).filter(|(was, is)| {
        let same = was.part == is.part && was.value.map(one_line) == is.value.map(one_line);
        same && !is_new(&was.label.text) && !is_old(&is.label.text)
    });
    let renamed = pairs.map(|(before, now)| RenamedLabel {
        rule: was.name.value.clone(),
        part: before.part,
        old: before.label.text.clone(),
        new: now.label.text.clone(),
        span: before.label.span,
    });
    renamed.collect()
}

/// The parameters with the new names of these labels.
pub(super) fn with_new_names(parameters: &Mapping, renamed: &[RenamedLabel]) -> Mapping {
    let mut parameters = parameters.clone();
    rename(&mut parameters, renamed);
    parameters
}

fn rename(mapping: &mut Mapping, renamed: &[RenamedLabel]) {
    for Entry { key, value } in &mut mapping.entries {
        if let Some(label) = renamed.iter().find(|label| label.span == key.span) {
            key.text.clone_from(&label.new);
        }
        rename_in(value, renamed);
    }
}

fn rename_in(node: &mut Node, renamed: &[RenamedLabel]) {
    match node {
        Node::Scalar(scalar) => {
            if let Some(label) = renamed.iter().find(|label| label.span == scalar.span) {
                scalar.text.clone_from(&label.new);
            }
        }
        Node::Sequence(sequence) => sequence.items.iter_mut().for_each(|item| rename_in(item, renamed)),
        Node::Mapping(mapping) => rename(mapping, renamed),
    }
}

/// The new name of a label of this field.
pub(super) fn new_name(renamed: &[RenamedLabel], field: &str, label: &ClassLabel) -> ClassLabel {
    let ClassLabel::Class(name) = label else { return label.clone() };
    let is_it = |of: &&RenamedLabel| {
        let part = field.strip_prefix(of.rule.as_str()).and_then(|rest| rest.strip_prefix('.'));
        (field == of.rule && of.part.is_none() || part.is_some() && (of.part.is_none() || of.part == part))
            && of.old == *name
    };
    renamed.iter().find(is_it).map_or_else(|| label.clone(), |of| ClassLabel::Class(of.new.clone()))
}
