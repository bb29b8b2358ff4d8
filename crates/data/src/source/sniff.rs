//! Guesses about a file that is missing or whose header does not fit.

use std::path::Path;

use accolade_parser::syntax::file::FormatOptions;
use accolade_parser::{did_you_mean, suggest};

use super::number::{NumberSigns, decimal};
use super::time;

/// The help for a column that a file does not have.
pub(super) fn nearest(name: &str, header: &[String]) -> String {
    did_you_mean(name, header.iter().map(String::as_str), "the file has:")
}

/// The help for a missing file: a similar name, or the data files of its folder.
pub(super) fn nearby(path: &Path) -> Option<String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Some(format!("there is no folder `{}`", folder.display()));
    };
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok().filter(|entry| entry.path().is_file()))
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| DATA_ENDINGS.iter().any(|ending| name.to_lowercase().ends_with(ending)))
        .collect();
    names.sort();
    let wanted = path.file_name()?.to_string_lossy();
    if let Some(name) = suggest(&wanted, names.iter().map(String::as_str)) {
        return Some(format!("did you mean `{}`?", path.with_file_name(name).display()));
    }
    let more = names.len().saturating_sub(LISTED);
    names.truncate(LISTED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!names.is_empty()).then(|| format!("the data files in that folder are: {}{more}", names.join(", ")))
}

/// The most files that the help names.
const LISTED: usize = 8;

const DATA_ENDINGS: [&str; 11] =
    [".csv", ".tsv", ".txt", ".parquet", ".ndjson", ".jsonl", ".json", ".gz", ".zst", ".xlsx", ".sqlite"];

/// The delimiter a file seems to have, when its header is one column with another delimiter in it.
pub(super) fn other_delimiter(header: &[String], format: &FormatOptions) -> Option<&'static str> {
    let [only] = header else { return None };
    let current = format.delimiter.as_ref().map_or(',', |d| d.value);
    [(';', ";"), ('\t', "tab"), ('|', "|"), (',', ",")]
        .into_iter()
        .find(|(c, _)| *c != current && only.contains(*c))
        .map(|(_, name)| name)
}

/// Whether a first record looks like data: a field of it is empty, a number or a date.
pub(super) fn looks_like_data(header: &[String]) -> bool {
    let data = |field: &String| {
        field.is_empty()
            || decimal(field, NumberSigns::new('.')).is_some()
            || time::datetime(field, Default::default()).is_some()
    };
    header.iter().any(data)
}
