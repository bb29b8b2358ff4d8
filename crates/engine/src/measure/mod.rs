//! Measured values on one line: the tools that rule kinds share.

pub mod cutoffs;
pub mod decision;
pub mod labels;
pub mod quantile;
pub mod ranked;
pub mod stretches;
