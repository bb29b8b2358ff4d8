//! A checked rule set, the traits of its rules, and the types that a rule is called with.

mod about;
mod bounds;
mod charts;
mod describe;
mod explain;
mod follow;
mod follow_value;
mod lever;
mod prepared;
mod present;
mod rate;
mod row_rater;
mod rule;
mod rule_set;
mod to_sql;
mod totals;
mod view;

pub use self::about::About;
pub use self::charts::upper;
pub use self::describe::Describe;
pub use self::explain::Explain;
pub use self::lever::Lever;
pub use self::prepared::Prepared;
pub use self::present::Present;
pub use self::rate::Rate;
pub use self::row_rater::{PreparedSteps, RowRater};
pub use self::rule::{
    Batch, Calibration, CompiledRule, Context, Output, Population, Unknown, named, report_unknown, unfit,
};
pub use self::rule_set::{Profile, RuleSet, Step};
pub use self::to_sql::ToSql;
pub use self::view::{View, total};
