//! Texts that Spark reads the same whatever its settings are.
//!
//! Spark replaces `${name}` anywhere in a statement, a setting takes the meaning from the backslashes in literals, and the
//! program `spark-sql` changes the line breaks of a file. So none of these is written.

/// An expression of a text: a literal, or one joined from literals and the characters that they cannot hold.
pub(super) fn text(text: &str) -> String {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let special = is_special(c);
        if !special {
            literal.push(c);
        }
        let variable = c == '$' && characters.peek() == Some(&'{');
        if (special || variable) && !literal.is_empty() {
            parts.push(format!("'{}'", std::mem::take(&mut literal)));
        }
        if special {
            parts.push(format!("chr({})", u32::from(c)));
        }
    }
    if !literal.is_empty() {
        parts.push(format!("'{literal}'"));
    }
    match &parts[..] {
        [] => "''".to_owned(),
        [part] => part.clone(),
        _ => format!("concat({})", parts.join(", ")),
    }
}

/// Whether a quoted identifier can be written as it is.
pub(super) fn survives(identifier: &str) -> bool {
    !identifier.contains("${") && !identifier.chars().any(|c| c.is_ascii_control())
}

fn is_special(c: char) -> bool {
    c == '\'' || c == '\\' || c.is_ascii_control()
}

#[cfg(test)]
mod tests {
    use super::super::dialect::{Dialect, comment};

    #[test]
    fn texts_are_read_as_they_are() {
        let check = |text: &str, expected: [&str; 3]| {
            let spelled = [Dialect::DuckDb, Dialect::Postgres, Dialect::Spark].map(|dialect| dialect.text(text));
            assert_eq!(spelled, expected, "{text:?}");
        };
        check("", ["''", "''", "''"]);
        check("gold", ["'gold'", "'gold'", "'gold'"]);
        check("it's", ["'it''s'", "'it''s'", "concat('it', chr(39), 's')"]);
        check("'", ["''''", "''''", "chr(39)"]);
        check(r"a\b", [r"'a\b'", r"E'a\\b'", "concat('a', chr(92), 'b')"]);
        check(r"\'", [r"'\'''", r"E'\\'''", "concat(chr(92), chr(39))"]);
        check(r"\n\%", [r"'\n\%'", r"E'\\n\\%'", "concat(chr(92), 'n', chr(92), '%')"]);
        check("${x}", ["'${x}'", "'${x}'", "concat('$', '{x}')"]);
        check("$${env:HOME} $", ["'$${env:HOME} $'", "'$${env:HOME} $'", "concat('$$', '{env:HOME} $')"]);
        check("$x {}", ["'$x {}'", "'$x {}'", "'$x {}'"]);
        check("a\n-- b", ["'a\n-- b'", "'a\n-- b'", "concat('a', chr(10), '-- b')"]);
        check("\"é`", ["'\"é`'", "'\"é`'", "'\"é`'"]);
    }

    #[test]
    fn stored_names_are_read_as_they_are() {
        let check = |path: &[&str], expected: [&str; 2]| {
            let spelled = [Dialect::DuckDb, Dialect::Spark].map(|dialect| dialect.stored(path));
            assert_eq!(spelled, expected, "{path:?}");
            assert_eq!(Dialect::Postgres.stored(path), expected[0]);
        };
        check(&["crm", "web orders"], [r#""crm"."web orders""#, "`crm`.`web orders`"]);
        check(&[r"a\b'"], [r#""a\b'""#, r"`a\b'`"]);
        check(&["c", "${x}"], [r#""c"."${x}""#, "IDENTIFIER(concat('`c`.`$', '{x}`'))"]);
        check(&["a\nb"], ["\"a\nb\"", "IDENTIFIER(concat('`a', chr(10), 'b`'))"]);
    }

    #[test]
    fn comments_hold_no_variable() {
        assert_eq!(comment("${env:HOME}\n; $x"), "$ {env:HOME} ; $x");
    }
}
