//! A decision list in words.

use super::{DecisionList, HitPolicy};
use crate::describe::{Block, code, condition_text};

impl DecisionList {
    /// A sentence on which condition decides.
    pub fn describe_hit_policy(&self) -> Block {
        Block::paragraph(match self.hit {
            HitPolicy::First => {
                "The first condition that holds decides; a condition that needs a missing value does not hold."
            }
            HitPolicy::Unique => "Exactly one condition holds for each customer.",
        })
    }

    /// A table of the rows: label, condition in words, condition as written; `what` is the heading of the labels.
    pub fn describe(&self, what: &str) -> Block {
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
