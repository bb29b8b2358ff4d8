//! An empathy map in words.

use accolade_rules::describe::{Block, code, names, one_line};
use accolade_rules::set::{Describe, DescribeContext};

use super::{EmpathyMap, QUADRANTS};

impl Describe for EmpathyMap {
    fn describe(&self, about: &DescribeContext) -> Vec<Block> {
        let written = |key: &str| about.rule.parameters.get(key).map(|node| code(&one_line(node)));
        let [quadrant, text] = ["quadrant", "text"].map(|key| written(key).unwrap_or_default());
        let mut words = format!(
            "Notes in {text} are collected for each customer by what they are about, in {quadrant}: {}.",
            names(QUADRANTS)
        );
        if let Some(period) = written("period") {
            words += &format!(" Those taken in {period} count.");
        }
        if let Some((field, _)) = &self.by {
            words += &format!(" The summary shows them by {}.", about.field(field.slot));
        }
        vec![Block::Paragraph(words)]
    }
}
