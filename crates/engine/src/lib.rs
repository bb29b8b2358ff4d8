//! The accolade engine: checks rule files, reads data, calibrates, rates.
//!
//! ```text
//! rule file ─ analyse ─▶ RuleSet ; data ─ source, profile ─▶ one record per customer
//! record + population ─ calibrate ─▶ cut-offs ; record + cut-offs ─ rate ─▶ results
//! ```
//! See `crates/README.md` for the map.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod analyse;
pub mod compare;
pub mod eval;
pub mod explain;
pub mod files;
pub mod frame;
pub mod functions;
pub mod goals;
pub mod kinds;
pub mod location;
pub mod measure;
pub mod model;
pub mod output;
pub mod plugins;
pub mod population;
pub mod profile;
pub mod programmes;
pub mod progress;
pub mod rater;
pub mod run;
pub mod session;
pub mod show;
pub mod source;
pub mod sql;
pub mod summary;
pub mod words;

pub use analyse::{Compilation, compile};
pub use files::{FileSystem, Files, Loader};
pub use kinds::RowRater;
pub use location::{Location, Secret};
pub use model::{RuleSet, Type, Value};
pub use plugins::Plugins;
pub use profile::{BadRows, Cluster, Inputs};
pub use progress::{Event, Observe, Observer};
pub use rater::{Rated, Rater, Record};
pub use run::{Calibrated, Outcome, SavedCutOffs, calibrate, run, run_what_can};
pub use session::{InputOptions, Session};
pub use source::postgres::password as password_of;
