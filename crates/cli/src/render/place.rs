//! Places in files, by line.

use accolade_engine::SourceFiles;
use accolade_parser::Span;

/// A span's line and column, both from 1; the column counts characters.
pub(crate) fn line_and_column(span: Span, files: &SourceFiles) -> (usize, usize) {
    let file = files.get(span.source);
    let before = file.and_then(|f| f.text.get(..span.start as usize)).unwrap_or("");
    (before.matches('\n').count() + 1, before.rsplit('\n').next().unwrap_or("").chars().count() + 1)
}

/// `rules.yaml:12`, by the file's name alone.
pub(crate) fn line(span: Span, files: &SourceFiles) -> Option<String> {
    let name = files.get(span.source)?.path.file_name()?.to_string_lossy().into_owned();
    Some(format!("{name}:{}", line_and_column(span, files).0))
}
