//! Files to check, and fragments of rule files with the rule files that include them.

use std::path::{Path, PathBuf};

use accolade_engine::rules::compile::read_file;
use accolade_engine::{FileSystem, SourceFiles};
use accolade_parser::Diagnostics;

use crate::commands::files;
use crate::exit::Failure;

/// How many folders above a fragment are searched for a rule file that includes it.
const FOLDERS: usize = 3;

/// The files on the command line, and the rule files of its folders.
pub(super) fn paths(asked: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut paths = Vec::new();
    for path in asked {
        if path.is_dir() {
            let found = files::rules(path)?;
            if found.is_empty() {
                return Err(Failure::Message(format!("there is no rule file in `{}`", path.display())));
            }
            paths.extend(found);
        } else {
            paths.push(path.clone());
        }
    }
    Ok(paths)
}

/// The rule files that include a fragment, of those to be checked and those in its folder and the folders above.
pub(super) fn includers(fragment: &Path, paths: &[PathBuf]) -> Vec<PathBuf> {
    candidates(fragment, paths).into_iter().filter(|candidate| includes(candidate, fragment)).collect()
}

/// Whether a file is read, and neither it nor what it includes declares sources.
pub(super) fn is_fragment(path: &Path) -> bool {
    read_file(path, &FileSystem, &mut SourceFiles::default(), &mut Diagnostics::new())
        .is_some_and(|file| file.sources.is_empty() && file.version.is_some())
}

/// The rule files that may include a fragment: those to be checked, and those in its folder and the folders above.
fn candidates(fragment: &Path, paths: &[PathBuf]) -> Vec<PathBuf> {
    let near = fragment.ancestors().skip(1).take(FOLDERS).flat_map(|folder| {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
            .into_iter()
            .flatten()
            .filter_map(|entry| Some(entry.ok()?.path()))
            .map(|path| path.strip_prefix("./").map_or_else(|_| path.clone(), Path::to_owned))
            .filter(|path| path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml"))
            .collect();
        found.sort();
        found
    });
    let mut all: Vec<PathBuf> = Vec::new();
    for path in paths.iter().cloned().chain(near) {
        if !is_same(&path, fragment) && !all.iter().any(|known| is_same(known, &path)) {
            all.push(path);
        }
    }
    all
}

/// Whether a whole rule file includes the fragment, itself or by a file that it includes.
fn includes(candidate: &Path, fragment: &Path) -> bool {
    let mut files = SourceFiles::default();
    let read = read_file(candidate, &FileSystem, &mut files, &mut Diagnostics::new());
    read.is_some_and(|file| !file.sources.is_empty())
        && files.all().iter().skip(1).any(|file| is_same(&file.path, fragment))
}

/// Whether two paths lead to one file.
pub(super) fn is_same(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}
