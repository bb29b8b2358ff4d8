//! The files of a source that names a folder or a pattern.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use accolade_core::location::format::{Compression, FileFormat};
use glob::{MatchOptions, Pattern};

use super::reject::REJECTS;

/// Matching as in a shell: `*` stays within a folder and skips hidden files.
const LIKE_A_SHELL: MatchOptions =
    MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: true };

/// The characters that make a name a pattern.
pub(super) const SIGNS: [char; 3] = ['*', '?', '['];

/// The files that `path` stands for, sorted: itself, those in a folder, or those that match a pattern.
///
/// # Errors
/// Fails when a folder or pattern has no data files, or files of several formats. The error is the reason and a help.
pub fn files(path: &Path, format: Option<FileFormat>) -> Result<Vec<PathBuf>, (String, Option<String>)> {
    let mut found = match std::fs::metadata(path) {
        Ok(meta) if meta.is_dir() => {
            in_folder(path, format).map_err(|e| (accolade_core::files::io_error_reason(&e), None))?
        }
        Err(_) if is_pattern(path) => matching(path).map_err(|why| (why, None))?,
        _ => return Ok(vec![path.to_owned()]),
    };
    found.sort();
    unpacked_once(&found)?;
    if format.is_none() {
        one_format(&found)?;
    }
    Ok(found)
}

/// Splits a path after its longest existing folder.
fn split(path: &Path) -> (&Path, &Path) {
    let folder = path.ancestors().skip(1).find(|folder| folder.is_dir()).unwrap_or(Path::new(""));
    (folder, path.strip_prefix(folder).unwrap_or(path))
}

/// Whether a path that does not exist is a pattern.
fn is_pattern(path: &Path) -> bool {
    split(path).1.to_str().is_some_and(|text| text.contains(SIGNS))
}

/// The data files of a folder, of whatever formats, sorted.
///
/// # Errors
/// Fails when the folder cannot be read or has no data files.
pub fn data_files_in(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = in_folder(folder, None)?;
    found.sort();
    Ok(found)
}

fn in_folder(folder: &Path, format: Option<FileFormat>) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file() && is_data(&path, format) {
            found.push(path);
        }
    }
    if found.is_empty() {
        return Err(std::io::Error::other("the folder has no data files"));
    }
    Ok(found)
}

/// Whether a file in a folder counts as data, by its name.
pub(super) fn is_data(path: &Path, format: Option<FileFormat>) -> bool {
    // Programs that write folders of parts leave files such as `_SUCCESS`.
    let hidden = path.file_name().and_then(|n| n.to_str()).is_none_or(|name| name.starts_with(['.', '_']));
    !hidden && !is_rejects(path) && (format.is_some() || FileFormat::from_ending(path).is_some())
}

/// Whether a file holds rejected rows, which are not data unless they are named.
pub(super) fn is_rejects(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(REJECTS))
}

/// Compiles a pattern into a test of names.
#[cfg(feature = "object-store")]
pub(super) fn compiled(pattern: &str) -> Result<impl Fn(&str) -> bool, String> {
    let pattern = Pattern::new(pattern).map_err(wrong)?;
    Ok(move |name: &str| pattern.matches_with(name, LIKE_A_SHELL))
}

fn wrong(error: glob::PatternError) -> String {
    format!("the pattern is not valid: {}", error.msg)
}

fn matching(path: &Path) -> Result<Vec<PathBuf>, String> {
    // Pattern characters in the part that exists are literal.
    let (folder, rest) = split(path);
    let pattern = Path::new(&Pattern::escape(&folder.to_string_lossy())).join(rest);
    let paths = glob::glob_with(&pattern.to_string_lossy(), LIKE_A_SHELL).map_err(wrong)?;
    let found =
        paths.collect::<Result<Vec<PathBuf>, _>>().map_err(|e| accolade_core::files::io_error_reason(e.error()))?;
    let named = is_rejects(path);
    let found: Vec<PathBuf> = found.into_iter().filter(|path| path.is_file() && (named || !is_rejects(path))).collect();
    if found.is_empty() { Err("no file matches the pattern".to_owned()) } else { Ok(found) }
}

/// Fails when files have several formats.
pub(super) fn one_format(files: &[PathBuf]) -> Result<(), (String, Option<String>)> {
    let mut kinds = files.iter().map(|file| (file, FileFormat::from_path(file)));
    let Some((first, kind)) = kinds.next() else { return Ok(()) };
    let Some((other, _)) = kinds.find(|(_, other)| *other != kind) else { return Ok(()) };
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let why = format!("`{}` and `{}` are of different formats", name(first), name(other));
    let ending = accolade_core::location::format::ending(first).unwrap_or_default();
    Err((why, Some(format!("name the files of one format with a pattern, such as `*.{ending}`"))))
}

/// Fails when a file is there both packed and unpacked, so that its rows would count twice.
pub(super) fn unpacked_once(files: &[PathBuf]) -> Result<(), (String, Option<String>)> {
    let unpacked =
        |file: &Path| if Compression::of(file).is_some() { file.with_extension("") } else { file.to_owned() };
    let mut known: HashMap<PathBuf, &PathBuf> = HashMap::new();
    for file in files {
        if let Some(other) = known.insert(unpacked(file), file) {
            let why = format!("`{}` and `{}` are the same data, packed and unpacked", other.display(), file.display());
            return Err((why, Some("keep one of them".to_owned())));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(names: &[&str], path: &str, expected: Result<&[&str], &str>) {
        let folder = tempfile::Builder::new().prefix("[a]").tempdir().unwrap();
        for name in names {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        let found = files(&folder.path().join(path), None).map_err(|(why, _)| why);
        let found = found.map(|files| {
            files.iter().map(|f| f.strip_prefix(folder.path()).unwrap().display().to_string()).collect::<Vec<_>>()
        });
        let expected = expected.map(|names| names.iter().map(|n| (*n).to_owned()).collect()).map_err(str::to_owned);
        assert_eq!(found, expected, "{path}");
    }

    #[test]
    fn folders_and_patterns_name_files_in_order() {
        let names =
            ["o/b.csv", "o/a.csv.gz", "o/.hidden.csv", "o/_SUCCESS", "o/notes.txt", "o/deep/c.csv", "p/x.ndjson"];
        check(&names, "o", Ok(&["o/a.csv.gz", "o/b.csv"]));
        check(&names, "o/*.csv", Ok(&["o/b.csv"]));
        check(&names, "*/b.csv", Ok(&["o/b.csv"]));
        check(&names, "o/**/*.csv", Ok(&["o/b.csv", "o/deep/c.csv"]));
        check(&names, "none.csv", Ok(&["none.csv"]));
        check(&names, "o/*.parquet", Err("no file matches the pattern"));
        check(&["o/notes.txt"], "o", Err("the folder has no data files"));
        let names = ["o/a.csv", "o/a.rejected.csv"];
        check(&names, "o", Ok(&["o/a.csv"]));
        check(&names, "o/*.csv", Ok(&["o/a.csv"]));
        check(&names, "o/*.rejected.csv", Ok(&["o/a.rejected.csv"]));
        check(&names, "o/a.rejected.csv", Ok(&["o/a.rejected.csv"]));
        check(&["o/a.csv", "o/b.parquet"], "o", Err("`a.csv` and `b.parquet` are of different formats"));
    }
}
