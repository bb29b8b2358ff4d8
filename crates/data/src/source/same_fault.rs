//! Findings that many files of a source have alike, as one.

use std::collections::BTreeSet;

use accolade_parser::{Diagnostic, Diagnostics};

/// The most files that a finding names.
const NAMED: usize = 3;

/// The findings of several files, each once: the place is that of the first file, and a help counts the others.
pub(super) fn once(findings: impl IntoIterator<Item = Diagnostic>, files: usize) -> Diagnostics {
    let mut all: Vec<(Diagnostic, Vec<String>)> = Vec::new();
    for finding in findings {
        let file = finding.data.as_ref().map(|place| place.file.clone()).unwrap_or_default();
        match all.iter_mut().find(|(known, _)| is_alike(known, &finding)) {
            Some((_, places)) => places.push(file),
            None => all.push((finding, vec![file])),
        }
    }
    let with_files = |(mut finding, mut places): (Diagnostic, Vec<String>)| {
        places.dedup();
        if places.len() > 1 {
            let names = named(places.iter().map(String::as_str));
            finding.help.push(format!("{} of {files} files have this fault: {names}", places.len()));
        }
        finding
    };
    all.into_iter().map(with_files).collect()
}

fn is_alike(one: &Diagnostic, other: &Diagnostic) -> bool {
    let column = |finding: &Diagnostic| finding.data.as_ref().and_then(|place| place.column.clone());
    one.code == other.code && one.message == other.message && column(one) == column(other)
}

/// The first names of files, without their folders, and the number of the others.
pub(super) fn named<'f>(files: impl Iterator<Item = &'f str>) -> String {
    let names: Vec<&str> = files.map(|file| file.rsplit(['/', '\\']).next().unwrap_or(file)).collect();
    let first = names[..names.len().min(NAMED)].join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

/// The files in which rows have problems.
#[derive(Default)]
pub(super) struct FilesWithProblems(BTreeSet<String>);

impl FilesWithProblems {
    pub(super) fn add(&mut self, file: &str) {
        if !self.0.contains(file) {
            self.0.insert(file.to_owned());
        }
    }

    /// "; 30 files have problems: a.csv, b.csv, c.csv and 27 more"; empty for one file.
    pub(super) fn list(&self) -> String {
        if self.0.len() < 2 {
            return String::new();
        }
        format!("; {} files have problems: {}", self.0.len(), named(self.0.iter().map(String::as_str)))
    }
}
