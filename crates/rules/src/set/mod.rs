//! A checked rule set, the traits of its rules, and the types that a rule is called with.

mod bounds;
mod changeable_field;
mod charts;
mod describe;
mod describe_context;
mod explain;
mod follow;
mod follow_value;
mod prepared;
mod present;
mod rate;
mod row_rater;
mod rule;
mod rule_results;
mod rule_set;
mod to_sql;
mod totals;

pub use self::bounds::dependents;
pub use self::changeable_field::{ChangeableField, listed_texts};
pub use self::charts::capitalised;
pub use self::describe::Describe;
pub use self::describe_context::DescribeContext;
pub use self::explain::Explain;
pub use self::prepared::PreparedCutOffs;
pub use self::present::Present;
pub use self::rate::Rate;
pub use self::row_rater::{PreparedSteps, RowRater};
pub use self::rule::{
    Calibration, CompiledRule, Customers, RuleContext, RuleOutput, UnknownCounts, customer_names, report_unknown, unfit,
};
pub use self::rule_results::{RuleResults, total};
pub use self::rule_set::{ProfileSlots, RuleSet, ScriptTexts, Step};
pub use self::to_sql::ToSql;
