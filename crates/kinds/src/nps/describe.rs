//! Promoters, passives and detractors in words.

use accolade_rules::describe::{Block, code, pattern_text};
use accolade_rules::set::{Describe, DescribeContext};

use super::{ANSWERS, CATEGORIES, Nps};

impl Describe for Nps {
    fn describe(&self, about: &DescribeContext) -> Vec<Block> {
        let text = format!(
            "The answer is {}: how likely it is, from {} to {}, that the customer would recommend us.",
            about.field(self.answer.slot),
            ANSWERS.low,
            ANSWERS.high
        );
        let rows = CATEGORIES.iter().map(|(label, _, stretch)| vec![code(label), pattern_text(stretch)]);
        let mut blocks = vec![Block::Paragraph(text), Block::table(&["category", "answer"], rows)];
        if self.nullable {
            blocks.push(Block::paragraph("A customer who did not answer has no category."));
        }
        blocks
    }
}
