//! Cohorts in words.

use accolade_rules::describe::{Block, code, condition_text, one_line};
use accolade_rules::set::{Describe, DescribeContext};

use super::{Cohort, EARLIER};

impl Describe for Cohort {
    fn describe(&self, about: &DescribeContext) -> Vec<Block> {
        let written = |key: &str| about.rule.parameters.get(key).map(one_line);
        let per = written("per").unwrap_or_else(|| "month".to_owned());
        let period = written("period").map_or_else(String::new, |text| code(&text));
        let mut lines = vec![
            format!(
                "{period} is divided into {} cohorts, one for each {per}; a customer is in the cohort of its first purchase.",
                self.slices.count
            ),
            format!("A customer who bought before {period} is {}; one who never bought has no cohort.", code(EARLIER)),
            "The summary follows how many of each cohort bought again later.".to_owned(),
        ];
        let dated =
            || about.set.demand.sources.iter().find(|source| source.is_dated()).map(|source| source.name.clone());
        let table = written("of").or_else(dated).map_or_else(String::new, |table| code(&table));
        let condition = written("where").map_or_else(String::new, |text| format!(" where {}", condition_text(&text)));
        lines.push(format!("A purchase is a row of {table}{condition}."));
        vec![Block::List(lines)]
    }
}
