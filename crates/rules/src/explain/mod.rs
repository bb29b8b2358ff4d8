//! How a rule came to a result, and how the result follows a field, as plain data.

mod response;
mod derivation;
mod order;

pub use self::response::{Response, Segment, Trend};
pub use self::derivation::{Branch, Derivation, Field, FieldValue, Reason, Contribution, Verdict, SourceText};
pub use self::order::LabelOrder;
