//! The accolade engine: checks rule files, reads data, calibrates, rates.
//!
//! ```text
//! rule file ─ analyse ─▶ RuleSet ; data ─ source, profile ─▶ one record per customer
//! record + population ─ calibrate ─▶ cut-offs ; record + cut-offs ─ rate ─▶ results
//! ```
//! See `crates/README.md` for the map.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

use std::sync::Arc;

pub mod compare;
pub mod describe;
pub mod explain;
pub mod rater;
pub mod run;
pub mod session;
pub mod summary;
pub mod version;

pub use accolade_core::{
    decimal, eval, files, frame, functions, literals, location, model, numbers, ops, progress, script, show, sql,
};
pub use accolade_data::{output, profile, source};
pub use accolade_kinds as kinds;
pub use accolade_rules as rules;

pub use accolade_core::files::{FileSystem, Loader, SourceFiles};
pub use accolade_core::location::{Location, Secret};
pub use accolade_core::model::{Type, Value};
pub use accolade_core::progress::{Progress, ProgressEvent, ProgressObserver};
pub use accolade_data::profile::{BadRows, Cluster, Inputs};
pub use accolade_data::source::postgres::find_password as password_of;
pub use accolade_rules::analysis::Plugins;
pub use accolade_rules::compile::{Compilation, compile};
pub use accolade_rules::set::{RowRater, RuleSet};
pub use rater::{RatedRecord, Rater, Record};
pub use run::{
    CalibratedRun, CutOffsOrigin, Outcome, RatingCluster, RunOptions, SavedCutOffs, calibrate, run,
    run_despite_failures, run_with,
};
pub use session::{InputOptions, Session};

/// The plugins that accolade ships: functions, rule kinds and measures. A script host is not among them.
pub fn plugins() -> Plugins {
    let mut plugins = Plugins::default();
    accolade_core::functions::all().iter().for_each(|function| plugins.add_function(Arc::clone(function)));
    kinds::register(&mut plugins);
    plugins
}
