//! The sources that paths stand for: each sheet of a spreadsheet, and the files of a folder by their headers.

use std::path::{Path, PathBuf};

use accolade_engine::Location;
use accolade_engine::source::{DataColumn, data_files, data_files_in, inspect, sheets};
use accolade_parser::syntax::to_valid_name;
use accolade_parser::{Code, DataPlace, Diagnostic, Diagnostics};

/// Data that becomes one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InputData {
    /// A file, a folder or a pattern, with a sheet after `#`.
    pub(crate) path: PathBuf,
    /// The name of the source, if it is free.
    pub(crate) name: String,
}

/// The endings of spreadsheets.
pub(crate) const SPREADSHEETS: [&str; 5] = ["xlsx", "xlsm", "xlsb", "xls", "ods"];

/// The data that paths stand for.
///
/// # Errors
/// Fails when a folder or a spreadsheet cannot be read.
pub(crate) fn inputs(paths: &[impl AsRef<Path>]) -> Result<Vec<InputData>, Diagnostics> {
    let mut found = Vec::new();
    for path in paths {
        let path = path.as_ref();
        match path.is_dir() {
            true => found.extend(in_folder(path)?),
            false => found.extend(parts(path)?),
        }
    }
    Ok(found)
}

/// A file, or each sheet of it that has rows.
fn parts(path: &Path) -> Result<Vec<InputData>, Diagnostics> {
    let whole = || vec![InputData { path: path.to_owned(), name: source_name(&stem(path)) }];
    let is_file = path.to_str().and_then(|text| Location::parse(text).ok()) == Some(path.to_owned().into());
    if !is_file || !is_spreadsheet(path) || !path.is_file() {
        return Ok(whole());
    }
    let names = sheets(path).map_err(|why| unreadable(path, &why))?;
    if names.len() < 2 {
        return Ok(whole());
    }
    let part = |name: String| InputData {
        path: PathBuf::from(format!("{}#{name}", path.display())),
        name: source_name(&name.to_lowercase()),
    };
    Ok(names.into_iter().map(part).collect())
}

fn is_spreadsheet(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    ending.is_some_and(|ending| SPREADSHEETS.contains(&ending.as_str()))
}

/// The data files of a folder; those with the same header are one source.
fn in_folder(folder: &Path) -> Result<Vec<InputData>, Diagnostics> {
    let files = data_files_in(folder).map_err(|error| unreadable(folder, &error.to_string()))?;
    // The files of `.` are named as without it.
    let files = files.into_iter().map(|file| file.strip_prefix(".").map(Path::to_owned).unwrap_or(file));
    let mut groups: Vec<(Option<Vec<DataColumn>>, Vec<PathBuf>)> = Vec::new();
    for file in files {
        // A file that cannot be read is a source of its own, so that its reason is reported.
        let header = inspect(&file).ok().filter(|_| !is_spreadsheet(&file)).map(|file| file.columns);
        match groups.iter_mut().find(|(of, _)| header.is_some() && *of == header) {
            Some((_, files)) => files.push(file),
            None => groups.push((header, vec![file])),
        }
    }
    if let [(_, files)] = groups.as_slice()
        && files.len() > 1
    {
        let name = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        return Ok(vec![InputData { path: folder.to_owned(), name: source_name(&stem(&name)) }]);
    }
    let mut found = Vec::new();
    for (_, files) in groups {
        match pattern(folder, &files) {
            Some(pattern) => found.push(pattern),
            None => {
                for file in &files {
                    found.extend(parts(file)?);
                }
            }
        }
    }
    Ok(found)
}

/// The pattern that several files of a folder match, and no other file.
fn pattern(folder: &Path, files: &[PathBuf]) -> Option<InputData> {
    let names: Vec<String> =
        files.iter().map(|file| file.file_name().unwrap_or_default().to_string_lossy().into()).collect();
    let [first, others @ ..] = names.as_slice() else { return None };
    if others.is_empty() {
        return None;
    }
    let begin = others.iter().fold(first.as_str(), |begin, name| common(begin, name));
    let reversed = |text: &str| text.chars().rev().collect::<String>();
    let ends: Vec<String> = names.iter().map(|name| reversed(&name[begin.len()..])).collect();
    let end = ends.iter().skip(1).fold(ends[0].as_str(), |end, name| common(end, name));
    let path = folder.strip_prefix(".").unwrap_or(folder).join(format!("{begin}*{}", reversed(end)));
    let matched = data_files(&path, None).ok()?;
    let name = begin.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | '_' | ' ' | '.'));
    (matched == files).then(|| InputData { path, name: source_name(name) })
}

/// What two texts begin with.
fn common<'a>(one: &'a str, other: &str) -> &'a str {
    let length = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    &one[..length]
}

fn stem(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

fn source_name(text: &str) -> String {
    to_valid_name(&if text.is_empty() { "data".to_owned() } else { text.to_lowercase() })
}

fn unreadable(path: &Path, why: &str) -> Diagnostics {
    let place = DataPlace { file: path.display().to_string(), row: None, column: None };
    Diagnostics::from(Diagnostic::new(Code::E0701, format!("the data cannot be read: {why}")).in_data(place))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks the sources of a folder: the path from it and the name of each.
    #[track_caller]
    fn check(files: &[(&str, &str)], expected: &[(&str, &str)]) {
        let outer = tempfile::tempdir().unwrap();
        let folder = outer.path().join("shop");
        std::fs::create_dir(&folder).unwrap();
        for (name, content) in files {
            std::fs::write(folder.join(name), content).unwrap();
        }
        let found = inputs(&[&folder]).unwrap();
        let found: Vec<(String, &str)> = found
            .iter()
            .map(|input| (input.path.strip_prefix(&folder).unwrap().display().to_string(), input.name.as_str()))
            .collect();
        let expected: Vec<(String, &str)> = expected.iter().map(|(path, name)| ((*path).to_owned(), *name)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn files_of_a_folder_with_one_header_are_one_source() {
        let (orders, customers) = ("customer,day\nA,2025-01-01\n", "customer,city\nA,Gent\n");
        check(&[("a.csv", orders), ("b.csv", customers)], &[("a.csv", "a"), ("b.csv", "b")]);
        check(
            &[("customers.csv", customers), ("orders-2024.csv", orders), ("orders-2025.csv", orders)],
            &[("customers.csv", "customers"), ("orders-202*.csv", "orders")],
        );
        check(&[("2024.csv", orders), ("2025.csv", orders), ("notes.txt", "x")], &[("", "shop")]);
        // No pattern has these two alone.
        check(
            &[("a1.csv", orders), ("a2.csv", customers), ("a3.csv", orders)],
            &[("a1.csv", "a1"), ("a3.csv", "a3"), ("a2.csv", "a2")],
        );
    }
}
