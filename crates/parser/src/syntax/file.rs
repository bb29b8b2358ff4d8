//! A rule file as written: names not yet resolved, types not yet checked.

use std::fmt;

use chrono::NaiveDate;
use indexmap::IndexMap;

pub use super::encoding::TextEncoding;
use crate::expr::ast;
use crate::expr::ast::{ColumnType, Expr, Pattern, PeriodSpec};
use crate::span::{Name, Span, Spanned};
use crate::yaml::node::{Mapping, Scalar};

/// One rule file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RuleFile {
    /// `accolade: 1`
    pub version: Option<Spanned<u32>>,
    /// `name:`
    pub name: Option<Name>,
    /// `description:`
    pub description: Option<Name>,
    /// `currency:`, an ISO 4217 code.
    pub currency: Option<Name>,
    /// `time_zone:`, the zone in whose days instants fall.
    pub time_zone: Option<Name>,
    /// `as_of:`
    pub as_of: Option<Spanned<NaiveDate>>,
    /// `include:`, paths relative to this file.
    pub include: Vec<Name>,
    /// `override:`, entries such as `rules.customer_class` that replace an included one.
    pub overrides: Vec<Name>,
    /// `sources:`
    pub sources: IndexMap<String, SourceDecl>,
    /// `periods:`
    pub periods: IndexMap<String, PeriodDecl>,
    /// `profile:`
    pub profile: ProfileDecl,
    /// `rules:`
    pub rules: IndexMap<String, RuleDecl>,
    /// `functions:`
    pub functions: IndexMap<String, FunctionDecl>,
    /// `script_limits:`, whole numbers by name.
    pub script_limits: Vec<(Name, Spanned<i64>)>,
    /// `measures:`
    pub measures: IndexMap<String, MeasureDecl>,
    /// `programmes:`
    pub programmes: IndexMap<String, ProgrammeDecl>,
    /// `goals:`
    pub goals: IndexMap<String, GoalDecl>,
}

/// A named table of input.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceDecl {
    /// Its name.
    pub name: Name,
    /// `file:`, the default place, relative to the rule file.
    pub file: Option<Name>,
    /// `url:`, a database instead of a file.
    pub url: Option<Name>,
    /// `password_file:`, the file that holds the password of the database, relative to the rule file.
    pub password_file: Option<Name>,
    /// `sheet:` of a spreadsheet; the first if absent.
    pub sheet: Option<Name>,
    /// `table:` of a database.
    pub table: Option<Name>,
    /// `query:`, the query that selects the rows of a database, instead of a table.
    pub query: Option<Name>,
    /// `key:` (the customers table): what identifies a row.
    pub key: Option<KeyDecl>,
    /// `customer:` (event tables): what names the customer of a row.
    pub customer: Option<KeyDecl>,
    /// `date:` (event tables): the column that dates the event.
    pub date: Option<Name>,
    /// `aliases:` (a table of customers who were merged).
    pub aliases: Option<AliasDecl>,
    /// `where:`, the condition that rows must meet to be read.
    pub filter: Option<Expr>,
    /// `unique:`, columns whose values no two rows share.
    pub unique: Vec<Name>,
    /// `unknown:` (event tables): what to do with events of customers who are not in the customers table.
    pub unknown: Option<Spanned<UnknownCustomers>>,
    /// `expect:`, what the data must be like.
    pub expect: ExpectDecl,
    /// `columns:`
    pub columns: IndexMap<String, ColumnDecl>,
    /// How the file is written.
    pub format: FormatOptions,
}

/// The columns of a table of customers who were merged.
#[derive(Clone, Debug, PartialEq)]
pub struct AliasDecl {
    /// `from:`, the key that is no longer used.
    pub from: Name,
    /// `to:`, the key that stands for it.
    pub to: Name,
}

/// What to do with events of customers who are not in the customers table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnknownCustomers {
    /// They are errors.
    #[default]
    Fail,
    /// They do not count.
    Ignore,
    /// They do not count, and a warning names the customers.
    Report,
}

impl UnknownCustomers {
    /// The words for them.
    pub(crate) const WORDS: [(&'static str, UnknownCustomers); 3] =
        [("fail", UnknownCustomers::Fail), ("ignore", UnknownCustomers::Ignore), ("report", UnknownCustomers::Report)];
}

/// What the data of a source must be like.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExpectDecl {
    /// `newest: within 10 days`: how long before the date of the run the newest event may be.
    pub newest: Option<Spanned<Within>>,
    /// `rows: ">= 3_000"`, the number of rows.
    pub rows: Option<Spanned<Pattern>>,
}

/// A span of time before the date of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Within {
    /// How many.
    pub count: u32,
    /// Of what.
    pub unit: WithinUnit,
}

/// The unit of a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WithinUnit {
    /// Days; a week is seven.
    Days,
    /// Calendar months.
    Months,
}

/// What names the customer of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum KeyDecl {
    /// A column.
    Column(Name),
    /// An expression over the columns of the row, such as `lower(trim(email))`.
    Computed(Expr),
}

impl KeyDecl {
    /// Where it is written.
    pub fn span(&self) -> Span {
        match self {
            KeyDecl::Column(name) => name.span,
            KeyDecl::Computed(expr) => expr.span,
        }
    }
}

impl fmt::Display for KeyDecl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyDecl::Column(name) => f.write_str(&name.value),
            KeyDecl::Computed(expr) => expr.fmt(f),
        }
    }
}

/// A declared column.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnDecl {
    /// Its name, in the file and in expressions.
    pub name: Name,
    /// Its type.
    pub kind: Spanned<ColumnType>,
}

/// How a source's file is written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FormatOptions {
    /// `format: csv | parquet | ndjson | json`; by the file's ending if absent.
    pub format: Option<Name>,
    /// `delimiter:`, one character or `tab`; `,` if absent.
    pub delimiter: Option<Spanned<char>>,
    /// `decimal:`, `.` or `,`; `.` if absent.
    pub decimal: Option<Spanned<char>>,
    /// `quote:`; `"` if absent.
    pub quote: Option<Spanned<char>>,
    /// `date_order:`, how dates are written; ISO 8601 only if absent.
    pub date_order: Option<Spanned<DateOrder>>,
    /// `time_zone:`, the zone in whose days its instants fall; that of the rule file if absent.
    pub time_zone: Option<Name>,
    /// `encoding:`, how characters are written; UTF-8 if absent, unless the file begins with the mark of another.
    pub encoding: Option<Spanned<TextEncoding>>,
    /// `header_row:`, the row that names the columns, counted from 1; the first if absent.
    pub header_row: Option<Spanned<u64>>,
    /// `skip:`, the number of rows directly below the header that are left out.
    pub skip: Option<Spanned<u64>>,
    /// `range:`, the cells of a sheet that are read; all if absent.
    pub range: Option<Spanned<CellRange>>,
    /// `values:`, words of `boolean` columns, besides those that every source knows.
    pub values: Vec<BooleanWord>,
    /// `missing:`, texts that stand for a missing value, besides the empty one.
    pub missing: Vec<Name>,
    /// The currency of the rule file, whose code or sign may stand beside an amount.
    pub currency: Option<Name>,
    /// `headers:`, the headers in the files of columns that have other names in the rule file; each file has one of them.
    pub headers: IndexMap<String, (Name, Vec<Name>)>,
}

impl FormatOptions {
    /// The header of a column in the file; the first of several.
    pub fn header_of<'a>(&'a self, column: &'a str) -> &'a str {
        self.headers_of(column).next().unwrap_or(column)
    }

    /// The headers that a column may have in a file.
    pub fn headers_of<'a>(&'a self, column: &'a str) -> impl Iterator<Item = &'a str> + Clone {
        let written = self.headers.get(column).map_or(&[][..], |(_, headers)| headers);
        let own = written.is_empty().then_some(column);
        own.into_iter().chain(written.iter().map(|header| header.value.as_str()))
    }
}

/// A range of cells in a sheet. Rows and columns are counted from 1, and both ends belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellRange {
    /// The first column.
    pub left: u32,
    /// The last column.
    pub right: u32,
    /// The first row.
    pub top: u32,
    /// The last row; the last of the sheet if absent.
    pub bottom: Option<u32>,
}

impl CellRange {
    /// Whether the cell at this row and column, counted from 0, is in the range.
    pub fn contains(&self, row: u32, column: u32) -> bool {
        (self.left..=self.right).contains(&column.saturating_add(1))
            && row.saturating_add(1) >= self.top
            && self.bottom.is_none_or(|bottom| row < bottom)
    }
}

/// A word for true or false.
#[derive(Clone, Debug, PartialEq)]
pub struct BooleanWord {
    /// As it is in the data, without blanks around it.
    pub text: Name,
    /// What it means.
    pub value: bool,
}

impl BooleanWord {
    /// Whether it is this text. The case of ASCII letters makes no difference.
    pub fn is(&self, text: &str) -> bool {
        self.text.value.eq_ignore_ascii_case(text)
    }
}

/// Which part of a date comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    /// `2025/12/31`
    YearFirst,
    /// `31/12/2025`
    DayFirst,
    /// `12/31/2025`
    MonthFirst,
}

impl DateOrder {
    /// The word for it in `date_order:`.
    pub fn name(self) -> &'static str {
        match self {
            DateOrder::YearFirst => "year_first",
            DateOrder::DayFirst => "day_first",
            DateOrder::MonthFirst => "month_first",
        }
    }
}

/// A named span of time.
#[derive(Clone, Debug, PartialEq)]
pub struct PeriodDecl {
    /// Its name.
    pub name: Name,
    /// What it spans.
    pub spec: Spanned<PeriodSpec>,
}

/// The derived record of a customer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProfileDecl {
    /// Carried to the output.
    pub administrative: IndexMap<String, Metric>,
    /// Figures.
    pub quantitative: IndexMap<String, Metric>,
    /// Opinions and judgements.
    pub qualitative: IndexMap<String, Metric>,
}

/// One derived field; a list entry `city` is the metric `city: city`.
#[derive(Clone, Debug, PartialEq)]
pub struct Metric {
    /// Its name.
    pub name: Name,
    /// How it is computed.
    pub expr: Expr,
    /// Whether it was written as a bare name in a list (it then names a column and defines nothing new).
    pub bare: bool,
}

/// A rule. Its kind reads the parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleDecl {
    /// Its name.
    pub name: Name,
    /// `kind:`
    pub kind: Name,
    /// `description:`
    pub description: Option<Name>,
    /// Every other key of the entry (`kind` and `description` left out).
    pub parameters: Mapping,
}

/// A function that a script defines and expressions may call.
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionDecl {
    /// Its name, in expressions and in the script.
    pub name: Name,
    /// `description:`
    pub description: Option<Name>,
    /// `script:`, a file or a block of the script itself.
    pub script: Scalar,
    /// `arguments:`, in order.
    pub arguments: IndexMap<String, ColumnDecl>,
    /// `returns:`
    pub returns: Spanned<ColumnType>,
}

/// A named figure of the customer base or of groups of it.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasureDecl {
    /// Its name.
    pub name: Name,
    /// `description:`
    pub description: Option<Name>,
    /// The entry itself, or its `measure:`.
    pub measure: Spanned<ast::MeasureSpec>,
}

/// A loyalty programme or another effort whose cost and effect are weighed.
#[derive(Clone, Debug, PartialEq)]
pub struct ProgrammeDecl {
    /// Its name.
    pub name: Name,
    /// `description:`
    pub description: Option<Name>,
    /// `members:`, a condition.
    pub members: Expr,
    /// `control:`, a condition for customers who could have been members and were not.
    pub control: Option<Expr>,
    /// `period:`, when it ran.
    pub period: Name,
    /// `before:`, the period to compare it with.
    pub before: Name,
    /// `margin:`, the margin of an event.
    pub margin: Expr,
    /// `cost: {fixed: …}`
    pub fixed_cost: Option<Expr>,
    /// `cost: {per_member: …}`
    pub member_cost: Option<Expr>,
    /// `by:`, the fields whose values make the segments.
    pub by: Vec<Spanned<Vec<Name>>>,
}

/// A goal: a measure over the customer base and its target.
#[derive(Clone, Debug, PartialEq)]
pub struct GoalDecl {
    /// Its name.
    pub name: Name,
    /// `description:`
    pub description: Option<Name>,
    /// `measure:`
    pub measure: Spanned<ast::MeasureSpec>,
    /// `target:`
    pub target: Spanned<Pattern>,
    /// `programme:`, the programme whose members are measured.
    pub programme: Option<Name>,
    /// The whole entry.
    pub span: Span,
}
