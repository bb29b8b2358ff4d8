//! The description of a rule in words.

use crate::describe::Block;
use crate::set::DescribeContext;

/// The description of a rule for readers who do not read rule files.
pub trait Describe {
    /// The description; by default its parameters as they are written.
    fn describe(&self, about: &DescribeContext) -> Vec<Block> {
        about.parameters()
    }
}
