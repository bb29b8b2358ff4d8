//! The places of a variable in a script.

use std::ops::Range;

use accolade_parser::expr::token::is_word;

use crate::server::names::words;

/// The places of a variable that a script reads from the record.
///
/// # Errors
/// Fails when the name may have another meaning somewhere in the script. The message is the rest of a sentence.
pub(super) fn variables(script: &str, name: &str) -> Result<Vec<Range<usize>>, String> {
    let code = parts(script);
    let mut found = Vec::new();
    for range in words(script, name) {
        match code.iter().find(|(part, _)| part.start <= range.start && range.end <= part.end) {
            Some((_, ScriptPart::Code)) => {}
            Some((_, ScriptPart::Template)) => {
                return Err(format!("`{name}` stands in a text with `${{…}}`: rename it by hand"));
            }
            _ => continue,
        }
        let before = script[..range.start].trim_end();
        let after = script[range.end..].trim_start();
        // A property of something else.
        if before.ends_with('.') && !before.ends_with("..") {
            continue;
        }
        let last = before.rsplit(|c| !is_word(c)).next().unwrap_or_default();
        let key = after.starts_with(':') && !after.starts_with("::");
        let assigned = after.starts_with('=') && !after.starts_with("==");
        if matches!(last, "let" | "const" | "for" | "fn")
            || before.ends_with('|')
            || key
            || assigned
            || in_parameters(before)
        {
            return Err(format!("also uses `{name}` with another meaning: rename it by hand"));
        }
        found.push(range);
    }
    Ok(found)
}

/// Whether the end of the text is in the parameters of a function.
fn in_parameters(before: &str) -> bool {
    let Some(open) = before.rfind('(') else { return false };
    if before[open..].contains([')', '{', ';']) {
        return false;
    }
    let head = before[..open].trim_end();
    let head = head.trim_end_matches(is_word);
    head.trim_end().ends_with("fn")
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ScriptPart {
    Code,
    /// A text or a comment.
    Inert,
    /// A text in backticks, which may hold code.
    Template,
}

/// The parts of a script.
fn parts(script: &str) -> Vec<(Range<usize>, ScriptPart)> {
    let mut parts = Vec::new();
    let mut at = 0;
    while at < script.len() {
        let rest = &script[at..];
        let (part, length) = if rest.starts_with("//") {
            (ScriptPart::Inert, rest.find('\n').unwrap_or(rest.len()))
        } else if rest.starts_with("/*") {
            (ScriptPart::Inert, rest.find("*/").map_or(rest.len(), |end| end + 2))
        } else if let Some(quote @ ('"' | '\'' | '`')) = rest.chars().next() {
            (if quote == '`' { ScriptPart::Template } else { ScriptPart::Inert }, closing(rest, quote))
        } else {
            let end = rest.char_indices().skip(1).find(|(at, c)| {
                matches!(c, '"' | '\'' | '`') || rest[*at..].starts_with("//") || rest[*at..].starts_with("/*")
            });
            (ScriptPart::Code, end.map_or(rest.len(), |(end, _)| end))
        };
        parts.push((at..at + length, part));
        at += length;
    }
    parts
}

/// The length of a quoted text.
fn closing(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            c if c == quote && !escaped => return at + c.len_utf8(),
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(script: &str, expected: &str) {
        let mut text = script.to_owned();
        match variables(script, "revenue") {
            Ok(found) => {
                found.into_iter().rev().for_each(|range| text.replace_range(range, "R"));
                assert_eq!(text, expected);
            }
            Err(why) => assert!(why.contains(expected), "{script}: {why}"),
        }
    }

    #[test]
    fn variables_are_renamed() {
        check("if revenue > 5 { revenue } else { 0 }", "if R > 5 { R } else { 0 }");
        check("revenue_before + a.revenue + revenue", "revenue_before + a.revenue + R");
        check("// revenue\nlet x = \"revenue\"; revenue", "// revenue\nlet x = \"revenue\"; R");
        check("(0..revenue)", "(0..R)");
    }

    #[test]
    fn what_is_not_sure_is_refused() {
        for script in [
            "let revenue = 5; revenue",
            "fn f(revenue) { revenue } f(1)",
            "#{ revenue: 1 }",
            "list.map(|revenue| revenue)",
            "for revenue in x { }",
        ] {
            check(script, "another meaning");
        }
        check("print(`${revenue}`); revenue", "by hand");
    }
}
