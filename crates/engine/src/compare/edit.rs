//! Copying single parts of a new rule file into the old one.

use accolade_parser::RuleFile;
use accolade_parser::yaml::node::{Entry, Mapping, Node};
use indexmap::IndexMap;

use super::rename::{RenamedLabel, with_new_names};

/// A part that can be copied.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Edit {
    Source(String),
    Period(String),
    Metric(String),
    Rule(String),
    Programme(String),
    Function(String),
    /// A part of a rule, by the keys that lead to it.
    Part(String, Vec<String>),
    /// Labels of a rule by other names, which by themselves move nobody.
    Labels(Vec<RenamedLabel>),
    /// A difference that moves nobody.
    Nothing,
}

/// The old file with these parts of the new one.
pub(super) fn applied(old: &RuleFile, new: &RuleFile, edits: &[&Edit]) -> RuleFile {
    let mut file = old.clone();
    for edit in edits {
        match edit {
            Edit::Source(name) => take(&mut file.sources, &new.sources, name),
            Edit::Period(name) => take(&mut file.periods, &new.periods, name),
            Edit::Metric(name) => {
                take(&mut file.profile.administrative, &new.profile.administrative, name);
                take(&mut file.profile.quantitative, &new.profile.quantitative, name);
                take(&mut file.profile.qualitative, &new.profile.qualitative, name);
            }
            Edit::Rule(name) => take(&mut file.rules, &new.rules, name),
            Edit::Programme(name) => take(&mut file.programmes, &new.programmes, name),
            Edit::Function(name) => take(&mut file.functions, &new.functions, name),
            Edit::Labels(renamed) => {
                for rule in file.rules.values_mut() {
                    rule.parameters = with_new_names(&rule.parameters, renamed);
                }
            }
            Edit::Part(rule, path) => {
                if let (Some(own), Some(other)) = (file.rules.get_mut(rule), new.rules.get(rule)) {
                    graft(&mut own.parameters, &other.parameters, path);
                }
            }
            Edit::Nothing => {}
        }
    }
    file
}

/// Makes an entry the same as in `new`: replaces, adds or removes it.
fn take<T: Clone>(own: &mut IndexMap<String, T>, new: &IndexMap<String, T>, name: &str) {
    match new.get(name) {
        Some(entry) => {
            own.insert(name.to_owned(), entry.clone());
        }
        None => {
            own.shift_remove(name);
        }
    }
}

fn graft(own: &mut Mapping, new: &Mapping, path: &[String]) {
    let Some((key, rest)) = path.split_first() else { return };
    let at = own.entries.iter().position(|e| e.key.text == *key);
    let theirs = new.entries.iter().find(|e| e.key.text == *key);
    match (at, theirs) {
        (Some(at), Some(theirs)) => match (&mut own.entries[at].value, &theirs.value) {
            (Node::Mapping(own), Node::Mapping(new)) if !rest.is_empty() => graft(own, new, rest),
            (own, new) => own.clone_from(new),
        },
        (Some(at), None) => {
            own.entries.remove(at);
        }
        (None, Some(Entry { key, value })) => own.entries.push(Entry { key: key.clone(), value: value.clone() }),
        (None, None) => {}
    }
}
