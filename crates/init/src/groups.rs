//! What rows that share a number, such as the lines of an order, have in common.

/// Groups of rows with the same text in a column, counted on a sample of the texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Groups {
    /// The column.
    pub(crate) by: usize,
    /// The groups of several rows.
    pub(crate) several: u64,
    /// For each column, the groups of several rows that have at most one value in it.
    pub(crate) constant: Vec<u64>,
    /// For each column, the groups of several rows that have a value in exactly one of them.
    pub(crate) once: Vec<u64>,
}

impl Groups {
    /// Whether nearly every group has at most one value in a column.
    pub(crate) fn decides(&self, column: usize) -> bool {
        self.several > 0 && 20 * self.constant[column] >= 19 * self.several
    }

    /// Whether nearly every group has a value in one of its rows only.
    pub(crate) fn has_once(&self, column: usize) -> bool {
        self.several > 0 && 20 * self.once[column] >= 19 * self.several
    }

    /// Whether nearly every group repeats one value in its rows.
    pub(crate) fn repeats(&self, column: usize) -> bool {
        self.decides(column) && !self.has_once(column)
    }
}
