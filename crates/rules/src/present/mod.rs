//! Tables and charts for readers: plain data, and cells as text.

pub mod cell;
pub mod chart;
mod summary_table;

pub use self::summary_table::{Cell, SummaryTable};
