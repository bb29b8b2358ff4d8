//! Reads cut-offs that are written in a test file or saved in a file of their own.

use accolade_engine::SavedCutOffs;
use accolade_engine::files::io_error_reason;
use accolade_engine::rules::thresholds::cutoffs::CutOffs;
use accolade_parser::syntax::fields;
use accolade_parser::syntax::key::Shape;
use accolade_parser::yaml::node::{Node, Style};
use accolade_parser::{Code, Diagnostic};
use indexmap::IndexMap;
use serde_yaml::Value as Yaml;

use super::SuiteReader;

/// A file, or lists of values by rule and name.
pub(super) const SHAPE: Shape = Shape::Either(&[Shape::File, Shape::MapByLabel(&Shape::Any)]);

impl SuiteReader<'_> {
    pub(super) fn cut_offs(&mut self, node: &Node) -> Option<IndexMap<String, CutOffs>> {
        if let Node::Scalar(scalar) = node {
            let path = self.folder.join(&fields::text(node, &mut self.out)?.text);
            let text = self.loader.load(&path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
            return match text {
                Ok(text) => match SavedCutOffs::read(&path.display().to_string(), &text) {
                    Ok(saved) => {
                        let rules = saved.rules.clone();
                        self.saved.push(saved);
                        Some(rules)
                    }
                    Err(findings) => {
                        self.out.extend(findings);
                        None
                    }
                },
                Err(error) => {
                    let message =
                        format!("the cut-offs `{}` cannot be read: {}", path.display(), io_error_reason(&error));
                    self.out.push(Diagnostic::new(Code::E0701, message).at(scalar.span));
                    None
                }
            };
        }
        let mut all = IndexMap::new();
        for entry in &fields::mapping(node, &mut self.out)?.entries {
            match serde_yaml::from_value::<CutOffs>(value(&entry.value)) {
                Ok(cut_offs) => {
                    all.insert(entry.key.text.clone(), cut_offs);
                }
                Err(error) => {
                    let message = format!("these are not cut-offs: {error}");
                    let help = "write lists of values by name, as `accolade calibrate` does: `A: [100000]`";
                    self.out.push(Diagnostic::new(Code::E0710, message).at(entry.value.span()).help(help));
                    return None;
                }
            }
        }
        Some(all)
    }
}

/// A node as a value for serde.
fn value(node: &Node) -> Yaml {
    match node {
        Node::Scalar(scalar) if scalar.style == Style::Plain => {
            serde_yaml::from_str(&scalar.text).unwrap_or_else(|_| Yaml::String(scalar.text.clone()))
        }
        Node::Scalar(scalar) => Yaml::String(scalar.text.clone()),
        Node::Sequence(items) => Yaml::Sequence(items.items.iter().map(value).collect()),
        Node::Mapping(mapping) => Yaml::Mapping(
            mapping.entries.iter().map(|entry| (Yaml::String(entry.key.text.clone()), value(&entry.value))).collect(),
        ),
    }
}
