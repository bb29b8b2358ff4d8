use crate::testing::document;
use crate::yaml::node::Node;

/// For each character of the scalar, the text of the file at its offset.
fn check(file: &str, expected: &str) {
    let node = document(file);
    let Node::Mapping(mapping) = &node else { panic!() };
    let Node::Scalar(scalar) = &mapping.entries[0].value else { panic!() };
    assert_eq!(scalar.offsets.len(), scalar.text.len() + 1);
    let shown: String = scalar
        .text
        .char_indices()
        .map(|(i, c)| {
            let at = file[scalar.offsets[i] as usize..].chars().next().unwrap_or('$');
            if at == c { c.to_string() } else { format!("<{}>", at.escape_default()) }
        })
        .collect();
    assert_eq!(shown, expected, "{file:?}");
}

#[test]
fn plain() {
    check("a: bé c", "bé c");
    check("a: b\n  c\n\n  d", "b<\\n>c\nd");
    check("a: b\r\n  c  \r\n\r\n d", "b<\\r>c<\\r>d");
}

#[test]
fn single_quoted() {
    check("a: 'b''c'", "b'c");
    check("a: '''b'''", "'b'");
    check("a: ' b\n  c '", " b<\\n>c ");
    check("a: 'é\n\n\n  c'", "é\n\nc");
}

#[test]
fn double_quoted() {
    check(r#"a: "b\"c""#, r"b<\\>c");
    check(r#"a: "\x41\u00e9\U0001F600z""#, r"<\\><\\><\\>z");
    check(r#"a: "\ud83d\ude00z""#, r"<\\>z");
    check("a: \"b\\\n   c\"", "bc");
    check("a: \"b \\\n\n   c\"", "b \nc");
    check("a: \"b\\n\n  c\\td\"", r"b<\\><\n>c<\\>d");
}

#[test]
fn literal() {
    check("a: |\n  b\n   c\n\n  d\n", "b\n c\n\nd\n");
    check("a: |2-\n    b\n   c\n", "  b\n c");
    check("a: |\r\n  b\r\n  c\r\n", "b<\\r>c<\\r>");
    check("a: |+\n  b\n\n\nc: d", "b\n\n\n");
    check("a: |\n\n  b", "<b>b");
}

#[test]
fn folded() {
    check("a: >\n  b\n  c\n\n  d\n   e\n  f\n", "b<\\n>c\nd\n e\nf\n");
    check("a: >-\n  b\n\n\n  c\n\n", "b\n\nc");
    check("a: >-\r\n  b\r\n  c", "b<\\r>c");
}

#[test]
fn ends() {
    let end = |file: &str| {
        let node = document(file);
        let Node::Mapping(mapping) = &node else { panic!() };
        let Node::Scalar(scalar) = &mapping.entries[0].value else { panic!() };
        let length = scalar.text.len();
        (scalar.place(0..length).range(), scalar.place(length..length).range())
    };
    assert_eq!(end("a: bc # x"), (3..5, 5..5));
    assert_eq!(end("a: 'bc'"), (4..6, 6..6));
    assert_eq!(end("a: \"\""), (4..4, 4..4));
}
