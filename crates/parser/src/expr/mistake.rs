//! Mistakes that come from other languages, such as `==` and `&&`.

use std::ops::Range;

use super::token::{Token, TokenKind, tokens};

/// Text that is never valid, and what to write instead.
pub(super) struct Mistake {
    pub(super) range: Range<usize>,
    pub(super) message: String,
    pub(super) help: &'static str,
    /// The replacement, where it is certain.
    pub(super) replacement: Option<String>,
}

/// The first mistake in `text` up to `stop`, where the grammar stopped. Operators and keywords of other
/// languages are mistakes in expressions only, since the small notations have few operators.
pub(super) fn first(text: &str, stop: usize, expression: bool) -> Option<Mistake> {
    let mut before: Option<Token<'_>> = None;
    for token in tokens(text).take_while(|token| token.start <= stop) {
        // A word before that place was accepted, so it is a name.
        let accepted = token.kind == TokenKind::Word && token.start < stop;
        if let Some(mistake) = of_token(token, before, expression).filter(|_| !accepted) {
            return Some(mistake);
        }
        before = Some(token);
    }
    None
}

fn of_token(token: Token<'_>, before: Option<Token<'_>>, expression: bool) -> Option<Mistake> {
    match token.kind {
        TokenKind::Symbol => {
            let adjacent = before.is_some_and(|b| b.range().end == token.start);
            let help = literal_symbol(token.text, adjacent);
            let help = help.or_else(|| operator(token.text).filter(|_| expression))?;
            let message = match token.text {
                "." => "a number cannot start with `.`".to_owned(),
                other => format!("unexpected `{other}`"),
            };
            let instead = instead(token.text).map(str::to_owned);
            Some(Mistake { range: token.range(), message, help, replacement: instead })
        }
        TokenKind::OpenText => Some(Mistake {
            range: token.start..token.start + 1,
            message: "the text is not closed".to_owned(),
            help: "end it with `\"`; within a text write `\\\"` for a quote and `\\n` for a line break",
            replacement: None,
        }),
        TokenKind::Text => unknown_escape(token),
        TokenKind::Number => of_number(token),
        TokenKind::Word => of_word(token).filter(|_| expression),
    }
}

/// What to write instead of a symbol that is wrong in every notation.
fn literal_symbol(symbol: &str, adjacent: bool) -> Option<&'static str> {
    Some(match symbol {
        "==" | "===" => "write `=` to compare",
        "=<" | "=>" => "write `<=` or `>=`",
        "\u{2264}" => "write `<=`",
        "\u{2265}" => "write `>=`",
        "'" | "\u{2018}" | "\u{2019}" | "\u{201c}" | "\u{201d}" => "write a text in double quotes, as in `\"gold\"`",
        "..=" => "`a..b` includes both ends; `a ..< b` leaves out the upper end",
        "..." => "write `a..b`, or `a ..< b` to leave out the upper end",
        "\u{20ac}" | "$" | "\u{a3}" => "write an amount as a number; the currency is named once, under `currency:`",
        // After a name it is the start of a path that lacks its end.
        "." if !adjacent => "write a digit before the point, as in `0.5`",
        _ => return None,
    })
}

/// What to write instead of an operator of another language.
fn operator(symbol: &str) -> Option<&'static str> {
    Some(match symbol {
        "!==" | "<>" | "\u{2260}" => "write `!=` for \"is not equal\"",
        "&&" | "&" => "write `and`",
        "||" | "|" => "write `or`",
        "!" => "write `not`",
        "??" => "write `or else` for the value to take when one is missing",
        "**" | "^" => "there is no power operator",
        "//" => "write `/` to divide",
        "\u{2013}" | "\u{2212}" => "write `-` to subtract",
        "\u{d7}" => "write `*` to multiply",
        "{" | "}" => "write a list in square brackets, as in `[1, 2]`",
        ";" => "arguments are separated by `,`",
        _ => return None,
    })
}

/// The replacement for a symbol of another language.
fn instead(symbol: &str) -> Option<&'static str> {
    Some(match symbol {
        "==" | "===" => "=",
        "=<" | "\u{2264}" => "<=",
        "=>" | "\u{2265}" => ">=",
        "!==" | "<>" | "\u{2260}" => "!=",
        "..=" => "..",
        "&&" | "&" => "and",
        "||" | "|" => "or",
        "!" => "not ",
        "??" => "or else",
        "//" => "/",
        "\u{2013}" | "\u{2212}" => "-",
        "\u{d7}" => "*",
        ";" => ",",
        _ => return None,
    })
}

/// Letters right after a number, as in `10k` or `1e6`. The `T` of a date with a time is allowed.
fn of_number(token: Token<'_>) -> Option<Mistake> {
    let digits = token.text.trim_end_matches('%');
    let letter = digits.find(|c: char| c.is_alphabetic())?;
    if digits[letter..].starts_with('T') && digits[..letter].len() == 2 {
        return None;
    }
    Some(Mistake {
        range: token.range(),
        message: format!("`{}` is not a number", token.text),
        help: "write a number in digits, as in `10_000` or `12.5`, and a space before a unit, as in `30 days`",
        replacement: None,
    })
}

/// Keywords in capitals.
fn of_word(token: Token<'_>) -> Option<Mistake> {
    const WORDS: &[&str] = &["and", "or", "not", "in", "is", "missing", "if", "then", "else", "where", "true", "false"];
    let lower = token.text.to_lowercase();
    let keyword = lower != token.text && WORDS.contains(&lower.as_str());
    keyword.then(|| Mistake {
        range: token.range(),
        message: format!("unexpected `{}`", token.text),
        help: "keywords are written in small letters",
        replacement: Some(lower),
    })
}

fn unknown_escape(token: Token<'_>) -> Option<Mistake> {
    let mut chars = token.text.char_indices();
    while let Some((i, c)) = chars.next() {
        if c != '\\' {
            continue;
        }
        let (_, escaped) = chars.next()?;
        if !matches!(escaped, '"' | '\\' | 'n' | 't') {
            let start = token.start + i;
            return Some(Mistake {
                range: start..start + 1 + escaped.len_utf8(),
                message: format!("unknown escape `\\{escaped}`"),
                help: "the escapes are `\\\"`, `\\\\`, `\\n` and `\\t`",
                replacement: None,
            });
        }
    }
    None
}
