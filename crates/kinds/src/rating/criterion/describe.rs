//! A criterion in words.

use accolade_parser::yaml::node::{Mapping, Node};
use accolade_rules::describe::{Block, code, grouped, one_line, pattern_text, script_text};
use accolade_rules::set::DescribeContext;

use super::super::points::Ramp;
use super::{Criterion, Method};

impl Criterion {
    /// Describes how points are given, on a scale with these ends.
    pub(in super::super) fn describe_points(&self, ends: &[String; 2]) -> String {
        let turned = self.lower_is_better;
        let [least, most] = if turned { [&ends[1], &ends[0]] } else { [&ends[0], &ends[1]] };
        match &self.method {
            Method::Ramp { ramp: Ramp::Direct, .. } if turned => {
                format!("the value itself on the turned scale: {most} counts as {least}")
            }
            Method::Ramp { ramp: Ramp::Direct, .. } => "the value itself, kept on the scale".to_owned(),
            Method::Ramp { ramp: Ramp::Linear { .. }, .. } => {
                let range = self.written.text.trim_start_matches("linear").trim();
                let (from, to) = range.split_once("..").unwrap_or((range, ""));
                let [from, to] = [from, to].map(|end| pattern_text(end.trim()));
                let way = if turned { "falling" } else { "rising" };
                format!("{least} points up to {from}, evenly {way} to {most} at {to} and more")
            }
            Method::Bands { .. } if turned => format!("by band, on the turned scale: {most} counts as {least}"),
            Method::Bands { .. } => "by band, see below".to_owned(),
            Method::Percentile { .. } => {
                format!("by the place among all customers: from {least} for the least to {most} for the greatest")
            }
            Method::Script(_) => {
                let turn = if turned { ", on the turned scale" } else { "" };
                match self.written.text.strip_prefix("script ") {
                    Some(file) => format!("what the script {} gives{turn}", code(file)),
                    None => format!("what its script gives, see below{turn}"),
                }
            }
        }
    }

    /// What does not fit on one line: the description, the bands or steps, and the script.
    pub(in super::super) fn details(&self, written: &Mapping, about: &DescribeContext) -> Vec<Block> {
        let mut blocks = Vec::new();
        if let Some(description) = written.get("description") {
            blocks.push(Block::Paragraph(format!("{}: {}", code(&self.name), one_line(description))));
        }
        for way in ["bands", "steps"] {
            let Some(Node::Mapping(bands)) = written.get(way) else { continue };
            let rows = bands.entries.iter().map(|band| {
                let value = match way {
                    "steps" => format!("{} and more", pattern_text(band.key.text.trim())),
                    _ => pattern_text(band.key.text.trim()),
                };
                vec![value, grouped(&one_line(&band.value).replace('_', ""))]
            });
            blocks.push(Block::Paragraph(format!("Points for {}:", code(&self.name))));
            blocks.push(Block::table(
                &[&self.fields().iter().map(|field| about.field(field.slot)).collect::<String>(), "points"],
                rows,
            ));
        }
        if let Some(Node::Scalar(script)) = written.get("script")
            && script.text.trim().lines().count() > 1
        {
            blocks
                .extend([Block::Paragraph(format!("The script of {}:", code(&self.name))), script_text(&script.text)]);
        }
        blocks
    }
}
