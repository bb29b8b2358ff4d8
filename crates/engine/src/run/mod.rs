//! A run: read, calibrate, rate.

mod calibrate;
mod calibrated;
mod cluster;
mod fixed;
pub(crate) mod piece;
mod saved;
mod waiting;

use accolade_parser::Diagnostics;
use indexmap::IndexMap;

use self::calibrate::Rating;
pub use self::calibrated::Calibrated;
pub use self::cluster::{RatingCluster, Work};
pub use self::fixed::Fixed;
pub use self::piece::{Counted, rate_piece, reads};
pub use self::saved::SavedCutOffs;
use accolade_core::frame::Frame;
pub use accolade_core::parallel::PIECE;
use accolade_core::progress::Observer;
use accolade_data::profile;
use accolade_data::profile::{Base, Cluster, Inputs, SourceCount};
use accolade_rules::goals::Standing;
use accolade_rules::measures::Table;
use accolade_rules::programmes;
use accolade_rules::set::{RowRater, RuleSet};
use accolade_rules::thresholds::cutoffs;
use accolade_rules::thresholds::cutoffs::CutOffs;

/// What a run gives.
#[derive(Debug)]
pub struct Outcome {
    /// The date of the run, in days since 1970-01-01.
    pub as_of: i32,
    /// Every column, customers sorted by key.
    pub frame: Frame,
    /// The cut-offs used, by rule; rules without any are left out.
    pub cut_offs: IndexMap<String, CutOffs>,
    /// The measures of everyone and of groups.
    pub measures: Vec<Table>,
    /// What came of the programmes.
    pub programmes: Vec<programmes::Outcome>,
    /// How the goals stand.
    pub goals: Vec<Standing>,
    /// Warnings.
    pub findings: Diagnostics,
    /// What was read.
    pub read: Vec<SourceCount>,
    /// What could not be computed; its columns, and those that depend on them, are not in the frame.
    pub failures: Diagnostics,
}

impl Outcome {
    /// The cut-offs of a rule, none if it has none.
    pub fn cut_offs_of(&self, rule: &str) -> &CutOffs {
        cutoffs::of_rule(&self.cut_offs, rule)
    }

    /// A rater of single records with the cut-offs and the date of this run of `set`.
    pub fn rater<'a>(&'a self, set: &'a RuleSet) -> RowRater<'a> {
        RowRater::new(set, &self.cut_offs, self.as_of)
    }

    /// The outcome if everything could be computed.
    ///
    /// # Errors
    /// What could not.
    pub fn complete(self) -> Result<Outcome, Diagnostics> {
        if self.failures.0.is_empty() { Ok(self) } else { Err(self.failures) }
    }
}

/// Reads the data and rates every customer; cut-offs are computed unless `saved` holds them.
///
/// # Errors
/// The data's diagnostics, cut-offs that do not fit, or what could not be computed.
pub fn run(set: &RuleSet, inputs: &Inputs, saved: Option<&SavedCutOffs>) -> Result<Outcome, Diagnostics> {
    run_what_can(set, inputs, saved)?.complete()
}

/// As [`run`], but a rule that fails, as a script may, keeps only what depends on it from being computed.
///
/// # Errors
/// The data's diagnostics, or cut-offs that do not fit.
pub fn run_what_can(set: &RuleSet, inputs: &Inputs, saved: Option<&SavedCutOffs>) -> Result<Outcome, Diagnostics> {
    let _working = inputs.observer.working();
    Ok(begin(None, set, inputs, saved)?.finish())
}

/// Reads the data and finds the cut-offs, on the machines of a cluster if there is one; what can be decided customer
/// by customer is left open. The outcome is that of [`run_what_can`].
///
/// # Errors
/// As [`run_what_can`], or a cluster that failed.
pub fn calibrate<'a>(
    cluster: Option<&dyn RatingCluster>,
    set: &'a RuleSet,
    inputs: &Inputs,
    saved: Option<&SavedCutOffs>,
) -> Result<Calibrated<'a>, Diagnostics> {
    let _working = inputs.observer.working();
    begin(cluster, set, inputs, saved)
}

fn begin<'a>(
    cluster: Option<&dyn RatingCluster>,
    set: &'a RuleSet,
    inputs: &Inputs,
    saved: Option<&SavedCutOffs>,
) -> Result<Calibrated<'a>, Diagnostics> {
    let base = profile::load_on(cluster.map(|cluster| cluster as &dyn Cluster), &set.demand, inputs)?;
    let (as_of, threads) = (inputs.as_of, inputs.threads);
    Rating { cluster, as_of, threads, saved, fixed: &Fixed::default() }.calibrate(set, base, &inputs.observer)
}

/// Rates customers whose data has been read; what is `fixed` is taken as given instead of computed.
///
/// # Errors
/// As [`run`].
pub fn rate(
    set: &RuleSet,
    base: Base,
    as_of: i32,
    threads: usize,
    saved: Option<&SavedCutOffs>,
    fixed: &Fixed,
) -> Result<Outcome, Diagnostics> {
    let rating = Rating { cluster: None, as_of, threads, saved, fixed };
    rating.calibrate(set, base, &Observer::default())?.finish().complete()
}
