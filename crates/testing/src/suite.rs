//! A test file as plain data.

use std::path::PathBuf;

use accolade_engine::rules::thresholds::cutoffs::CutOffs;
use accolade_parser::expr::ast::Expr;
use accolade_parser::yaml::node::Scalar;
use accolade_parser::{Name, Span};
use indexmap::IndexMap;

/// A test file.
#[derive(Clone, Debug)]
pub struct Suite {
    /// Where it is.
    pub path: PathBuf,
    /// The rule file it tests.
    pub rules: PathBuf,
    /// The date the cases run at, unless they say another.
    pub as_of: Option<i32>,
    /// By table, values for columns that a row does not give.
    pub defaults: IndexMap<String, Row>,
    /// Cut-offs that are not computed from the case's customers.
    pub cut_offs: IndexMap<String, CutOffs>,
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
    pub given: IndexMap<String, Given>,
    /// A table of customers with what is given and what is expected.
    pub table: Option<(PathBuf, Span)>,
    /// Cut-offs, in addition to the suite's.
    pub cut_offs: IndexMap<String, CutOffs>,
    /// Whether cut-offs are computed from the case's customers although the suite has some.
    pub computed: bool,
    /// An older rule file to compare with.
    pub before: Option<PathBuf>,
    /// What must come out.
    pub expect: Expect,
}

/// The data of one table.
#[derive(Clone, Debug)]
pub enum Given {
    /// Rows in the test file.
    Rows(Vec<Row>, Span),
    /// A file beside it, in the source's own format.
    File(PathBuf, Span),
}

/// One row: a cell for each column it cares about.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// By column.
    pub cells: IndexMap<String, Cell>,
    /// Where it is written.
    pub span: Span,
}

/// A value as written; none if it is missing.
#[derive(Clone, Debug)]
pub struct Cell {
    /// Its text.
    pub text: Option<String>,
    /// Where it is written.
    pub span: Span,
}

/// What must come out of a case.
#[derive(Clone, Debug, Default)]
pub struct Expect {
    /// By customer.
    pub customers: Vec<ExpectCustomer>,
    /// Over all customers of the case.
    pub population: Vec<ExpectPopulation>,
    /// By measure, the figure of everyone or of a group.
    pub measures: Vec<WantedFigure>,
    /// By programme and one of its figures.
    pub programmes: Vec<WantedFigure>,
    /// By goal: `met`, `not met`, `no data`, or what is measured.
    pub goals: Vec<WantedFigure>,
    /// Codes of diagnostics.
    pub diagnostics: Vec<Name>,
}

/// What must come out for one customer.
#[derive(Clone, Debug)]
pub struct ExpectCustomer {
    /// The customer's key.
    pub key: Name,
    /// By field.
    pub fields: Vec<(Name, Wanted)>,
    /// By rule or `rule.criterion`: the row or band that decided.
    pub decided_by: Vec<(Name, Wanted)>,
}

/// A comparison over the population, as written.
#[derive(Clone, Debug)]
pub struct ExpectPopulation {
    /// The scalar it is written in.
    pub scalar: Scalar,
    /// Its syntax; none for `share of METRIC in LABEL …`.
    pub expr: Option<Expr>,
}

/// A value that is expected.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// As written; none for a missing value.
    pub text: Option<String>,
    /// Where an update would write.
    pub place: Place,
}

/// A figure of the customer base that is expected.
#[derive(Clone, Debug)]
pub struct WantedFigure {
    /// The measure, programme or goal.
    pub of: Name,
    /// What leads to the figure from there: a group's labels joined by commas, and for a programme the figure's name.
    pub path: Vec<Name>,
    /// The figure.
    pub wanted: Wanted,
}

/// Where an expected value is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the test file.
    Yaml(Span),
    /// In a table: its file, the record (0 is the first after the header) and the column.
    Table(PathBuf, usize, usize),
}

impl Expect {
    /// Whether it expects nothing at all.
    pub fn is_empty(&self) -> bool {
        let figures = [&self.measures, &self.programmes, &self.goals];
        self.customers.is_empty()
            && self.population.is_empty()
            && figures.iter().all(|wanted| wanted.is_empty())
            && self.diagnostics.is_empty()
    }
}
