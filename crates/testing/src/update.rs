//! Writes actual values over failed expectations, and changes nothing else in the file.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use accolade_engine::files::read_text;
use accolade_engine::output::replace_file;
use accolade_parser::Span;

use crate::TestReport;
use crate::suite::ValueLocation;

/// Replaces every failed expectation by the actual value and returns how many were replaced.
///
/// # Errors
/// Fails when a file cannot be read or written.
pub fn update_expectations(report: &TestReport) -> io::Result<usize> {
    let mut yaml: Vec<(Span, String)> = Vec::new();
    let mut tables: BTreeMap<PathBuf, Vec<(usize, usize, String)>> = BTreeMap::new();
    for patch in report.cases.iter().flat_map(|c| &c.failures).filter_map(|f| f.update.as_ref()) {
        match &patch.place {
            ValueLocation::Yaml(span) => yaml.push((*span, patch.text.clone())),
            ValueLocation::Table(path, row, column) => {
                tables.entry(path.clone()).or_default().push((*row, *column, patch.text.clone()));
            }
        }
    }
    let written = yaml.len() + tables.values().map(Vec::len).sum::<usize>();
    if !yaml.is_empty() {
        let text = read_text(&report.path)?;
        let text = patched(&text, &mut yaml);
        replace_file(&report.path, |sink| sink.write_all(text.as_bytes()))?;
    }
    for (path, cells) in tables {
        update_table(&path, &cells)?;
    }
    Ok(written)
}

/// The text with each span replaced, from the last to the first so that earlier spans stay valid.
fn patched(text: &str, patches: &mut [(Span, String)]) -> String {
    patches.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
    let mut text = text.to_owned();
    for (span, new) in patches {
        let range = span.start as usize..span.end as usize;
        if let Some(old) = text.get(range.clone()) {
            // The span of an empty value is right after its colon.
            let space = if old.is_empty() { " " } else { "" };
            let scalar = format!("{space}{}", scalar(new, old));
            text.replace_range(range, &scalar);
        }
    }
    text
}

/// A value as a YAML scalar, quoted if it must be or if the old one was.
fn scalar(new: &str, old: &str) -> String {
    let plain = !new.is_empty()
        && new.chars().all(|c| c.is_alphanumeric() || " _.+→±/()%-".contains(c))
        && new.starts_with(|c: char| {
            c.is_alphanumeric() || c == '-' && new[1..].starts_with(|d: char| d.is_ascii_digit())
        })
        && !new.ends_with(' ');
    match (plain, old.starts_with('\''), old.starts_with('"')) {
        (true, false, false) => new.to_owned(),
        (_, _, true) => format!("\"{}\"", new.replace('\\', "\\\\").replace('"', "\\\"")),
        _ => format!("'{}'", new.replace('\'', "''")),
    }
}

fn update_table(path: &Path, cells: &[(usize, usize, String)]) -> io::Result<()> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_path(path)?;
    let mut records: Vec<Vec<String>> =
        reader.records().map(|r| r.map(|r| r.iter().map(str::to_owned).collect())).collect::<Result<_, _>>()?;
    for (row, column, text) in cells {
        if let Some(cell) = records.get_mut(row + 1).and_then(|r| r.get_mut(*column)) {
            cell.clone_from(text);
        }
    }
    replace_file(path, |sink| {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(sink);
        records.iter().try_for_each(|record| writer.write_record(record))?;
        writer.flush()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_values_change() {
        let text = "a: 1   # one\nb: \"x\"\nc: 'it'\nd:\n";
        let span = |start: u32, end: u32| Span { start, end, ..Span::default() };
        let mut patches = vec![
            (span(3, 4), "7.5".to_owned()),
            (span(16, 19), "say \"y\"".to_owned()),
            (span(23, 27), "it's".to_owned()),
            (span(30, 30), "missing".to_owned()),
        ];
        assert_eq!(patched(text, &mut patches), "a: 7.5   # one\nb: \"say \\\"y\\\"\"\nc: 'it''s'\nd: missing\n");
    }

    #[test]
    fn what_yaml_would_misread_is_quoted() {
        for (new, expected) in
            [("A", "A"), ("-3", "-3"), ("B → A", "B → A"), ("< 5", "'< 5'"), ("a: b", "'a: b'"), ("", "''")]
        {
            assert_eq!(scalar(new, "x"), expected);
        }
    }
}
