//! Block scalars, whose lines stay as they are.

use super::comments::line_start;
use crate::diagnostic::Diagnostics;
use crate::span::SourceId;
use crate::yaml;
use crate::yaml::node::{Node, Scalar, Style};

/// The header and the lines of a block scalar; `None` for other scalars, and where the lines would be read differently.
pub(super) fn block(text: &str, scalar: &Scalar, indent: usize) -> Option<(String, Vec<String>)> {
    if !matches!(scalar.style, Style::Literal | Style::Folded) || scalar.text.trim().is_empty() {
        return None;
    }
    let content = scalar.text.trim_end_matches('\n');
    let feeds = scalar.text.len() - content.len();
    let lines: Vec<String> = if scalar.style == Style::Literal {
        content.split('\n').map(str::to_owned).collect()
    } else {
        raw_lines(text, scalar)
    };
    let begins_with_space = lines.iter().find(|line| !line.is_empty()).is_some_and(|line| line.starts_with(' '));
    let margin = " ".repeat(indent);
    let mut block: Vec<String> =
        lines.into_iter().map(|line| if line.is_empty() { line } else { format!("{margin}{line}") }).collect();
    let chomping = match feeds {
        0 => "-",
        1 => "",
        more => {
            block.extend(std::iter::repeat_n(String::new(), more - 1));
            "+"
        }
    };
    let style = if scalar.style == Style::Literal { '|' } else { '>' };
    let indicator = if begins_with_space { "2" } else { "" };
    let header = format!("{style}{indicator}{chomping}");
    // White space at the ends of lines may be lost, so the result is read back and compared.
    let alone = format!("{}{header}\n{}\n#", "- ".repeat(indent / 2), block.join("\n"));
    reads_as(&alone, &scalar.text).then_some((header, block))
}

/// The lines of a folded scalar as written, without their indentation.
fn raw_lines(text: &str, scalar: &Scalar) -> Vec<String> {
    let start = scalar.span.start as usize;
    let depth = start - line_start(text, start);
    let raw = text[scalar.span.range()].replace("\r\n", "\n").replace('\r', "\n");
    let strip = |(i, line): (usize, &str)| {
        let margin = line.bytes().take_while(|b| *b == b' ').count().min(if i == 0 { 0 } else { depth });
        line[margin..].to_owned()
    };
    raw.split('\n').enumerate().map(strip).collect()
}

/// Whether the innermost scalar of a file is this text.
fn reads_as(file: &str, text: &str) -> bool {
    let mut node = yaml::parse(SourceId(0), file, &mut Diagnostics::new());
    loop {
        node = match node {
            Some(Node::Sequence(sequence)) => sequence.items.into_iter().next(),
            Some(Node::Scalar(scalar)) => return scalar.text == text,
            _ => return false,
        }
    }
}
