//! The documents that are open in the editor, laid over the files on disk.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use accolade_engine::rules::analysis::Key;
use accolade_engine::{FileSystem, Loader};
use accolade_parser::syntax;
use accolade_testing::read;

use super::uri::normal;

/// The open documents.
#[derive(Clone, Debug, Default)]
pub(super) struct Documents {
    open: HashMap<PathBuf, OpenDocument>,
}

/// One open document.
#[derive(Clone, Debug)]
pub(super) struct OpenDocument {
    pub(super) text: String,
    pub(super) version: i32,
}

/// The kind of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DocumentKind {
    Rules,
    Tests,
    Script,
    /// Any other file, such as cut-offs or the settings of another program.
    Other,
}

impl DocumentKind {
    /// The top-level keys of such a document, if it is a rule file or a test file.
    pub(super) fn keys(self) -> Option<&'static [Key]> {
        match self {
            DocumentKind::Rules => Some(syntax::KEYS),
            DocumentKind::Tests => Some(read::KEYS),
            DocumentKind::Script | DocumentKind::Other => None,
        }
    }
}

impl Documents {
    pub(super) fn set(&mut self, path: PathBuf, text: String, version: i32) {
        self.open.insert(path, OpenDocument { text, version });
    }

    pub(super) fn close(&mut self, path: &Path) {
        self.open.remove(path);
    }

    pub(super) fn get(&self, path: &Path) -> Option<&OpenDocument> {
        self.open.get(path)
    }

    pub(super) fn paths(&self) -> impl Iterator<Item = &PathBuf> {
        self.open.keys()
    }

    /// The text of a file, open or not.
    pub(super) fn text(&self, path: &Path) -> Option<String> {
        String::from_utf8(self.load(path).ok()?).ok()
    }
}

impl Loader for Documents {
    fn load(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.open.get(&normal(path)) {
            Some(document) => Ok(document.text.clone().into_bytes()),
            None => FileSystem.load(path),
        }
    }

    fn is_below(&self, path: &Path, folder: &Path) -> bool {
        FileSystem.is_below(path, folder)
    }
}

/// The kind of a file, by its name and text.
pub(super) fn document_kind(path: &Path, text: &str) -> DocumentKind {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let has = |key: &str| text.lines().any(|line| line.starts_with(key));
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("rhai") => DocumentKind::Script,
        Some("yaml" | "yml") if name.ends_with("tests.yaml") || name.ends_with("tests.yml") || has("cases:") => {
            DocumentKind::Tests
        }
        Some("yaml" | "yml") if has("accolade:") || matches!(name, "rules.yaml" | "rules.yml") => DocumentKind::Rules,
        _ => DocumentKind::Other,
    }
}

/// The rule file that a test file tests.
pub(super) fn tested_rule_file(path: &Path, text: &str) -> PathBuf {
    let name = text.lines().find_map(|line| line.strip_prefix("rules:")).unwrap_or("rules.yaml");
    let name = name.split(" #").next().unwrap_or_default().trim().trim_matches(['"', '\'']);
    normal(&path.with_file_name("").join(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, text: &str, expected: DocumentKind) {
        assert_eq!(document_kind(Path::new(name), text), expected, "{name}");
    }

    #[test]
    fn documents_are_told_apart() {
        check("rules.yaml", "", DocumentKind::Rules);
        check("shop.yaml", "# ours\naccolade: 1\n", DocumentKind::Rules);
        check("thresholds.tests.yaml", "", DocumentKind::Tests);
        check("cases.yml", "rules: rules.yaml\ncases:\n", DocumentKind::Tests);
        check("cutoffs.yaml", "accolade_cut_offs: 2\n", DocumentKind::Other);
        check("docker-compose.yaml", "services:\n", DocumentKind::Other);
        check("fit.rhai", "", DocumentKind::Script);
    }

    #[test]
    fn a_test_file_names_its_rules() {
        let path = Path::new("/a/tests/x.tests.yaml");
        assert_eq!(tested_rule_file(path, "rules: ../rules.yaml  # ours\ncases:"), Path::new("/a/rules.yaml"));
        assert_eq!(tested_rule_file(path, "cases:"), Path::new("/a/tests/rules.yaml"));
    }

    #[test]
    fn an_open_document_hides_the_file() {
        let mut documents = Documents::default();
        documents.set("/nowhere/a.yaml".into(), "open".to_owned(), 1);
        assert_eq!(documents.text(Path::new("/nowhere/./b/../a.yaml")).as_deref(), Some("open"));
        documents.close(Path::new("/nowhere/a.yaml"));
        assert_eq!(documents.text(Path::new("/nowhere/a.yaml")), None);
    }
}
