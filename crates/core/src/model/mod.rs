//! The typed model, which analysis makes from a rule file and everything else works on.

pub mod aggregate;
pub mod demand;
pub mod expr;
pub mod function;
pub mod function_sql;
pub mod script;
pub mod slot;
pub mod source;
pub mod source_checks;
pub mod trend;

pub use crate::values::{DayRange, Fault, Period, TimeZone, Type, Value, fault, period, time_zone, types, value};
pub use aggregate::{Aggregate, AggregateFunction};
pub use demand::Demand;
pub use expr::{CompareOp, Operation, TypedExpr};
pub use function::{Function, Signature};
pub use function_sql::{FunctionSql, SqlCall};
pub use script::{ReturnType, ScriptFunction};
pub use slot::{Origin, Slot, SlotId};
pub use source::{Column, Source, SourcePart, SourceRole};
pub use source_checks::{ExpectedRows, SourceChecks};
pub use trend::{FunctionTrend, Trend};
