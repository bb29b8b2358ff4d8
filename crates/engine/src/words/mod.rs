//! A rule set in words, for those who do not read rule files: plain data that others show.
//!
//! What a rule says is known to its kind ([`CompiledRule::words`](crate::kinds::CompiledRule::words)); the rest is told
//! here, one file for each section of a rule file.

mod depends;
mod document;
mod formula;
mod pattern;
mod periods;
mod population;
mod record;
mod rules;
mod scripts;
mod sources;
mod text;
mod written;

pub use self::depends::graph;
pub use self::document::{Block, Document, Graph, Node, Part, Sort, Table};
pub(crate) use self::formula::condition_text;
pub use self::formula::{condition, formula};
pub use self::pattern::pattern;
pub(crate) use self::pattern::pattern_text;
pub(crate) use self::scripts::script_text;
pub(crate) use self::text::{all_of, bound, code, count, edges, grouped, names, percent, value};
pub(crate) use self::written::one_line;

use accolade_parser::syntax::file::Rule;

use crate::measure::cutoffs::CutOffs;
use crate::model::set::RuleSet;
use crate::run::SavedCutOffs;
use accolade_core::files::Files;
use accolade_core::model::SlotId;
use accolade_core::show;

/// What a rule knows when it tells about itself.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// The rule set.
    pub set: &'a RuleSet,
    /// The rule as it is written.
    pub rule: &'a Rule,
    /// What its kind does, in one line.
    pub summary: &'static str,
    /// Its cut-offs, if they are known.
    pub cut_offs: Option<&'a CutOffs>,
}

impl About<'_> {
    /// A field by its name, or by its formula where it has none.
    pub fn field(&self, slot: SlotId) -> String {
        let Some(slot) = self.set.demand.slots.get(slot) else { return String::new() };
        // A field without a name of its own is called by its formula.
        accolade_parser::expr::expression_text(&slot.name).map_or_else(|_| code(&slot.name), |expr| formula(&expr))
    }

    /// The values in a list of the cut-offs; none if they are not known.
    pub fn edges(&self, list: &str) -> Option<Vec<String>> {
        self.cut_offs.map(|cut_offs| edges(cut_offs.get(list)))
    }

    /// The rule's parameters as they are written: what can be said of a kind that does not tell about itself.
    pub fn parameters(&self) -> Vec<Block> {
        written::parameters(&self.rule.parameters)
    }
}

/// The rule set in words; `cut_offs` say at which values classes begin.
pub fn describe(set: &RuleSet, files: &Files, cut_offs: Option<&SavedCutOffs>) -> Document {
    let title = if set.name.is_empty() { "rule set".to_owned() } else { set.name.clone() };
    let mut blocks: Vec<Block> = set.description.iter().map(Block::paragraph).collect();
    blocks.push(Block::Paragraph(head(set, cut_offs)));
    let mut parts = vec![
        sources::part(set),
        periods::part(set),
        record::part(set),
        rules::part(set, cut_offs),
        population::measures(set),
        population::programmes(set),
        population::goals(set),
        scripts::part(set, files),
        depends::part(set),
    ];
    parts.retain(|part| !part.is_empty());
    Document { title, blocks, parts }
}

/// The date, the currency and where cut-offs come from.
fn head(set: &RuleSet, cut_offs: Option<&SavedCutOffs>) -> String {
    let mut text = match set.as_of {
        Some(day) => format!("The date of the run is {} unless another is asked for.", show::date(day)),
        None => "The date of the run is given with each run.".to_owned(),
    };
    if let Some(currency) = &set.currency {
        text += &format!(" Amounts of money are in {currency}.");
    }
    if let Some(saved) = cut_offs {
        let at = if saved.as_of.is_empty() { String::new() } else { format!(" at {}", saved.as_of) };
        text +=
            &format!(" The values at which classes begin were computed from {} customers{at}.", count(saved.customers));
    } else {
        text += " Where a class depends on all customers, the value at which it begins is computed with each run.";
    }
    text
}
