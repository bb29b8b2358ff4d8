//! Measured values on one line: the tools that rule kinds share.

pub mod concentration;
pub mod cutoffs;
pub mod decision;
pub mod domain;
pub mod interval;
pub mod labels;
pub mod quantile;
pub mod ranked;
pub mod share;
pub mod stretches;
