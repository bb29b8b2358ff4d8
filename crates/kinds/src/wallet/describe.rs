//! Share of wallet in words.

use accolade_rules::describe::{Block, code};
use accolade_rules::set::{Describe, DescribeContext};

use super::Wallet;

impl Describe for Wallet {
    fn describe(&self, about: &DescribeContext) -> Vec<Block> {
        let [own, spend] = [&self.amounts.own, &self.amounts.spend].map(|field| about.field(field.slot));
        let none = self.labels.last().map_or_else(String::new, |label| code(label));
        vec![
            Block::Paragraph(format!(
                "The share of wallet is {own} divided by {spend}; what is left to win is {spend} less {own}."
            )),
            self.classes.describe("class", "share of wallet"),
            Block::Paragraph(format!(
                "A customer of whom one of them is missing, or whose {spend} is not above zero, is {none}."
            )),
        ]
    }
}
