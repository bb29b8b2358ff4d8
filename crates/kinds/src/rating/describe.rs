//! A rating in words.

use accolade_core::show;
use accolade_parser::yaml::node::{Mapping, Node};
use accolade_rules::describe::{Block, code, grouped, one_line, percent};
use accolade_rules::set::{Describe, DescribeContext};

use super::criterion::Criterion;
use super::points::PLACES;
use super::score::MissingPolicy;
use super::{Rating, criterion};

impl Describe for Rating {
    fn describe(&self, about: &DescribeContext) -> Vec<Block> {
        let ends = [self.scale.low, self.scale.high].map(|end| grouped(&show::decimal(i128::from(end), PLACES, 0)));
        let mut blocks = vec![Block::Paragraph(format!(
            "Each criterion gives points from {} to {}; the score is their average by weight.",
            ends[0], ends[1]
        ))];
        let all: i128 = self.criteria.iter().map(|criterion| criterion.weight).sum();
        let mut columns = vec!["criterion", "weight"];
        columns.extend((all != criterion::FULL_WEIGHT).then_some("share"));
        columns.extend(["looks at", "points"]);
        let rows = self.criteria.iter().map(|criterion| {
            let weight = written(about, criterion).and_then(|c| c.get("weight")).map_or_else(String::new, one_line);
            let mut row = vec![code(&criterion.name), weight];
            row.extend((all != criterion::FULL_WEIGHT).then(|| {
                let share = accolade_core::ops::divide_half_even(criterion.weight * 10_000, all.max(1));
                percent(share, 4)
            }));
            let fields: Vec<String> = criterion.fields().iter().map(|field| about.field(field.slot)).collect();
            row.extend([fields.join(", "), criterion.describe_points(&ends)]);
            row
        });
        blocks.push(Block::table(&columns, rows.collect::<Vec<_>>()));
        for criterion in &self.criteria {
            if let Some(mapping) = written(about, criterion) {
                blocks.extend(criterion.details(mapping, about));
            }
        }
        blocks.extend(self.describe_missing_policy(&ends[0]));
        if let Some(grades) = &self.grades {
            blocks.extend([Block::paragraph("The score is graded:"), grades.describe("grade", "score")]);
        }
        blocks
    }
}

impl Rating {
    fn describe_missing_policy(&self, least: &str) -> Option<Block> {
        let what = match self.missing {
            _ if self.criteria.iter().all(|criterion| !criterion.nullable) => return None,
            MissingPolicy::Error => {
                "No criterion may be without a value: a run stops at a customer of whom one is not known.".to_owned()
            }
            MissingPolicy::Zero => format!("A criterion without a value counts as {least} points."),
            MissingPolicy::Renormalise => {
                "A criterion without a value does not count, and the weights of the others grow in proportion."
                    .to_owned()
            }
            MissingPolicy::Median => {
                "A criterion without a value counts as the median of the points that customers have for it.".to_owned()
            }
        };
        Some(Block::Paragraph(what))
    }
}

/// The criterion as it is written in the rule file.
fn written<'a>(about: &DescribeContext<'a>, criterion: &Criterion) -> Option<&'a Mapping> {
    let parameters = &about.rule.parameters;
    match parameters.get("criteria").or_else(|| parameters.get("aspects"))? {
        Node::Mapping(criteria) => match criteria.get(&criterion.name)? {
            Node::Mapping(mapping) => Some(mapping),
            _ => None,
        },
        _ => None,
    }
}
