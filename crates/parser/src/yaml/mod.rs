//! YAML with the place of every part of it.

mod align;
mod build;
mod errors;
pub mod node;

pub use build::parse;

#[cfg(test)]
mod tests;
