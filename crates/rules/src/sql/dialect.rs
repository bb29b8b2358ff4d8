//! SQL dialects, and how each writes names, texts, types and literals.

use accolade_core::show;
use accolade_core::sql::tree::SqlType;

use super::spark;

/// An SQL dialect.
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
    // PostgreSQL's type has no bounds, so a value that is not whole yet keeps its decimal places.
    (SqlType::Whole, ["HUGEINT", "numeric", "DECIMAL(38, 0)"]),
];

impl Dialect {
    /// Its name.
    pub fn name(self) -> &'static str {
        DIALECTS[self.index()].0
    }

    /// Its index in the tables of spellings.
    pub(crate) fn index(self) -> usize {
        match self {
            Dialect::DuckDb => 0,
            Dialect::Postgres => 1,
            Dialect::Spark => 2,
        }
    }

    /// The greatest length of a name, in bytes.
    pub(crate) fn longest_name(self) -> usize {
        if self == Dialect::Postgres { 63 } else { 255 }
    }

    /// The statements before and after the query of a view of this name, which replace a view of other columns too.
    pub(crate) fn view(self, name: &str) -> (String, &'static str) {
        match self {
            // PostgreSQL refuses to replace a view if a column goes, moves or changes its type.
            Dialect::Postgres => (format!("BEGIN;\nDROP VIEW IF EXISTS {name};\nCREATE VIEW {name} AS\n"), "COMMIT;\n"),
            Dialect::DuckDb | Dialect::Spark => (format!("CREATE OR REPLACE VIEW {name} AS\n"), ""),
        }
    }

    /// The keyword after `AS` that keeps a query from being inlined into those that read it.
    pub(crate) fn materialized(self) -> &'static str {
        // PostgreSQL would compute an inlined column again wherever it is read.
        if self == Dialect::Postgres { "MATERIALIZED " } else { "" }
    }

    /// A quoted identifier; the name may hold any character.
    pub fn identifier(self, name: &str) -> String {
        match self {
            Dialect::DuckDb | Dialect::Postgres => format!("\"{}\"", name.replace('"', "\"\"")),
            Dialect::Spark => format!("`{}`", name.replace('`', "``")),
        }
    }

    /// A table or a column of a table by its path; each part may hold any character.
    pub(crate) fn stored(self, path: &[&str]) -> String {
        let path = path.iter().map(|part| self.identifier(part)).collect::<Vec<_>>().join(".");
        let as_it_is = self != Dialect::Spark || spark::survives(&path);
        if as_it_is { path } else { format!("IDENTIFIER({})", spark::text(&path)) }
    }

    /// An expression of a text, a literal where the dialect has one for it; the text may hold any character.
    pub fn text(self, text: &str) -> String {
        match self {
            Dialect::DuckDb => format!("'{}'", text.replace('\'', "''")),
            // Without the `E` the meaning of a backslash depends on a setting of the server.
            Dialect::Postgres if text.contains('\\') => {
                format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
            }
            Dialect::Postgres => format!("'{}'", text.replace('\'', "''")),
            Dialect::Spark => spark::text(text),
        }
    }

    /// The name of a type.
    pub(crate) fn type_name(self, ty: SqlType) -> &'static str {
        TYPES.iter().find(|(of, _)| *of == ty).map_or("", |(_, names)| names[self.index()])
    }

    /// A float literal.
    pub(crate) fn float(self, value: f64) -> String {
        let text = format!("{value:e}");
        match self {
            // PostgreSQL reads a number with an exponent as a decimal.
            Dialect::Postgres => format!("CAST('{text}' AS double precision)"),
            Dialect::DuckDb | Dialect::Spark => text,
        }
    }

    /// A timestamp literal.
    pub(crate) fn moment(self, micros: i64) -> String {
        let text = show::datetime(micros).replace('T', " ");
        format!("{} '{text}'", if self == Dialect::Spark { "TIMESTAMP_NTZ" } else { "TIMESTAMP" })
    }
}

/// A text that is safe in a line comment: control characters and line separators become spaces, and Spark finds no
/// variable to replace.
pub fn comment(text: &str) -> String {
    let text = text.replace("${", "$ {");
    text.chars().map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c }).collect()
}
