//! A source after analysis.

use accolade_parser::Span;
use accolade_parser::syntax::file::FormatOptions;

use super::expr::TypedExpr;
use super::source_checks::SourceChecks;
use crate::values::time_zone::TimeZone;
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
    /// What its rows are: customers, events, or keys of customers who were merged.
    pub role: SourceRole,
    /// The declared columns, in declaration order; expressions refer to them by index. A computed key is the last.
    pub columns: Vec<Column>,
    /// The condition on a row's columns that it must meet to be read.
    pub filter: Option<TypedExpr>,
    /// What its data must be like.
    pub checks: SourceChecks,
    /// The time zone in whose days instants fall.
    pub time_zone: Option<TimeZone>,
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
    /// Keys of customers who were merged.
    Aliases {
        /// Index of the column of the key that is no longer used (same type as the customers' key).
        from: usize,
        /// Index of the column of the key that stands for it.
        to: usize,
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
    /// For a customer's key that is computed: the expression over the row's columns.
    pub computed: Option<TypedExpr>,
    /// Where it is declared.
    pub span: Span,
}

impl Source {
    /// The columns that the data has: all but a computed key.
    pub fn stored(&self) -> &[Column] {
        let stored = self.columns.iter().position(|column| column.computed.is_some()).unwrap_or(self.columns.len());
        &self.columns[..stored]
    }

    /// The expression of a computed key.
    pub fn computed_key(&self) -> Option<&TypedExpr> {
        self.columns.get(self.customer_column())?.computed.as_ref()
    }

    /// Whether it is the table of customers.
    pub fn is_customers(&self) -> bool {
        matches!(self.role, SourceRole::Customers { .. })
    }

    /// Whether it is a table of events.
    pub fn is_events(&self) -> bool {
        matches!(self.role, SourceRole::Events { .. })
    }

    /// Whether it is a table of events that have a date.
    pub fn is_dated(&self) -> bool {
        self.date_column().is_some()
    }

    /// Index of the column that dates an event, if any does.
    pub fn date_column(&self) -> Option<usize> {
        match self.role {
            SourceRole::Customers { .. } | SourceRole::Aliases { .. } => None,
            SourceRole::Events { date, .. } => date,
        }
    }

    /// Index of the column that names the customer.
    pub fn customer_column(&self) -> usize {
        match self.role {
            SourceRole::Customers { key } => key,
            SourceRole::Events { customer, .. } | SourceRole::Aliases { from: customer, .. } => customer,
        }
    }
}
