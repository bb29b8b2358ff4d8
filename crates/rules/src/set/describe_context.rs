//! A rule with what its description needs.

use accolade_core::model::SlotId;
use accolade_parser::syntax::file::RuleDecl;

use crate::describe;
use crate::describe::{Block, code, edges, formula};
use crate::set::RuleSet;
use crate::thresholds::cutoffs::CutOffs;

/// A rule, its set and its cut-offs, for a description.
#[derive(Clone, Copy, Debug)]
pub struct DescribeContext<'a> {
    /// The rule set.
    pub set: &'a RuleSet,
    /// The rule as it is written.
    pub rule: &'a RuleDecl,
    /// What its kind does, in one line.
    pub summary: &'static str,
    /// Its cut-offs, if they are known.
    pub cut_offs: Option<&'a CutOffs>,
}

impl DescribeContext<'_> {
    /// A field by its name, or by its formula where it has none.
    pub fn field(&self, slot: SlotId) -> String {
        let Some(slot) = self.set.demand.slots.get(slot) else { return String::new() };
        accolade_parser::expr::expression_text(&slot.name).map_or_else(|_| code(&slot.name), |expr| formula(&expr))
    }

    /// The values in a list of the cut-offs; none if they are not known.
    pub fn edges(&self, list: &str) -> Option<Vec<String>> {
        self.cut_offs.map(|cut_offs| edges(cut_offs.get(list)))
    }

    /// The rule's parameters as they are written: the description of a rule whose kind has none of its own.
    pub fn parameters(&self) -> Vec<Block> {
        describe::parameters(&self.rule.parameters)
    }
}
