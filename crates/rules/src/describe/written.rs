//! Parts of a rule file as they are written.

use accolade_parser::yaml::node::{Entry, Mapping, Node};

use super::document::Block;
use super::text::code;

/// A node on one line.
pub fn one_line(node: &Node) -> String {
    match node {
        Node::Scalar(scalar) => scalar.text.split_whitespace().collect::<Vec<_>>().join(" "),
        Node::Sequence(items) => format!("[{}]", items.items.iter().map(one_line).collect::<Vec<_>>().join(", ")),
        Node::Mapping(mapping) => {
            let entry = |Entry { key, value }: &Entry| format!("{}: {}", key.text, one_line(value));
            format!("{{{}}}", mapping.entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
    }
}

/// The parameters of a rule, a row for each; a nested key has the path to it before its name.
pub fn parameters(mapping: &Mapping) -> Vec<Block> {
    let mut rows = Vec::new();
    collect(mapping, "", &mut rows);
    if rows.is_empty() { Vec::new() } else { vec![Block::table(&["parameter", "as written"], rows)] }
}

fn collect(mapping: &Mapping, way: &str, rows: &mut Vec<Vec<String>>) {
    for Entry { key, value } in &mapping.entries {
        let way = if way.is_empty() { key.text.clone() } else { format!("{way}: {}", key.text) };
        match value {
            Node::Mapping(inner) => collect(inner, &way, rows),
            other => rows.push(vec![code(&way), code(&one_line(other))]),
        }
    }
}

/// A script, or the name of its file.
pub fn script_text(text: &str) -> Block {
    if text.trim().lines().count() > 1 || !text.trim().ends_with(".rhai") {
        Block::Code(text.trim_end().to_owned())
    } else {
        Block::Paragraph(format!("Its script is {}.", code(text.trim())))
    }
}
