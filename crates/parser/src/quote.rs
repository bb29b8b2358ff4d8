//! Quoting the user's text in messages, which are one line.

/// `text` in backticks, cut if it is long, with line breaks and the like shown as escapes.
pub(crate) fn quote(text: &str) -> String {
    const LONGEST: usize = 40;
    let mut shown = String::from("`");
    for (i, c) in text.chars().enumerate() {
        match c {
            _ if i == LONGEST => {
                shown.push('\u{2026}');
                break;
            }
            // A backtick would end the quotation.
            '`' => shown.push('\''),
            c if c.is_control() => shown.extend(c.escape_default()),
            c => shown.push(c),
        }
    }
    shown.push('`');
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_stay_on_one_short_line() {
        assert_eq!(quote("a b"), "`a b`");
        assert_eq!(quote("a\nb"), "`a\\nb`");
        assert_eq!(quote(&"é".repeat(50)), format!("`{}…`", "é".repeat(40)));
    }
}
