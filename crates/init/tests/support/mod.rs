//! Runs of proposals.

use std::path::{Path, PathBuf};

use accolade_engine::numbers::exact::NumberColumn;
use accolade_engine::{FileSystem, Inputs, Outcome, RuleSet, Session, run};
use accolade_init::{propose, survey};
use tempfile::TempDir;

/// A proposal with its rule file and data in a folder.
pub struct Proposed {
    pub folder: TempDir,
    pub text: String,
}

impl Proposed {
    /// The proposal for files with these names and contents.
    pub fn of(files: &[(&str, &[u8])]) -> Proposed {
        let folder = tempfile::tempdir().unwrap();
        let paths: Vec<PathBuf> = files.iter().map(|(name, _)| folder.path().join(name)).collect();
        for (path, (_, content)) in paths.iter().zip(files) {
            std::fs::write(path, content).unwrap();
        }
        let plan = survey(&paths).unwrap_or_else(|findings| panic!("{findings:#?}"));
        let found =
            propose(&plan, &folder.path().join("rules.yaml")).unwrap_or_else(|findings| panic!("{findings:#?}"));
        Proposed { folder, text: found.text }
    }

    /// Runs a rule file beside the data; rows that cannot be used are errors.
    #[track_caller]
    pub fn run(&self, text: &str) -> Run {
        let path = self.folder.path().join("rules.yaml");
        std::fs::write(&path, text).unwrap();
        let opened = Session::open(&path, &FileSystem, &accolade_engine::plugins());
        let set = opened.unwrap_or_else(|error| panic!("{error:?}\n{text}")).set;
        let beside = |file: &PathBuf| -> PathBuf { self.folder.path().join(file) };
        let files =
            set.demand.sources.iter().map(|source| beside(&Path::new(source.file.as_ref().unwrap()).to_owned()).into());
        let inputs = Inputs::new(set.as_of.unwrap(), files.collect());
        let outcome = run(&set, &inputs, None).unwrap_or_else(|findings| panic!("{findings:#?}\n{text}"));
        Run { set, outcome }
    }

    /// Runs the proposal over all time instead of its periods.
    #[track_caller]
    pub fn run_over_all_time(&self) -> Run {
        let mut text = self.text.clone();
        for period in ["year", "half_year", "quarter", "month"] {
            for end in [")", " where "] {
                text = text.replace(&format!(" in {period}{end}"), end);
            }
        }
        self.run(&text)
    }
}

/// A run of a rule file.
pub struct Run {
    set: std::sync::Arc<RuleSet>,
    pub outcome: Outcome,
}

impl Run {
    /// The sum of a field over all customers, in 0.0001.
    pub fn sum(&self, field: &str) -> i128 {
        let slot = self.set.slot(field).unwrap_or_else(|| panic!("no field {field}"));
        let column = self.outcome.frame.column(slot).unwrap();
        let numbers = NumberColumn::of(column, self.set.demand.slots[slot].ty).unwrap();
        let value = |(mantissa, exponent): (i128, i32)| mantissa * 10i128.pow((4 + exponent).unsigned_abs());
        (0..self.outcome.frame.rows).filter_map(|row| numbers.get(row)).map(value).sum()
    }
}
