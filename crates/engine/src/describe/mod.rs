//! The description of a rule set for people who do not read rule files, as plain data that the caller renders.
//!
//! A rule is described by its kind ([`Describe`](accolade_rules::set::Describe)). The other sections of a rule file are
//! described here, in a file each.

mod depends;
mod periods;
mod population;
mod record;
mod rules;
mod scripts;
mod sources;

use accolade_core::files::SourceFiles;
use accolade_core::show;
use accolade_rules::describe::{Block, Description, count};
use accolade_rules::set::RuleSet;

pub use self::depends::graph;
use crate::run::SavedCutOffs;

/// Describes a rule set. `cut_offs` hold the values at which classes begin.
pub fn describe(set: &RuleSet, files: &SourceFiles, cut_offs: Option<&SavedCutOffs>) -> Description {
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
    Description { title, blocks, parts }
}

/// The date, the currency and where cut-offs come from.
fn head(set: &RuleSet, cut_offs: Option<&SavedCutOffs>) -> String {
    let mut text = match set.as_of {
        Some(day) => format!("The date of the run is {} unless the run sets another.", show::date(day)),
        None => "The date of the run is given with each run.".to_owned(),
    };
    if let Some(currency) = &set.currency {
        text += &format!(" Amounts of money are in {currency}.");
    }
    if let Some(saved) = cut_offs {
        let at = if saved.as_of.is_empty() { String::new() } else { format!(" at {}", saved.as_of) };
        text +=
            &format!(" The values at which classes begin were computed from {} customers{at}.", count(saved.customers));
        if let Some(origin) = saved.origin() {
            text += &format!(" They are read from {} (version {}).", origin.file, origin.version);
        }
    } else {
        text += " Where a class depends on all customers, the value at which it begins is computed with each run.";
    }
    text
}
