//! Rows of texts in memory.

/// A table of texts in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemoryTable {
    /// The name that findings use as their file.
    pub name: String,
    /// The columns. A declared column that is not among them is missing from every row.
    pub header: Vec<String>,
    /// For each row one text per column; `None` where a value is missing.
    pub rows: Vec<Vec<Option<String>>>,
}
