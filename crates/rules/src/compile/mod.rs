//! From a rule file to a checked rule set.

pub mod arguments;
mod goal;
mod measure;
mod target;

use std::path::Path;
use std::sync::Arc;

use accolade_core::files::{Loader, SourceFiles};
use accolade_parser::Diagnostics;
use accolade_parser::syntax::file::{MeasureDecl as Written, RuleFile};

pub use self::measure::groupings;
use crate::analysis::{Analyser, Plugins, References, include};
use crate::measures::Measure;
use crate::set::RuleSet;

/// The result of compiling a rule file: a rule set unless there are errors, every finding, and the texts they point
/// into.
#[derive(Debug)]
pub struct Compilation {
    /// The rule set, if the file has no errors.
    pub set: Option<RuleSet>,
    /// Every finding, by place.
    pub diagnostics: Diagnostics,
    /// The rule file first, then what it includes and its scripts.
    pub files: SourceFiles,
    /// The rule file as written, what it includes merged; none if it could not be read.
    pub written: Option<Arc<RuleFile>>,
    /// Where names are used in it.
    pub uses: References,
}

/// Reads the rule file at `path` with everything it includes and checks it.
pub fn compile(path: &Path, loader: &dyn Loader, plugins: &Plugins) -> Compilation {
    compile_with(path, loader, plugins, &mut |_| {})
}

/// As [`compile`], with a call of `extend` once everything in the file has been analysed. It may analyse more, such as
/// further expressions over the record.
pub fn compile_with(
    path: &Path,
    loader: &dyn Loader,
    plugins: &Plugins,
    extend: &mut dyn FnMut(&mut Analyser),
) -> Compilation {
    let mut files = SourceFiles::default();
    let mut out = Diagnostics::new();
    let file = include::read(path, loader, &mut files, &mut out).map(Arc::new);
    let mut uses = References::default();
    let set = file.as_ref().and_then(|file| {
        let (set, used) = analyse(Analyser::new(file, plugins, loader, &mut files, &mut out), extend);
        uses = used;
        set
    });
    out.sort();
    out.dedup();
    let set = set.filter(|_| !out.has_errors());
    Compilation { set, diagnostics: out, files, written: file, uses }
}

/// Reads the rule file at `path` with everything it includes; its texts are added to `files`.
pub fn read_file(path: &Path, loader: &dyn Loader, files: &mut SourceFiles, out: &mut Diagnostics) -> Option<RuleFile> {
    include::read(path, loader, files, out)
}

/// Checks a rule file that has been read; `files` hold the texts its places are in.
pub fn compile_file(file: RuleFile, mut files: SourceFiles, loader: &dyn Loader, plugins: &Plugins) -> Compilation {
    let (mut out, file) = (Diagnostics::new(), Arc::new(file));
    let (set, uses) = analyse(Analyser::new(&file, plugins, loader, &mut files, &mut out), &mut |_| {});
    let set = set.filter(|_| !out.has_errors());
    Compilation { set, diagnostics: out, files, written: Some(file), uses }
}

/// Analyses a file with its measures and goals.
fn analyse(mut analyser: Analyser, extend: &mut dyn FnMut(&mut Analyser)) -> (Option<RuleSet>, References) {
    analyser.run();
    extend(&mut analyser);
    let file = Arc::clone(analyser.file);
    let mut measure = |m: &Written| Measure::compile(&m.name.value, m.description.as_ref(), &m.measure, &mut analyser);
    let measures = file.measures.values().filter_map(&mut measure).collect();
    let goals = file.goals.values().filter_map(|goal| goal::compile(goal, &mut analyser)).collect();
    analyser.finish(measures, goals)
}
