//! Which classes, bands, segments, grades, missing-value policies and goal outcomes a suite's cases reach.

use std::collections::BTreeSet;

use accolade_engine::RuleSet;
use accolade_engine::rules::set::Step;
use accolade_parser::Span;

/// The branches that some customers took.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReachedBranches {
    rules: BTreeSet<(String, usize)>,
    goals: BTreeSet<(String, usize)>,
}

const OUTCOMES: [&str; 3] = ["met", "not met", "no data"];

impl ReachedBranches {
    pub(crate) fn rule(&mut self, rule: &str, branch: usize) {
        if !self.rules.contains(&(rule.to_owned(), branch)) {
            self.rules.insert((rule.to_owned(), branch));
        }
    }

    pub(crate) fn goal(&mut self, goal: &str, met: Option<bool>) {
        let outcome = match met {
            Some(true) => 0,
            Some(false) => 1,
            None => 2,
        };
        self.goals.insert((goal.to_owned(), outcome));
    }

    pub(crate) fn add(&mut self, other: &ReachedBranches) {
        self.rules.extend(other.rules.iter().cloned());
        self.goals.extend(other.goals.iter().cloned());
    }
}

/// One branch or outcome that a test can reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoverageTarget {
    /// The rule or goal.
    pub owner: String,
    /// What it is: `class`, `band`, `goal`, …
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Where it is written.
    pub span: Option<Span>,
    /// Whether a case reached it.
    pub reached: bool,
}

/// All that tests of a rule set can reach, in the order of the rule file.
#[derive(Clone, Debug, Default)]
pub struct Coverage(pub Vec<CoverageTarget>);

impl Coverage {
    pub(crate) fn new(set: &RuleSet, reached: &ReachedBranches) -> Coverage {
        let mut rules: Vec<(usize, Vec<CoverageTarget>)> = Vec::new();
        for step in &set.steps {
            let Step::Rule { name, rule, slots, .. } = step else { continue };
            let place = set.output.iter().position(|slot| slots.first() == Some(slot)).unwrap_or(usize::MAX);
            let targets = rule.branches().into_iter().enumerate().map(|(i, branch)| CoverageTarget {
                owner: name.clone(),
                kind: branch.what,
                name: branch.name,
                span: branch.span,
                reached: reached.rules.contains(&(name.clone(), i)),
            });
            rules.push((place, targets.collect()));
        }
        rules.sort_by_key(|(place, _)| *place);
        let goals = set.goals.iter().flat_map(|goal| {
            OUTCOMES.iter().enumerate().map(|(i, outcome)| CoverageTarget {
                owner: goal.name.clone(),
                kind: "goal",
                name: (*outcome).to_owned(),
                span: None,
                reached: reached.goals.contains(&(goal.name.clone(), i)),
            })
        });
        Coverage(rules.into_iter().flat_map(|(_, targets)| targets).chain(goals).collect())
    }

    /// The combined coverage of several suites of one rule set.
    pub fn merge<'c>(all: impl IntoIterator<Item = &'c Coverage>) -> Coverage {
        let mut all = all.into_iter();
        let mut whole = all.next().cloned().unwrap_or_default();
        for (own, other) in all.flat_map(|other| (0..other.0.len()).map(move |i| (i, &other.0[i]))) {
            if let Some(target) = whole.0.get_mut(own) {
                target.reached |= other.reached;
            }
        }
        whole
    }

    /// How many targets were reached, and how many there are.
    pub fn counts(&self) -> (usize, usize) {
        (self.0.iter().filter(|t| t.reached).count(), self.0.len())
    }

    /// The share of targets that was reached; 1 if there are none.
    pub fn share(&self) -> f64 {
        let (reached, all) = self.counts();
        if all == 0 { 1.0 } else { reached as f64 / all as f64 }
    }
}
