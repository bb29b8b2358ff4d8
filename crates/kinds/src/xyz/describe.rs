//! An XYZ analysis in words.

use accolade_rules::describe::{Block, code, one_line};
use accolade_rules::set::{Describe, DescribeContext};

use super::Xyz;

impl Describe for Xyz {
    fn describe(&self, about: &DescribeContext) -> Vec<Block> {
        let written = |key: &str| about.rule.parameters.get(key).map(one_line);
        let per = written("per").unwrap_or_else(|| "month".to_owned());
        let value = written("value").map_or_else(String::new, |text| code(&text));
        let period = written("period").map_or_else(String::new, |text| code(&text));
        let text = format!(
            "{value} is added up for each {per} of {period}. The coefficient of variation of these sums is \
             the standard deviation divided by the mean. The lower it is, the more regular is the customer. A {per} that \
             begins after the date of the run does not count."
        );
        let none = self.labels.last().map_or_else(String::new, |label| code(label));
        vec![
            Block::Paragraph(text),
            self.classes.describe("class", "variation"),
            Block::Paragraph(format!(
                "A customer whose mean is zero, or of whom there are fewer than two sums, is {none}."
            )),
        ]
    }
}
