//! A data file as it is understood.

use std::path::PathBuf;

use accolade_engine::Type;
use accolade_parser::syntax::file::DateOrder;

use crate::sketch::Sketch;

/// A data file as it is understood.
#[derive(Clone, Debug)]
pub struct Table {
    /// Where it is.
    pub path: PathBuf,
    /// The name of the source it becomes.
    pub name: String,
    /// How many rows it has.
    pub rows: u64,
    /// What its columns hold.
    pub columns: Vec<Column>,
    /// The delimiter, if it is not a comma.
    pub delimiter: Option<char>,
    /// Whether numbers are written with a decimal comma.
    pub decimal_comma: bool,
    /// The order in which dates are written, if not as in ISO 8601.
    pub date_order: Option<DateOrder>,
    /// Texts that stand for a missing value.
    pub missing: Vec<String>,
    /// What a reader should know of how the file was understood.
    pub notes: Vec<String>,
}

/// A column as it is understood.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name in the file.
    pub header: String,
    /// Its name in the rule file.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Whether cells are empty.
    pub nullable: bool,
    /// Whether the type may be chosen; a file with types of its own has the last word.
    pub(crate) as_text: bool,
    /// The scale that answers are on.
    pub range: Option<(i64, i64)>,
    /// The first and last moment of a date, in microseconds.
    pub(crate) span: Option<(i64, i64)>,
    pub(crate) values: Sketch,
    /// Why it has this type, where that needs saying.
    pub note: Option<String>,
}

impl Column {
    /// Whether every row has a value of its own.
    pub fn is_key(&self) -> bool {
        matches!(self.ty, Type::Text | Type::Integer) && !self.nullable && self.values.is_unique()
    }

    /// Its type as the rule file has it.
    pub fn declaration(&self) -> String {
        let range = self.range.map_or(String::new(), |(low, high)| format!(" {low}..{high}"));
        format!("{}{}{range}", self.ty, if self.nullable { "?" } else { "" })
    }

    /// Whether it dates a row.
    pub fn is_date(&self) -> bool {
        matches!(self.ty, Type::Date | Type::DateTime)
    }
}
