//! Lines of a rule file with comments after them.

use std::fmt::{Display, Formatter, Result, Write};

use accolade_parser::plural;

/// Lines of a rule file.
#[derive(Clone, Debug, Default)]
pub(crate) struct CommentedLines(Vec<CommentedLine>);

#[derive(Clone, Debug)]
enum CommentedLine {
    Code(String),
    Noted(String, String),
    Comment(String),
    Blank,
}

/// The longest line in characters.
const WIDTH: usize = 118;

impl CommentedLines {
    pub(crate) fn line(&mut self, code: impl Into<String>) {
        self.0.push(CommentedLine::Code(code.into()));
    }

    /// Adds a line with a comment after it, or above it where there is no room.
    pub(crate) fn line_with_comment(&mut self, code: impl Into<String>, comment: Option<&str>) {
        let code = code.into();
        match comment {
            None => self.line(code),
            Some(comment) if code.chars().count() + comment.chars().count() + 4 > WIDTH => {
                self.comment(indent(&code), comment);
                self.line(code);
            }
            Some(comment) => self.0.push(CommentedLine::Noted(code, comment.to_owned())),
        }
    }

    /// Adds a comment on lines of its own.
    pub(crate) fn comment(&mut self, indent: usize, text: &str) {
        let mut line = String::new();
        for word in text.split_whitespace() {
            if !line.is_empty() && indent + line.chars().count() + word.chars().count() + 3 > WIDTH {
                self.0.push(CommentedLine::Comment(format!("{:indent$}# {line}", "")));
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        self.0.push(CommentedLine::Comment(format!("{:indent$}# {line}", "")));
    }

    pub(crate) fn blank(&mut self) {
        self.0.push(CommentedLine::Blank);
    }

    pub(crate) fn append(&mut self, other: CommentedLines) {
        self.0.extend(other.0);
    }
}

fn indent(code: &str) -> usize {
    code.len() - code.trim_start().len()
}

impl Display for CommentedLines {
    /// Comments after consecutive lines start in the same column.
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let mut at = 0;
        while at < self.0.len() {
            let run = self.0[at..].iter().take_while(|line| matches!(line, CommentedLine::Noted(..))).count();
            let noted =
                |line: &CommentedLine| if let CommentedLine::Noted(code, _) = line { code.chars().count() } else { 0 };
            let column = self.0[at..at + run].iter().map(noted).max().unwrap_or(0) + 2;
            for line in &self.0[at..at + run.max(1)] {
                match line {
                    CommentedLine::Code(text) | CommentedLine::Comment(text) => f.write_str(text)?,
                    CommentedLine::Noted(code, comment) => write!(f, "{code:column$}# {comment}")?,
                    CommentedLine::Blank => {}
                }
                f.write_char('\n')?;
            }
            at += run.max(1);
        }
        Ok(())
    }
}

/// A text as YAML has it: plain where nothing in it could be taken for something else.
pub(crate) fn scalar(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    let first = text.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_' || c == '.');
    let word = ["true", "false", "null", "yes", "no", "on", "off"].iter().any(|w| text.eq_ignore_ascii_case(w));
    if first && !word && text.chars().all(plain) {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\t' => quoted.push_str("\\t"),
            '\n' => quoted.push_str("\\n"),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A text for a comment: on one line, at most 60 characters.
pub(crate) fn shown(text: &str) -> String {
    text.chars().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A number, grouped, and its noun: `1,234 customers`.
pub(crate) fn count(number: u64, noun: &str) -> String {
    format!("{} {}", grouped(&number.to_string(), ','), plural(number, noun))
}

/// A number with `sign` between groups of three digits of its whole part.
pub(crate) fn grouped(number: &str, sign: char) -> String {
    let (minus, rest) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
    let (whole, fraction) = rest.split_once('.').map_or((rest, ""), |(whole, fraction)| (whole, fraction));
    let mut text = String::from(minus);
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            text.push(sign);
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_of_lines_that_follow_each_other_stand_in_one_column() {
        let mut block = CommentedLines::default();
        block.line_with_comment("a: 1", Some("one"));
        block.line_with_comment("bcd: 2", Some("two"));
        block.line("e:");
        block.line_with_comment("  f: 3", Some("three"));
        block.comment(2, &"word ".repeat(30));
        let expected = "a: 1    # one\nbcd: 2  # two\ne:\n  f: 3  # three\n";
        let text = block.to_string();
        assert!(text.starts_with(expected), "{text}");
        assert!(text.lines().all(|line| line.len() <= WIDTH) && text.lines().count() == 6, "{text}");
    }

    #[test]
    fn texts_that_yaml_would_take_for_something_else_are_quoted() {
        for (text, expected) in [
            ("orders.csv", "orders.csv"),
            ("../data/orders.csv", "../data/orders.csv"),
            ("Order ID", "\"Order ID\""),
            ("no", "\"no\""),
            ("2025", "\"2025\""),
            ("a\"b\\c\t", "\"a\\\"b\\\\c\\t\""),
            ("é", "é"),
            ("", "\"\""),
            ("-", "\"-\""),
        ] {
            assert_eq!(scalar(text), expected);
        }
    }

    #[test]
    fn digits_in_groups() {
        for (number, expected) in [("1", "1"), ("1000", "1,000"), ("-123456.78", "-123,456.78"), ("999", "999")] {
            assert_eq!(grouped(number, ','), expected);
        }
        assert_eq!(count(1, "row"), "1 row");
        assert_eq!(count(1234, "row"), "1,234 rows");
    }
}
