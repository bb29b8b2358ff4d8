//! Diagnostics as plain data; rendering belongs to the caller.

use crate::code::Code;
pub use crate::code::Severity;
use crate::span::Span;

/// A place and what it has to do with the finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// One line, lowercase; may be empty on the first label.
    pub text: String,
}

/// A place in a data file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DataPlace {
    /// The file as the user named it.
    pub file: String,
    /// The 1-based line (text formats) or row (Parquet), where known.
    pub row: Option<u64>,
    /// The column, where one is to blame.
    pub column: Option<String>,
}

/// What to write instead, where that is certain enough to be done by a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What is replaced; empty where something is inserted.
    pub span: Span,
    /// What stands there afterwards.
    pub replacement: String,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its code; every code has a page.
    pub code: Code,
    /// Error or warning, from the code.
    pub severity: Severity,
    /// One line, lowercase, names in backticks.
    pub message: String,
    /// The first label says where, the rest why.
    pub labels: Vec<Label>,
    /// Where in the data, for data findings.
    pub data: Option<DataPlace>,
    /// What to do about it, kept apart from the message.
    pub help: Vec<String>,
    /// What the first help text says, done.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// A finding of `code` with the severity the code has.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Diagnostic {
            code,
            severity: code.severity(),
            message: message.into(),
            labels: Vec::new(),
            data: None,
            help: Vec::new(),
            fix: None,
        }
    }

    /// Adds a bare place.
    pub fn at(self, span: Span) -> Self {
        self.label(span, "")
    }

    /// Adds a place and what it has to do with the finding.
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Adds a help text.
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// Sets what to write at a place instead.
    pub fn fix(mut self, span: Span, replacement: impl Into<String>) -> Self {
        self.fix = Some(Fix { span, replacement: replacement.into() });
        self
    }

    /// Proposes a name for the one that is written at a place, within quotes or without.
    pub fn did_you_mean(self, span: Span, written: &str, name: &str) -> Self {
        let quotes = span.range().len().saturating_sub(written.len());
        let helped = self.help(format!("did you mean `{name}`?"));
        // Quotes may be written as `\"`; anything longer is not the name alone.
        if quotes > 4 || quotes % 2 == 1 {
            return helped;
        }
        let quote = u32::try_from(quotes / 2).unwrap_or_default();
        helped.fix(Span { start: span.start + quote, end: span.end - quote, ..span }, name)
    }

    /// Sets the place in the data.
    pub fn in_data(mut self, place: DataPlace) -> Self {
        self.data = Some(place);
        self
    }
}

/// The findings of one run, in the order they were made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics(pub Vec<Diagnostic>);

impl Diagnostics {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Whether one of them is an error.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|d| d.severity == Severity::Error)
    }

    /// Sorts by place (stable), so that the order does not depend on the order of the checks.
    pub fn sort(&mut self) {
        self.0.sort_by_key(|d| (d.labels.first().map(|l| l.span), d.data.clone(), d.code));
    }
}
