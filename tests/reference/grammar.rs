//! The grammar file for a reader: its comments as text, its rules without the marks that only the parser generator
//! needs.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::root;

/// What the grammar file holds, in order.
enum GrammarItem {
    Heading(String),
    Comment(Vec<String>),
    Rule(String, String),
}

/// Rules that tell the parser where a scalar begins and ends, and which words cannot be names.
fn is_plumbing(name: &str) -> bool {
    name.ends_with("_entry") || ["WHITESPACE", "character", "escape"].contains(&name)
}

fn parts(text: &str) -> Vec<GrammarItem> {
    let mut parts = Vec::new();
    let mut comment: Vec<String> = Vec::new();
    let mut lines = text.lines().filter(|line| !line.starts_with("//!")).peekable();
    while let Some(line) = lines.next() {
        if line.starts_with("// ---") {
            // A title stands between two rulers.
            let title = lines.next().and_then(|l| l.strip_prefix("// ")).expect("a title").to_owned();
            lines.next();
            parts.push(GrammarItem::Heading(title));
        } else if let Some(words) = line.strip_prefix("//") {
            comment.push(words.trim().to_owned());
        } else if let Some((name, body)) = line.split_once('=').filter(|(name, _)| !name.starts_with(' ')) {
            let mut body = body.to_owned();
            while body.matches('{').count() > body.matches('}').count() {
                body = body + " " + lines.next().expect("a closing brace").trim();
            }
            if !comment.is_empty() {
                parts.push(GrammarItem::Comment(std::mem::take(&mut comment)));
            }
            parts.push(GrammarItem::Rule(name.trim().to_owned(), body.trim().to_owned()));
        }
    }
    parts
}

/// The rule without braces, `~` and the look ahead that ends a word.
fn plain(body: &str) -> String {
    let inner = body.trim_start_matches(['@', '_', '$', '!']).trim();
    let inner = inner.strip_prefix('{').and_then(|i| i.strip_suffix('}')).expect("braces").trim();
    let inner =
        inner.replace("~ !name_char", "").replace("!\"<\"", "").replace("!keyword ~ ", "").replace("!\"..\" ~ ", "");
    let inner = inner.replace("\" \"+ | ", "\" \" | ").replace("~ WHITESPACE+ ~", "").replace(" ~", "");
    inner.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a rule is nothing but one literal, which is put in its place wherever it is named.
fn is_literal(body: &str) -> bool {
    let quoted = body.split('"').count() == 3 && body.starts_with('"') && body.ends_with('"');
    quoted || (body.starts_with("\"or\" \"else\"") && body.len() < 15)
}

/// `body` with each name of `words` replaced by what it stands for.
fn inlined(body: &str, words: &BTreeMap<String, String>) -> String {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let mut out = String::new();
    let mut name = String::new();
    let mut quoted = false;
    for c in body.chars().chain([' ']) {
        quoted ^= c == '"';
        if is_name(c) && !quoted {
            name.push(c);
            continue;
        }
        out += words.get(&name).unwrap_or(&name);
        name.clear();
        out.push(c);
    }
    out.trim_end().to_owned()
}

pub fn page() -> String {
    let path = root().join("crates/parser/src/expr/grammar.pest");
    let text = std::fs::read_to_string(path).unwrap();
    let parts = parts(&text);
    let rules = parts.iter().filter_map(|part| match part {
        GrammarItem::Rule(name, body) => Some((name.clone(), plain(body))),
        _ => None,
    });
    let words: BTreeMap<String, String> = rules.filter(|(_, body)| is_literal(body)).collect();
    let intro: Vec<&str> = text.lines().map_while(|line| line.strip_prefix("//!")).collect();
    let table: Vec<&str> = intro.iter().filter_map(|line| line.strip_prefix("   ")).collect();
    let mut page = format!(
        "# Grammar

The structure of a rule file is YAML. Everything with an operator in it is the text of one YAML scalar, read by the rules
below: `a?` is one a or none, `a*` any number of them, `a+` at least one, `a | b` one or the other, and `&a` requires that
an a comes next. Blanks and line breaks may stand between any two parts, except within numbers, dates, names and texts
in quotes. `ASCII_DIGIT` is 0 to 9, `ALPHABETIC` any letter, and a `character` of a text anything but a quotation mark,
a backslash or a line break.

## Precedence

Loosest first. Infix operators associate to the left, and comparisons do not associate: `a < b < c` is an error. What
follows the `else` of `if c then x else y` reaches as far to the right as it can. `or else` binds tighter than a
comparison, so `revenue or else 0 > 5` asks whether the revenue, or zero if there is none, is above five.

```text
{}
```
",
        table.join("\n")
    );
    let mut open = false;
    let mut skipping = false;
    let close = |page: &mut String, open: &mut bool| {
        if std::mem::take(open) {
            page.push_str("```\n");
        }
    };
    let mut pending: Option<&Vec<String>> = None;
    for part in &parts {
        match part {
            GrammarItem::Heading(title) => {
                close(&mut page, &mut open);
                skipping = title.starts_with("Entries");
                pending = None;
                if !skipping {
                    write!(page, "\n## {title}\n").unwrap();
                }
            }
            GrammarItem::Comment(lines) => pending = Some(lines),
            GrammarItem::Rule(name, body) => {
                let body = plain(body);
                if skipping || is_plumbing(name) || words.contains_key(name) {
                    pending = None;
                    continue;
                }
                if let Some(lines) = pending.take() {
                    close(&mut page, &mut open);
                    write!(page, "\n{}\n", lines.join("\n")).unwrap();
                }
                if !std::mem::replace(&mut open, true) {
                    page.push_str("\n```text\n");
                }
                writeln!(page, "{name} = {}", inlined(&body, &words)).unwrap();
            }
        }
    }
    close(&mut page, &mut open);
    page
}
