//! SQL that does not depend on a dialect.

pub mod numbers;
pub mod tree;
