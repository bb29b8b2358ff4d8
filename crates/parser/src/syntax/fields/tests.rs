use super::*;
use crate::syntax::key::Shape;
use crate::testing::{document, lines};

fn entries(text: &str) -> Mapping {
    match document(text) {
        Node::Mapping(mapping) => mapping,
        other => panic!("{other:?}"),
    }
}

#[test]
fn unknown_keys_are_reported_once_with_what_was_meant() {
    let mut out = Diagnostics::new();
    let mapping = entries("by: a\nclases: b\nb: c\n");
    let keys = ["by", "classes"].map(|name| Key::optional(name, Shape::Text, ""));
    let fields = Fields::new(&mapping, "a rule of kind abc", &keys, &mut out);
    assert_eq!(
        lines(&out),
        [
            "E0101 6..12 unknown key `clases` in a rule of kind abc",
            "E0101 16..17 unknown key `b` in a rule of kind abc"
        ]
    );
    assert_eq!(out[0].help, ["did you mean `classes`?"]);
    assert_eq!(out[1].help, ["the keys of a rule of kind abc are `by` and `classes`"]);
    assert!(fields.optional("by").is_some());
    assert!(fields.optional("classes").is_none());
    assert!(fields.required("classes", &mut out).is_none());
    assert_eq!(lines(&out)[2], "E0102 0..20 the key `classes` is missing in a rule of kind abc");
}

#[test]
fn shapes() {
    let mapping = entries("a: x\nb: [1]\nc: {d: e}\nd:\ne: true\nf: 1_000\ng: 'true'\nh: |\n  long\n  text\n");
    let get = |key: &str| mapping.get(key).unwrap();
    let mut out = Diagnostics::new();
    assert_eq!(text(get("a"), &mut out).unwrap().text, "x");
    assert!(super::sequence(get("b"), &mut out).is_some());
    assert!(super::mapping(get("c"), &mut out).is_some());
    assert!(boolean(get("e"), &mut out).unwrap().value);
    assert_eq!(integer(get("f"), &mut out).unwrap().value, 1000);
    assert_eq!(choice(get("a"), &["w", "x"], &mut out).unwrap().value, 1);
    assert!(out.is_empty());
    assert!(text(get("b"), &mut out).is_none());
    assert!(text(get("d"), &mut out).is_none());
    assert!(sequence(get("c"), &mut out).is_none());
    assert!(boolean(get("a"), &mut out).is_none());
    assert!(integer(get("h"), &mut out).is_none());
    assert!(choice(get("a"), &["xy", "other"], &mut out).is_none());
    let messages: Vec<&str> = out.iter().map(|diagnostic| diagnostic.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "expected a text, found a list",
            "expected a text, found nothing",
            "expected a list, found a mapping",
            "expected `true` or `false`, found `x`",
            "expected a whole number, found `long\\ntext\\n`",
            "expected `xy` or `other`, found `x`",
        ]
    );
    assert_eq!(out[5].help, ["did you mean `xy`?"]);
}

#[test]
fn names() {
    let mapping = entries("order_count: ''\nÜbersicht: ''\n1st: ''\nwhere: ''\nmy rule: ''\n' x': ''\n");
    let mut out = Diagnostics::new();
    let names: Vec<bool> = mapping.entries.iter().map(|entry| identifier(&entry.key, &mut out).is_some()).collect();
    assert_eq!(names, [true, true, false, false, false, false]);
    assert!(out[0].help[0].ends_with("as in `_1st`"));
    assert!(out[1].message.starts_with("`where` is a word of the language"));
    assert!(out[2].help[0].ends_with("as in `my_rule`"));
}
