//! Tables and charts for readers: plain data, and cells as text.

pub mod cell;
pub mod chart;
mod section;

pub use self::section::{Cell, Section};
