//! The options of an SQL statement.

use indexmap::IndexMap;

use super::dialect::Dialect;
use crate::thresholds::cutoffs::CutOffs;

/// The options of an SQL statement.
#[derive(Clone, Copy, Debug)]
pub struct SqlOptions<'a> {
    /// The dialect.
    pub dialect: Dialect,
    /// The date of the run, in days since 1970-01-01.
    pub as_of: i32,
    /// The cut-offs, by rule.
    pub cut_offs: &'a IndexMap<String, CutOffs>,
    /// The tables of sources that have another name in the database, as parts such as schema and table.
    pub tables: &'a IndexMap<String, Vec<String>>,
    /// The name of the view to create, in parts; none for a plain query.
    pub view: Option<&'a [String]>,
    /// Whether a rule without SQL is left out, with all that reads it, instead of being an error.
    pub leave_out: bool,
}
