//! Rule files and test files in a folder.

use std::path::{Path, PathBuf};

use accolade_engine::files::{io_error_reason, read_file};
use accolade_parser::yaml::node::Node;
use accolade_parser::{Diagnostics, SourceId, yaml};
use accolade_testing::{find_files, is_test_file};

use crate::exit::Failure;

/// The rule files and test files in a folder and its subfolders.
pub(super) fn rules_and_tests(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    accolade_files(folder, &|path| is_test_file(path) || is_rule_file(path))
}

/// The rule files in a folder and its subfolders.
pub(super) fn rules(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    accolade_files(folder, &|path| !is_test_file(path) && is_rule_file(path))
}

fn accolade_files(folder: &Path, wanted: &dyn Fn(&Path) -> bool) -> Result<Vec<PathBuf>, Failure> {
    let ours = |path: &Path| path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml") && wanted(path);
    find_files(folder, &ours).map_err(|error| {
        Failure::Message(format!("`{}` cannot be read: {}", folder.display(), io_error_reason(&error)))
    })
}

/// Whether a file is a rule file. One that cannot be read counts, so that the error is reported.
pub(super) fn is_rule_file(path: &Path) -> bool {
    read_file(path).map_or(true, |bytes| has_key(&bytes, "accolade"))
}

/// Whether a file has this key.
pub(super) fn has_key(bytes: &[u8], key: &str) -> bool {
    let text = String::from_utf8_lossy(bytes);
    match yaml::parse(SourceId(0), &text, &mut Diagnostics::new()) {
        Some(Node::Mapping(mapping)) => mapping.get(key).is_some(),
        // A rule file with syntax errors is still a rule file.
        _ => text.lines().any(|line| line.strip_prefix(key).is_some_and(|rest| rest.starts_with(':'))),
    }
}
