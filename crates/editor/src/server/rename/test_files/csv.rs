//! Tables of test files: a header of fields, and values below.

use std::ops::Range;

use accolade_engine::rules::analysis::ReferenceTarget;

use super::{in_expression, is_field};

/// The prefix of the header of an expected column.
const EXPECTED: &str = "expect.";

/// The places of a target in a table without quoted fields.
pub(super) fn places(target: &ReferenceTarget, text: &str) -> Vec<Range<usize>> {
    let mut lines = lines(text);
    let Some((start, header)) = lines.next() else { return Vec::new() };
    let mut found = Vec::new();
    let columns: Vec<(Range<usize>, &str)> = fields(start, header).collect();
    let field = |name: &'_ str| -> usize { if name.starts_with(EXPECTED) { EXPECTED.len() } else { 0 } };
    for (range, name) in &columns {
        let skipped = field(name);
        let own = in_expression(target, &name[skipped..]).into_iter();
        if matches!(target, ReferenceTarget::Name(_)) {
            found.extend(own.map(|r| range.start + skipped + r.start..range.start + skipped + r.end));
        }
    }
    if let ReferenceTarget::Label(of, label) = target {
        let holds: Vec<bool> = columns.iter().map(|(_, name)| is_field(of, &name[field(name)..])).collect();
        for (start, line) in lines {
            let cells = fields(start, line).zip(&holds).filter(|((_, cell), holds)| **holds && cell == label);
            found.extend(cells.map(|((range, _), _)| range));
        }
    }
    found
}

/// The lines with the bytes they begin at.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line.trim_end_matches(['\n', '\r']))
    })
}

/// The fields of a line, without blanks around them.
fn fields(start: usize, line: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut at = start;
    line.split(',').map(move |field| {
        let trimmed = field.trim();
        let begin = at + (field.len() - field.trim_start().len());
        at += field.len() + 1;
        (begin..begin + trimmed.len(), trimmed)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(target: &ReferenceTarget, text: &str, expected: &[&str]) {
        let found: Vec<&str> = places(target, text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn names_stand_in_the_header_and_labels_below() {
        let text = "customer_id, revenue, expect.class, expect.class.rank\nK1, 5, A, 1\nA, 6, B, A\n";
        check(&ReferenceTarget::Name("revenue".into()), text, &["revenue"]);
        check(&ReferenceTarget::Name("class".into()), text, &["class", "class"]);
        check(&ReferenceTarget::Label("class".into(), "A".into()), text, &["A"]);
    }
}
