//! The plan of a proposal: all guesses, which the user may change before the rule file is written.

use std::path::Path;

use accolade_engine::model::period::{add_months, parse_day};
use accolade_engine::ops::day_of;
use accolade_engine::source::inspect;
use accolade_engine::{Type, show};
use accolade_parser::{Code, DataPlace, Diagnostic, Diagnostics};

use crate::inputs::{InputData, inputs};
use crate::names::UniqueNames;
use crate::roles::{FileRole, roles};
use crate::spellings::folded_keys;
use crate::subjects::{Amount, Subjects, subjects};
use crate::table::InferredTable;
use crate::zone::GuessedZone;
use crate::{infer, roles, zone};

/// The guesses about a set of data files.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The data files.
    pub tables: Vec<InferredTable>,
    /// The role of each file.
    pub roles: Vec<FileRole>,
    /// The subjects of columns.
    pub subjects: Subjects,
    /// The date to rate at, in days since 1970-01-01.
    pub as_of: i32,
    /// The date of the first transaction.
    pub(crate) first_order: Option<i32>,
    /// Whether `as_of` is a date in the data.
    pub(crate) as_of_from_data: bool,
    /// The time zone in whose days instants fall, if there are any.
    pub(crate) time_zone: Option<GuessedZone>,
    /// Why keys are compared in lower case, without blanks around them, if they are.
    pub(crate) folded_keys: Option<String>,
    /// Whether each source names it: the head of the rule file cannot be changed.
    pub(crate) zone_in_sources: bool,
}

/// The date to rate at if the data have no dates: 2026-01-01.
const NO_DAY: i32 = 20_454;

/// Reads data files and guesses the roles and types of their columns. A folder stands for its data files, a spreadsheet
/// for its sheets.
///
/// # Errors
/// Fails when a file cannot be read, when no file has rows (E0708), or when no column names the customer (E0702).
pub fn survey(paths: &[impl AsRef<Path>]) -> Result<Plan, Diagnostics> {
    let tables = tables(&inputs(paths)?, &mut UniqueNames::default())?;
    if tables.iter().all(|table| table.rows == 0) {
        return Err(about_each(&tables, |_| {
            Diagnostic::new(Code::E0708, "the file has a header and no rows")
                .help("types and cut-offs come from the values; put some rows in")
        }));
    }
    let roles = roles(&tables);
    if roles.iter().all(|role| matches!(role, FileRole::Unused(_))) {
        return Err(about_each(&tables, |table| {
            let columns: Vec<&str> = table.columns.iter().map(|c| c.header.as_str()).collect();
            Diagnostic::new(Code::E0702, "no column of the file names the customer")
                .help(format!("call a column `customer_id`; the file has: {}", columns.join(", ")))
        }));
    }
    Ok(Plan::new(tables, roles))
}

/// Reads data and infers types; the sources get names that are free.
///
/// # Errors
/// Fails when data cannot be read.
pub(crate) fn tables(inputs: &[InputData], names: &mut UniqueNames) -> Result<Vec<InferredTable>, Diagnostics> {
    let mut findings = Diagnostics::new();
    let mut tables = Vec::new();
    for input in inputs {
        match inspect(&input.path).and_then(|file| infer::infer_table(&file, names.take(&input.name))) {
            Ok(table) => tables.push(table),
            Err(wrong) => findings.extend(wrong),
        }
    }
    if findings.has_errors() { Err(findings) } else { Ok(tables) }
}

fn about_each(tables: &[InferredTable], say: impl Fn(&InferredTable) -> Diagnostic) -> Diagnostics {
    let about = |table: &InferredTable| {
        let file = table.path.display().to_string();
        say(table).in_data(DataPlace { file, row: None, column: None })
    };
    tables.iter().map(about).collect()
}

impl Plan {
    pub(crate) fn new(tables: Vec<InferredTable>, roles: Vec<FileRole>) -> Plan {
        let time_zone = zone::guess(&tables);
        Plan::in_zone(tables, roles, time_zone)
    }

    /// The plan with instants in a time zone.
    pub(crate) fn in_zone(
        mut tables: Vec<InferredTable>,
        roles: Vec<FileRole>,
        time_zone: Option<GuessedZone>,
    ) -> Plan {
        if let Some(guessed) = &time_zone {
            zone::settle(&mut tables, guessed.zone);
        }
        let mut plan = Plan {
            subjects: Subjects::default(),
            tables,
            roles,
            as_of: NO_DAY,
            first_order: None,
            as_of_from_data: false,
            time_zone,
            zone_in_sources: false,
            folded_keys: None,
        };
        plan.derive();
        plan
    }

    /// Derives everything that follows from the roles. Call it after changing [`roles`](Self::roles).
    pub fn derive(&mut self) {
        self.rename_sources();
        self.unify_key_types();
        let column = |(table, column): (usize, usize)| &self.tables[table].columns[column];
        let keys: Vec<_> = self.keys().into_iter().map(column).collect();
        self.folded_keys = folded_keys(&keys, self.customers().map(column));
        self.subjects = subjects(&self.tables, &self.roles);
        let span = |index: usize| match self.roles[index] {
            FileRole::Events { date: Some(date), .. } => self.tables[index].columns[date].dates.ends(),
            _ => None,
        };
        let last = (0..self.tables.len()).filter_map(span).map(|(_, last)| last).max().map(day_of);
        self.as_of_from_data = last.is_some();
        self.as_of = last.unwrap_or(NO_DAY);
        self.first_order = self.subjects.orders.and_then(span).map(|(first, _)| day_of(first));
    }

    /// Renames sources that have the name of a column of the customers.
    fn rename_sources(&mut self) {
        let Some((customers, _)) = self.customers() else { return };
        let mut names = UniqueNames::default();
        for column in &self.tables[customers].columns {
            names.take(&column.name);
        }
        for table in &mut self.tables {
            table.name = names.take(&table.name);
        }
    }

    /// Gives the customer's key one type in all files: integer if all are or if one cannot be text, otherwise text.
    fn unify_key_types(&mut self) {
        let keys: Vec<(usize, usize)> = self.keys();
        let integer = |(table, column): &(usize, usize)| self.tables[*table].columns[*column].ty == Type::Integer;
        let free = |(table, column): &(usize, usize)| self.tables[*table].columns[*column].can_be_text;
        let ty = if keys.iter().all(integer) || !keys.iter().all(free) { Type::Integer } else { Type::Text };
        for (table, column) in keys {
            let column = &mut self.tables[table].columns[column];
            if ty == Type::Text || column.ty != Type::Text || !column.can_be_text {
                column.ty = ty;
                column.range = None;
            }
        }
    }

    fn keys(&self) -> Vec<(usize, usize)> {
        let key = |(i, role): (usize, &FileRole)| match role {
            FileRole::Customers { key } => Some((i, *key)),
            FileRole::Events { customer, .. } => Some((i, *customer)),
            FileRole::Unused(_) => None,
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
            FileRole::Customers { key } => Some((i, *key)),
            _ => None,
        })
    }

    /// The column that dates the events of a table.
    pub(crate) fn date_of(&self, table: usize) -> Option<usize> {
        match self.roles[table] {
            FileRole::Events { date, .. } => date,
            _ => None,
        }
    }

    /// One line for each file that describes its role.
    pub fn summary(&self) -> Vec<String> {
        let line = |(table, role): (&InferredTable, &FileRole)| {
            let name = |column: usize| table.columns[column].header.as_str();
            let what = match role {
                FileRole::Customers { key } => format!("customers, by `{}`", name(*key)),
                FileRole::Events { customer, date } => {
                    let date = date.map_or("without a date".to_owned(), |date| format!("on `{}`", name(date)));
                    format!("events of `{}`, {date}", name(*customer))
                }
                FileRole::Unused(why) => format!("not used: {why}"),
            };
            format!("{}: {}, {what}", table.path.display(), crate::block::count(table.rows, "row"))
        };
        self.tables.iter().zip(&self.roles).map(line).collect()
    }

    /// The longest period in months that the transactions cover, and the longest that they cover twice.
    pub(crate) fn months(&self) -> (u32, Option<u32>) {
        const SPANS: [u32; 4] = [12, 6, 3, 1];
        let Some(first) = self.first_order else { return (12, None) };
        // Data may begin a few days late: sales from 3 January to 31 December still cover a year.
        let fills = |months: u32| {
            add_months(self.as_of + 1, -i64::from(months))
                .is_some_and(|begin| first < begin + 5 * i32::try_from(months).unwrap_or(0) / 2)
        };
        let once = SPANS.into_iter().find(|months| fills(*months)).unwrap_or(1);
        (once, SPANS.into_iter().find(|months| *months <= once && fills(2 * months)))
    }

    /// Why the last day in the data may be wrong: it lies more than a year after the day before it.
    pub(crate) fn as_of_doubt(&self) -> Option<String> {
        let column = |index: usize| self.date_of(index).map(|date| &self.tables[index].columns[date]);
        let days: Vec<i32> = (0..self.tables.len())
            .filter_map(column)
            .flat_map(|c| [c.dates.last, c.dates.before_last].into_iter().flatten().map(day_of))
            .filter(|day| *day < self.as_of)
            .collect();
        let before = days.into_iter().max().filter(|before| self.as_of_from_data && self.as_of - before > 366)?;
        Some(format!("a mistake? The last day in the data, but the one before it is {}", show::date(before)))
    }

    /// The day to rate at as text.
    pub fn as_of_text(&self) -> String {
        show::date(self.as_of)
    }

    /// A guess of the column that dates the events of a table.
    pub fn guess_date(&self, table: usize, customer: usize) -> Option<usize> {
        roles::date_columns(&self.tables[table], customer).first().copied()
    }

    /// Sets the column with the amount of a transaction.
    pub fn set_amount(&mut self, table: usize, column: usize) {
        if self.subjects.amount != Some(Amount::Column(column)) {
            self.subjects.other_amount = match self.subjects.amount {
                Some(Amount::Column(other)) => Some(other),
                _ => None,
            };
        }
        self.subjects.orders = Some(table);
        self.subjects.amount = Some(Amount::Column(column));
        // One column cannot be both the amount and the margin.
        self.subjects.margin = self.subjects.margin.filter(|margin| *margin != column);
    }

    /// Sets the date to rate at.
    ///
    /// # Errors
    /// Fails when the text is not a date.
    pub fn set_as_of(&mut self, text: &str) -> Result<(), String> {
        let day = parse_day(text).ok_or_else(|| format!("`{text}` is not a date; write it as 2026-01-31"))?;
        self.as_of_from_data &= day == self.as_of;
        self.as_of = day;
        Ok(())
    }
}
