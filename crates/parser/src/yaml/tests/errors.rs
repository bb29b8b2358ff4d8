use crate::diagnostic::Diagnostics;
use crate::span::SourceId;
use crate::testing::lines;
use crate::yaml::parse;

/// Asserts all errors of a file.
fn check(text: &str, expected: &[&str]) {
    let mut out = Diagnostics::new();
    parse(SourceId(0), text, &mut out);
    assert_eq!(lines(&out), expected, "{text}");
}

fn help(text: &str) -> String {
    let mut out = Diagnostics::new();
    parse(SourceId(0), text, &mut out);
    out[0].help.join("; ")
}

#[test]
fn syntax() {
    check("a: b: c", &["E0001 4..5 unexpected `:`"]);
    check("a: 'b", &["E0001 3..4 a quoted text is not closed"]);
    check("a: [1, 2", &["E0001 3..4 `[` is not closed"]);
    check("a: [1, 2}", &["E0001 3..4 `[` is closed by `}`"]);
    check("a: >= 8", &["E0001 3..4 unexpected text after `>` or `|`"]);
    check("a: %b", &["E0001 3..4 a value cannot start with `%`"]);
    check("a: \"A\" or b", &["E0001 7..8 unexpected text after a quoted text"]);
    check("a: \"\\d\"", &["E0001 3..4 an unknown escape"]);
    check("é: [1\nb: 2", &["E0001 8..9 unexpected `:`"]);
    check("a: b\0c", &["E0001 4..5 a control character (U+0000)"]);
    assert!(help("a: >= 8").contains("in quotes"));
    assert!(help("a: b: c").contains("in quotes"));
}

#[test]
fn tabs_are_named() {
    check("a:\n\tb: 1", &["E0001 3..4 a tab where only spaces are allowed"]);
    assert!(help("a:\n\tb: 1").contains("use spaces"));
    assert!(help("a:\n  b: 1\n\tc: 1").contains("use spaces"));
    // Wherever the parser stopped, the tab itself is what is replaced.
    for text in ["a:\n\tb: 1", "a:\n  b: 1\n\tc: 1"] {
        let mut out = Diagnostics::new();
        parse(SourceId(0), text, &mut out);
        let fix = out[0].fix.clone().unwrap();
        assert_eq!((&text[fix.span.range()], fix.replacement.as_str()), ("\t", "  "));
    }
}

#[test]
fn duplicates_show_both() {
    let mut out = Diagnostics::new();
    let text = "a: 1\nb: 2\n'a': 3\na: 4";
    parse(SourceId(0), text, &mut out);
    let labels = |i: usize| out[i].labels.iter().map(|l| (l.span.start, l.text.as_str())).collect::<Vec<_>>();
    assert_eq!(lines(&out), ["E0002 10..13 the key `a` is written twice", "E0002 17..18 the key `a` is written twice"]);
    assert_eq!(labels(0), [(10, "again here"), (0, "first here")]);
    assert_eq!(labels(1), [(17, "again here"), (0, "first here")]);
    check("{a: 1, b: {a: 2}}", &[]);
}

#[test]
fn anchors_aliases_and_tags() {
    check(
        "a: &x 1\nb: *x\nc: !t d\ne: *nope\n<<: *x\n",
        &[
            "E0003 3..5 anchors are not allowed",
            "E0003 11..13 aliases are not allowed",
            "E0003 17..19 tags are not allowed",
            "E0003 25..30 aliases are not allowed",
            "E0003 35..37 aliases are not allowed",
        ],
    );
    check("&x [*x]", &["E0003 0..2 anchors are not allowed", "E0003 4..6 aliases are not allowed"]);
    check("*x : 1", &["E0003 0..2 aliases are not allowed"]);
    assert!(help("a: != 3").contains("`!=` in quotes"));
}

#[test]
fn keys() {
    check("? [a]\n: b\nc: d", &["E0103 2..5 expected a text as key, found a list"]);
    check("{{a: 1}: b}", &["E0103 1..7 expected a text as key, found a mapping"]);
    check("{: x}", &["E0103 1..1 expected a text as key, found nothing"]);
    let long = |n: usize| format!("{{\"{}\": 1, b: 2}}", "k".repeat(n));
    check(&long(1_000), &[]);
    check(&long(1_001), &["E0004 1..1004 a key has more than 1000 characters"]);
    check(&format!("{{\"{}\": 1}}", "\\x01".repeat(101)), &["E0004 1..407 a key has more than 1000 characters"]);
    check("null: x", &["E0103 0..4 expected a text as key, found nothing"]);
}

#[test]
fn one_document_only() {
    check("a: 1\n---\nb: 2\n", &["E0001 5..8 a second document begins here"]);
}

#[test]
fn depth() {
    let deep = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
    check(&deep(64), &[]);
    check(&deep(65), &["E0004 64..65 collections are nested more than 64 levels deep"]);
    check(&"[".repeat(100_000), &["E0004 64..65 collections are nested more than 64 levels deep"]);
    check(&"- ".repeat(65), &["E0004 128..129 collections are nested more than 64 levels deep"]);
    check(&"- ".repeat(100_000), &["E0004 128..129 collections are nested more than 64 levels deep"]);
    check(
        &format!("{}{}", "- ".repeat(40), deep(40)),
        &["E0004 104..105 collections are nested more than 64 levels deep"],
    );
}

#[test]
fn size() {
    check(&"# a comment\n".repeat(1_500_000), &["E0004 0..0 the file is larger than 16 MiB"]);
}
