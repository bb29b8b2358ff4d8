//! The typed model: what analysis makes of a rule file and everything else works on.

pub mod aggregate;
pub mod demand;
pub mod expr;
pub mod fault;
pub mod function;
pub mod period;
pub mod script;
pub mod slot;
pub mod source;
pub mod types;
pub mod value;

pub use aggregate::{Aggregate, AggregateFunction};
pub use demand::Demand;
pub use expr::{Compare, Operation, TypedExpr};
pub use fault::Fault;
pub use function::{Function, Signature};
pub use period::{DayRange, Period};
pub use script::{Returned, ScriptFunction};
pub use slot::{Origin, Slot, SlotId};
pub use source::{Column, Part, Role, Source};
pub use types::Type;
pub use value::Value;
