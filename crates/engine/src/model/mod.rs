//! The typed model: what analysis makes of a rule file and everything else works on.

pub mod aggregate;
pub mod expr;
pub mod function;
pub mod function_sql;
pub mod period;
pub mod script;
pub mod set;
pub mod source;
pub mod trend;
pub mod types;
pub mod value;

pub use aggregate::{Aggregate, AggregateFunction};
pub use expr::{Compare, Operation, TypedExpr};
pub use function::{Function, Signature};
pub use function_sql::{FunctionSql, SqlCall};
pub use period::{DayRange, Period};
pub use script::{Returned, ScriptFunction};
pub use set::{Origin, Profile, RuleSet, Slot, SlotId, Step};
pub use source::{Column, Part, Role, Source};
pub use trend::{Trend, Trends};
pub use types::Type;
pub use value::Value;
