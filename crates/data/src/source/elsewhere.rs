//! Where columns may be that a file lacks at the place where they are looked for.

use std::path::Path;

use super::opened::Content;
use super::survey::TextSurvey;

/// The helps for columns that are not in the header. With `none`, it has no declared column at all.
pub(super) fn helps(content: &Content, path: &Path, none: bool) -> Vec<String> {
    let row = match content {
        Content::Sheet(sheet) => sheet.likely_header().map(|(row, _)| row),
        Content::Csv(_) => TextSurvey::of(path).ok().and_then(|survey| survey.header_row),
        _ => None,
    };
    let row = row.filter(|_| none).map(|row| format!("row {row} seems to name the columns: add `header_row: {row}`"));
    let sheets = if let Content::Sheet(sheet) = content { sheet.other_sheets() } else { None };
    row.into_iter().chain(sheets).collect()
}
