//! Everything that was guessed, for a reader to change before it is written.

use std::path::Path;

use accolade_engine::model::period::{add_months, parse_day};
use accolade_engine::source::inspect;
use accolade_engine::{Type, show};
use accolade_parser::syntax::as_name;
use accolade_parser::{Code, DataPlace, Diagnostic, Diagnostics};

use crate::names::Names;
use crate::roles::{Role, roles};
use crate::subjects::{Subjects, subjects};
use crate::table::Table;
use crate::{infer, roles};

/// Everything that was guessed.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The data files.
    pub tables: Vec<Table>,
    /// What each is.
    pub roles: Vec<Role>,
    /// What columns are about.
    pub subjects: Subjects,
    /// The date to rate at, in days since 1970-01-01.
    pub as_of: i32,
    /// The first event of the transactions.
    pub(crate) first: Option<i32>,
    /// Whether a date in the data decided `as_of`.
    pub(crate) dated: bool,
    /// Rules that are not wanted.
    pub without: Vec<Part>,
}

/// What a proposal may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Classes by their share of revenue.
    Abc,
    /// Recency, frequency and monetary value.
    Rfm,
    /// A weighted rating.
    Rating,
    /// Satisfaction and what is earned.
    Matrix,
    /// Promoters and detractors.
    Nps,
    /// What to do next.
    Contact,
    /// Measures and goals.
    Goals,
}

/// Every part with what it is called.
pub const PARTS: [(Part, &str); 7] = [
    (Part::Abc, "ABC classes by revenue"),
    (Part::Rfm, "RFM segments"),
    (Part::Rating, "a weighted rating"),
    (Part::Matrix, "satisfaction by profitability"),
    (Part::Nps, "promoters and detractors"),
    (Part::Contact, "whom to contact"),
    (Part::Goals, "measures and goals at their present values"),
];

/// The day a rule set without dates is given.
const NO_DAY: i32 = 20_454;

/// Reads data files and guesses what they are.
///
/// # Errors
/// Files that cannot be read, and files of which none names a customer.
pub fn survey(paths: &[impl AsRef<Path>]) -> Result<Plan, Diagnostics> {
    let mut findings = Diagnostics::new();
    let (mut tables, mut names) = (Vec::new(), Names::default());
    for path in paths {
        let path = path.as_ref();
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().to_lowercase()).unwrap_or_default();
        match inspect(path).and_then(|file| infer::table(&file, names.fresh(&as_name(&stem)))) {
            Ok(table) => tables.push(table),
            Err(wrong) => findings.0.extend(wrong.0),
        }
    }
    if findings.has_errors() {
        return Err(findings);
    }
    if tables.iter().all(|table| table.rows == 0) {
        return Err(about_each(&tables, |_| {
            Diagnostic::new(Code::E0708, "the file names its columns and has no rows")
                .help("types and cut-offs come from the values; put some rows in")
        }));
    }
    let roles = roles(&tables);
    if roles.iter().all(|role| matches!(role, Role::Unused(_))) {
        return Err(about_each(&tables, |table| {
            let columns: Vec<&str> = table.columns.iter().map(|c| c.header.as_str()).collect();
            Diagnostic::new(Code::E0702, "no column of the file names the customer")
                .help(format!("call a column `customer_id`; the file has: {}", columns.join(", ")))
        }));
    }
    let mut plan = Plan {
        subjects: Subjects::default(),
        tables,
        roles,
        as_of: NO_DAY,
        first: None,
        dated: false,
        without: Vec::new(),
    };
    plan.settle();
    Ok(plan)
}

fn about_each(tables: &[Table], say: impl Fn(&Table) -> Diagnostic) -> Diagnostics {
    let about = |table: &Table| {
        let file = table.path.display().to_string();
        say(table).in_data(DataPlace { file, row: None, column: None })
    };
    Diagnostics(tables.iter().map(about).collect())
}

impl Plan {
    /// Works out again what follows from the roles.
    pub fn settle(&mut self) {
        self.rename_sources();
        self.one_type_of_key();
        self.subjects = subjects(&self.tables, &self.roles);
        let span = |index: usize| match self.roles[index] {
            Role::Events { date: Some(date), .. } => self.tables[index].columns[date].span,
            _ => None,
        };
        let day = |micros: i64| i32::try_from(micros.div_euclid(86_400_000_000)).unwrap_or(i32::MAX);
        let last = (0..self.tables.len()).filter_map(span).map(|(_, last)| last).max().map(day);
        self.dated = last.is_some();
        self.as_of = last.unwrap_or(NO_DAY);
        self.first = self.subjects.orders.and_then(span).map(|(first, _)| day(first));
    }

    /// A source cannot have the name of a column of the customers.
    fn rename_sources(&mut self) {
        let Some((customers, _)) = self.customers() else { return };
        let mut names = Names::default();
        for column in &self.tables[customers].columns {
            names.fresh(&column.name);
        }
        for table in &mut self.tables {
            table.name = names.fresh(&table.name);
        }
    }

    /// The customer's key has one type in all files: text where one of them has.
    fn one_type_of_key(&mut self) {
        let keys: Vec<(usize, usize)> = self.keys();
        let integer = |(table, column): &(usize, usize)| self.tables[*table].columns[*column].ty == Type::Integer;
        let free = |(table, column): &(usize, usize)| self.tables[*table].columns[*column].as_text;
        let ty = if keys.iter().all(integer) || !keys.iter().all(free) { Type::Integer } else { Type::Text };
        for (table, column) in keys {
            let column = &mut self.tables[table].columns[column];
            if ty == Type::Text || column.ty != Type::Text || !column.as_text {
                column.ty = ty;
                column.range = None;
            }
        }
    }

    fn keys(&self) -> Vec<(usize, usize)> {
        let key = |(i, role): (usize, &Role)| match role {
            Role::Customers { key } => Some((i, *key)),
            Role::Events { customer, .. } => Some((i, *customer)),
            Role::Unused(_) => None,
        };
        self.roles.iter().enumerate().filter_map(key).collect()
    }

    /// The customer column of the first table that has one.
    pub(crate) fn first_key(&self) -> Option<(usize, usize)> {
        self.keys().first().copied()
    }

    /// The customers table and its key.
    pub fn customers(&self) -> Option<(usize, usize)> {
        self.roles.iter().enumerate().find_map(|(i, role)| match role {
            Role::Customers { key } => Some((i, *key)),
            _ => None,
        })
    }

    /// The column that dates the events of a table.
    pub(crate) fn date_of(&self, table: usize) -> Option<usize> {
        match self.roles[table] {
            Role::Events { date, .. } => date,
            _ => None,
        }
    }

    /// What was understood of each file, a line each.
    pub fn understood(&self) -> Vec<String> {
        let line = |(table, role): (&Table, &Role)| {
            let name = |column: usize| table.columns[column].header.as_str();
            let what = match role {
                Role::Customers { key } => format!("customers, by `{}`", name(*key)),
                Role::Events { customer, date } => {
                    let date = date.map_or("without a date".to_owned(), |date| format!("on `{}`", name(date)));
                    format!("events of `{}`, {date}", name(*customer))
                }
                Role::Unused(why) => format!("not used: {why}"),
            };
            format!("{}: {}, {what}", table.path.display(), crate::block::count(table.rows, "row"))
        };
        self.tables.iter().zip(&self.roles).map(line).collect()
    }

    /// The longest span of months that the transactions fill once, and the longest that they fill twice.
    pub(crate) fn months(&self) -> (u32, Option<u32>) {
        const SPANS: [u32; 4] = [12, 6, 3, 1];
        let Some(first) = self.first else { return (12, None) };
        // Who begins to sell on the third of January has still a year in December.
        let fills = |months: u32| {
            add_months(self.as_of, -i64::from(months))
                .is_some_and(|begin| first <= begin + 5 * i32::try_from(months).unwrap_or(0) / 2)
        };
        let once = SPANS.into_iter().find(|months| fills(*months)).unwrap_or(1);
        (once, SPANS.into_iter().find(|months| *months <= once && fills(2 * months)))
    }

    /// The day to rate at as text.
    pub fn as_of_text(&self) -> String {
        show::date(self.as_of)
    }

    /// The column that dates events, if there is one to guess.
    pub fn guess_date(&self, table: usize, customer: usize) -> Option<usize> {
        roles::date(&self.tables[table], customer)
    }

    /// Takes a day as the one to rate at.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn set_as_of(&mut self, text: &str) -> Result<(), String> {
        let day = parse_day(text).ok_or_else(|| format!("`{text}` is not a date; write it as 2026-01-31"))?;
        self.dated &= day == self.as_of;
        self.as_of = day;
        Ok(())
    }
}
