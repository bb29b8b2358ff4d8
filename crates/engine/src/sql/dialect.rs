//! The databases, and how each writes names, texts, types and literals.

use accolade_core::show;
use accolade_core::sql::tree::SqlType;

/// A database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// DuckDB 1.3 and later.
    DuckDb,
    /// PostgreSQL 13 and later.
    Postgres,
    /// Spark 4 and later, with ANSI mode on, as it is by default.
    Spark,
}

/// Every dialect and its name.
pub const DIALECTS: [(&str, Dialect); 3] =
    [("duckdb", Dialect::DuckDb), ("postgres", Dialect::Postgres), ("spark", Dialect::Spark)];

/// The types, in the order of the columns of [`DIALECTS`].
const TYPES: [(SqlType, [&str; 3]); 10] = [
    (SqlType::Text, ["VARCHAR", "text", "STRING"]),
    (SqlType::Boolean, ["BOOLEAN", "boolean", "BOOLEAN"]),
    (SqlType::Integer, ["BIGINT", "bigint", "BIGINT"]),
    (SqlType::Double, ["DOUBLE", "double precision", "DOUBLE"]),
    (SqlType::Money, ["DECIMAL(38, 4)", "numeric(38, 4)", "DECIMAL(38, 4)"]),
    (SqlType::Points, ["DECIMAL(18, 6)", "numeric(18, 6)", "DECIMAL(18, 6)"]),
    (SqlType::Score, ["DECIMAL(38, 18)", "numeric(38, 18)", "DECIMAL(38, 18)"]),
    (SqlType::Date, ["DATE", "date", "DATE"]),
    (SqlType::Moment, ["TIMESTAMP", "timestamp", "TIMESTAMP_NTZ"]),
    // PostgreSQL's has no bounds, so that what is not whole yet keeps its places.
    (SqlType::Whole, ["HUGEINT", "numeric", "DECIMAL(38, 0)"]),
];

impl Dialect {
    /// Its name.
    pub fn name(self) -> &'static str {
        DIALECTS[self.index()].0
    }

    /// Its place in tables.
    pub(super) fn index(self) -> usize {
        match self {
            Dialect::DuckDb => 0,
            Dialect::Postgres => 1,
            Dialect::Spark => 2,
        }
    }

    /// The most bytes of a name.
    pub(super) fn longest_name(self) -> usize {
        if self == Dialect::Postgres { 63 } else { 255 }
    }

    /// What follows `AS` of a query that must not be worked into those that read it.
    pub(super) fn materialized(self) -> &'static str {
        // PostgreSQL would write out a column wherever it is read, again and again.
        if self == Dialect::Postgres { "MATERIALIZED " } else { "" }
    }

    /// A name as the database reads it, whatever it holds.
    pub fn identifier(self, name: &str) -> String {
        match self {
            Dialect::DuckDb | Dialect::Postgres => format!("\"{}\"", name.replace('"', "\"\"")),
            Dialect::Spark => format!("`{}`", name.replace('`', "``")),
        }
    }

    /// A text as the database reads it, whatever it holds.
    pub fn text(self, text: &str) -> String {
        match self {
            Dialect::DuckDb => format!("'{}'", text.replace('\'', "''")),
            // What a backslash means hangs on a setting, unless the `E` says it.
            Dialect::Postgres if text.contains('\\') => {
                format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
            }
            Dialect::Postgres => format!("'{}'", text.replace('\'', "''")),
            Dialect::Spark => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
        }
    }

    /// A type.
    pub(super) fn type_name(self, ty: SqlType) -> &'static str {
        TYPES.iter().find(|(of, _)| *of == ty).map_or("", |(_, names)| names[self.index()])
    }

    /// A float.
    pub(super) fn float(self, value: f64) -> String {
        let text = format!("{value:e}");
        match self {
            // There a number with an exponent is a decimal.
            Dialect::Postgres => format!("CAST('{text}' AS double precision)"),
            Dialect::DuckDb | Dialect::Spark => text,
        }
    }

    /// A point in time.
    pub(super) fn moment(self, micros: i64) -> String {
        let text = show::datetime(micros).replace('T', " ");
        format!("{} '{text}'", if self == Dialect::Spark { "TIMESTAMP_NTZ" } else { "TIMESTAMP" })
    }
}

/// A text that ends no comment.
pub(super) fn comment(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c }).collect()
}
