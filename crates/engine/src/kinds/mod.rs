//! Rule kinds. A new kind is one file here and one line in [`BUILT_IN`].

mod abc;
mod activity;
mod cohort;
mod concentration;
mod empathy_map;
mod kind;
mod labels;
mod lifecycle;
mod matrix;
mod nps;
mod prepared;
mod rating;
mod rfm;
mod rule;
mod segments;
mod wallet;
mod xyz;

pub use self::kind::{Key, Kind, Notation, Shape, Sort};
pub use self::prepared::Prepared;
pub use self::rule::{Batch, Calibration, CompiledRule, Context, Output, Population, Unknown, report_unknown};
pub(crate) use self::rule::{named, unfit};
pub(crate) use self::segments::segments_of;

use crate::plugins::Plugins;
use crate::population::FUNCTIONS;
use crate::programmes;

/// The shipped kinds.
pub static BUILT_IN: &[&Kind] = &[
    &abc::KIND,
    &abc::PYRAMID,
    &rfm::KIND,
    &rating::KIND,
    &rating::LOYALTY,
    &segments::KIND,
    &matrix::KIND,
    &xyz::KIND,
    &wallet::KIND,
    &concentration::KIND,
    &nps::KIND,
    &lifecycle::KIND,
    &cohort::KIND,
    &empathy_map::KIND,
];

/// Adds the shipped kinds, the functions over the customer base and the check of programmes.
pub fn register(plugins: &mut Plugins) {
    BUILT_IN.iter().for_each(|kind| plugins.add_kind(kind));
    FUNCTIONS.iter().for_each(|function| plugins.add_measure(function));
    plugins.set_programmes(&programmes::PROGRAMME);
}
