//! From the YAML tree to a rule file: which keys there are and what shape their values have.

pub mod fields;
pub mod file;
mod format;
mod functions;
mod goals;
mod head;
mod measures;
pub mod names;
mod periods;
mod profile;
mod programmes;
mod rules;
mod sources;

use fields::Fields;
use file::RuleFile;

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::span::{SourceId, Span};
use crate::yaml;
use crate::yaml::node::{Mapping, Node};

/// The keys of a rule file.
const KEYS: &[&str] = &[
    "accolade",
    "name",
    "description",
    "currency",
    "as_of",
    "include",
    "override",
    "sources",
    "periods",
    "profile",
    "functions",
    "script_limits",
    "rules",
    "measures",
    "programmes",
    "goals",
];

/// Reads a rule file; `text` is all of it. Diagnostics come in the order of the file.
pub fn parse_rule_file(source: SourceId, text: &str) -> (RuleFile, Diagnostics) {
    let mut out = Diagnostics::new();
    let file = yaml::parse(source, text, &mut out).map(|node| read(&node, &mut out)).unwrap_or_default();
    out.sort();
    (file, out)
}

/// Reads a rule file from bytes that need not be UTF-8.
pub fn parse_bytes(source: SourceId, bytes: &[u8]) -> (RuleFile, Diagnostics) {
    match decode(source, bytes) {
        Ok(text) => parse_rule_file(source, text),
        Err(diagnostic) => (RuleFile::default(), Diagnostics(vec![*diagnostic])),
    }
}

/// The text of a file, or where it stops being UTF-8.
pub fn decode(source: SourceId, bytes: &[u8]) -> Result<&str, Box<Diagnostic>> {
    std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let diagnostic = Diagnostic::new(Code("E0005"), format!("byte {at} is not UTF-8"));
        Box::new(diagnostic.at(Span::new(source, at..at + 1)).help("save the file as UTF-8"))
    })
}

fn read(node: &Node, out: &mut Diagnostics) -> RuleFile {
    // An empty file misses the same key as one that lacks it.
    let empty = Mapping { entries: Vec::new(), span: node.span() };
    let mapping = match node {
        Node::Scalar(scalar) if scalar.is_null() => &empty,
        node => match fields::mapping(node, out) {
            Some(mapping) => mapping,
            None => return RuleFile::default(),
        },
    };
    let fields = Fields::new(mapping, "a rule file", KEYS, out);
    let mut file = RuleFile::default();
    head::read(&fields, &mut file, out);
    if let Some(node) = fields.optional("sources") {
        file.sources = sources::read(node, out);
    }
    if let Some(node) = fields.optional("periods") {
        file.periods = periods::read(node, out);
    }
    if let Some(node) = fields.optional("profile") {
        file.profile = profile::read(node, out);
    }
    if let Some(node) = fields.optional("functions") {
        file.functions = functions::read(node, out);
    }
    if let Some(node) = fields.optional("script_limits") {
        file.script_limits = functions::limits(node, out);
    }
    if let Some(node) = fields.optional("rules") {
        file.rules = rules::read(node, out);
    }
    if let Some(node) = fields.optional("measures") {
        file.measures = measures::read(node, out);
    }
    if let Some(node) = fields.optional("programmes") {
        file.programmes = programmes::read(node, out);
    }
    if let Some(node) = fields.optional("goals") {
        file.goals = goals::read(node, out);
    }
    file
}

#[cfg(test)]
mod tests;
