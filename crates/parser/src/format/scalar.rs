//! How scalars are written: without quotes where that is clear, in double quotes otherwise.

/// The context of a scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScalarContext {
    /// Lines of a block.
    Block,
    /// Brackets or braces.
    Flow,
}

/// Words that some readers of YAML do not take as text, and `missing`, a keyword of expressions.
const SPECIAL: &[&str] = &["true", "false", "yes", "no", "on", "off", "y", "n", "null", "missing"];

/// A text without quotes if it can stand without them, otherwise in quotes.
pub(super) fn plain(text: &str, around: ScalarContext) -> String {
    if can_be_plain(text, around) { text.to_owned() } else { quoted(text) }
}

/// Whether a text is one word that needs no quotes.
pub(super) fn is_word(text: &str) -> bool {
    text.starts_with(char::is_alphabetic)
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
        && !SPECIAL.contains(&text.to_lowercase().as_str())
}

/// A text in double quotes, or in single ones if that saves escapes.
pub(super) fn quoted(text: &str) -> String {
    let awkward = |c: char| c.is_control() || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}');
    if text.contains(['"', '\\']) && !text.contains('\'') && !text.contains(awkward) {
        return format!("'{text}'");
    }
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if awkward(c) => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Whether a text without quotes is read as it is.
pub(super) fn can_be_plain(text: &str, around: ScalarContext) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let second = text.chars().nth(1);
    let starts = match first {
        '-' => second.is_some_and(|c| c.is_alphanumeric() || c == '.'),
        c => c.is_alphanumeric() || matches!(c, '_' | '(' | '<' | '=' | '+' | '.' | '/' | '$' | '^' | ';' | '±' | '€'),
    };
    let awkward = |c: char| c.is_control() || c.is_whitespace() && c != ' ' || c == '\u{feff}';
    starts
        && text.trim() == text
        && !text.contains(awkward)
        && !text.contains(": ")
        && !text.ends_with(':')
        && !text.contains(" #")
        && !text.starts_with("...")
        && !matches!(text, "null" | "Null" | "NULL")
        && (around == ScalarContext::Block || !text.contains([',', '[', ']', '{', '}']))
}
