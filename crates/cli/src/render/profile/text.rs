//! A page for a terminal.

use accolade_engine::explain::CustomerPage;

use super::super::explanation::{ExplanationHead, parts};
use super::{CHANGES, RESULTS, heading, main, moves, others, title};

/// The width of a line, which only a longer word exceeds.
const WIDTH: usize = 100;

/// Every customer's page.
pub(crate) fn document(head: &ExplanationHead, pages: &[CustomerPage]) -> String {
    pages.iter().map(|page| customer(head, page)).collect::<Vec<_>>().join("\n\n")
}

fn customer(head: &ExplanationHead, page: &CustomerPage) -> String {
    let mut out = format!("{}\n{}\n", title(page), head.line());
    for section in &page.sections {
        let fields = section.fields.iter().map(|f| (f.name.clone(), vec![parts::value(&f.value, f.ty)]));
        out += &part(&heading(section.name), fields.collect());
    }
    let results = page.results.iter().map(|result| {
        let mut lines = vec![main(result)];
        lines.extend(result.why.iter().map(|why| format!("why: {why}")));
        lines.extend(others(result));
        lines.extend(result.description.clone());
        (result.rule.clone(), lines)
    });
    out += &part(RESULTS, results.collect());
    let changes = page.changes.iter().map(|c| (c.rule.clone(), vec![format!("{}: {}", c.label, moves(c))]));
    out += &part(CHANGES, changes.collect());
    out
}

/// A heading, then labels with their lines beside them. Empty without entries.
fn part(heading: &str, entries: Vec<(String, Vec<String>)>) -> String {
    if entries.is_empty() {
        return String::new();
    }
    let indent = entries.iter().map(|(label, _)| label.chars().count()).max().unwrap_or(0) + 3;
    let mut out = format!("\n{heading}\n");
    for (label, lines) in entries {
        let mut label = format!(" {label}");
        for line in lines.iter().flat_map(|line| line.lines()).flat_map(|line| wrapped(line, WIDTH - indent.min(60))) {
            out += format!("{label:<indent$}{line}").trim_end();
            out += "\n";
            label.clear();
        }
    }
    out
}

/// A line broken between words where it would be wider than `width`.
fn wrapped(line: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    let mut used = 0;
    for word in line.split_whitespace() {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > width {
            lines.push(String::new());
            used = 0;
        }
        if let Some(last) = lines.last_mut() {
            last.push_str(if used > 0 { " " } else { "" });
            last.push_str(word);
        }
        used += length + usize::from(used > 0);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words() {
        let check = |line: &str, expected: &[&str]| assert_eq!(wrapped(line, 9), expected, "{line}");
        check("", &[""]);
        check("one two", &["one two"]);
        check("one two three", &["one two", "three"]);
        check("four five", &["four five"]);
        check("ééé ééé é", &["ééé ééé é"]);
        check("a-very-long-word and more", &["a-very-long-word", "and more"]);
    }

    #[test]
    fn labels_stand_beside_their_lines() {
        let entries = vec![("a".to_owned(), vec!["1".to_owned(), "2\n3".to_owned()]), ("bcd".to_owned(), vec![])];
        assert_eq!(part("Heading", entries), "\nHeading\n a    1\n      2\n      3\n");
        assert_eq!(part("Heading", Vec::new()), "");
    }
}
