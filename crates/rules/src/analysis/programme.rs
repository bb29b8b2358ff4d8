//! The kind that checks programmes.

use std::sync::Arc;

use accolade_core::model::SlotId;
use accolade_parser::syntax::file::ProgrammeDecl as Written;

use super::Analyser;
use crate::programmes::Programme;
use crate::set::CompiledRule;

/// How programmes are checked. Each has a rule that places customers in groups and an effect that is measured.
#[derive(Debug)]
pub struct ProgrammeKind {
    /// The kind of the rule that places customers in groups.
    pub name: &'static str,
    /// What that rule does, in one line.
    pub summary: &'static str,
    /// The rule that places customers in groups; `None` after at least one diagnostic.
    pub membership: fn(&Written, &mut Analyser) -> Option<Box<dyn CompiledRule>>,
    /// The programme, given the slot of its groups; `None` after at least one diagnostic.
    pub programme: fn(&Written, SlotId, &mut Analyser) -> Option<Arc<Programme>>,
}
