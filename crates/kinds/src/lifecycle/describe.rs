//! The stages of a customer's life in words.

use accolade_rules::describe::{Block, all_of, code};
use accolade_rules::set::{Describe, DescribeContext};

use super::{EVER, LABELS, Lifecycle};

impl Describe for Lifecycle {
    fn describe(&self, about: &DescribeContext) -> Vec<Block> {
        let [now, before] = [self.now, self.before].map(|period| code(&self.periods[period].name));
        let when = [format!("in {now}"), format!("in {before}"), format!("before {before}"), "at all".to_owned()];
        let rows = LABELS.iter().map(|(label, tests)| {
            let tests: Vec<String> = tests
                .iter()
                .map(|(count, any)| {
                    let word = if *any { "something" } else { "nothing" };
                    format!("{word} {}", when[*count])
                })
                .collect();
            vec![code(label), all_of(&tests)]
        });
        vec![
            Block::table(&["stage", "bought"], rows),
            Block::Paragraph(format!("What counts is {}.", about.field(self.counts[EVER].slot))),
        ]
    }
}
