//! The stages of a customer's life in words.

use super::{LABELS, Lifecycle};
use crate::words::{About, Block, all_of, code};

impl Lifecycle {
    pub(super) fn in_words(&self, about: &About) -> Vec<Block> {
        let bought = self.counts.iter().map(|field| about.field(field.slot)).collect::<Vec<_>>();
        let rows = LABELS.iter().map(|(label, tests)| {
            let tests: Vec<String> = tests
                .iter()
                .map(|(count, any)| {
                    let word = if *any { "something" } else { "nothing" };
                    format!("{word} {}", self.words[*count])
                })
                .collect();
            vec![code(label), all_of(&tests)]
        });
        vec![Block::table(&["stage", "bought"], rows), Block::Paragraph(format!("What counts is {}.", all_of(&bought)))]
    }
}
