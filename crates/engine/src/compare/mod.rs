//! Two runs side by side: who moved from which class to which, how much revenue that is, and what moved them.

mod attribute;
mod diff;
mod edit;
mod figures;
mod label;
mod lost;
mod migration;
mod parameters;
mod path_text;
mod rename;
mod script_pair;
mod side;
mod source_words;

use std::path::Path;

use accolade_core::files::{Loader, SourceFiles};
use accolade_parser::{Diagnostics, RuleFile};
use accolade_rules::analysis::Plugins;
use accolade_rules::compile::{Compilation, compile_file, read_file};
use accolade_rules::present::SummaryTable;
use accolade_rules::set::RuleSet;

use self::attribute::Attribution;
pub use self::diff::RuleFileChange;
pub use self::figures::{ComparedFigure, SideFigure};
pub use self::label::ClassLabel;
pub use self::lost::LostRule;
pub use self::migration::{Cause, Migration, MigrationCell, MovedCustomer};
pub use self::rename::RenamedLabel;
pub use self::side::SideInputs;
use crate::run::{CutOffsOrigin, Outcome, run};

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
    /// The rules that the newer side has lost.
    pub lost: Vec<LostRule>,
    /// The measures of both sides.
    pub measures: Vec<ComparedFigure>,
    /// The goals of both sides.
    pub goals: Vec<ComparedFigure>,
    /// Which saved cut-offs the older and the newer side used; none where they were computed.
    pub cut_offs: [Option<CutOffsOrigin>; 2],
    /// Warnings of both runs.
    pub findings: Diagnostics,
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

impl Comparison {
    /// The tables of the measures and the goals of both sides.
    pub fn figures(&self) -> Vec<SummaryTable> {
        figures::tables(&self.measures, &self.goals)
    }
}

/// Runs both sides and compares them; attribution rates the old data with one change at a time.
///
/// # Errors
/// Fails when the data of either side has errors, and with E0710 when cut-offs do not fit.
pub fn compare(
    pair: &RuleFilePair,
    old: SideInputs,
    new: SideInputs,
    loader: &dyn Loader,
    plugins: &Plugins,
) -> Result<Comparison, Diagnostics> {
    let _working = new.inputs.observer.finish_on_drop();
    let before = run(&pair.old, old.inputs, old.cut_offs)?;
    let after = run(&pair.new, new.inputs, new.cut_offs)?;
    let (older, newer) = ((&pair.old, &before), (&pair.new, &after));
    let (changes, renamed) = diff::changes(&pair.old, &pair.new, plugins);
    let mut migrations = migration::migrations(older, newer, &renamed);
    if migrations.iter().any(|m| !m.moves.is_empty()) {
        let attribution = Attribution { pair, changes: &changes, old, new, loader, plugins };
        let effects = attribution.counterfactuals();
        migrations.iter_mut().for_each(|migration| attribute::assign(migration, &effects, &renamed));
    }
    let amount = migration::headline(&pair.new).map(|slot| pair.new.demand.slots[slot].name.clone());
    // The two sides often read the same data; what they both find is reported once.
    let mut findings = before.findings.clone();
    let own = after.findings.iter().filter(|finding| before.findings.iter().all(|known| known != *finding));
    findings.extend(own.cloned());
    Ok(Comparison {
        changes,
        migrations,
        lost: lost::lost_rules(older, newer),
        measures: figures::compared_measures(older, newer),
        goals: figures::compared_goals(older, newer),
        cut_offs: [&before, &after].map(|outcome| outcome.cut_offs_origin.clone()),
        findings,
        amount,
    })
}

/// One side of a comparison: a rule set and the outcome of its run.
type Side<'a> = (&'a RuleSet, &'a Outcome);
