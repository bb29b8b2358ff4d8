//! A checked rule: its outputs, the batches and contexts it is given, and counts of unknown conditions.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use accolade_core::eval::Env;
use accolade_core::frame::{Frame, value_at};
use accolade_core::model::Type;
use accolade_core::show;
use accolade_parser::{Code, Diagnostic, Diagnostics, count};
use arrow::array::ArrayRef;

use super::{Describe, Explain, Present, Rate, ToSql};
use crate::thresholds::cutoffs::CutOffs;

/// One result of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleOutput {
    /// Its name after the rule's, as in `rule.part`. The first output is also the rule's own value.
    pub part: &'static str,
    /// Its type.
    pub ty: Type,
    /// Whether it may be missing.
    pub nullable: bool,
    /// The texts it can hold, if they are known.
    pub labels: Option<Vec<String>>,
}

impl RuleOutput {
    /// An output that may be missing.
    pub fn new(part: &'static str, ty: Type) -> RuleOutput {
        RuleOutput { part, ty, nullable: true, labels: None }
    }

    /// A text output that holds one of `labels`.
    pub fn label(part: &'static str, labels: Vec<String>, nullable: bool) -> RuleOutput {
        RuleOutput { part, ty: Type::Text, nullable, labels: Some(labels) }
    }
}

/// A checked rule: everything that its kind implements.
pub trait CompiledRule: Rate + Explain + Describe + ToSql + Present {}

impl<R: Rate + Explain + Describe + ToSql + Present> CompiledRule for R {}

/// The result of a calibration.
#[derive(Clone, Debug, Default)]
pub struct Calibration {
    /// The cut-offs.
    pub cut_offs: CutOffs,
    /// The outputs that need the population, in the order of `outputs`.
    pub population: Vec<ArrayRef>,
}

/// What a rule is given besides the records.
#[derive(Clone, Copy, Debug)]
pub struct RuleContext<'a> {
    /// The rule's name.
    pub rule: &'a str,
    /// The date of the run and where faults are counted.
    pub env: Env<'a>,
    /// Where conditions that were neither true nor false are counted.
    pub unknown: &'a UnknownCounts,
}

/// The records of customers: all of them, sorted by key, or a batch.
#[derive(Clone, Copy, Debug)]
pub struct Customers<'a> {
    /// The columns computed so far.
    pub frame: &'a Frame,
    /// The rule's name, the date and the counters.
    pub context: RuleContext<'a>,
}

/// Counts, by the label of a condition, of records for which it was neither true nor false.
#[derive(Debug, Default)]
pub struct UnknownCounts {
    counts: Mutex<BTreeMap<String, u64>>,
    /// Whether there are any, readable without the lock.
    any: AtomicBool,
}

impl UnknownCounts {
    /// Counts `n` more for `label`.
    pub fn add(&self, label: &str, n: u64) {
        if n > 0
            && let Ok(mut counts) = self.counts.lock()
        {
            self.any.store(true, Ordering::Release);
            *counts.entry(label.to_owned()).or_default() += n;
        }
    }

    /// Whether anything was counted.
    pub fn any(&self) -> bool {
        self.any.load(Ordering::Acquire)
    }

    /// Starts again from zero.
    pub fn reset(&self) {
        if let Ok(mut counts) = self.counts.lock() {
            self.any.store(false, Ordering::Release);
            counts.clear();
        }
    }

    /// The counts so far.
    pub fn counts(&self) -> Vec<(String, u64)> {
        self.counts.lock().map(|counts| counts.iter().map(|(k, v)| (k.clone(), *v)).collect()).unwrap_or_default()
    }
}

/// The keys of the first three customers in `rows`, and how many more there are.
pub fn customer_names(customers: &ArrayRef, rows: &[usize]) -> String {
    let named: Vec<String> = rows.iter().take(3).map(|row| show::quoted(&value_at(customers, *row))).collect();
    let more = if rows.len() > 3 { format!(" and {} more", rows.len() - 3) } else { String::new() };
    named.join(", ") + &more
}

/// The diagnostic (E0710) for cut-offs that lack what a rule needs.
pub fn unfit(rule: &str, what: &str) -> Diagnostics {
    let message = format!("the cut-offs of `{rule}` {what}");
    Diagnostics::from(
        Diagnostic::new(Code::E0710, message).help("calibrate again: `accolade calibrate RULES -o cutoffs.yaml`"),
    )
}

/// Warns of conditions of the rule `name` that were neither true nor false.
pub fn report_unknown(name: &str, unknown: &UnknownCounts, findings: &mut Diagnostics) {
    for (label, number) in unknown.counts() {
        let (customers, them) = (count(number, "customer"), if number == 1 { "it" } else { "them" });
        let message = format!(
            "`{name}`: the condition of `{label}` is neither true nor false for {customers}; a value it needs is missing, so the row was passed over for {them}"
        );
        findings.push(
            Diagnostic::new(Code::W0702, message).help("say what a missing value means with `is missing` or `or else`"),
        );
    }
}
