//! The differences between the parameters of a rule on both sides.

use accolade_parser::yaml::node::{Mapping, Node};
use accolade_rules::analysis::Key;
use accolade_rules::describe::one_line;

use super::path_text::path_text;
use super::script_pair::ScriptPair;

/// What is needed to compare the parameters of a rule.
#[derive(Clone, Copy)]
pub(super) struct ParameterDiff<'a> {
    /// The keys of its kind.
    pub(super) keys: &'a [Key],
    /// The scripts of both sides.
    pub(super) scripts: ScriptPair<'a>,
}

impl ParameterDiff<'_> {
    /// Finds the parts of a mapping that differ, each with its path and a description.
    pub(super) fn mapping(
        self,
        old: &Mapping,
        new: &Mapping,
        path: &mut Vec<String>,
        found: &mut Vec<(Vec<String>, String)>,
    ) {
        for entry in &old.entries {
            path.push(entry.key.text.clone());
            match new.get(&entry.key.text) {
                Some(value) => self.node(&entry.value, value, path, found),
                None => found.push((path.clone(), format!("{} removed", path_text(path, self.keys)))),
            }
            path.pop();
        }
        for entry in new.entries.iter().filter(|entry| old.get(&entry.key.text).is_none()) {
            path.push(entry.key.text.clone());
            let words = format!("{} {} added", path_text(path, self.keys), one_line(&entry.value));
            found.push((path.clone(), words));
            path.pop();
        }
    }

    fn node(self, old: &Node, new: &Node, path: &mut Vec<String>, found: &mut Vec<(Vec<String>, String)>) {
        let other_script = self.scripts.differ_in(old, new);
        if one_line(old) == one_line(new) && !other_script {
            return;
        }
        let (Node::Mapping(was), Node::Mapping(is)) = (old, new) else {
            let words = if other_script {
                format!("{} changed", path_text(path, self.keys))
            } else {
                self.changed(old, new, path)
            };
            return found.push((path.clone(), words));
        };
        let entries = |m: &Mapping| m.entries.iter().map(|e| e.key.text.clone()).collect::<Vec<_>>();
        let shape = Key::find(self.keys, path).map(|key| key.shape);
        if shape.is_some_and(|shape| shape.is_indivisible()) {
            found.push((path.clone(), self.changed(old, new, path)));
        } else if shape.is_some_and(|shape| shape.is_ordered()) && entries(was) != entries(is) {
            // An ordered mapping that gains, loses or moves an entry differs as a whole.
            let mut inner = Vec::new();
            self.mapping(was, is, path, &mut inner);
            let mut words: Vec<String> = inner.into_iter().map(|(_, words)| words).collect();
            let kept =
                |of: &[String], other: &[String]| of.iter().filter(|k| other.contains(k)).cloned().collect::<Vec<_>>();
            if kept(&entries(was), &entries(is)) != kept(&entries(is), &entries(was)) {
                let key = path.last().map_or("", String::as_str);
                words.push(format!("{key} in another order: {}", entries(is).join(", ")));
            }
            found.push((path.clone(), words.join("; ")));
        } else {
            self.mapping(was, is, path, found);
        }
    }

    fn changed(self, old: &Node, new: &Node, path: &[String]) -> String {
        format!("{} {} → {}", path_text(path, self.keys), one_line(old), one_line(new))
    }
}
