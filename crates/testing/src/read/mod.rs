//! Reads a test file into a suite.

mod case;
mod cells;
mod cutoffs;
mod expect;
mod table;

use std::path::{Path, PathBuf};

use accolade_engine::SavedCutOffs;
use accolade_engine::files::io_error_reason;
use accolade_engine::{Loader, SourceFiles};
use accolade_parser::syntax::key::{Key, Shape};
use accolade_parser::syntax::{decode, fields};
use accolade_parser::{Code, Diagnostic, Diagnostics, yaml};
use indexmap::IndexMap;

use crate::suite::Suite;

/// The keys of a test file.
pub const KEYS: &[Key] = &[
    Key::optional("rules", Shape::File, "the rule file that is tested; `rules.yaml` if absent"),
    Key::optional("as_of", Shape::DATE, "the date the cases run at, unless they set their own"),
    Key::optional("description", Shape::Text, "what is tested"),
    Key::optional("defaults", Shape::MapByLabel(&cells::ROW), "table: values for columns that a row leaves out"),
    Key::optional("cutoffs", cutoffs::SHAPE, "cut-offs to use instead of those computed from a case's customers"),
    Key::required("cases", Shape::MapByLabel(&Shape::Keys(case::KEYS)), "name: what is given and what is expected"),
];

/// The result of reading a test file.
#[derive(Debug)]
pub struct ReadSuite {
    /// The suite, if the file has no errors.
    pub suite: Option<Suite>,
    /// Every finding, by place.
    pub diagnostics: Diagnostics,
    /// The texts that the findings refer to.
    pub files: SourceFiles,
}

/// The state that the readers of the parts of a test file share.
pub(crate) struct SuiteReader<'a> {
    pub(crate) folder: PathBuf,
    pub(crate) loader: &'a dyn Loader,
    pub(crate) out: Diagnostics,
    /// The files of cut-offs read so far.
    saved: Vec<SavedCutOffs>,
}

/// Reads the test file at `path`.
pub fn read(path: &Path, loader: &dyn Loader) -> ReadSuite {
    let mut files = SourceFiles::default();
    let folder = path.parent().map(Path::to_owned).unwrap_or_default();
    let mut reader = SuiteReader { folder, loader, out: Diagnostics::new(), saved: Vec::new() };
    let suite = load(path, &mut files, &mut reader);
    let mut diagnostics = reader.out;
    diagnostics.sort();
    ReadSuite { suite: suite.filter(|_| !diagnostics.has_errors()), diagnostics, files }
}

fn load(path: &Path, files: &mut SourceFiles, reader: &mut SuiteReader) -> Option<Suite> {
    let bytes = match reader.loader.load(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            let message = format!("the test file `{}` cannot be read: {}", path.display(), io_error_reason(&error));
            reader.out.push(Diagnostic::new(Code::E0701, message));
            return None;
        }
    };
    let id = files.add(path, &bytes);
    let text = match decode(id, &bytes) {
        Ok(text) => text,
        Err(diagnostic) => {
            reader.out.push(*diagnostic);
            return None;
        }
    };
    let root = yaml::parse(id, text, &mut reader.out)?;
    let mapping = fields::mapping(&root, &mut reader.out)?;
    let keys = fields::Fields::new(mapping, "a test file", KEYS, &mut reader.out);
    let rules = match keys.optional("rules") {
        Some(node) => fields::text(node, &mut reader.out)?.text.clone(),
        None => "rules.yaml".to_owned(),
    };
    let as_of = match keys.optional("as_of") {
        Some(node) => Some(reader.date(node)?),
        None => None,
    };
    let defaults = match keys.optional("defaults") {
        Some(node) => reader.defaults(node)?,
        None => IndexMap::new(),
    };
    let cut_offs = match keys.optional("cutoffs") {
        Some(node) => reader.cut_offs(node)?,
        None => IndexMap::new(),
    };
    let cases = keys.required("cases", &mut reader.out).and_then(|node| fields::mapping(node, &mut reader.out))?;
    let cases: Vec<_> = cases.entries.iter().filter_map(|entry| reader.case(entry)).collect();
    if cases.is_empty() && !reader.out.has_errors() {
        let help = "add a case: a name with `given:` and `expect:`";
        reader.out.push(Diagnostic::new(Code::E0801, "the test file has no cases").at(mapping.span).help(help));
    }
    let saved = std::mem::take(&mut reader.saved);
    Some(Suite { path: path.to_owned(), rules: reader.folder.join(rules), as_of, defaults, cut_offs, saved, cases })
}
