//! Concentration in words.

use accolade_rules::describe::{Block, all_of, code, percent};
use accolade_rules::set::{Describe, DescribeContext};

use super::{Concentration, LABELS, SHARE_PLACES};

impl Describe for Concentration {
    fn describe(&self, about: &DescribeContext) -> Vec<Block> {
        let of = about.field(self.of.slot);
        let [dependent, spread] = LABELS.map(code);
        let limit = percent(self.warn_above, SHARE_PLACES);
        let mut begins = String::new();
        if let Some([least]) = about.edges(LABELS[0]).as_deref() {
            begins = format!(", which begins at {least}");
        }
        let mut lines = vec![
            format!(
                "A customer who brings more than {limit} of all {of}{begins} is {dependent}, and a run warns of it."
            ),
            format!("All others are {spread}."),
        ];
        if !self.top.is_empty() {
            let top: Vec<String> = self.top.iter().map(|top| top.text.clone()).collect();
            lines.push(format!("The summary shows what part of {of} the {} customers bring.", all_of(&top)));
        }
        vec![Block::List(lines)]
    }
}
