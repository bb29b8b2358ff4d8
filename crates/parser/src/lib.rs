//! Reads accolade rule files: YAML with the places of everything in it, and the expressions and
//! small notations inside its scalars.
//!
//! ```
//! use accolade_parser::{SourceId, parse_rule_file};
//!
//! let (file, diagnostics) = parse_rule_file(SourceId(0), "accolade: 1\nname: shop\n");
//! assert!(!diagnostics.has_errors());
//! assert_eq!(file.name.map(|name| name.value).as_deref(), Some("shop"));
//! ```
//!
//! The crate does no IO, resolves no names and checks no types. It never stops at the first error:
//! every entry point returns a value *and* diagnostics. All places are byte offsets into the file,
//! also those inside an expression in a folded or escaped scalar.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

// The code that `pest_derive` generates uses `alloc`.
extern crate alloc;

pub mod code;
mod count;
pub mod diagnostic;
pub mod expr;
pub mod format;
mod quote;
pub mod span;
mod suggest;
pub mod syntax;
#[cfg(test)]
mod testing;
pub mod yaml;

pub use code::Code;
pub use count::{count, plural};
pub use diagnostic::{DataPlace, Diagnostic, Diagnostics, Fix, Label, Severity};
pub use span::{Name, SourceId, Span, Spanned};
pub use suggest::{did_you_mean, listed, suggest};
pub use syntax::file::RuleFile;
pub use syntax::{parse_bytes, parse_rule_file};
