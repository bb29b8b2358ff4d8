//! Which cut-offs a run used.

/// The origin of cut-offs that were read from a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutOffsOrigin {
    /// The file.
    pub file: String,
    /// The version of its text, the same for the same content.
    pub version: String,
    /// The date they were computed at.
    pub as_of: String,
    /// How many customers they were computed from.
    pub customers: usize,
}

impl std::fmt::Display for CutOffsOrigin {
    /// `cut-offs of cutoffs.yaml, computed at 2026-01-01 (version 1f3a7c90d2b4e658)`
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "cut-offs of {}, computed at {} (version {})", self.file, self.as_of, self.version)
    }
}
