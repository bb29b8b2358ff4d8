//! What the end-to-end tests share.

pub mod browser;
pub mod cli;
#[cfg(feature = "cluster")]
pub mod cluster;
pub mod console;
#[path = "../../crates/cli/build/installed.rs"]
pub mod installed;
pub mod pages;
pub mod postgres_server;
pub mod service;
pub mod shop;
#[cfg(feature = "object-store")]
pub mod store;
pub mod tables;
pub mod trading_year;
pub mod warehouse;
pub mod workbook;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use accolade_engine::{FileSystem, Inputs, Outcome, RuleSet, Value, compile, frame, run, show};
use tempfile::NamedTempFile;

pub use cli::{Cli, CommandOutput, PROGRAM, accolade, at_root};

/// A rule set and the outcome of its run.
pub struct RatedRules {
    /// The rule set.
    pub set: RuleSet,
    /// The outcome.
    pub outcome: Outcome,
}

/// A temporary file with this content.
pub fn file(content: &str) -> NamedTempFile {
    let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    file.write_all(content.as_bytes()).unwrap();
    file
}

/// A temporary copy of a compressed file.
pub fn gunzip(path: &Path) -> NamedTempFile {
    let mut target = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    let mut reader = flate2::read::GzDecoder::new(std::fs::File::open(path).unwrap());
    std::io::copy(&mut reader, &mut target).unwrap();
    target
}

/// Checks and runs rules whose sources name absolute files.
pub fn rate(rules: &str) -> RatedRules {
    let file = file(rules);
    let compilation = compile(file.path(), &FileSystem, &accolade_engine::plugins());
    let set = compilation.set.unwrap_or_else(|| panic!("{rules}\n{:#?}", compilation.diagnostics));
    let inputs = Inputs {
        threads: 2,
        ..Inputs::new(
            set.as_of.unwrap(),
            set.demand.sources.iter().map(|s| s.file.as_deref().unwrap().into()).collect(),
        )
    };
    let outcome = run(&set, &inputs, None).unwrap_or_else(|findings| panic!("{rules}\n{findings:#?}"));
    RatedRules { set, outcome }
}

impl RatedRules {
    /// The number of customers.
    pub fn customers(&self) -> usize {
        self.outcome.frame.rows
    }

    fn values(&self, name: &str) -> Vec<Value> {
        let slot = self.set.slot(name).unwrap_or_else(|| panic!("no field {name}"));
        let column = self.outcome.frame.column(slot).unwrap();
        (0..self.customers()).map(|row| frame::value_at(column, row)).collect()
    }

    /// A column as text.
    pub fn texts(&self, name: &str) -> Vec<String> {
        self.values(name).iter().map(show::value).collect()
    }

    /// The sum of a numeric column for each label of another.
    pub fn sums(&self, label: &str, name: &str) -> BTreeMap<String, f64> {
        let mut sums = BTreeMap::new();
        for (label, value) in self.texts(label).into_iter().zip(self.texts(name)) {
            *sums.entry(label).or_insert(0.0) += value.parse::<f64>().unwrap_or(0.0);
        }
        sums
    }
}
