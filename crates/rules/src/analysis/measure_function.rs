//! Functions over the customer base.

use accolade_parser::Span;
use accolade_parser::expr::ast::Call;

use crate::analysis::Analyser;
use crate::measures::Compiled;

/// A function over the customer base.
#[derive(Debug)]
pub struct MeasureFunction {
    /// Its name in measures.
    pub name: &'static str,
    /// What it takes, as it is written.
    pub takes: &'static str,
    /// What it gives, in which unit, without data, and the source of its formula.
    pub doc: &'static str,
    /// Checks a call; `None` after at least one diagnostic.
    pub compile: fn(&Call, Span, &mut Analyser) -> Option<Compiled>,
}
