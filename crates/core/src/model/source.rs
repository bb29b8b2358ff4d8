//! A source after analysis.

use accolade_parser::Span;
use accolade_parser::syntax::file::FormatOptions;

use crate::values::types::Type;
use crate::values::value::Value;

/// A named table of input with its declared columns.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its name in the rule file.
    pub name: String,
    /// The default file, relative to the rule file that declares it.
    pub file: Option<String>,
    /// The default database, if it is not a file.
    pub url: Option<String>,
    /// The file of the database's password, relative to the rule file that declares it.
    pub password_file: Option<String>,
    /// The part of the file or database that holds it.
    pub part: SourcePart,
    /// Whether its rows are customers or events.
    pub role: SourceRole,
    /// The declared columns, in declaration order; expressions refer to them by index.
    pub columns: Vec<Column>,
    /// Delimiter, decimal sign and so on.
    pub format: FormatOptions,
    /// Where it is declared.
    pub span: Span,
}

/// The part of a file or database that holds a source; where nothing is named it is the first or the only one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourcePart {
    /// A sheet of a spreadsheet.
    pub sheet: Option<String>,
    /// A table of a database.
    pub table: Option<String>,
    /// A query that selects the rows of a database, instead of a table.
    pub query: Option<String>,
}

/// What the rows of a source are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceRole {
    /// One row a customer, identified by the column of this index.
    Customers {
        /// Index of the key column (text or integer).
        key: usize,
    },
    /// Many rows to a customer.
    Events {
        /// Index of the column that names the customer (same type as the customers' key).
        customer: usize,
        /// Index of the column that dates the event (date or datetime).
        date: Option<usize>,
    },
}

/// A declared column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name in the file and in expressions.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Whether it may be missing.
    pub nullable: bool,
    /// The closed range its values must lie in; both ends are of type `ty`.
    pub range: Option<(Value, Value)>,
    /// The only texts it may hold, in the order they are declared.
    pub allowed: Option<Vec<String>>,
    /// The reason for the range or the texts, where a rule sets them and not the declaration.
    pub narrowing_reason: Option<String>,
    /// Where it is declared.
    pub span: Span,
}

impl Source {
    /// Whether it is the table of customers.
    pub fn is_customers(&self) -> bool {
        matches!(self.role, SourceRole::Customers { .. })
    }

    /// Whether it is a table of events that have a date.
    pub fn is_dated(&self) -> bool {
        self.date_column().is_some()
    }

    /// Index of the column that dates an event, if any does.
    pub fn date_column(&self) -> Option<usize> {
        match self.role {
            SourceRole::Customers { .. } => None,
            SourceRole::Events { date, .. } => date,
        }
    }

    /// Index of the column that names the customer.
    pub fn customer_column(&self) -> usize {
        match self.role {
            SourceRole::Customers { key } => key,
            SourceRole::Events { customer, .. } => customer,
        }
    }
}
