//! Databases that run a rule set's statement, whose results are compared with those of a run.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use accolade_engine::model::{Source, period};
use accolade_engine::rules::sql::{Dialect, SqlOptions};
use accolade_engine::rules::sql_statement;
use accolade_engine::{FileSystem, Inputs, Outcome, RuleSet, Type, Value, compile, frame, run, show};
use accolade_rhai::RhaiHost;
use indexmap::IndexMap;
use tempfile::TempDir;

use super::installed;
use super::postgres_server::PostgresServer;

/// A rule set, the outcome of its run, and the rows of its tables as text.
pub struct WarehouseCase {
    pub name: String,
    pub set: RuleSet,
    pub outcome: Outcome,
    tables: Vec<Vec<Vec<Option<String>>>>,
}

/// A rule file, its data files beside it.
pub fn case(rules: &Path) -> WarehouseCase {
    let mut plugins = accolade_engine::plugins();
    plugins.set_script_host(Box::new(RhaiHost::default()));
    let compilation = compile(rules, &FileSystem, &plugins);
    let set = compilation.set.unwrap_or_else(|| panic!("{}\n{:#?}", rules.display(), compilation.diagnostics));
    let folder = rules.parent().unwrap();
    let files: Vec<PathBuf> = set.demand.sources.iter().map(|s| folder.join(s.file.as_deref().unwrap())).collect();
    let tables = set.demand.sources.iter().zip(&files).map(|(source, file)| rows(source, file)).collect();
    let inputs = Inputs { threads: 2, ..Inputs::new(set.as_of.unwrap(), files.into_iter().map(Into::into).collect()) };
    let outcome = run(&set, &inputs, None).unwrap_or_else(|wrong| panic!("{}\n{wrong:#?}", rules.display()));
    WarehouseCase { name: folder.file_name().unwrap().to_string_lossy().into_owned(), set, outcome, tables }
}

/// The declared columns of a file; an empty field is a missing value.
fn rows(source: &Source, file: &Path) -> Vec<Vec<Option<String>>> {
    let mut reader = csv::Reader::from_path(file).unwrap();
    let header = reader.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|h| h == name).unwrap();
    let columns: Vec<usize> = source.stored().iter().map(|c| at(source.format.header_of(&c.name))).collect();
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    reader.records().map(|row| row.unwrap()).map(|row| columns.iter().map(|c| text(&row[*c])).collect()).collect()
}

/// A column's type, and its value, as the database stores them.
fn stored(ty: Type, dialect: Dialect) -> &'static str {
    match (ty, dialect) {
        (Type::Text, Dialect::Spark) => "STRING",
        (Type::Text, _) => "VARCHAR",
        (Type::Boolean, _) => "BOOLEAN",
        (Type::Integer | Type::Duration, _) => "BIGINT",
        (Type::Number | Type::Percent, Dialect::Postgres) => "DOUBLE PRECISION",
        (Type::Number | Type::Percent, _) => "DOUBLE",
        (Type::Money, _) => "DECIMAL(20, 4)",
        (Type::Date, _) => "DATE",
        (Type::DateTime, Dialect::Spark) => "TIMESTAMP_NTZ",
        (Type::DateTime, _) => "TIMESTAMP",
        other => panic!("{other:?}"),
    }
}

impl WarehouseCase {
    /// The statement. Only scripts and random rule sets may have parts that are left out.
    pub fn statement(&self, dialect: Dialect) -> String {
        let tables = IndexMap::new();
        let request = SqlOptions {
            dialect,
            as_of: self.outcome.as_of,
            cut_offs: &self.outcome.cut_offs,
            tables: &tables,
            view: None,
            leave_out: !self.set.scripts().is_empty() || self.name.starts_with("random"),
        };
        sql_statement::sql_statement(&self.set, &request)
            .unwrap_or_else(|wrong| panic!("{}: {wrong:#?}", self.name))
            .text
    }

    fn csv(&self, source: usize) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let of = &self.set.demand.sources[source];
        writer.write_record(of.stored().iter().map(|c| of.format.header_of(&c.name))).unwrap();
        for row in &self.tables[source] {
            writer.write_record(row.iter().map(|field| field.as_deref().unwrap_or("\\N"))).unwrap();
        }
        String::from_utf8(writer.into_inner().unwrap()).unwrap()
    }

    /// Compares every column and row of a database with those of the run. Returns the number of columns.
    pub fn compare(&self, columns: &[String], rows: &[Vec<Option<String>>], statement: &str) -> usize {
        let place = |what: String| format!("{}: {what}\n{statement}", self.name);
        assert_eq!(rows.len(), self.outcome.frame.rows, "{}", place("rows".to_owned()));
        let mut wrong = Vec::new();
        for (index, name) in columns.iter().enumerate() {
            let slot = self.set.slot(name).unwrap_or_else(|| panic!("{}", place(format!("no field {name}"))));
            let ty = self.set.demand.slots[slot].ty;
            let ours = self.outcome.frame.column(slot).unwrap();
            for (row, fields) in rows.iter().enumerate() {
                let (ours, theirs) = (frame::value_at(ours, row), parsed(fields[index].as_deref(), ty));
                if ours != theirs {
                    let key = frame::value_at(self.outcome.frame.column(0).unwrap(), row);
                    let (key, a, b) = (show::value(&key), show::quoted(&ours), show::quoted(&theirs));
                    wrong.push(format!("`{name}` of {key}: a run gives {a}, the database {b}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", place(wrong.join("\n")));
        columns.len()
    }
}

/// A value as a database writes it.
fn parsed(text: Option<&str>, ty: Type) -> Value {
    let Some(text) = text else { return Value::Null };
    match ty {
        Type::Text => Value::text(text),
        Type::Boolean => Value::Boolean(text.starts_with('t')),
        Type::Integer | Type::Duration => Value::Integer(text.parse().unwrap()),
        Type::Number | Type::Percent => Value::Number(text.parse().unwrap()),
        Type::Money => Value::Money(unscaled(text, 4)),
        Type::Score => Value::Score(unscaled(text, 18)),
        Type::Date => Value::Date(period::parse_day(text).unwrap()),
        Type::DateTime => {
            let time = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").unwrap();
            Value::DateTime(time.and_utc().timestamp_micros())
        }
        other => panic!("{other:?}"),
    }
}

/// A decimal in units of its last place.
fn unscaled(text: &str, places: usize) -> i128 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let (kept, rest) = fraction.split_at(fraction.len().min(places));
    assert!(rest.bytes().all(|b| b == b'0'), "{text}");
    format!("{whole}{kept:0<places$}").parse().unwrap()
}

/// Runs all cases in DuckDB.
pub fn in_duckdb(cases: &[WarehouseCase]) {
    let python = installed::duckdb().expect("DuckDB is not installed (`pip install duckdb`)");
    in_python(&python, Dialect::DuckDb, cases, &[]);
}

/// Runs all cases in Spark with these settings.
pub fn in_spark(cases: &[WarehouseCase], settings: &[&str]) {
    let python = installed::spark().expect("Spark is not installed (`pip install pyspark`, and Java 17)");
    in_python(&python, Dialect::Spark, cases, settings);
}

/// Runs all cases in a database that is a package of Python.
fn in_python(python: &Path, dialect: Dialect, cases: &[WarehouseCase], settings: &[&str]) {
    let folder = TempDir::new().unwrap();
    let mut statements = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let here = folder.path().join(format!("{number:04}"));
        std::fs::create_dir(&here).unwrap();
        let mut tables = String::from("{");
        for (index, source) in case.set.demand.sources.iter().enumerate() {
            std::fs::write(here.join(format!("{}.csv", source.name)), case.csv(index)).unwrap();
            let columns: Vec<[&str; 2]> =
                source.stored().iter().map(|c| [source.format.header_of(&c.name), stored(c.ty, dialect)]).collect();
            let comma = if index == 0 { "" } else { "," };
            write!(tables, "{comma}{}:{}", serde_json::json!(source.name), serde_json::json!(columns)).unwrap();
        }
        std::fs::write(here.join("tables.json"), tables + "}").unwrap();
        statements.push(case.statement(dialect));
        std::fs::write(here.join("statement.sql"), statements.last().unwrap()).unwrap();
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/support/warehouse.py");
    let output =
        Command::new(python).arg(script).arg(dialect.name()).arg(folder.path()).args(settings).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for (number, (case, statement)) in cases.iter().zip(&statements).enumerate() {
        let here = folder.path().join(format!("{number:04}"));
        if let Ok(error) = std::fs::read_to_string(here.join("error.txt")) {
            panic!("{}: {error}\n{statement}", case.name);
        }
        let mut reader = csv::Reader::from_path(here.join("result.csv")).unwrap();
        let columns: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let field = |text: &str| (text != "\\N").then(|| text.to_owned());
        let rows: Vec<Vec<Option<String>>> =
            reader.records().map(|row| row.unwrap().iter().map(field).collect()).collect();
        case.compare(&columns, &rows, statement);
    }
}

/// Runs all cases in a PostgreSQL server of its own.
pub fn in_postgres(cases: &[WarehouseCase]) {
    let server = PostgresServer::start();
    let mut client = server.connect();
    for (number, case) in cases.iter().enumerate() {
        let schema = format!("case_{number}");
        client.batch_execute(&format!("CREATE SCHEMA {schema}; SET search_path TO {schema}, public")).unwrap();
        for (index, source) in case.set.demand.sources.iter().enumerate() {
            let name = |name: &str| Dialect::Postgres.identifier(name);
            let columns: Vec<String> = source
                .stored()
                .iter()
                .map(|c| format!("{} {}", name(source.format.header_of(&c.name)), stored(c.ty, Dialect::Postgres)))
                .collect();
            let table = name(&source.name);
            client.batch_execute(&format!("CREATE TABLE {table} ({})", columns.join(", "))).unwrap();
            let copy = format!("COPY {table} FROM STDIN (FORMAT csv, HEADER, NULL '\\N')");
            let mut writer = client.copy_in(&copy).unwrap();
            writer.write_all(case.csv(index).as_bytes()).unwrap();
            writer.finish().unwrap();
        }
        let statement = case.statement(Dialect::Postgres);
        let messages =
            client.simple_query(&statement).unwrap_or_else(|error| panic!("{}: {error:?}\n{statement}", case.name));
        let (mut columns, mut rows) = (Vec::new(), Vec::new());
        for message in messages {
            match message {
                postgres::SimpleQueryMessage::RowDescription(described) => {
                    columns = described.iter().map(|c| c.name().to_owned()).collect();
                }
                postgres::SimpleQueryMessage::Row(row) => {
                    rows.push((0..row.len()).map(|i| row.get(i).map(str::to_owned)).collect());
                }
                _ => {}
            }
        }
        case.compare(&columns, &rows, &statement);
    }
}
