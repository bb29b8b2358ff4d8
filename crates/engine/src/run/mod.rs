//! A run: read, calibrate, rate.

mod added;
mod basis;
mod calibrate;
mod calibrated;
mod canonical;
mod cluster;
mod cut_offs_origin;
mod differences;
mod overrides;
pub(crate) mod piece;
mod saved;
mod schedule;
mod usage;

use accolade_core::frame::Frame;
use accolade_core::model::{Slot, SlotId};
pub use accolade_core::parallel::MAX_PIECE_ROWS;
use accolade_core::progress::Progress;
use accolade_data::output::OutputColumns;
use accolade_data::profile;
use accolade_data::profile::{Cluster, CustomerBase, Inputs, SourceCount};
use accolade_parser::Diagnostics;
use accolade_rules::goals::GoalResult;
use accolade_rules::measures::MeasureTable;
use accolade_rules::programmes;
use accolade_rules::set::{RowRater, RuleSet};
use accolade_rules::thresholds::cutoffs;
use accolade_rules::thresholds::cutoffs::CutOffs;
use indexmap::IndexMap;

use self::added::Added;
pub use self::added::RunOptions;
use self::calibrate::RunSettings;
pub use self::calibrated::CalibratedRun;
pub use self::cluster::{RatingCluster, RatingTask};
pub use self::cut_offs_origin::CutOffsOrigin;
pub use self::overrides::Overrides;
pub use self::piece::{RatingCounts, rate_piece, slots_read};
pub use self::saved::SavedCutOffs;
pub use self::usage::{RowsUsed, Usage};

/// Everything that a run computed.
#[derive(Debug)]
pub struct Outcome {
    /// The date of the run, in days since 1970-01-01.
    pub as_of: i32,
    /// Every column, customers sorted by key.
    pub frame: Frame,
    /// The cut-offs used, by rule; rules without any are left out.
    pub cut_offs: IndexMap<String, CutOffs>,
    /// Where the cut-offs come from; `None` if they were computed from these customers.
    pub cut_offs_origin: Option<CutOffsOrigin>,
    /// The slots of results that need all customers, such as ranks.
    pub of_population: Vec<SlotId>,
    /// The measures of everyone and of groups.
    pub measures: Vec<MeasureTable>,
    /// The effects of the programmes.
    pub programmes: Vec<programmes::ProgrammeResult>,
    /// The goals, each measured against its target.
    pub goals: Vec<GoalResult>,
    /// Warnings.
    pub findings: Diagnostics,
    /// What was read, by source.
    pub read: Vec<SourceCount>,
    /// What could not be computed; its columns, and those that depend on them, are not in the frame.
    pub failures: Diagnostics,
    added: Added,
}

impl Outcome {
    /// The cut-offs of a rule; empty if it has none.
    pub fn cut_offs_of(&self, rule: &str) -> &CutOffs {
        cutoffs::of_rule(&self.cut_offs, rule)
    }

    /// The slots of the output columns in their order; a reason comes after the results of its rule.
    pub fn output(&self, set: &RuleSet) -> Vec<SlotId> {
        self.added.output(set)
    }

    /// A slot of the frame: one of the rule set, or one that the options of the run added.
    pub fn slot<'a>(&'a self, set: &'a RuleSet, slot: SlotId) -> &'a Slot {
        self.added.slot(set, slot)
    }

    /// The slot of the reasons for the rule at this step, if the run has reasons.
    pub fn reason_slot(&self, step: usize) -> Option<SlotId> {
        self.added.reasons.iter().find(|(of, _)| *of == step).map(|(_, slot)| *slot)
    }

    /// The events that aggregates are computed from; empty unless the run recorded them.
    pub fn usage(&self) -> &Usage {
        &self.added.usage
    }

    /// The slots of results that do not follow from saved cut-offs: those that need all customers, if there are any
    /// such cut-offs. Those customers need not be the ones of the run.
    pub fn beyond_cut_offs(&self) -> &[SlotId] {
        if self.cut_offs_origin.is_some() { &self.of_population } else { &[] }
    }

    /// The output columns, ready to be written; those not filled are left out.
    pub fn results<'a>(&'a self, set: &'a RuleSet) -> OutputColumns<'a> {
        let column = |slot: SlotId| Some((self.slot(set, slot), self.frame.column(slot)?));
        OutputColumns::new(self.output(set).into_iter().filter_map(column).collect(), self.frame.rows)
    }

    /// A rater of single records with the cut-offs and the date of this run of `set`.
    pub fn rater<'a>(&'a self, set: &'a RuleSet) -> RowRater<'a> {
        RowRater::new(set, &self.cut_offs, self.as_of)
    }

    /// The outcome if everything could be computed.
    ///
    /// # Errors
    /// Fails with the failures of the outcome.
    pub fn complete(self) -> Result<Outcome, Diagnostics> {
        if self.failures.is_empty() { Ok(self) } else { Err(self.failures) }
    }
}

/// Reads the data and rates every customer; cut-offs are computed unless `saved` holds them.
///
/// # Errors
/// Fails when the data has errors, when the cut-offs do not fit (E0710), and when a step cannot be computed.
pub fn run(set: &RuleSet, inputs: &Inputs, saved: Option<&SavedCutOffs>) -> Result<Outcome, Diagnostics> {
    run_with(set, inputs, saved, RunOptions::default())
}

/// As [`run`], with `options`.
///
/// # Errors
/// Fails as [`run`] does.
pub fn run_with(
    set: &RuleSet,
    inputs: &Inputs,
    saved: Option<&SavedCutOffs>,
    options: RunOptions,
) -> Result<Outcome, Diagnostics> {
    let _working = inputs.observer.finish_on_drop();
    begin(None, set, inputs, saved, options)?.finish().complete()
}

/// As [`run`], but if a rule fails, as a script may, only the results that depend on it are missing.
///
/// # Errors
/// Fails when the data has errors or the cut-offs do not fit (E0710).
pub fn run_despite_failures(
    set: &RuleSet,
    inputs: &Inputs,
    saved: Option<&SavedCutOffs>,
) -> Result<Outcome, Diagnostics> {
    let _working = inputs.observer.finish_on_drop();
    Ok(begin(None, set, inputs, saved, RunOptions::default())?.finish())
}

/// Reads the data and computes the cut-offs, on the machines of `cluster` if there is one. Steps that rate customer by
/// customer are left pending. The outcome is that of [`run_despite_failures`].
///
/// # Errors
/// Fails as [`run_despite_failures`] does, and when the cluster fails.
pub fn calibrate<'a>(
    cluster: Option<&dyn RatingCluster>,
    set: &'a RuleSet,
    inputs: &Inputs,
    saved: Option<&SavedCutOffs>,
    options: RunOptions,
) -> Result<CalibratedRun<'a>, Diagnostics> {
    let _working = inputs.observer.finish_on_drop();
    begin(cluster, set, inputs, saved, options)
}

fn begin<'a>(
    cluster: Option<&dyn RatingCluster>,
    set: &'a RuleSet,
    inputs: &Inputs,
    saved: Option<&SavedCutOffs>,
    options: RunOptions,
) -> Result<CalibratedRun<'a>, Diagnostics> {
    let added = Added::new(set, options);
    // The machines of a cluster read the demand of the rule set, which lacks the added aggregates.
    let readers = cluster.filter(|_| !options.rows_used).map(|cluster| cluster as &dyn Cluster);
    let base = profile::load_with_cluster(readers, &added.demand(set), inputs)?;
    let (as_of, threads) = (inputs.as_of, inputs.threads);
    RunSettings { cluster, as_of, threads, saved, fixed: &Overrides::default() }.calibrate(
        set,
        added,
        base,
        &inputs.observer,
    )
}

/// Rates customers whose data has been read. Values in `fixed` replace computed ones.
///
/// # Errors
/// Fails as [`run`] does.
pub fn rate(
    set: &RuleSet,
    base: CustomerBase,
    as_of: i32,
    threads: usize,
    saved: Option<&SavedCutOffs>,
    fixed: &Overrides,
) -> Result<Outcome, Diagnostics> {
    let rating = RunSettings { cluster: None, as_of, threads, saved, fixed };
    rating.calibrate(set, Added::default(), base, &Progress::default())?.finish().complete()
}
