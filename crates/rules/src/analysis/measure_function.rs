//! Functions over the customer base.

use accolade_parser::Span;
use accolade_parser::expr::ast::Call;

use crate::analysis::Analyser;
use crate::measures::CompiledCall;

/// A function over the customer base.
#[derive(Debug)]
pub struct MeasureFunction {
    /// Its name in measures.
    pub name: &'static str,
    /// Its arguments, as they are written.
    pub takes: &'static str,
    /// Its documentation: the result, its unit, the result without data, and the source of the formula.
    pub doc: &'static str,
    /// Checks a call; `None` after at least one diagnostic.
    pub compile: fn(&Call, Span, &mut Analyser) -> Option<CompiledCall>,
}
