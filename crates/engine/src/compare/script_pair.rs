//! The scripts of both sides, to see which differ although the rule files name them alike.

use accolade_parser::Span;
use accolade_parser::yaml::node::Node;
use accolade_rules::set::ScriptTexts;

/// The scripts of the older and of the newer side.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ScriptPair<'a> {
    pub(super) old: &'a [ScriptTexts],
    pub(super) new: &'a [ScriptTexts],
}

impl ScriptPair<'_> {
    /// Whether the scripts that the sides name at these places differ, or a module that they import does.
    pub(super) fn differ(self, old: Span, new: Span) -> bool {
        let known = |span: Span| move |script: &&ScriptTexts| script.span == span;
        match (self.old.iter().find(known(old)), self.new.iter().find(known(new))) {
            (Some(old), Some(new)) => old.texts != new.texts,
            _ => false,
        }
    }

    /// Whether scripts in two nodes of one shape differ.
    pub(super) fn differ_in(self, old: &Node, new: &Node) -> bool {
        match (old, new) {
            (Node::Scalar(old), Node::Scalar(new)) => self.differ(old.span, new.span),
            (Node::Sequence(old), Node::Sequence(new)) => {
                old.items.iter().zip(&new.items).any(|(old, new)| self.differ_in(old, new))
            }
            (Node::Mapping(old), Node::Mapping(new)) => old
                .entries
                .iter()
                .any(|entry| new.get(&entry.key.text).is_some_and(|value| self.differ_in(&entry.value, value))),
            _ => false,
        }
    }
}
