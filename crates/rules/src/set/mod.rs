//! A checked rule set, the traits of its rules, and the types that a rule is called with.

mod describe_context;
mod bounds;
mod charts;
mod describe;
mod explain;
mod follow;
mod follow_value;
mod changeable_field;
mod prepared;
mod present;
mod rate;
mod row_rater;
mod rule;
mod rule_set;
mod to_sql;
mod totals;
mod rule_results;

pub use self::describe_context::DescribeContext;
pub use self::charts::capitalised;
pub use self::describe::Describe;
pub use self::explain::Explain;
pub use self::changeable_field::ChangeableField;
pub use self::prepared::PreparedCutOffs;
pub use self::present::Present;
pub use self::rate::Rate;
pub use self::row_rater::{PreparedSteps, RowRater};
pub use self::rule::{
    Batch, Calibration, CompiledRule, RuleContext, RuleOutput, Population, UnknownCounts, customer_names, report_unknown, unfit,
};
pub use self::rule_set::{ProfileSlots, RuleSet, Step};
pub use self::to_sql::ToSql;
pub use self::rule_results::{RuleResults, total};
