//! What the service is given, and who gives it.

use std::path::PathBuf;

use accolade_engine::explain::Explanation;
use accolade_engine::{Files, Rater};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

/// Who runs the service: loads rules, writes what there is to say.
pub trait Host: Send + Sync {
    /// The rule set and its cut-offs as they are now. What is wrong with them has been told to whoever watches.
    ///
    /// # Errors
    /// Rules that do not check, scripts that do not compile, cut-offs that do not fit.
    fn load(&self) -> Result<Loaded, Refused>;

    /// The day to rate at where that is whatever day it is, in days since 1970-01-01.
    fn today(&self) -> Option<i32>;

    /// An explanation as `accolade explain --format json` writes one of a customer.
    fn explanation(&self, loaded: &Loaded, explanation: &Explanation) -> Json;

    /// Something happened that whoever runs the service wants to know.
    fn note(&self, line: &str);

    /// A request was answered; the line holds no secret and nothing of a record.
    fn answered(&self, line: &str);
}

/// Rules and cut-offs in force.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// Rates records.
    pub rater: Rater,
    /// The texts of the rules.
    pub files: Files,
    /// A hash of the texts of the rules.
    pub rules_version: String,
    /// A hash of the cut-offs.
    pub cut_offs_version: String,
    /// The files that make them up.
    pub watched: Vec<PathBuf>,
}

impl Loaded {
    /// Rules with the cut-offs that this file holds.
    pub fn new(rater: Rater, files: Files, cut_offs: (PathBuf, &str)) -> Loaded {
        let (path, text) = cut_offs;
        let rules_version = version(files.all().iter().map(|file| file.text.as_bytes()));
        let watched = files.all().iter().map(|file| file.path.clone()).chain([path]).collect();
        Loaded { rater, files, rules_version, cut_offs_version: version([text.as_bytes()].into_iter()), watched }
    }
}

/// Why rules or cut-offs were not taken.
#[derive(Clone, Debug)]
pub struct Refused {
    /// The findings, one line each.
    pub findings: Vec<String>,
    /// The files that may mend it.
    pub watched: Vec<PathBuf>,
}

/// The beginning of a hash of texts.
pub(crate) fn version<'a>(texts: impl Iterator<Item = &'a [u8]>) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_le_bytes());
        hash.update(text);
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
