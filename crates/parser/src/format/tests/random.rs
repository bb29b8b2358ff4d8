//! Whatever a file is, its canonical form means the same, has the same comments, and is its own canonical form.

use proptest::prelude::*;

use super::kinds;
use crate::diagnostic::Diagnostics;
use crate::format::comments::comments;
use crate::format::format;
use crate::span::SourceId;
use crate::syntax::KEYS;
use crate::yaml;
use crate::yaml::node::Node;

const PIECES: &[&str] = &[
    "a",
    "b c",
    "é€",
    "'",
    "\"",
    "''",
    "\\n",
    "\\",
    ": ",
    ":",
    "- ",
    "-",
    ", ",
    "[",
    "]",
    "{",
    "}",
    "|\n",
    ">\n",
    "|-\n",
    ">+\n",
    "|2\n",
    "\n",
    "\n",
    "\r\n",
    "\n  ",
    "\n    ",
    "\n\n",
    " ",
    "\t",
    "#",
    " # c",
    "\n# d",
    "? ",
    "---",
    "...",
    "~",
    "1",
    "\u{feff}",
    "😀",
    "\u{85}",
    "\u{2028}",
    "\r",
    "name: ",
    "\ndescription: ",
    "\nperiods:\n",
    "  year: last 12 months",
    "\nprofile: {quantitative: {",
    "a: x+1",
    "\n  - ",
    "\n  b: ",
];

/// Lines of a rule file, as written by someone in a hurry.
const LINES: &[&str] = &[
    "name: shop",
    "name:    'shop'   # what",
    "# alone",
    "  # indented",
    "",
    "",
    "periods:",
    "  year: last  12 months",
    "  old: {}",
    "    deep: [a,b]  # deep",
    "include:",
    "- a.yaml",
    "-   b.yaml # b",
    "include: [a.yaml,",
    "  b.yaml]",
    "profile:",
    "  quantitative:",
    "    a: x+1",
    "    b: \"(y*2)\"",
    "    c: >-",
    "      x",
    "      + y",
    "    d: |",
    "     text",
    "rules:",
    "  r: {kind: abc, by: a+b, # why",
    "    classes: {A: 'top 80%', B: rest}}",
    "  q:",
    "    kind: abc",
    "    bands: {'<1': 1, '>=1': 2}",
    "description: a",
    "  long text",
    "  on three lines",
];

/// The meaning of a node, whatever the spelling of expressions in it.
fn meaning(node: &Node) -> String {
    let squashed = |text: &str| text.replace([' ', '\n', '_', '"', '(', ')'], "");
    match node {
        Node::Scalar(scalar) if scalar.is_null() => "~".to_owned(),
        Node::Scalar(scalar) => format!("'{}'", squashed(&scalar.text)),
        Node::Sequence(sequence) => format!("[{}]", sequence.items.iter().map(meaning).collect::<Vec<_>>().join(",")),
        Node::Mapping(mapping) => {
            let entries = mapping.entries.iter().map(|e| format!("'{}':{}", squashed(&e.key.text), meaning(&e.value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
        }
    }
}

fn read(text: &str) -> (Option<String>, Vec<String>) {
    let root = yaml::parse(SourceId(0), text, &mut Diagnostics::new());
    let found = root.iter().flat_map(|root| comments(text, root)).map(|comment| comment.text).collect();
    (root.as_ref().map(meaning), found)
}

fn check(text: &str) {
    let Ok(once) = format(SourceId(0), text, KEYS, &kinds) else { return };
    let again = format(SourceId(0), &once, KEYS, &kinds);
    let again = again.unwrap_or_else(|out| panic!("{text:?}\n{once}\n{:?}", crate::testing::lines(&out)));
    assert_eq!(read(text), read(&once), "{text:?}\n{once}");
    assert_eq!(once, again, "{text:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn pieces(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..14)) {
        check(&pieces.concat());
    }

    #[test]
    fn lines(lines in prop::collection::vec(prop::sample::select(LINES), 0..12)) {
        check(&lines.join("\n"));
    }

    #[test]
    fn anything(text in "\\PC*") {
        check(&text);
    }
}
