//! Rating single customers by a rule set with saved cut-offs, which is prepared once.
//!
//! Results that need the whole customer base (ranks, shares of a total, measures, goals) are not computed.

mod events;
mod json;
mod plan;
mod record;
mod unread;

use std::sync::Arc;

use accolade_core::model::{DayRange, SlotId, Value};
use accolade_core::show;
use accolade_data::profile::single_customer;
use accolade_parser::{Code, Diagnostic, Diagnostics};
use accolade_rules::set::{RowRater, RuleSet};

use self::plan::RatingPlan;
pub use self::plan::{RecordField, Requirement};
pub use self::record::Record;
use crate::explain;
use crate::explain::Explanation;
use crate::run::{CutOffsOrigin, SavedCutOffs};

/// A rule set with cut-offs, ready to rate records.
#[derive(Clone, Debug)]
pub struct Rater {
    set: Arc<RuleSet>,
    as_of: i32,
    plan: Arc<RatingPlan>,
    cut_offs_origin: Option<Arc<CutOffsOrigin>>,
    /// By aggregate, the days whose events it covers.
    days: Arc<Vec<DayRange>>,
}

/// A rated record.
#[derive(Clone, Debug, PartialEq)]
pub struct RatedRecord {
    /// The values by slot; those not computed are missing.
    pub values: Vec<Value>,
    /// Warnings about fields that no rule reads, divisions by zero, and conditions that a missing value leaves unknown.
    pub findings: Diagnostics,
}

fn days(set: &RuleSet, as_of: i32) -> Result<Vec<DayRange>, Diagnostics> {
    single_customer::days(&set.demand, as_of).ok_or_else(|| {
        let message = format!("at {} a period leaves the calendar", show::date(as_of));
        Diagnostics::from(Diagnostic::new(Code::E0709, message).help("choose a date nearer to today"))
    })
}

impl Rater {
    /// A rater of a rule set with saved cut-offs, at the date `as_of`.
    ///
    /// # Errors
    /// Fails with E0710 when the cut-offs do not fit the rules, and with E0709 when a period leaves the calendar.
    pub fn new(set: &Arc<RuleSet>, saved: &SavedCutOffs, as_of: i32) -> Result<Rater, Diagnostics> {
        let plan = RatingPlan::new(set, saved, as_of)?;
        let (plan, days) = (Arc::new(plan), Arc::new(days(set, as_of)?));
        let cut_offs_origin = saved.origin().map(Arc::new);
        Ok(Rater { set: Arc::clone(set), as_of, plan, cut_offs_origin, days })
    }

    /// The rule set.
    pub fn set(&self) -> &RuleSet {
        &self.set
    }

    /// The date it rates at, in days since 1970-01-01.
    pub fn as_of(&self) -> i32 {
        self.as_of
    }

    /// Where the cut-offs come from, if they were read from a file.
    pub fn cut_offs_origin(&self) -> Option<&CutOffsOrigin> {
        self.cut_offs_origin.as_deref()
    }

    /// A rater with the same rules and cut-offs at another date.
    ///
    /// # Errors
    /// Fails with E0709 when a period leaves the calendar.
    pub fn at_date(&self, as_of: i32) -> Result<Rater, Diagnostics> {
        Ok(Rater { as_of, days: Arc::new(days(&self.set, as_of)?), ..self.clone() })
    }

    /// A rater of these rules and the steps they read. Records then need fewer fields.
    ///
    /// # Errors
    /// Fails with E0308 when a rule does not exist.
    pub fn for_rules(&self, rules: &[String]) -> Result<Rater, Diagnostics> {
        Ok(Rater { plan: Arc::new(self.plan.only(&self.set, rules)?), ..self.clone() })
    }

    /// The fields that a record may hold, in the order of the output.
    pub fn fields(&self) -> &[RecordField] {
        &self.plan.fields
    }

    /// The sources whose events a record may hold.
    pub fn sources(&self) -> &[usize] {
        &self.plan.sources
    }

    /// The declared names that a record may hold though no rule reads them. They are ignored, with a warning.
    pub fn ignored(&self) -> &[String] {
        &self.plan.unread.names
    }

    /// The slots of the results, in the order of a run's output, without those that need the whole customer base.
    pub fn outputs(&self) -> &[SlotId] {
        &self.plan.outputs
    }

    /// The names of the rules it rates by.
    pub fn rules(&self) -> impl Iterator<Item = String> + '_ {
        self.plan.rules(&self.set)
    }

    /// Rates a record.
    ///
    /// # Errors
    /// Fails with E0705 when the record lacks values or events that the rules need, and when a rule cannot be computed.
    pub fn rate(&self, record: &Record) -> Result<RatedRecord, Diagnostics> {
        self.plan.check(&self.set, record)?;
        let mut rated = self.rate_values(record.values.clone(), &record.given_metrics)?;
        if !record.ignored.is_empty() {
            rated.findings = record.ignored.iter().cloned().chain(std::mem::take(&mut rated.findings)).collect();
        }
        Ok(rated)
    }

    /// Rates a record given by slot. The slots of the key, of columns and of aggregates are filled; metrics in `kept`
    /// are given and stay as they are.
    ///
    /// # Errors
    /// As [`rate`](Self::rate).
    pub fn rate_values(&self, mut values: Vec<Value>, kept: &[SlotId]) -> Result<RatedRecord, Diagnostics> {
        values.resize(self.set.demand.slots.len(), Value::Null);
        let mut findings = Diagnostics::new();
        self.row_rater().run_steps(self.plan.steps.iter().copied(), &mut values, kept, Some(&mut findings))?;
        Ok(RatedRecord { values, findings })
    }

    /// A rater of records given by slot, for all rules.
    pub fn row_rater(&self) -> RowRater<'_> {
        RowRater::sharing(&self.set, &self.plan.cut_offs, self.as_of, Arc::clone(&self.plan.prepared))
    }

    /// Rates a record and explains its results; only `rules` if any are named.
    ///
    /// # Errors
    /// As [`rate`](Self::rate).
    pub fn explain(&self, record: &Record, rules: &[String]) -> Result<Explanation, Diagnostics> {
        self.explain_rated(&self.rate(record)?, rules)
    }

    /// As [`explain`](Self::explain), for a record that this rater has rated.
    ///
    /// # Errors
    /// Never fails for a record that this rater has rated.
    pub fn explain_rated(&self, rated: &RatedRecord, rules: &[String]) -> Result<Explanation, Diagnostics> {
        let in_force: Vec<String> = self.rules().filter(|rule| rules.is_empty() || rules.contains(rule)).collect();
        explain::explain(&self.row_rater(), &explain::Usage::default(), &rated.values, &in_force, &self.plan.beyond)
    }
}
