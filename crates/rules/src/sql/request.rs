//! What a statement is made of.

use indexmap::IndexMap;

use super::dialect::Dialect;
use crate::thresholds::cutoffs::CutOffs;

/// What a statement is made of.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The database.
    pub dialect: Dialect,
    /// The date of the run, in days since 1970-01-01.
    pub as_of: i32,
    /// The cut-offs, by rule.
    pub cut_offs: &'a IndexMap<String, CutOffs>,
    /// The tables of sources that are not named like them: parts of the name, such as schema and table.
    pub tables: &'a IndexMap<String, Vec<String>>,
    /// The view to be made of the statement, as parts of its name.
    pub view: Option<&'a [String]>,
    /// Whether rules that have no SQL are left out, and what reads them.
    pub leave_out: bool,
}
