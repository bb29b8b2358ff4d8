//! How a rule came to its result for one record, as plain data.

use accolade_core::model::{SlotId, Type, Value};
use accolade_parser::Span;

/// A text of the rule file and its place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceText {
    /// Its text.
    pub text: String,
    /// Its place, if it is in a file.
    pub span: Option<Span>,
}

impl SourceText {
    /// A text and its place.
    pub fn at(text: impl Into<String>, span: Span) -> SourceText {
        SourceText { text: text.into(), span: Some(span) }
    }

    /// A text without a place.
    pub fn without_span(text: impl Into<String>) -> SourceText {
        SourceText { text: text.into(), span: None }
    }
}

/// One way in which a rule can decide; a rule set's tests should reach every one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// The kind of branch: `class`, `band`, `segment`, …
    pub what: &'static str,
    /// Its name within the rule.
    pub name: String,
    /// Where it is written.
    pub span: Option<Span>,
}

impl Branch {
    /// A branch; `what` is its kind, such as `class`.
    pub fn new(what: &'static str, name: impl Into<String>, span: Option<Span>) -> Branch {
        Branch { what, name: name.into(), span }
    }
}

/// A field that a rule reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its slot.
    pub slot: SlotId,
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Type,
}

impl Field {
    /// The field's value in a record.
    pub fn of(&self, record: &[Value]) -> FieldValue {
        let value = record.get(self.slot).cloned().unwrap_or(Value::Null);
        FieldValue { name: self.name.clone(), ty: self.ty, value }
    }
}

/// A field's value.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldValue {
    /// The field's name.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Its value.
    pub value: Value,
}

/// Whether a test held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It did.
    Holds,
    /// It did not.
    Fails,
    /// A value it needs is missing.
    Unknown,
}

impl Verdict {
    /// The verdict of a condition's value.
    pub fn of(value: &Value) -> Verdict {
        match value {
            Value::Boolean(true) => Verdict::Holds,
            Value::Boolean(false) => Verdict::Fails,
            _ => Verdict::Unknown,
        }
    }

    /// The verdict of a test whose outcome is known.
    pub fn known(holds: bool) -> Verdict {
        if holds { Verdict::Holds } else { Verdict::Fails }
    }
}

/// What a criterion adds to a score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contribution {
    /// Its points, a score in 10⁻¹⁸; none where it does not count.
    pub points: Option<i128>,
    /// Its weight as a share of all weights, in 10⁻⁸.
    pub weight: i128,
    /// Points × weight / the weights that count, in 10⁻¹⁸.
    pub contribution: Option<i128>,
    /// What was done about a missing value, if it was missing.
    pub missing: Option<&'static str>,
}

/// One test of a rule and its outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// The class, criterion, row, axis or score it is about.
    pub subject: String,
    /// The values it looked at.
    pub inputs: Vec<FieldValue>,
    /// The condition, band or cut-off it compared them with.
    pub test: SourceText,
    /// Whether the test held.
    pub verdict: Verdict,
    /// What it adds to a score.
    pub contribution: Option<Contribution>,
}

impl Reason {
    /// A test and its outcome.
    pub fn new(subject: impl Into<String>, inputs: Vec<FieldValue>, test: SourceText, verdict: Verdict) -> Reason {
        Reason { subject: subject.into(), inputs, test, verdict, contribution: None }
    }
}

/// How a rule came to its result.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Derivation {
    /// The class, row or cell that decided, as it is written; none where nothing did.
    pub decided_by: Option<SourceText>,
    /// The tests of the rule, in order.
    pub reasons: Vec<Reason>,
    /// The branches taken, as indices into the rule's branches.
    pub reached: Vec<usize>,
}
