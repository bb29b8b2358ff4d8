//! Tools for thresholds: cut-offs, quantiles, rankings and labels.

pub mod cutoffs;
pub mod labels;
pub mod quantile;
pub mod ranking;
