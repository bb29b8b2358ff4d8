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

/// Why a script gave no result for a record.
#[derive(Clone, Debug, PartialEq)]
pub struct ScriptFailure {
    /// What went wrong, in one line.
    pub message: String,
    /// The line in the script.
    pub at: Option<Span>,
    /// The values it was called with, as text.
    pub read: Vec<(String, String)>,
}

/// How a script is run over many records.
#[derive(Clone, Copy, Debug)]
pub enum Lowering<'a> {
    /// As an expression over its fields, whole columns at a time.
    Columns(&'a TypedExpr),
    /// Record by record, and why.
    Interpreted(&'a str, Option<Span>),
}

/// A compiled script. It gives decimals where it gives points, and values of the declared type otherwise.
pub trait Script: Send + Sync + std::fmt::Debug {
    /// The result for one record of `customer`.
    ///
    /// # Errors
    /// Why there is none.
    fn call(&self, customer: &Value, record: &[Value]) -> Result<Value, ScriptFailure>;

    /// The results for `rows` records held as columns; what `customers` name them. A script that gives points may
    /// give them as integers, numbers or decimals.
    ///
    /// # Errors
    /// The first row that failed, and why.
    fn call_columns(
        &self,
        customers: &ArrayRef,
        columns: &[ArrayRef],
        rows: usize,
    ) -> Result<ArrayRef, (usize, ScriptFailure)>;

    /// Where the script returned for a record.
    fn returned_at(&self, customer: &Value, record: &[Value]) -> Option<Span>;

    /// How it is run.
    fn lowering(&self) -> Lowering<'_>;
}
