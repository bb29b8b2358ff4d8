//! How a rule describes itself.

use crate::describe::Block;
use crate::set::About;

/// What a rule says, for those who do not read rule files.
pub trait Describe {
    /// The description; by default its parameters as they are written.
    fn describe(&self, about: &About) -> Vec<Block> {
        about.parameters()
    }
}
