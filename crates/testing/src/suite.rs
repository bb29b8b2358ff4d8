//! A test file as data.

use std::path::PathBuf;

use accolade_engine::SavedCutOffs;
use accolade_engine::rules::thresholds::cutoffs::CutOffs;
use accolade_parser::expr::ast::Expr;
use accolade_parser::yaml::node::Scalar;
use accolade_parser::{Name, Span};
use indexmap::IndexMap;

/// A test file.
#[derive(Clone, Debug)]
pub struct Suite {
    /// The path of the file.
    pub path: PathBuf,
    /// The rule file it tests.
    pub rules: PathBuf,
    /// The date the cases run at, unless they set their own.
    pub as_of: Option<i32>,
    /// Values for columns that a row does not give, by table.
    pub defaults: IndexMap<String, GivenRow>,
    /// Cut-offs to use instead of those computed from a case's customers.
    pub cut_offs: IndexMap<String, CutOffs>,
    /// The files of cut-offs that the suite and its cases name.
    pub saved: Vec<SavedCutOffs>,
    /// The cases, in file order.
    pub cases: Vec<Case>,
}

/// One named case.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its name.
    pub name: Name,
    /// The date it runs at.
    pub as_of: Option<i32>,
    /// Its data, by source; `profile` gives fields of the record instead of computing them.
    pub given: IndexMap<String, GivenData>,
    /// A table of customers with what is given and what is expected.
    pub table: Option<(PathBuf, Span)>,
    /// Cut-offs, in addition to the suite's.
    pub cut_offs: IndexMap<String, CutOffs>,
    /// Whether cut-offs are computed from the case's customers even if the suite sets some.
    pub computed: bool,
    /// An older rule file to compare with.
    pub before: Option<PathBuf>,
    /// The expected results.
    pub expect: Expectations,
}

/// The data of one table.
#[derive(Clone, Debug)]
pub enum GivenData {
    /// Rows in the test file.
    Rows(Vec<GivenRow>, Span),
    /// A file in the format of the source, relative to the test file.
    File(PathBuf, Span),
}

/// One row: a cell for each column that it sets.
#[derive(Clone, Debug, Default)]
pub struct GivenRow {
    /// The cells by column.
    pub cells: IndexMap<String, GivenCell>,
    /// Where it is written.
    pub span: Span,
}

/// A value as written.
#[derive(Clone, Debug)]
pub struct GivenCell {
    /// The text; none for a missing value.
    pub text: Option<String>,
    /// Where it is written.
    pub span: Span,
}

/// The expected results of a case.
#[derive(Clone, Debug, Default)]
pub struct Expectations {
    /// Expectations by customer.
    pub customers: Vec<CustomerExpectation>,
    /// Expectations over all customers of the case.
    pub population: Vec<PopulationExpectation>,
    /// Expected figures of measures, of everyone or of a group.
    pub measures: Vec<ExpectedFigure>,
    /// Expected figures of programmes.
    pub programmes: Vec<ExpectedFigure>,
    /// Expected outcomes of goals: `met`, `not met`, `no data`, or the value of the measure.
    pub goals: Vec<ExpectedFigure>,
    /// Codes of diagnostics that must be reported.
    pub diagnostics: Vec<Name>,
}

/// The expected results of one customer.
#[derive(Clone, Debug)]
pub struct CustomerExpectation {
    /// The customer's key.
    pub key: Name,
    /// Expected values by field.
    pub fields: Vec<(Name, ExpectedValue)>,
    /// The row or band that must decide, by rule or `rule.criterion`.
    pub decided_by: Vec<(Name, ExpectedValue)>,
}

/// A comparison over the population, as written.
#[derive(Clone, Debug)]
pub struct PopulationExpectation {
    /// The scalar it is written in.
    pub scalar: Scalar,
    /// Its syntax; none for `share of METRIC in LABEL …`.
    pub expr: Option<Expr>,
}

/// An expected value.
#[derive(Clone, Debug)]
pub struct ExpectedValue {
    /// The text as written; none for a missing value.
    pub text: Option<String>,
    /// Where it is written, and where an update writes.
    pub place: ValueLocation,
}

/// An expected figure of the customer base.
#[derive(Clone, Debug)]
pub struct ExpectedFigure {
    /// The measure, programme or goal.
    pub of: Name,
    /// The names below it: a group's labels joined by commas, then for a programme the name of the figure.
    pub path: Vec<Name>,
    /// The expected value.
    pub expected: ExpectedValue,
}

/// Where an expected value is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueLocation {
    /// In the test file.
    Yaml(Span),
    /// In a table: its file, the index of the record (0 is the first after the header) and the column.
    Table(PathBuf, usize, usize),
}

impl Expectations {
    /// Whether it holds no expectation.
    pub fn is_empty(&self) -> bool {
        let figures = [&self.measures, &self.programmes, &self.goals];
        self.customers.is_empty()
            && self.population.is_empty()
            && figures.iter().all(|wanted| wanted.is_empty())
            && self.diagnostics.is_empty()
    }
}
