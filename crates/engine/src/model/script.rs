//! Functions that scripts define.

use accolade_parser::Span;

use super::source::Column;
use super::types::Type;
use super::value::Value;
use crate::plugins::Script;

/// A function of `functions:`, checked and ready to be called.
#[derive(Debug)]
pub struct ScriptFunction {
    /// Its name.
    pub name: String,
    /// Where it is declared.
    pub span: Span,
    /// What it takes, in order. A call in which a value is missing that may not be gives a missing result.
    pub parameters: Vec<Column>,
    /// What it gives.
    pub returns: Returned,
    /// The script.
    pub script: Box<dyn Script>,
}

/// A type that a script must give.
#[derive(Clone, Debug, PartialEq)]
pub struct Returned {
    /// The type.
    pub ty: Type,
    /// Whether the result may be missing.
    pub nullable: bool,
    /// The least and the greatest value it may have.
    pub range: Option<(Value, Value)>,
    /// The only texts it may be.
    pub allowed: Option<Vec<String>>,
}
