//! Types and values, days and periods, and faults of operators.

pub mod fault;
pub mod period;
pub mod time_zone;
pub mod types;
pub mod value;

pub use self::fault::{EvalResult, Fault};
pub use self::period::{DayRange, Period};
pub use self::time_zone::TimeZone;
pub use self::types::Type;
pub use self::value::Value;
