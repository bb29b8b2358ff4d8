//! A suite with its rule files compiled, ready to run.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use accolade_engine::session::Error;
use accolade_engine::{Loader, Plugins, RuleSet, Session, SourceFiles};
use accolade_parser::Diagnostics;

use super::population;
use super::population::PopulationCheck;
use crate::suite::Suite;

/// A suite and its compiled rule files.
#[derive(Debug)]
pub struct PreparedSuite {
    /// The rule set.
    pub set: Arc<RuleSet>,
    /// The texts of the rule file, then that of the test file.
    pub files: SourceFiles,
    /// The expectations of each case over the population.
    pub(crate) checks: Vec<Vec<PopulationCheck>>,
    /// Older rule sets that cases compare with.
    pub(crate) before: HashMap<PathBuf, Arc<RuleSet>>,
}

/// Compiles the rule files of a suite; `text` is the text of the test file.
///
/// # Errors
/// Fails when a rule file or an expectation over the population has errors.
pub fn prepare(
    suite: &Suite,
    text: &str,
    loader: &dyn Loader,
    plugins: &Plugins,
) -> Result<PreparedSuite, Box<(Diagnostics, SourceFiles)>> {
    let mut checks = Vec::new();
    let session = Session::open_with(&suite.rules, loader, plugins, &mut |analyser| {
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
    let Session { set, files, .. } = session.map_err(findings)?;
    let mut before = HashMap::new();
    for path in suite.cases.iter().filter_map(|case| case.before.as_ref()) {
        if !before.contains_key(path) {
            let older = Session::open(path, loader, plugins).map_err(findings)?;
            before.insert(path.clone(), older.set);
        }
    }
    Ok(PreparedSuite { set, files, checks, before })
}

fn findings(error: Error) -> Box<(Diagnostics, SourceFiles)> {
    let findings = error.into_findings().unwrap_or_default();
    Box::new((findings.diagnostics, findings.files))
}
