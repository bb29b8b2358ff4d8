//! The host of the service, and the rules that it loads.

use std::fmt;
use std::path::PathBuf;

use accolade_engine::explain::Explanation;
use accolade_engine::version::version;
use accolade_engine::{Rater, SourceFiles};
use serde_json::Value as Json;

/// The program that runs the service: it loads rules and writes logs.
pub trait Host: Send + Sync {
    /// Loads the rule set and its cut-offs. The host reports what is wrong with them before it returns.
    ///
    /// # Errors
    /// Fails when rules do not check, scripts do not compile or cut-offs do not fit.
    fn load(&self) -> Result<LoadedRules, LoadError>;

    /// The current day in days since 1970-01-01, if records are rated at the current day.
    fn today(&self) -> Option<i32>;

    /// An explanation in the form of `accolade explain --format json`.
    fn explanation(&self, loaded: &LoadedRules, explanation: &Explanation) -> Json;

    /// Logs an event of the service, such as a reload.
    fn log_event(&self, line: &str);

    /// Logs an answered request. The line holds no secret and no data of a record; it is only written out if it is used.
    fn log_request(&self, line: fmt::Arguments);
}

/// Rules and cut-offs as they were loaded.
#[derive(Clone, Debug)]
pub struct LoadedRules {
    /// Rates records.
    pub rater: Rater,
    /// The texts of the rules.
    pub files: SourceFiles,
    /// A hash of the texts of the rules.
    pub rules_version: String,
    /// A hash of the cut-offs.
    pub cut_offs_version: String,
    /// The files they were loaded from.
    pub watched: Vec<PathBuf>,
}

impl LoadedRules {
    /// Rules with the cut-offs of a file, given by its path and text.
    pub fn new(rater: Rater, files: SourceFiles, cut_offs: (PathBuf, &str)) -> LoadedRules {
        let (path, text) = cut_offs;
        let rules_version = version(files.all().iter().map(|file| file.text.as_bytes()));
        let watched = files.all().iter().map(|file| file.path.clone()).chain([path]).collect();
        LoadedRules { rater, files, rules_version, cut_offs_version: version([text.as_bytes()]), watched }
    }
}

/// The reasons why rules or cut-offs were refused.
#[derive(Clone, Debug)]
pub struct LoadError {
    /// The findings, one line each.
    pub findings: Vec<String>,
    /// The files in which a change may mend it.
    pub watched: Vec<PathBuf>,
}
