//! A suite with its rule files compiled, ready to run.

use std::collections::HashMap;
use std::path::PathBuf;

use accolade_engine::rules::compile::{Compilation, compile_with};
use accolade_engine::{Files, Loader, Plugins, RuleSet};
use accolade_parser::Diagnostics;

use super::population;
use super::population::Check;
use crate::suite::Suite;

/// A suite and its compiled rule files.
#[derive(Debug)]
pub struct Prepared {
    /// The rule set.
    pub set: RuleSet,
    /// The rule file's texts, and last the test file's.
    pub files: Files,
    /// By case, what it expects of the population.
    pub(crate) checks: Vec<Vec<Check>>,
    /// Older rule sets that cases compare with.
    pub(crate) before: HashMap<PathBuf, RuleSet>,
}

/// Compiles what a suite tests; `text` is the test file's.
///
/// # Errors
/// What is wrong with a rule file, or with an expectation over the population.
pub fn prepare(
    suite: &Suite,
    text: &str,
    loader: &dyn Loader,
    plugins: &Plugins,
) -> Result<Prepared, Box<(Diagnostics, Files)>> {
    let mut checks = Vec::new();
    let compilation = compile_with(&suite.rules, loader, plugins, &mut |analyser| {
        let source = analyser.files.add(&suite.path, text.as_bytes());
        checks = suite
            .cases
            .iter()
            .map(|case| {
                let expected = case.expect.population.iter();
                expected.filter_map(|e| population::check(e, source, analyser)).collect()
            })
            .collect();
    });
    let (set, files) = compiled(compilation)?;
    let mut before = HashMap::new();
    for path in suite.cases.iter().filter_map(|case| case.before.as_ref()) {
        if !before.contains_key(path) {
            let (older, _) = compiled(compile_with(path, loader, plugins, &mut |_| {}))?;
            before.insert(path.clone(), older);
        }
    }
    Ok(Prepared { set, files, checks, before })
}

fn compiled(compilation: Compilation) -> Result<(RuleSet, Files), Box<(Diagnostics, Files)>> {
    match compilation.set {
        Some(set) => Ok((set, compilation.files)),
        None => Err(Box::new((compilation.diagnostics, compilation.files))),
    }
}
