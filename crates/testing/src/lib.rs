//! Tests of rule sets: named cases of given data and expected results, run by the engine.
//!
//! ```no_run
//! use accolade_engine::{FileSystem, Plugins};
//! use accolade_testing::{TestOptions, run_file};
//!
//! let report = run_file("rules/tests.yaml".as_ref(), &FileSystem, &accolade_engine::plugins(), &TestOptions::default());
//! assert!(report.passed(), "{}", accolade_testing::report::text(&report));
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod coverage;
mod discover;
pub mod mutate;
pub mod read;
pub mod report;
mod run;
pub mod suggest;
mod suite;
mod update;

use std::path::{Path, PathBuf};

use accolade_engine::{Loader, Plugins, SourceFiles};
use accolade_parser::Diagnostics;

use crate::coverage::ReachedBranches;
pub use coverage::{Coverage, CoverageTarget};
pub use discover::{discover, find_files, is_test_file};
pub use run::{CaseResult, ExpectationFailure, PreparedSuite, prepare, run_case};
pub use suite::{Case, Expectations, ExpectedValue, GivenCell, GivenData, GivenRow, Suite, ValueLocation};
pub use update::update_expectations;

/// Which cases are run.
#[derive(Clone, Debug, Default)]
pub struct TestOptions {
    /// Only cases whose name contains this.
    pub filter: Option<String>,
}

/// The result of running a test file.
#[derive(Debug)]
pub struct TestReport {
    /// The test file.
    pub path: PathBuf,
    /// The rule file it tests.
    pub rules: PathBuf,
    /// The cases that were run, in file order.
    pub cases: Vec<CaseResult>,
    /// How many cases the filter left out.
    pub left_out: usize,
    /// The coverage of the cases; empty if the files have errors.
    pub coverage: Coverage,
    /// Errors in the test file or the rule file.
    pub errors: Diagnostics,
    /// The texts that the spans of errors and coverage refer to.
    pub files: SourceFiles,
}

impl TestReport {
    /// Whether every case passed and the files have no errors.
    pub fn passed(&self) -> bool {
        !self.errors.has_errors() && self.cases.iter().all(CaseResult::passed)
    }

    /// How many cases passed.
    pub fn passes(&self) -> usize {
        self.cases.iter().filter(|case| case.passed()).count()
    }
}

/// Runs the test file at `path`.
pub fn run_file(path: &Path, loader: &dyn Loader, plugins: &Plugins, options: &TestOptions) -> TestReport {
    let mut report = TestReport {
        path: path.to_owned(),
        rules: PathBuf::new(),
        cases: Vec::new(),
        left_out: 0,
        coverage: Coverage::default(),
        errors: Diagnostics::new(),
        files: SourceFiles::default(),
    };
    let reading = read::read(path, loader);
    let text = reading.files.all().first().map_or_else(String::new, |f| f.text.clone());
    (report.errors, report.files) = (reading.diagnostics, reading.files);
    let Some(suite) = reading.suite else { return report };
    report.rules.clone_from(&suite.rules);
    let prepared = match prepare(&suite, &text, loader, plugins) {
        Ok(prepared) => prepared,
        Err(wrong) => {
            (report.errors, report.files) = *wrong;
            return report;
        }
    };
    // A mutated rule set is not checked: its cut-offs stay those of the rule set.
    let stale = suite.saved.iter().filter_map(|saved| saved.check_rule_set(&prepared.set).err());
    report.errors.extend(stale.flatten());
    if report.errors.has_errors() {
        report.files = prepared.files;
        return report;
    }
    let mut reached = ReachedBranches::default();
    for index in 0..suite.cases.len() {
        let name = &suite.cases[index].name.value;
        if options.filter.as_ref().is_some_and(|filter| !name.contains(filter.as_str())) {
            report.left_out += 1;
            continue;
        }
        let result = run_case(&suite, &prepared, index);
        reached.add(&result.reached);
        report.cases.push(result);
    }
    report.coverage = Coverage::new(&prepared.set, &reached);
    // Errors in expectations have spans in the test file, which is the last of the prepared texts.
    let source = prepared.files.all().len().saturating_sub(1);
    let source = accolade_parser::SourceId(u32::try_from(source).unwrap_or(u32::MAX));
    for case in &mut report.cases {
        let own = case.errors.iter_mut().filter(|d| d.code.id().starts_with("E08"));
        own.flat_map(|d| &mut d.labels).for_each(|label| label.span.source = source);
    }
    report.files = prepared.files;
    report
}
