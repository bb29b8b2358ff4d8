//! The rule files and test files around the open documents, and the analysis of each.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use accolade_engine::files::read_text;
use accolade_engine::{Compilation, Plugins, SourceFiles, compile};
use accolade_parser::{Diagnostics, SourceId, parse_rule_file};

use super::documents::{DocumentKind, Documents, document_kind, tested_rule_file};
use super::uri::normal;

/// How many folders, from that of a document upwards, are searched for the rule files that use it.
const FOLDERS: usize = 3;

/// The result of checking a rule file or a test file.
#[derive(Debug)]
pub(super) struct Analysis {
    /// The file that was checked.
    pub(super) root: PathBuf,
    /// The compilation of a rule file, without its findings and files, which are the fields below.
    pub(super) compilation: Option<Compilation>,
    pub(super) findings: Diagnostics,
    pub(super) files: SourceFiles,
}

impl Analysis {
    /// The source id of a file.
    pub(super) fn source(&self, path: &Path) -> Option<SourceId> {
        let index = self.files.all().iter().position(|file| normal(&file.path) == path)?;
        u32::try_from(index).ok().map(SourceId)
    }

    /// The files it is made of.
    pub(super) fn paths(&self) -> impl Iterator<Item = PathBuf> + '_ {
        self.files.all().iter().map(|file| normal(&file.path))
    }

    pub(super) fn contains(&self, path: &Path) -> bool {
        self.source(path).is_some()
    }
}

/// The analyses of everything that the open documents are part of.
#[derive(Debug, Default)]
pub(super) struct Project {
    /// The newest analysis of each root.
    current: BTreeMap<PathBuf, Arc<Analysis>>,
    /// The last analysis without errors of each root.
    last_good: BTreeMap<PathBuf, Arc<Analysis>>,
}

impl Project {
    /// Checks everything that these documents are part of. Returns the roots that were checked.
    pub(super) fn check(
        &mut self,
        changed: &BTreeSet<PathBuf>,
        documents: &Documents,
        plugins: &Plugins,
    ) -> BTreeSet<PathBuf> {
        let roots: BTreeSet<PathBuf> = changed.iter().flat_map(|path| self.roots(path, documents)).collect();
        for root in &roots {
            let analysis = Arc::new(analyse(root, documents, plugins));
            if analysis.compilation.as_ref().is_some_and(|compilation| compilation.set.is_some()) {
                self.last_good.insert(root.clone(), Arc::clone(&analysis));
            }
            self.current.insert(root.clone(), analysis);
        }
        roots
    }

    /// Forgets the roots that no open document is part of, and returns them.
    pub(super) fn forget(&mut self, documents: &Documents) -> Vec<PathBuf> {
        let needed = |path: &PathBuf, analysis: &Analysis| {
            analysis.root == *path
                || analysis.contains(path)
                || tested_by(path, documents).is_some_and(|rules| rules == analysis.root)
        };
        let unused = |analysis: &Analysis| !documents.paths().any(|path| needed(path, analysis));
        let gone: Vec<PathBuf> = self.current.values().filter(|a| unused(a)).map(|a| a.root.clone()).collect();
        for root in &gone {
            self.current.remove(root);
            self.last_good.remove(root);
        }
        gone
    }

    pub(super) fn analysis(&self, root: &Path) -> Option<&Arc<Analysis>> {
        self.current.get(root)
    }

    /// The newest analyses that a file is part of, in order of their roots.
    pub(super) fn analyses_of(&self, path: &Path) -> impl Iterator<Item = &Arc<Analysis>> {
        let path = path.to_owned();
        self.current.values().filter(move |analysis| analysis.contains(&path))
    }

    /// The newest analysis of a rule file that a file is part of.
    pub(super) fn rules(&self, path: &Path) -> Option<&Arc<Analysis>> {
        self.analyses_of(path).find(|analysis| analysis.compilation.is_some())
    }

    /// The last analysis without errors of a rule file that a file was part of, or else the newest.
    pub(super) fn last_good(&self, path: &Path) -> Option<&Arc<Analysis>> {
        self.last_good.values().find(|analysis| analysis.contains(path)).or_else(|| self.rules(path))
    }

    /// The files to check when a document has changed.
    fn roots(&self, path: &Path, documents: &Documents) -> BTreeSet<PathBuf> {
        let text = documents.text(path).unwrap_or_default();
        let own = document_kind(path, &text);
        if own == DocumentKind::Tests {
            return BTreeSet::from([path.to_owned(), tested_rule_file(path, &text)]);
        }
        let mut roots: BTreeSet<PathBuf> =
            self.analyses_of(path).filter(|analysis| analysis.root != path).map(|a| a.root.clone()).collect();
        if roots.is_empty() && !self.current.contains_key(path) {
            roots = rule_files_using(path, own, documents);
        }
        // A file that others include is checked as a part of them.
        if roots.is_empty() && own == DocumentKind::Rules {
            roots.insert(path.to_owned());
        }
        let tests =
            documents.paths().filter(|test| tested_by(test, documents).is_some_and(|rules| roots.contains(&rules)));
        roots.extend(tests.cloned().collect::<Vec<_>>());
        roots
    }
}

/// The rule file that a document tests, if it is a test file.
fn tested_by(path: &Path, documents: &Documents) -> Option<PathBuf> {
    let text = &documents.get(path)?.text;
    (document_kind(path, text) == DocumentKind::Tests).then(|| tested_rule_file(path, text))
}

/// The rule files around a file that use it.
fn rule_files_using(path: &Path, own: DocumentKind, documents: &Documents) -> BTreeSet<PathBuf> {
    if own == DocumentKind::Other && !path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml") {
        return BTreeSet::new();
    }
    let candidates = rule_files(path).into_iter().filter(|candidate| candidate != path);
    let uses = |candidate: &PathBuf| {
        let Some(text) = documents.text(candidate) else { return false };
        match own {
            DocumentKind::Script => names_script(&text, path),
            _ => includes(candidate, &text, path),
        }
    };
    candidates.filter(uses).collect()
}

/// The rule files in a file's folder and the folders above it.
pub(super) fn rule_files(path: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in path.ancestors().skip(1).take(FOLDERS) {
        found.extend(files_in(folder, DocumentKind::Rules));
    }
    found
}

/// The files of a kind in a folder, sorted by name.
pub(super) fn files_in(folder: &Path, wanted: DocumentKind) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let yaml = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml");
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path())).filter(yaml);
    let is = |path: &PathBuf| read_text(path).is_ok_and(|text| document_kind(path, &text) == wanted);
    let mut found: Vec<PathBuf> = paths.filter(is).collect();
    found.sort();
    found
}

/// Whether a rule file includes `path` directly.
fn includes(candidate: &Path, text: &str, path: &Path) -> bool {
    if !text.lines().any(|line| line.starts_with("include:")) {
        return false;
    }
    let (file, _) = parse_rule_file(SourceId(0), text);
    let folder = candidate.parent().unwrap_or(Path::new(""));
    file.include.iter().any(|name| normal(&folder.join(&name.value)) == path)
}

/// Whether a rule file may use a script. Only compiling it shows whether it does.
fn names_script(text: &str, script: &Path) -> bool {
    text.contains("script:") && script.extension().is_some_and(|ending| ending == "rhai")
}

fn analyse(root: &Path, documents: &Documents, plugins: &Plugins) -> Analysis {
    let text = documents.text(root).unwrap_or_default();
    if document_kind(root, &text) != DocumentKind::Tests {
        let mut compilation = compile(root, documents, plugins);
        let findings = std::mem::take(&mut compilation.diagnostics);
        let files = std::mem::take(&mut compilation.files);
        return Analysis { root: root.to_owned(), compilation: Some(compilation), findings, files };
    }
    let reading = accolade_testing::read::read(root, documents);
    let (mut findings, mut files) = (reading.diagnostics, reading.files);
    if let Some(suite) = reading.suite
        && let Err(wrong) = accolade_testing::prepare(&suite, &text, documents, plugins)
    {
        (findings, files) = *wrong;
    }
    Analysis { root: root.to_owned(), compilation: None, findings, files }
}
