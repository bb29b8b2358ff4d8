//! Two runs side by side: who moved from which class to which, how much revenue that is, and what moved them.

mod attribute;
mod diff;
mod edit;
mod migration;
mod path_text;

use std::path::Path;

use accolade_core::files::{Loader, SourceFiles};
use accolade_data::profile::Inputs;
use accolade_parser::{Diagnostics, RuleFile};
use accolade_rules::analysis::Plugins;
use accolade_rules::compile::{Compilation, compile_file, read_file};
use accolade_rules::set::RuleSet;

pub use self::diff::RuleFileChange;
pub use self::migration::{Cause, ClassLabel, Migration, MigrationCell, MovedCustomer};
use crate::run::{Outcome, run};

/// Two rule files read into one set of texts, so that parts of one can take the place of parts of the other.
#[derive(Debug)]
pub struct RuleFilePair {
    /// The older rule set.
    pub old: RuleSet,
    /// The newer one.
    pub new: RuleSet,
    /// The texts of both.
    pub files: SourceFiles,
    /// Warnings of both.
    pub warnings: Diagnostics,
}

/// The result of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// What differs between the rule files, in words.
    pub changes: Vec<RuleFileChange>,
    /// The migration of every rule that gives labels on both sides.
    pub migrations: Vec<Migration>,
    /// The name of the amount that migrations add up, if the newer rule set has one.
    pub amount: Option<String>,
}

/// Reads and checks two rule files.
///
/// # Errors
/// Fails with the findings and their texts when either file cannot be read or has errors.
pub fn read_pair(
    old: &Path,
    new: &Path,
    loader: &dyn Loader,
    plugins: &Plugins,
) -> Result<RuleFilePair, Box<(Diagnostics, SourceFiles)>> {
    let mut files = SourceFiles::default();
    let mut out = Diagnostics::new();
    let old = read_file(old, loader, &mut files, &mut out);
    let new = read_file(new, loader, &mut files, &mut out);
    let (Some(old), Some(new)) = (old, new) else { return Err(Box::new((out, files))) };
    let mut compiled = |file: RuleFile, files: SourceFiles| {
        let Compilation { set, diagnostics, files, .. } = compile_file(file, files, loader, plugins);
        out.extend(diagnostics);
        (set, files)
    };
    let (old, files) = compiled(old, files);
    let (new, files) = compiled(new, files);
    match (old, new) {
        (Some(old), Some(new)) if !out.has_errors() => {
            out.sort();
            out.dedup();
            Ok(RuleFilePair { old, new, files, warnings: out })
        }
        _ => Err(Box::new((out, files))),
    }
}

/// Runs both sides and compares them; attribution rates the old data with one change at a time.
///
/// # Errors
/// Fails when the data of either side has errors.
pub fn compare(
    pair: &RuleFilePair,
    old: &Inputs,
    new: &Inputs,
    loader: &dyn Loader,
    plugins: &Plugins,
) -> Result<Comparison, Diagnostics> {
    let _working = new.observer.finish_on_drop();
    let before = run(&pair.old, old, None)?;
    let after = run(&pair.new, new, None)?;
    let changes = diff::changes(&pair.old.written, &pair.new.written, plugins);
    let mut migrations = migration::migrations((&pair.old, &before), (&pair.new, &after));
    if migrations.iter().any(|m| m.moved > 0) {
        let effects = attribute::counterfactuals(pair, &changes, (old, new), loader, plugins);
        migrations.iter_mut().for_each(|migration| attribute::assign(migration, &effects));
    }
    let amount = migration::headline(&pair.new).map(|slot| pair.new.demand.slots[slot].name.clone());
    Ok(Comparison { changes, migrations, amount })
}

/// One side of a comparison: a rule set and the outcome of its run.
type Side<'a> = (&'a RuleSet, &'a Outcome);
