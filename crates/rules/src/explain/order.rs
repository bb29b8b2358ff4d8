//! The order of a rule's labels.

/// Which of a rule's labels are better, for choosing the change to report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelOrder {
    /// Labels are in a list, the best first.
    BestFirst,
    /// Labels are the cells of a grid, the best last. A cell that one field alone can reach counts as nearer than any
    /// other.
    Grid,
}
