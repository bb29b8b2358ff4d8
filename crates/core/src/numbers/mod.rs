//! Exact numbers: values on a line of integers, fractions and shares.

pub mod concentration;
pub mod domain;
pub mod exact;
pub mod interval;
pub mod share;
