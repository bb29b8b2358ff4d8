//! SQL before it is decided how a database spells it.

pub mod numbers;
pub mod tree;
