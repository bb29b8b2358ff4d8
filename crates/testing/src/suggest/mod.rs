//! Cases worth having: at every threshold, and for every test of a condition.
use accolade_engine::run::Outcome;
use accolade_engine::{Plugins, RuleSet};
use accolade_parser::Diagnostics;
use std::path::Path;

/// x
pub fn suggest(_: &Path, _: &RuleSet, _: &Outcome, _: &Plugins) -> Result<String, Diagnostics> { Ok(String::new()) }
