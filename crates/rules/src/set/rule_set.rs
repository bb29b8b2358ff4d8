//! A checked rule set.

use std::sync::Arc;

use accolade_core::model::demand::Demand;
use accolade_core::model::expr::TypedExpr;
use accolade_core::model::script::{ScriptExecution, ScriptFunction};
use accolade_core::model::source::Source;
use accolade_core::model::{Origin, SlotId, Type};
use accolade_parser::syntax::key::Key;
use accolade_parser::{RuleFile, Span};

use crate::explain::SourceText;
use crate::set::CompiledRule;

/// A rule file that passed every check, ready to calibrate and rate.
#[derive(Debug)]
pub struct RuleSet {
    /// `name:`
    pub name: String,
    /// `description:`
    pub description: Option<String>,
    /// `currency:`
    pub currency: Option<String>,
    /// `as_of:`, in days since 1970-01-01.
    pub as_of: Option<i32>,
    /// The data to read, and the fields of a record.
    pub demand: Demand,
    /// The computations, each after those it reads.
    pub steps: Vec<Step>,
    /// The output columns, in order; the first is the key.
    pub output: Vec<SlotId>,
    /// The fields of the profile, by section.
    pub profile: ProfileSlots,
    /// The functions that scripts define.
    pub functions: Vec<Arc<ScriptFunction>>,
    /// The scripts by their place in the rule file.
    pub script_texts: Vec<ScriptTexts>,
    /// Measures over the customer base.
    pub measures: Vec<crate::measures::Measure>,
    /// Programmes whose effect is measured.
    pub programmes: Vec<Arc<crate::programmes::Programme>>,
    /// Goals over the customer base.
    pub goals: Vec<crate::goals::Goal>,
    /// The rule file with all that it includes, as written.
    pub written: Arc<RuleFile>,
}

/// The texts that a script consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptTexts {
    /// Where the rule file names it.
    pub span: Span,
    /// Its canonical text, and after it those of the modules that it imports, by name.
    pub texts: Vec<String>,
}

/// The fields of a customer's profile by section, each in file order.
#[derive(Clone, Debug, Default)]
pub struct ProfileSlots {
    /// `administrative:`
    pub administrative: Vec<SlotId>,
    /// `quantitative:`
    pub quantitative: Vec<SlotId>,
    /// `qualitative:`
    pub qualitative: Vec<SlotId>,
}

/// One computation.
#[derive(Debug)]
pub enum Step {
    /// A derived field.
    Metric {
        /// Where its value goes.
        slot: SlotId,
        /// How it is computed, over slots.
        expr: TypedExpr,
        /// The same as written.
        written: SourceText,
    },
    /// A rule.
    Rule {
        /// Its name.
        name: String,
        /// Its kind.
        kind: &'static str,
        /// What its kind does, in one line.
        summary: &'static str,
        /// The keys that its kind gives it.
        keys: &'static [Key],
        /// Its `description:`
        description: Option<String>,
        /// The compiled rule.
        rule: Box<dyn CompiledRule>,
        /// Its outputs' slots, in the order of `CompiledRule::outputs`; the first is its main result.
        slots: Vec<SlotId>,
        /// Where it is named.
        span: Span,
    },
}

impl Step {
    /// The name of the field or rule.
    pub fn name<'a>(&'a self, set: &'a RuleSet) -> &'a str {
        match self {
            Step::Metric { slot, .. } => &set.demand.slots[*slot].name,
            Step::Rule { name, .. } => name,
        }
    }

    /// The slots it fills.
    pub fn fills(&self) -> &[SlotId] {
        match self {
            Step::Metric { slot, .. } => std::slice::from_ref(slot),
            Step::Rule { slots, .. } => slots,
        }
    }
}

impl RuleSet {
    /// The names of the rules, in the order in which they are computed.
    pub fn rules(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().filter_map(|step| match step {
            Step::Rule { name, .. } => Some(name.as_str()),
            Step::Metric { .. } => None,
        })
    }

    /// Every script: its purpose, its place in the rule file, and how it is run.
    pub fn scripts(&self) -> Vec<(String, Span, ScriptExecution<'_>)> {
        let functions = self.functions.iter().map(|f| (format!("function {}", f.name), f.span, f.script.execution()));
        let of_rules = self.steps.iter().flat_map(|step| match step {
            Step::Rule { name, rule, .. } => {
                let of_rule = rule.scripts().into_iter();
                of_rule.map(|(part, span, lowering)| (format!("{name}.{part}"), span, lowering)).collect()
            }
            Step::Metric { .. } => Vec::new(),
        });
        functions.chain(of_rules).collect()
    }

    /// The customers table and its place among the sources, if there is one.
    pub fn customers(&self) -> Option<(usize, &Source)> {
        self.demand.customers()
    }

    /// The slot of this name.
    pub fn slot(&self, name: &str) -> Option<SlotId> {
        self.demand.slot(name)
    }
}

impl RuleSet {
    /// The output columns for an overview: the key, a name, the headline metric, and each rule's main result.
    pub fn headings(&self) -> Vec<SlotId> {
        let headline = self.headline();
        let main = |slot: &SlotId| {
            matches!(self.demand.slots[*slot].origin, Origin::Step(step)
                if matches!(&self.steps[step], Step::Rule { slots, .. } if slots.first() == Some(slot)))
        };
        let shown = |slot: &SlotId| *slot == 0 || Some(*slot) == headline || main(slot);
        let mut slots: Vec<SlotId> = self.output.iter().filter(|s| shown(s)).copied().collect();
        // A name, if there is one, means more to a reader than a key.
        let text = |slot: &&SlotId| **slot != 0 && self.demand.slots[**slot].ty == Type::Text && !slots.contains(slot);
        if let Some(name) = self.output.iter().find(text) {
            slots.insert(1, *name);
        }
        slots
    }

    /// The amount that groups are compared by: what the first ABC rule ranks, or the first money metric.
    pub fn headline(&self) -> Option<SlotId> {
        let ranked = self.steps.iter().find_map(|step| match step {
            Step::Rule { rule, .. } => rule.ranks_by(),
            Step::Metric { .. } => None,
        });
        ranked.or_else(|| self.output.iter().copied().find(|s| self.demand.slots[*s].ty == Type::Money))
    }
}
