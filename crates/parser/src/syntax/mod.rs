//! Reads a rule file from the YAML tree, by tables of keys and the shapes of their values.

mod boolean_words;
mod cell_range;
mod encoding;
mod expect;
pub mod fields;
pub mod file;
mod format;
mod functions;
mod goals;
mod head;
pub mod key;
mod measures;
pub mod names;
mod periods;
mod profile;
mod programmes;
mod rules;
mod sources;

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::span::{SourceId, Span};
use crate::yaml;
use crate::yaml::node::{Mapping, Node};
use fields::Fields;
use file::RuleFile;
use key::{Key, Shape};
pub use names::to_valid_name;
pub use rules::KEYS as RULE_KEYS;

/// The keys of a rule file.
pub const KEYS: &[Key] = &[
    Key::required("accolade", Shape::Word(&["1"]), "the version of the language"),
    Key::optional("name", Shape::Text, "what the rule set is called"),
    Key::optional("description", Shape::Text, "what it is for"),
    Key::optional("time_zone", Shape::TimeZone, "the zone in whose days instants fall, such as `Europe/Amsterdam`"),
    Key::optional("currency", Shape::Currency, "the currency of amounts, such as `EUR`"),
    Key::optional("as_of", Shape::DATE, "the date at which customers are rated, unless a run sets another"),
    Key::optional("include", head::FILES, "rule files whose entries this one has too"),
    Key::optional("override", head::OVERRIDES, "entries of included files that this one replaces"),
    Key::optional("sources", sources::SHAPE, "the tables of input"),
    Key::optional("periods", periods::SHAPE, "named spans of time"),
    Key::optional("profile", Shape::Keys(profile::KEYS), "the record of a customer"),
    Key::optional("functions", functions::SHAPE, "functions that scripts define and expressions may call"),
    Key::optional("script_limits", functions::LIMITS, "what a script may use"),
    Key::optional("rules", rules::SHAPE, "how customers are rated"),
    Key::optional("measures", measures::SHAPE, "named figures of the customer base"),
    Key::optional("programmes", programmes::SHAPE, "efforts whose cost and effect are weighed"),
    Key::optional("goals", goals::SHAPE, "measures and their targets"),
];

/// Reads a rule file; `text` is all of it. Diagnostics come in the order of the file.
pub fn parse_rule_file(source: SourceId, text: &str) -> (RuleFile, Diagnostics) {
    let mut out = Diagnostics::new();
    let file = yaml::parse(source, text, &mut out).map(|node| read(node, &mut out)).unwrap_or_default();
    out.sort();
    (file, out)
}

/// Reads a rule file from bytes that need not be UTF-8.
pub fn parse_bytes(source: SourceId, bytes: &[u8]) -> (RuleFile, Diagnostics) {
    match decode(source, bytes) {
        Ok(text) => parse_rule_file(source, text),
        Err(diagnostic) => (RuleFile::default(), Diagnostics::from(*diagnostic)),
    }
}

/// The text of a file.
///
/// # Errors
/// Fails with E0005 at the first byte that is not UTF-8.
pub fn decode(source: SourceId, bytes: &[u8]) -> Result<&str, Box<Diagnostic>> {
    std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let diagnostic = Diagnostic::new(Code::E0005, format!("byte {at} is not UTF-8"));
        Box::new(diagnostic.at(Span::new(source, at..at + 1)).help("save the file as UTF-8"))
    })
}

fn read(node: Node, out: &mut Diagnostics) -> RuleFile {
    let mapping = match node {
        // An empty file is an empty mapping, so that only the missing key `accolade` is reported.
        Node::Scalar(scalar) if scalar.is_null() => Mapping { entries: Vec::new(), span: scalar.span },
        node => match fields::into_mapping(node, out) {
            Some(mapping) => mapping,
            None => return RuleFile::default(),
        },
    };
    let fields = Fields::new(&mapping, "a rule file", KEYS, out);
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
    if let Some(node) = fields.optional("measures") {
        file.measures = measures::read(node, out);
    }
    if let Some(node) = fields.optional("programmes") {
        file.programmes = programmes::read(node, out);
    }
    if let Some(node) = fields.optional("goals") {
        file.goals = goals::read(node, out);
    }
    // Read last, since this moves the rules out of the mapping. Their parameters stay nodes, which kinds read later.
    if let Some(entry) = mapping.entries.into_iter().find(|entry| entry.key.text == "rules") {
        file.rules = rules::read(entry.value, out);
    }
    file
}

#[cfg(test)]
mod tests;
