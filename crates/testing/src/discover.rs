//! Finding test files.

use std::io;
use std::path::{Path, PathBuf};

/// The test files at `path`: a test file itself, those of a rule file, or every `tests.yaml` and `*.tests.yaml` in a
/// folder.
///
/// # Errors
/// Fails when the path cannot be read.
pub fn discover(path: &Path) -> io::Result<Vec<PathBuf>> {
    if path.is_dir() {
        return find_files(path, &is_test_file);
    }
    path.metadata()?;
    if is_test_file(path) {
        return Ok(vec![path.to_owned()]);
    }
    // A rule file: its own tests, or those of its folder.
    let own = path.with_extension("tests.yaml");
    let shared = path.with_file_name("tests.yaml");
    Ok([own, shared].into_iter().filter(|p| p.is_file()).collect())
}

/// The files in a folder and its subfolders for which `wanted` holds, sorted.
///
/// # Errors
/// Fails when a folder cannot be read.
pub fn find_files(folder: &Path, wanted: &dyn Fn(&Path) -> bool) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    walk(folder, wanted, &mut found)?;
    found.sort();
    Ok(found)
}

fn walk(folder: &Path, wanted: &dyn Fn(&Path) -> bool, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in folder.read_dir()? {
        let entry = entry?;
        let (path, name) = (entry.path(), entry.file_name());
        let hidden = name.to_string_lossy().starts_with('.');
        if entry.file_type()?.is_dir() && !hidden && name != "target" {
            walk(&path, wanted, found)?;
        } else if wanted(&path) {
            found.push(path);
        }
    }
    Ok(())
}

/// Whether the name of a file is that of a test file.
pub fn is_test_file(path: &Path) -> bool {
    path.file_name().is_some_and(|name| {
        let name = name.to_string_lossy();
        ["tests.yaml", "tests.yml"].contains(&&*name) || name.ends_with(".tests.yaml") || name.ends_with(".tests.yml")
    })
}
