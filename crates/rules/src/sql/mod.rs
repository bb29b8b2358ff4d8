//! A rule set as one SQL statement, with the cut-offs written into it.
//!
//! ```text
//! sources ─ aggregates ─▶ grouped events ─ script ─▶ profile ─ steps ─▶ results
//! ```
//! Kinds and expressions give a neutral tree (`core`); how a database spells it is a table (`spelling.rs`). A part that
//! a database would need twice gets a column of its own (`layers.rs`), so a statement does not grow with its nesting.

mod aggregates;
pub mod dialect;
mod fractions;
mod functions;
mod keys;
mod layers;
pub(crate) mod lower;
mod names;
mod ranked;
mod render;
mod request;
mod selection;
mod spark;
mod spelling;
pub(crate) mod statement;

use accolade_parser::{Code, Diagnostic, Diagnostics, Span};

pub use self::dialect::Dialect;
pub use self::keys::{at_least, within};
pub use self::lower::{SqlLowering, SqlScope};
pub use self::ranked::Positions;
pub use self::request::SqlOptions;

/// The diagnostic (E0901) for something that SQL cannot express.
pub fn unsupported(message: impl Into<String>, span: Option<Span>) -> Diagnostics {
    let diagnostic = Diagnostic::new(Code::E0901, message);
    let placed = match span {
        Some(span) => diagnostic.at(span),
        None => diagnostic,
    };
    Diagnostics::from(placed)
}
