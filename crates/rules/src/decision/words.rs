//! A decision list in words.

use super::{DecisionList, Hit};
use crate::describe::{Block, code, condition_text};

impl DecisionList {
    /// How it is read.
    pub fn intro(&self) -> Block {
        Block::paragraph(match self.hit {
            Hit::First => {
                "The first condition that holds decides; one that cannot be told for want of a value does not hold."
            }
            Hit::Unique => "Just one condition holds for each customer.",
        })
    }

    /// Each row: its label, for whom it is, and the condition as written; `what` is what a label is called.
    pub fn words(&self, what: &str) -> Block {
        let rows =
            self.labels.iter().zip(&self.conditions).zip(&self.rows).map(|((label, condition), (written, _))| {
                let (words, text) = match condition {
                    Some(_) => (condition_text(&written.text), code(&written.text)),
                    None => ("all others".to_owned(), code("rest")),
                };
                vec![code(label), words, text]
            });
        Block::table(&[what, "where", "as written"], rows)
    }
}
