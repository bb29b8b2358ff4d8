//! The data of a case: the locations that the engine reads, and the fields that are given instead of computed.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use accolade_engine::location::{Location, MemoryTable};
use accolade_engine::model::{
    Column, Demand, Operation, Origin, Source, SourceChecks, SourcePart, SourceRole, TypedExpr,
};
use accolade_engine::rules::set::Step;
use accolade_engine::run::Overrides;
use accolade_engine::{RuleSet, Type, Value};
use accolade_parser::{Code, Diagnostic, Diagnostics};
use indexmap::IndexMap;

use super::expected;
use super::hint::hinted;
use super::tables::{GivenTable, PROFILE, tables};
use crate::suite::{Case, GivenCell, GivenRow, Suite};

/// The data of a case.
pub(super) struct CaseData<'s> {
    /// What is read.
    pub(super) demand: Cow<'s, Demand>,
    /// The locations of its sources, in their order.
    pub(super) locations: Vec<Location>,
    /// Fields that are given, by customer.
    profile: Vec<(String, Vec<(usize, Value)>)>,
}

/// Collects the data of a case: the files it names, and its rows in memory for every other source.
pub(super) fn case_data<'s>(suite: &Suite, case: &Case, set: &'s RuleSet) -> Result<CaseData<'s>, Diagnostics> {
    let mut out = Diagnostics::new();
    let tables = tables(case, set, &mut out);
    let mut profile = Vec::new();
    for row in tables.get(PROFILE).map_or(&[][..], |t| t.rows.as_slice()) {
        profile.extend(fixed_row(set, row, suite.defaults.get(PROFILE), &mut out));
    }
    let known = keys(set, &tables);
    let mut locations = Vec::new();
    for source in &set.demand.sources {
        let table = tables.get(&source.name);
        if let Some(GivenTable { file: Some(path), .. }) = table {
            locations.push(path.clone().into());
            continue;
        }
        let mut rows: Vec<GivenRow> = table.map_or_else(Vec::new, |t| t.rows.clone());
        complete(source, &mut rows, suite.defaults.get(&source.name), &known);
        locations.push(Location::Memory(Arc::new(in_memory(source, &rows))));
    }
    let mut demand = Cow::Borrowed(&set.demand);
    let given = |index: usize| matches!(locations.get(index), Some(Location::Memory(_)));
    for index in (0..set.demand.sources.len()).filter(|index| given(*index)) {
        let checks = &set.demand.sources[index].checks;
        // A case gives a few rows, of any age.
        if checks.rows.is_some() || checks.newest.is_some() {
            let checks = SourceChecks { rows: None, newest: None, ..checks.clone() };
            demand.to_mut().sources[index].checks = checks;
        }
    }
    if has_customers_without_events(set, &tables)
        && let Some(source) = table_of_customers(set)
    {
        let mut rows = Vec::new();
        complete(&source, &mut rows, None, &known);
        locations.push(Location::Memory(Arc::new(in_memory(&source, &rows))));
        demand.to_mut().sources.push(source);
    }
    if out.has_errors() { Err(out) } else { Ok(CaseData { demand, locations, profile }) }
}

/// Whether the profile may name customers of whom no row is given, in a rule set that knows customers by their events.
fn has_customers_without_events(set: &RuleSet, tables: &IndexMap<String, GivenTable>) -> bool {
    let given = |name: &str| tables.get(name).is_some_and(|table| !table.rows.is_empty());
    set.customers().is_none() && given(PROFILE) && tables.values().all(|table| table.file.is_none())
}

/// A table that consists of the keys of customers, for a rule set without one.
fn table_of_customers(set: &RuleSet) -> Option<Source> {
    let events = set.demand.sources.first()?;
    let named = events.columns.get(events.customer_column())?.clone();
    let key = Column { name: set.demand.slots[0].name.clone(), computed: None, ..named };
    let (name, filter, checks, time_zone) = (PROFILE.to_owned(), None, Default::default(), None);
    let part = SourcePart::default();
    let (role, columns) = (SourceRole::Customers { key: 0 }, vec![key]);
    let (format, span) = (Default::default(), events.span);
    Some(Source {
        name,
        file: None,
        url: None,
        password_file: None,
        part,
        role,
        columns,
        filter,
        checks,
        time_zone,
        format,
        span,
    })
}

impl CaseData<'_> {
    /// The given fields by row; `customers` are the keys in the order of the rows.
    pub(super) fn overrides(&self, customers: &[String]) -> Overrides {
        let mut fixed: HashMap<usize, HashMap<usize, Value>> = HashMap::new();
        for (customer, fields) in &self.profile {
            let Some(row) = customers.iter().position(|key| key == customer) else { continue };
            for (slot, value) in fields {
                fixed.entry(*slot).or_default().insert(row, value.clone());
            }
        }
        Overrides(fixed)
    }
}

/// The keys of the customers in a case, in the order they occur; those in a file of customers are left out.
fn keys(set: &RuleSet, tables: &IndexMap<String, GivenTable>) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    let mut add = |key: Option<&String>| {
        if let Some(key) = key.filter(|key| !keys.contains(key)) {
            keys.push(key.clone());
        }
    };
    // A given table of customers holds all customers except those of the profile.
    let customers = set.customers().map(|(_, s)| s.name.as_str());
    let given = customers.is_some_and(|name| tables.get(name).is_some_and(|t| t.file.is_some() || !t.rows.is_empty()));
    for source in set.demand.sources.iter().filter(|s| !given || Some(s.name.as_str()) == customers) {
        let column = &source.columns[source.customer_column()].name;
        let rows = tables.get(&source.name).map_or(&[][..], |t| t.rows.as_slice());
        rows.iter().for_each(|row| add(row.cells.get(column).and_then(|c| c.text.as_ref())));
        let file = tables.get(&source.name).and_then(|t| t.file.as_ref()).filter(|_| !given);
        file.map_or_else(Vec::new, |path| column_of(path, source, column)).iter().for_each(|key| add(Some(key)));
    }
    for row in tables.get(PROFILE).map_or(&[][..], |t| t.rows.as_slice()) {
        add(row.cells.get(&set.demand.slots[0].name).and_then(|c| c.text.as_ref()));
    }
    keys
}

/// A column of a CSV file; empty if it cannot be read, which is reported when the engine reads the data.
fn column_of(path: &Path, source: &Source, column: &str) -> Vec<String> {
    let delimiter = source.format.delimiter.as_ref().and_then(|d| u8::try_from(d.value).ok()).unwrap_or(b',');
    let Ok(mut reader) = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_path(path) else {
        return Vec::new();
    };
    let at = reader
        .headers()
        .ok()
        .and_then(|names| names.iter().position(|name| source.format.headers_of(column).any(|header| header == name)));
    let cell = |record: csv::StringRecord| at.and_then(|at| record.get(at)).map(str::to_owned);
    reader.records().filter_map(|record| cell(record.ok()?)).collect()
}

/// Adds rows for customers without one, and fills rows from the defaults.
fn complete(source: &Source, rows: &mut Vec<GivenRow>, defaults: Option<&GivenRow>, customers: &[String]) {
    let key = source.columns[source.customer_column()].name.clone();
    let cell = |text: &str| GivenCell { text: Some(text.to_owned()), span: Default::default() };
    if matches!(source.role, SourceRole::Customers { .. }) {
        for customer in customers {
            if rows.iter().all(|r| r.cells.get(&key).and_then(|c| c.text.as_ref()) != Some(customer)) {
                let cells = IndexMap::from([(key.clone(), cell(customer))]);
                rows.push(GivenRow { cells, span: Default::default() });
            }
        }
    } else if let [only] = customers {
        // With one customer, every event belongs to it.
        rows.iter_mut().for_each(|row| {
            row.cells.entry(key.clone()).or_insert_with(|| cell(only));
        });
    }
    for (name, default) in defaults.iter().flat_map(|row| &row.cells) {
        rows.iter_mut().for_each(|row| {
            row.cells.entry(name.clone()).or_insert_with(|| default.clone());
        });
    }
}

/// Rows as an in-memory source, with the columns that any row sets. Numbers lose their `_`, which groups digits.
fn in_memory(source: &Source, rows: &[GivenRow]) -> MemoryTable {
    let is_given = |column: &&Column| rows.iter().any(|row| row.cells.contains_key(&column.name));
    let mut columns: Vec<&Column> = source.stored().iter().filter(is_given).collect();
    // A computed key can be given itself, where it has a name of its own.
    let has = |name: &str| source.stored().iter().any(|column| column.name == name);
    columns.extend(source.columns[source.stored().len()..].iter().filter(|key| !has(&key.name)).filter(is_given));
    let text = |row: &GivenRow, column: &Column| {
        let text = row.cells.get(&column.name)?.text.clone()?;
        let is_text = matches!(column.ty, Type::Text | Type::Date | Type::DateTime);
        Some(if is_text { text } else { text.replace('_', "") })
    };
    MemoryTable {
        name: format!("given {}.csv", source.name),
        header: columns.iter().map(|column| column.name.clone()).collect(),
        rows: rows.iter().map(|row| columns.iter().map(|column| text(row, column)).collect()).collect(),
    }
}

/// The fields that a row of the profile gives.
fn fixed_row(
    set: &RuleSet,
    row: &GivenRow,
    defaults: Option<&GivenRow>,
    out: &mut Diagnostics,
) -> Option<(String, Vec<(usize, Value)>)> {
    let key_name = &set.demand.slots[0].name;
    let Some(key) = row.cells.get(key_name).and_then(|c| c.text.clone()) else {
        let message = format!("this row has no `{key_name}`, so its customer is unknown");
        out.push(Diagnostic::new(Code::E0805, message).at(row.span));
        return None;
    };
    let mut fields = Vec::new();
    let default = defaults.iter().flat_map(|d| &d.cells).filter(|(name, _)| !row.cells.contains_key(*name));
    for (name, cell) in row.cells.iter().chain(default).filter(|(name, _)| *name != key_name) {
        let Some(slot) = set.slot(name) else {
            let diagnostic = Diagnostic::new(Code::E0805, format!("there is no field `{name}`")).at(cell.span);
            out.push(hinted(diagnostic, name, set.output.iter().map(|s| set.demand.slots[*s].name.as_str())));
            continue;
        };
        let ty = set.demand.slots[slot].ty;
        match cell.text.as_deref().map_or(Some(Value::Null), |text| expected::value(text, ty)) {
            Some(value) => {
                // A metric that only names a field sets that field too.
                if let Origin::Step(step) = set.demand.slots[slot].origin
                    && let Step::Metric { expr: TypedExpr { operation: Operation::Field(inner), .. }, .. } =
                        &set.steps[step]
                {
                    fields.push((*inner, value.clone()));
                }
                fields.push((slot, value));
            }
            None => {
                let message = format!("`{name}` has the type {}, and this value does not", set.demand.slots[slot].ty);
                out.push(Diagnostic::new(Code::E0805, message).at(cell.span));
            }
        }
    }
    Some((key, fields))
}
