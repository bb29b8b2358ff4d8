//! The class of a customer on one side of a comparison.

/// The class of a customer on one side.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ClassLabel {
    /// The customer has this class.
    Class(String),
    /// Rated, without a class.
    Unclassified,
    /// The customer is not on this side.
    Absent,
}

impl std::fmt::Display for ClassLabel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ClassLabel::Class(label) => f.write_str(label),
            ClassLabel::Unclassified => f.write_str("(none)"),
            ClassLabel::Absent => f.write_str("absent"),
        }
    }
}
