use crate::testing::document;
use crate::yaml::node::{Node, Style};

/// The tree in one line, each node followed by its place.
fn show(node: &Node) -> String {
    let span = node.span();
    let body = match node {
        Node::Scalar(scalar) => format!("{:?}", scalar.text),
        Node::Sequence(sequence) => format!("[{}]", sequence.items.iter().map(show).collect::<Vec<_>>().join(" ")),
        Node::Mapping(mapping) => {
            let entry =
                |e: &crate::yaml::node::Entry| format!("{}@{}: {}", e.key.text, e.key.span.start, show(&e.value));
            format!("{{{}}}", mapping.entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
    };
    format!("{body}@{}..{}", span.start, span.end)
}

fn check(text: &str, expected: &str) {
    assert_eq!(show(&document(text)), expected, "{text}");
}

#[test]
fn collections_end_with_their_last_part() {
    check("a: 1\nb: 2\n", r#"{a@0: "1"@3..4, b@5: "2"@8..9}@0..9"#);
    check("a:\n  - x\n  - y\n\n# end\nb: 2", r#"{a@0: ["x"@7..8 "y"@13..14]@5..14, b@22: "2"@25..26}@0..26"#);
    check("a: {b: [1, 2], }\n", r#"{a@0: {b@4: ["1"@8..9 "2"@11..12]@7..13}@3..16}@0..16"#);
    check("- a\n- b: c\n  d: e", r#"["a"@2..3 {b@6: "c"@9..10, d@13: "e"@16..17}@6..17]@0..17"#);
    check("[]", "[]@0..2");
    check("{}", "{}@0..2");
}

#[test]
fn nothing_is_an_empty_scalar() {
    check("", r#"""@0..0"#);
    check("# only a comment\n", r#"""@0..0"#);
    check("a:\nb: ~", r#"{a@0: ""@1..1, b@3: "~"@6..7}@0..7"#);
}

#[test]
fn a_byte_order_mark_is_skipped_and_counted() {
    check("\u{feff}a: b", r#"{a@3: "b"@6..7}@3..7"#);
}

#[test]
fn one_document_may_be_marked() {
    check("---\na: b\n...\n", r#"{a@4: "b"@7..8}@4..8"#);
}

#[test]
fn styles() {
    let node = document("[a, 'b', \"c\"]");
    let Node::Sequence(sequence) = node else { panic!() };
    let styles = sequence.items.iter().map(|item| match item {
        Node::Scalar(scalar) => scalar.style,
        _ => panic!(),
    });
    assert_eq!(styles.collect::<Vec<_>>(), [Style::Plain, Style::SingleQuoted, Style::DoubleQuoted]);
}

#[test]
fn block_scalars_are_where_their_text_is() {
    check("a: |\n  one\n  two\n\nb: x", r#"{a@0: "one\ntwo\n"@7..16, b@18: "x"@21..22}@0..22"#);
    check("a: >-\n  one\n  two\n", r#"{a@0: "one two"@8..17}@0..17"#);
}
