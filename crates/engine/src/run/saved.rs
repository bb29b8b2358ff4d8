//! Cut-offs in a file: computed once, reviewed, and used again.

use accolade_core::model::period;
use accolade_core::show;
use accolade_parser::{Code, DataPlace, Diagnostic, Diagnostics};
use accolade_rules::set::RuleSet;
use accolade_rules::thresholds::cutoffs::{CutOffs, unique_keys};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::basis::basis;
use super::differences::differences;
use super::{CutOffsOrigin, Outcome};
use crate::version::version;

/// The version of the file format.
const VERSION: u32 = 2;

/// How to make a file of cut-offs.
const CALIBRATE: &str = "calibrate again: `accolade calibrate RULES -o cutoffs.yaml`";

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
    /// By rule, what its cut-offs follow from.
    #[serde(default, deserialize_with = "unique_keys")]
    pub computed_from: IndexMap<String, Vec<String>>,
    /// The file they were read from, and the version of its text.
    #[serde(skip)]
    read_from: Option<(String, String)>,
    /// Whether cut-offs that are not listed are computed.
    #[serde(skip)]
    partial: bool,
}

impl SavedCutOffs {
    /// The cut-offs a run used.
    pub fn new(set: &RuleSet, outcome: &Outcome) -> Self {
        let basis = |rule: &String| (rule.clone(), basis(set, rule));
        let origin = outcome.cut_offs_origin.as_ref();
        SavedCutOffs {
            accolade_cut_offs: VERSION,
            rule_set: set.name.clone(),
            as_of: origin.map_or_else(|| show::date(outcome.as_of), |origin| origin.as_of.clone()),
            customers: origin.map_or(outcome.frame.rows, |origin| origin.customers),
            rules: outcome.cut_offs.clone(),
            computed_from: outcome.cut_offs.keys().map(basis).collect(),
            read_from: origin.map(|origin| (origin.file.clone(), origin.version.clone())),
            partial: false,
        }
    }

    /// Some of a rule set's cut-offs; the others are computed.
    pub fn partial(set: &RuleSet, rules: IndexMap<String, CutOffs>) -> Self {
        SavedCutOffs {
            accolade_cut_offs: VERSION,
            rule_set: set.name.clone(),
            as_of: String::new(),
            customers: 0,
            rules,
            computed_from: IndexMap::new(),
            read_from: None,
            partial: true,
        }
    }

    /// For each rule, the first of `saved` that are of the rule as it is in this set. Those of other rules are computed.
    pub(crate) fn fitting(set: &RuleSet, saved: &[&SavedCutOffs]) -> Self {
        let of_rule = |rule: &str| {
            let lines = basis(set, rule);
            let fits = |saved: &&&SavedCutOffs| saved.computed_from.get(rule).is_some_and(|of| *of == lines);
            Some((rule.to_owned(), saved.iter().find(fits)?.rules.get(rule)?.clone()))
        };
        SavedCutOffs::partial(set, set.rules().filter_map(of_rule).collect())
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
        let mut saved: SavedCutOffs = serde_yaml::from_str(text).map_err(|error| {
            let row = error.location().map(|l| l.line() as u64);
            wrong(format!("not a cut-offs file: {}", error.to_string().to_lowercase()), row)
        })?;
        match saved.accolade_cut_offs {
            VERSION => {}
            1 => {
                let message = "cut-offs of version 1 do not hold what they were computed from".to_owned();
                return Err(wrong(message, Some(1)));
            }
            other => return Err(wrong(format!("cut-offs of version {other} cannot be read"), Some(1))),
        }
        if period::parse_day(&saved.as_of).is_none() {
            return Err(wrong(format!("`as_of: {}` is not a date", saved.as_of), None));
        }
        saved.read_from = Some((file.to_owned(), version([text.as_bytes()])));
        Ok(saved)
    }

    /// The file's text.
    ///
    /// # Errors
    /// Never fails for the cut-offs of a run.
    pub fn write(&self) -> Result<String, Diagnostics> {
        serde_yaml::to_string(self).map_err(|error| Diagnostics::from(Diagnostic::new(Code::E0710, error.to_string())))
    }

    /// Where they come from, if they were read from a file.
    pub fn origin(&self) -> Option<CutOffsOrigin> {
        let (file, version) = self.read_from.clone()?;
        Some(CutOffsOrigin { file, version, as_of: self.as_of.clone(), customers: self.customers })
    }

    /// The warning (W0717) for cut-offs that were computed at a later date than `as_of`.
    pub fn younger_than(&self, as_of: i32) -> Option<Diagnostic> {
        period::parse_day(&self.as_of).filter(|day| *day > as_of)?;
        let message =
            format!("the cut-offs were computed at {}, after the date of the run, {}", self.as_of, show::date(as_of));
        let help = "use the cut-offs of that time, or leave out `--cutoffs`";
        Some(self.placed(Diagnostic::new(Code::W0717, message)).help(help))
    }

    /// Checks that the cut-offs were computed for this rule set, and those of each rule from what it is now.
    ///
    /// # Errors
    /// Fails with E0710 when they were computed for another rule set or from something else.
    pub fn check_rule_set(&self, set: &RuleSet) -> Result<(), Diagnostics> {
        if self.rule_set != set.name {
            let message = format!("the cut-offs were computed for `{}`, not for `{}`", self.rule_set, set.name);
            return Err(Diagnostics::from(self.unfit(message).help(CALIBRATE)));
        }
        let mut out = Diagnostics::new();
        if !self.partial {
            let rules = set.rules().filter(|rule| self.rules.contains_key(*rule));
            rules.for_each(|rule| out.extend(self.check_basis(set, rule)));
        }
        if out.has_errors() { Err(out) } else { Ok(()) }
    }

    /// The finding that the cut-offs of a rule were computed from something else than what it is now.
    fn check_basis(&self, set: &RuleSet, rule: &str) -> Option<Diagnostic> {
        let Some(old) = self.computed_from.get(rule) else {
            let message = format!("the cut-offs of the rule `{rule}` do not hold what they were computed from");
            return Some(self.unfit(message).help(CALIBRATE));
        };
        let found = differences(rule, old, &basis(set, rule));
        if found.is_empty() {
            return None;
        }
        let message = format!("the cut-offs of the rule `{rule}` were computed from something else");
        Some(found.into_iter().fold(self.unfit(message), Diagnostic::help).help(CALIBRATE))
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
        Err(Diagnostics::from(self.unfit(message).help(CALIBRATE)))
    }

    /// The finding that they do not fit.
    fn unfit(&self, message: String) -> Diagnostic {
        self.placed(Diagnostic::new(Code::E0710, message))
    }

    /// A finding about them, with the file they were read from.
    fn placed(&self, diagnostic: Diagnostic) -> Diagnostic {
        match &self.read_from {
            Some((file, _)) => diagnostic.in_data(DataPlace { file: file.clone(), row: None, column: None }),
            None => diagnostic,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rules: &str, expected: &str) {
        let head = "accolade_cut_offs: 2\nrule_set: ''\nas_of: 2026-01-01\ncustomers: 2\n";
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
        check("  class: {}\ncomputed_from:\n  class: []\n  class: []\n", "the key `class` is there twice");
    }
}
