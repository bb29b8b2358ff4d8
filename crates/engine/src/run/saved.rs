//! Cut-offs in a file: computed once, reviewed, and used again.

use accolade_core::show;
use accolade_parser::{Code, DataPlace, Diagnostic, Diagnostics};
use accolade_rules::set::RuleSet;
use accolade_rules::thresholds::cutoffs::{CutOffs, unique_keys};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::Outcome;

/// The version of the file format.
const VERSION: u32 = 1;

/// Saved cut-offs, by rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedCutOffs {
    accolade_cut_offs: u32,
    /// The rule set they were computed for.
    pub rule_set: String,
    /// The date they were computed at.
    pub as_of: String,
    /// How many customers they were computed from.
    pub customers: usize,
    /// By rule.
    #[serde(deserialize_with = "unique_keys")]
    pub rules: IndexMap<String, CutOffs>,
    /// Whether cut-offs that are not listed are computed.
    #[serde(skip)]
    partial: bool,
}

impl SavedCutOffs {
    /// The cut-offs a run used.
    pub fn new(set: &RuleSet, outcome: &Outcome) -> Self {
        SavedCutOffs {
            accolade_cut_offs: VERSION,
            rule_set: set.name.clone(),
            as_of: show::date(outcome.as_of),
            customers: outcome.frame.rows,
            rules: outcome.cut_offs.clone(),
            partial: false,
        }
    }

    /// Some of a rule set's cut-offs; the others are computed.
    pub fn partial(set: &RuleSet, rules: IndexMap<String, CutOffs>) -> Self {
        let (rule_set, as_of) = (set.name.clone(), String::new());
        SavedCutOffs { accolade_cut_offs: VERSION, rule_set, as_of, customers: 0, rules, partial: true }
    }

    /// Reads a file's text; `file` names it in messages.
    ///
    /// # Errors
    /// Fails with E0710 when the text is not a cut-offs file of this version.
    pub fn read(file: &str, text: &str) -> Result<Self, Diagnostics> {
        let wrong = |message: String, row: Option<u64>| {
            let place = DataPlace { file: file.to_owned(), row, column: None };
            let help = "make the file with `accolade calibrate RULES -o cutoffs.yaml`";
            Diagnostics::from(Diagnostic::new(Code::E0710, message).in_data(place).help(help))
        };
        let saved: SavedCutOffs = serde_yaml::from_str(text).map_err(|error| {
            let row = error.location().map(|l| l.line() as u64);
            wrong(format!("not a cut-offs file: {}", error.to_string().to_lowercase()), row)
        })?;
        if saved.accolade_cut_offs != VERSION {
            return Err(wrong(format!("cut-offs of version {} cannot be read", saved.accolade_cut_offs), Some(1)));
        }
        Ok(saved)
    }

    /// The file's text.
    ///
    /// # Errors
    /// Never fails for the cut-offs of a run.
    pub fn write(&self) -> Result<String, Diagnostics> {
        serde_yaml::to_string(self).map_err(|error| Diagnostics::from(Diagnostic::new(Code::E0710, error.to_string())))
    }

    /// Checks that the cut-offs were computed for this rule set.
    ///
    /// # Errors
    /// Fails with E0710 when they were computed for another one.
    pub fn check_rule_set(&self, set: &RuleSet) -> Result<(), Diagnostics> {
        if self.rule_set == set.name {
            return Ok(());
        }
        let message = format!("the cut-offs were computed for `{}`, not for `{}`", self.rule_set, set.name);
        Err(Diagnostics::from(
            Diagnostic::new(Code::E0710, message).help("calibrate again: `accolade calibrate RULES -o cutoffs.yaml`"),
        ))
    }

    /// The saved cut-offs of a rule, which must have the same lists as `computed`.
    ///
    /// # Errors
    /// Fails with E0710 when the lists differ.
    pub(crate) fn of(&self, rule: &str, computed: &CutOffs) -> Result<CutOffs, Diagnostics> {
        let lists = |c: &CutOffs| c.0.keys().cloned().collect::<Vec<String>>();
        let mut saved = self.rules.get(rule).cloned().unwrap_or_default();
        if self.partial {
            let others = computed.0.iter().filter(|(list, _)| !saved.0.contains_key(*list));
            let others: Vec<_> = others.map(|(list, edges)| (list.clone(), edges.clone())).collect();
            saved.0.extend(others);
        }
        let (mut has, mut needs) = (lists(&saved), lists(computed));
        has.sort();
        needs.sort();
        if has == needs {
            return Ok(saved);
        }
        let message = format!(
            "the cut-offs do not fit the rule `{rule}`: it needs [{}], they have [{}]",
            needs.join(", "),
            has.join(", ")
        );
        Err(Diagnostics::from(
            Diagnostic::new(Code::E0710, message).help("calibrate again: `accolade calibrate RULES -o cutoffs.yaml`"),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rules: &str, expected: &str) {
        let head = "accolade_cut_offs: 1\nrule_set: ''\nas_of: 2026-01-01\ncustomers: 2\n";
        let found = SavedCutOffs::read("cut.yaml", &format!("{head}rules:\n{rules}")).unwrap_err();
        assert!(found.iter().any(|finding| finding.message.contains(expected)), "{found:?}");
        assert!(
            found.iter().all(|finding| finding.data.as_ref().is_some_and(|place| place.row.is_some())),
            "{found:?}"
        );
    }

    #[test]
    fn a_key_is_there_once() {
        check("  class: {bins: ['1']}\n  class: {bins: ['2']}\n", "the key `class` is there twice");
        check("  class: {bins: ['1'], bins: ['2']}\n", "the key `bins` is there twice");
    }
}
