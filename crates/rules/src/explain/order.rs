//! The order of a rule's labels.

/// Which of a rule's labels are better than others, for the change that is worth telling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelOrder {
    /// Labels are in a list, the best first.
    BestFirst,
    /// Labels are the cells of a grid, the best last; one that a single field reaches is nearer than any other.
    Grid,
}
