//! Diagnostics as plain data; rendering belongs to the caller.

use crate::code::Code;
pub use crate::code::Severity;
use crate::span::Span;

/// A place in a source file and a text about it.
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

/// A replacement of source text that is certain enough for a program to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// The text to replace. An empty span inserts.
    pub span: Span,
    /// The text to put there.
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
    /// The first label marks the place of the finding, the others its reasons.
    pub labels: Vec<Label>,
    /// The place in a data file, for findings about data.
    pub data: Option<DataPlace>,
    /// Advice, kept apart from the message.
    pub help: Vec<String>,
    /// The change that the first help text describes.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// A finding with the severity of its code.
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

    /// Adds a place without a text.
    pub fn at(self, span: Span) -> Self {
        self.label(span, "")
    }

    /// Adds a place and a text about it.
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Adds a help text.
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// Sets the fix: the text to put at a place.
    pub fn fix(mut self, span: Span, replacement: impl Into<String>) -> Self {
        self.fix = Some(Fix { span, replacement: replacement.into() });
        self
    }

    /// Proposes `name` instead of the name `written` at a place, which may stand in quotes.
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
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// An empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Keeps the findings for which `keep` returns true.
    pub fn retain(&mut self, keep: impl FnMut(&Diagnostic) -> bool) {
        self.0.retain(keep);
    }

    /// Whether any finding is an error.
    pub fn has_errors(&self) -> bool {
        self.iter().any(|d| d.severity == Severity::Error)
    }

    /// Sorts by place (stable), so that the order does not depend on the order of the checks.
    pub fn sort(&mut self) {
        self.0.sort_by_key(|d| (d.labels.first().map(|l| l.span), d.data.clone(), d.code));
    }

    /// Keeps the first `most` findings.
    pub fn truncate(&mut self, most: usize) {
        self.0.truncate(most);
    }

    /// Removes findings that repeat the one before.
    pub fn dedup(&mut self) {
        self.0.dedup();
    }

    /// The findings, mutable.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, Diagnostic> {
        self.0.iter_mut()
    }
}

impl std::ops::Deref for Diagnostics {
    type Target = [Diagnostic];

    fn deref(&self) -> &[Diagnostic] {
        &self.0
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Diagnostics(vec![diagnostic])
    }
}

impl From<Vec<Diagnostic>> for Diagnostics {
    fn from(diagnostics: Vec<Diagnostic>) -> Self {
        Diagnostics(diagnostics)
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<T: IntoIterator<Item = Diagnostic>>(diagnostics: T) -> Self {
        Diagnostics(diagnostics.into_iter().collect())
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<T: IntoIterator<Item = Diagnostic>>(&mut self, diagnostics: T) {
        self.0.extend(diagnostics);
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}
