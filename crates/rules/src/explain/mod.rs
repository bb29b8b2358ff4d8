//! How a rule came to a result, and how the result follows a field, as plain data.

mod course;
mod derivation;
mod order;

pub use self::course::{Course, Piece, Trend};
pub use self::derivation::{Branch, Derivation, Field, Input, Reason, Share, Verdict, Written};
pub use self::order::LabelOrder;
