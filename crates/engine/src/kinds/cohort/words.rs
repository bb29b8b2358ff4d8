//! Cohorts in words.

use super::{Cohort, EARLIER};
use crate::words::{About, Block, code, one_line};

impl Cohort {
    pub(super) fn in_words(&self, about: &About) -> Vec<Block> {
        let written = |key: &str| about.rule.parameters.get(key).map(one_line);
        let per = written("per").unwrap_or_else(|| "month".to_owned());
        let period = written("period").map_or_else(String::new, |text| code(&text));
        let counts = self.parts.first().map_or_else(String::new, |field| about.field(field.slot));
        let mut lines = vec![
            format!(
                "{period} is cut into {} cohorts, one for each {per}: that of a customer is the first in which it bought.",
                self.slices.count
            ),
            format!("Who bought before {period} is {}; who never bought has no cohort.", code(EARLIER)),
            "The summary follows how many of each cohort bought again later.".to_owned(),
        ];
        if let Some(condition) = written("where") {
            lines.push(format!("A purchase counts where {}.", crate::words::condition_text(&condition)));
        } else {
            lines.push(format!("What counts is {counts}, and so on."));
        }
        vec![Block::List(lines)]
    }
}
