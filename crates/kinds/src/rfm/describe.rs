//! RFM in words.

use accolade_parser::expr::ast::BinRule;
use accolade_rules::describe::{Block, all_of, bound, code, count};
use accolade_rules::set::{Describe, DescribeContext};

use super::Rfm;
use super::bins::{BinMethod, Binning};

impl Describe for Rfm {
    fn describe(&self, about: &DescribeContext) -> Vec<Block> {
        let mut blocks = self.binning.describe(about);
        match &self.segments {
            Some(segments) => {
                let letters =
                    "In the conditions `r`, `f` and `m` are the scores of recency, frequency and monetary value.";
                blocks.extend([
                    segments.describe_hit_policy(),
                    segments.describe("segment"),
                    Block::paragraph(letters),
                ]);
            }
            None => blocks.push(Block::paragraph("The code has the three scores as its digits.")),
        }
        blocks
    }
}

impl Binning {
    fn describe(&self, about: &DescribeContext) -> Vec<Block> {
        let counts = self.counts();
        let mut columns = vec!["measure", "is", "scores"];
        let edges = |i: usize| match &self.method {
            BinMethod::Fixed(edges) => Some(edges[i].iter().map(bound).collect()),
            BinMethod::Computed { .. } => about.edges(self.metrics[i].name),
        };
        let divided = matches!(self.method, BinMethod::Fixed(_)) || about.cut_offs.is_some();
        columns.extend(divided.then_some("divided at"));
        let rows = (0..3).map(|i| {
            let better = if i == 0 { "less is better" } else { "more is better" };
            let scores = format!("1 to {}, {better}", count(counts[i]));
            let mut row = vec![self.metrics[i].name.to_owned(), about.field(self.metrics[i].slot), scores];
            row.extend(divided.then(|| all_of(&edges(i).unwrap_or_default())));
            row
        });
        let mut blocks = vec![Block::table(&columns, rows)];
        if let BinMethod::Computed { count: bins, by, nested } = &self.method {
            let how = match by {
                BinRule::Value => "by quantiles of the values, so that equal values have equal scores",
                BinRule::Rank => {
                    "by rank, so that each score has as many customers; among equal values the key decides"
                }
                BinRule::RPackage => "as the R package `rfm` does",
            };
            let mut text = format!("The customers are divided into {} parts {how}.", count(bins));
            if *nested {
                text += " Frequency is divided anew within each score of recency, and monetary value within each pair.";
            }
            blocks.push(Block::Paragraph(text));
        }
        blocks.push(Block::Paragraph(format!(
            "A customer who lacks one of them has no score; {} holds the three digits.",
            code(&format!("{}.code", about.rule.name.value))
        )));
        blocks
    }
}
