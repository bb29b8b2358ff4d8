//! The value of our tree is the value serde_yaml reads, for files of every style.

use proptest::prelude::*;
use serde_yaml::Value;

use super::robust::{check_offsets, scalars};
use crate::testing::document;
use crate::yaml::node::Node;

/// A tree to be written in some style; all scalars are texts.
#[derive(Clone, Debug)]
enum GeneratedNode {
    Text(Vec<String>, u8),
    List(Vec<GeneratedNode>, bool),
    Map(Vec<GeneratedNode>, bool),
}

/// Lines of words, so that they can be folded and broken.
fn lines() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("k[a-z0-9é€😀'\"\\\\#:]{0,4}( [a-zé'\"\\\\]{1,4}){0,3}", 1..4)
}

fn made() -> impl Strategy<Value = GeneratedNode> {
    let leaf = (lines(), any::<u8>()).prop_map(|(lines, style)| GeneratedNode::Text(lines, style));
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            (prop::collection::vec(inner.clone(), 1..4), any::<bool>())
                .prop_map(|(items, flow)| GeneratedNode::List(items, flow)),
            (prop::collection::vec(inner, 1..4), any::<bool>())
                .prop_map(|(items, flow)| GeneratedNode::Map(items, flow)),
        ]
    })
}

/// Writes `made` after `- ` or `key:`; what continues it is indented by `indent`.
fn write(made: &GeneratedNode, indent: usize, flow: bool, out: &mut String) {
    let pad = " ".repeat(indent);
    match made {
        GeneratedNode::Text(lines, style) => text(lines, *style, &pad, flow, out),
        GeneratedNode::List(items, own) if flow || *own => {
            out.push_str(" [");
            for item in items {
                write(item, indent, true, out);
                out.push_str(" ,\n");
                out.push_str(&pad);
            }
            out.push(']');
        }
        GeneratedNode::Map(items, own) if flow || *own => {
            out.push_str(" {");
            for (i, item) in items.iter().enumerate() {
                out.push_str(&format!("key{i}:"));
                write(item, indent, true, out);
                out.push_str(" , ");
            }
            out.push('}');
        }
        GeneratedNode::List(items, _) => {
            for item in items {
                out.push_str(&format!("\n{pad}-"));
                write(item, indent + 2, false, out);
            }
        }
        GeneratedNode::Map(items, _) => {
            for (i, item) in items.iter().enumerate() {
                out.push_str(&format!("\n{pad}key{i}: # note\n{pad} "));
                write(item, indent + 2, false, out);
            }
        }
    }
}

/// `pad` is the indentation of continuation lines.
fn text(lines: &[String], style: u8, pad: &str, flow: bool, out: &mut String) {
    let plain = lines.iter().all(|line| line.chars().all(|c| c.is_alphanumeric() || c == ' '));
    let fold = |line: &str| if style & 8 == 0 { line.to_owned() } else { line.replace(' ', &format!("  \n {pad}")) };
    match style % 5 {
        0 if plain => {
            let lines: Vec<String> = lines.iter().map(|line| fold(line)).collect();
            out.push_str(&format!(" {}", lines.join(&format!("\n\n {pad}"))));
        }
        1 => {
            let lines: Vec<String> = lines.iter().map(|line| fold(&line.replace('\'', "''"))).collect();
            out.push_str(&format!(" '{}'", lines.join(&format!("\n\n {pad}"))));
        }
        2 if !flow => out.push_str(&format!(" |-\n {pad}{}", lines.join(&format!("\n {pad}  ")))),
        3 if !flow => {
            let lines: Vec<String> = lines.iter().map(|line| line.replace(' ', &format!("\n {pad}"))).collect();
            out.push_str(&format!(" >\n {pad}{}\n", lines.join(&format!("\n\n {pad}"))));
        }
        _ => {
            out.push_str(" \"");
            for c in lines.join("\n").chars() {
                match c {
                    '\n' => out.push_str("\\n"),
                    '"' | '\\' => out.extend(['\\', c]),
                    ' ' if style & 16 != 0 => out.push_str(&format!(" \\\n {pad}")),
                    'é' if style & 32 != 0 => out.push_str("\\xe9"),
                    '€' if style & 32 != 0 => out.push_str("\\u20ac"),
                    '😀' if style & 32 != 0 => out.push_str("\\U0001F600"),
                    c => out.push(c),
                }
            }
            out.push('"');
        }
    }
}

fn value(node: &Node) -> Value {
    match node {
        Node::Scalar(scalar) => Value::String(scalar.text.clone()),
        Node::Sequence(sequence) => Value::Sequence(sequence.items.iter().map(value).collect()),
        Node::Mapping(mapping) => {
            let entry = |e: &crate::yaml::node::Entry| (Value::String(e.key.text.clone()), value(&e.value));
            Value::Mapping(mapping.entries.iter().map(entry).collect())
        }
    }
}

proptest! {
    #[test]
    fn our_value_is_theirs(made in made(), windows in any::<bool>()) {
        let mut file = String::from("root:");
        write(&made, 1, false, &mut file);
        file.push('\n');
        if windows {
            file = file.replace('\n', "\r\n");
        }
        let theirs: Value = serde_yaml::from_str(&file).map_err(|e| TestCaseError::fail(format!("{e}\n{file}")))?;
        let node = document(&file);
        prop_assert_eq!(value(&node), theirs, "{}", file);
        let mut found = Vec::new();
        scalars(&node, &mut found);
        found.into_iter().for_each(|scalar| check_offsets(&file, scalar));
    }
}
