//! SQL that does not depend on a dialect.

pub mod fraction;
pub mod numbers;
pub mod tree;
