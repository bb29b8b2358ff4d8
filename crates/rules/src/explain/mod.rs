//! How a rule came to a result, and how the result follows a field, as plain data.

mod derivation;
mod order;
mod response;

pub use self::derivation::{Branch, Contribution, Derivation, Field, FieldValue, Reason, SourceText, Verdict};
pub use self::order::LabelOrder;
pub use self::response::{Response, Segment, Trend};
