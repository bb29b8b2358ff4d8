//! Exact numbers: values on a line of integers, fractions and shares.

pub mod concentration;
pub mod decimal_sum;
pub mod domain;
pub mod exact;
pub mod fraction;
pub mod interval;
mod nearest_float;
pub mod places;
pub mod share;
