//! A rule kind.

use accolade_parser::syntax::file::Rule;
pub use accolade_parser::syntax::key::{Key, Notation, Shape, Sort};

use crate::analysis::Analyser;
use crate::set::CompiledRule;

/// A rule kind: what a rule file says after `kind:`.
#[derive(Debug)]
pub struct Kind {
    /// Its name.
    pub name: &'static str,
    /// What it answers, in one line.
    pub summary: &'static str,
    /// The keys it understands.
    pub keys: &'static [Key],
    /// Checks a rule of this kind; `None` after at least one diagnostic.
    pub compile: for<'a> fn(&Rule, &mut Analyser<'a>) -> Option<Box<dyn CompiledRule>>,
}
