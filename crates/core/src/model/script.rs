//! Scripts that are ready to be called, and the functions they define.

use accolade_parser::Span;
use arrow::array::ArrayRef;

use super::expr::TypedExpr;
use super::source::Column;
use crate::values::types::Type;
use crate::values::value::Value;

/// A function of `functions:`, checked and ready to be called.
#[derive(Debug)]
pub struct ScriptFunction {
    /// Its name.
    pub name: String,
    /// Where it is declared.
    pub span: Span,
    /// Its parameters, in order. A missing value for a parameter that is not nullable gives a missing result.
    pub parameters: Vec<Column>,
    /// The type of its result.
    pub returns: ReturnType,
    /// The script.
    pub script: Box<dyn Script>,
}

/// The type that a script must return.
#[derive(Clone, Debug, PartialEq)]
pub struct ReturnType {
    /// The type.
    pub ty: Type,
    /// Whether the result may be missing.
    pub nullable: bool,
    /// The least and the greatest value it may have.
    pub range: Option<(Value, Value)>,
    /// The only texts it may be.
    pub allowed: Option<Vec<String>>,
}

/// The failure of a script for a record.
#[derive(Clone, Debug, PartialEq)]
pub struct ScriptFailure {
    /// What went wrong, in one line.
    pub message: String,
    /// The line in the script.
    pub at: Option<Span>,
    /// The values it was called with, as text.
    pub inputs: Vec<(String, String)>,
}

/// How a script is run over many records.
#[derive(Clone, Copy, Debug)]
pub enum ScriptExecution<'a> {
    /// As an expression over its fields, whole columns at a time.
    Columns(&'a TypedExpr),
    /// Record by record, with the reason and its place.
    Interpreted(&'a str, Option<Span>),
}

/// A compiled script. It returns points as decimals, and other results as values of the declared type.
pub trait Script: Send + Sync + std::fmt::Debug {
    /// The result for one record of `customer`.
    ///
    /// # Errors
    /// Fails if the script fails for the record.
    fn call(&self, customer: &Value, record: &[Value]) -> Result<Value, ScriptFailure>;

    /// The results for `rows` records, given as columns; `customers` holds the customer of each. Points may be
    /// integers, numbers or decimals.
    ///
    /// # Errors
    /// Fails with the first row for which the script fails, and the failure.
    fn call_columns(
        &self,
        customers: &ArrayRef,
        columns: &[ArrayRef],
        rows: usize,
    ) -> Result<ArrayRef, (usize, ScriptFailure)>;

    /// The place in the script at which it returned the result for a record.
    fn returned_at(&self, customer: &Value, record: &[Value]) -> Option<Span>;

    /// How it is run.
    fn execution(&self) -> ScriptExecution<'_>;
}
