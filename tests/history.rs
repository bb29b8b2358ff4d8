//! Histories: results of one date after the other in a table or a folder, with fields that come and go.

use std::path::Path;

use accolade_engine::frame::value_at;
use accolade_engine::show;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use tempfile::TempDir;

use crate::support::postgres_server::PostgresServer;
use crate::support::shop::folder;
use crate::support::{Cli, CommandOutput};

/// A rule file whose customers have these columns besides the key and the revenue.
fn rules(columns: &str, shown: &str) -> String {
    format!(
        "accolade: 1\nname: crm\nsources:\n  customers: {{file: c.csv, key: id, columns: {{id: text, revenue: money, {columns}}}}}\n\
         profile: {{administrative: [{shown}], quantitative: [revenue]}}\n\
         rules:\n  class: {{kind: abc, by: revenue, classes: {{A: top 80%, B: rest}}}}\n"
    )
}

/// Where a history is kept.
enum Place<'s> {
    Sqlite,
    Folder,
    Postgres(&'s PostgresServer),
}

struct History<'s> {
    shop: TempDir,
    place: Place<'s>,
}

impl History<'_> {
    fn of(place: Place<'_>) -> History<'_> {
        let files = [("first.yaml", rules("day: date", "day")), ("next.yaml", rules("city: text?", "city"))];
        let changed = ("changed.yaml", rules("day: text", "day"));
        let files = files.into_iter().chain([changed]).collect::<Vec<_>>();
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        History { shop: folder(&files), place }
    }

    fn target(&self) -> String {
        match &self.place {
            Place::Sqlite => "crm.sqlite#rated".to_owned(),
            Place::Folder => "history/".to_owned(),
            Place::Postgres(server) => format!("{}#rated", server.url()),
        }
    }

    fn customers(&self, text: &str) {
        std::fs::write(self.shop.path().join("c.csv"), text).unwrap();
    }

    fn run(&self, rules: &str, as_of: &str) -> CommandOutput {
        let target = self.target();
        let run = Cli::new(&self.shop).args(["run", rules, "--as-of", as_of, "-o", &target, "--append"]);
        match &self.place {
            Place::Postgres(server) => run.env("PGPASSWORD", &server.password).env("HOME", self.shop.path()).run(),
            _ => run.run(),
        }
    }

    /// Each row as texts of date, customer, revenue, class, and the columns of these names.
    fn rows(&self, more: &[&str]) -> Vec<String> {
        let names = [&["as_of", "id", "revenue", "class"], more].concat();
        let cells = |name: &&str| format!("COALESCE(CAST({name} AS TEXT), '-')");
        let cells: Vec<String> = names.iter().map(cells).collect();
        let select = format!("SELECT {} FROM rated ORDER BY as_of, id", cells.join(" || ' ' || "));
        match &self.place {
            Place::Sqlite => {
                let database = rusqlite::Connection::open(self.shop.path().join("crm.sqlite")).unwrap();
                let mut select = database.prepare(&select).unwrap();
                select.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
            }
            Place::Postgres(server) => {
                server.connect().query(&select, &[]).unwrap().iter().map(|row| row.get(0)).collect()
            }
            Place::Folder => partitions(&self.shop.path().join("history"), &names[1..]),
        }
    }
}

/// The rows of a folder of Parquet files, each after the date of its folder.
fn partitions(root: &Path, names: &[&str]) -> Vec<String> {
    let mut folders: Vec<_> = root.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    let mut rows = Vec::new();
    for folder in folders {
        let files: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(files, ["rated.parquet"]);
        let date = folder.file_name().unwrap().to_str().unwrap().strip_prefix("as_of=").unwrap().to_owned();
        let file = std::fs::File::open(folder.join("rated.parquet")).unwrap();
        for batch in ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap() {
            let batch = batch.unwrap();
            let cell = |name: &&str, row: usize| match batch.column_by_name(name).map(|c| value_at(c, row)) {
                Some(value) if !value.is_null() => show::value(&value),
                _ => "-".to_owned(),
            };
            for row in 0..batch.num_rows() {
                let cells: Vec<String> = names.iter().map(|name| cell(name, row)).collect();
                rows.push(format!("{date} {}", cells.join(" ")));
            }
        }
    }
    rows
}

/// Months follow one another, one is run again, fields come and go, and a type changes.
fn keeps_months(history: &History, zeros: &str) {
    let amount = |text: &str| format!("{text}{zeros}");
    history.customers("id,revenue,day\na,90.00,2026-01-02\nb,10.00,2026-01-03\n");
    let note = history.run("first.yaml", "2026-01-31").exits(0).err;
    assert!(note.contains("2 customers rated, written to ") && note.contains(" as of 2026-01-31\n"), "{note}");
    history.customers("id,revenue,day\na,70.00,2026-02-02\nc,30.00,2026-02-03\n");
    history.run("first.yaml", "2026-02-28").exits(0);
    let january =
        format!("2026-01-31 a {} A 2026-01-02|2026-01-31 b {} B 2026-01-03", amount("90.00"), amount("10.00"));
    let february =
        format!("2026-02-28 a {} A 2026-02-02|2026-02-28 c {} A 2026-02-03", amount("70.00"), amount("30.00"));
    assert_eq!(history.rows(&["day"]).join("|"), format!("{january}|{february}"));

    // The same month again, with other customers, replaces that month alone.
    history.customers("id,revenue,day\nc,30.00,2026-02-03\n");
    history.run("first.yaml", "2026-02-28").exits(0);
    let february = format!("2026-02-28 c {} A 2026-02-03", amount("30.00"));
    assert_eq!(history.rows(&["day"]).join("|"), format!("{january}|{february}"));

    // A field is new and another has gone.
    history.customers("id,revenue,city\na,70.00,Bern\n");
    let note = history.run("next.yaml", "2026-03-31").exits(0).err;
    assert!(note.contains(" as of 2026-03-31; new column: city\n"), "{note}");
    let march = format!("2026-03-31 a {} A - Bern", amount("70.00"));
    let before = format!("{january}|{february}").replace('|', " -|") + " -";
    let all = format!("{before}|{march}");
    assert_eq!(history.rows(&["day", "city"]).join("|"), all);

    // A type has changed, and a run that fails changes nothing.
    history.customers("id,revenue,day\na,70.00,Monday\n");
    let said = history.run("changed.yaml", "2026-04-30").says(2, &["E0721", "`day` is ", "rename the field"]).err;
    assert!(!said.contains("customers rated"), "{said}");
    history.customers("id,revenue,day\na,much,2026-04-01\n");
    history.run("first.yaml", "2026-03-31").exits(2);
    assert_eq!(history.rows(&["day", "city"]).join("|"), all);
}

/// Several runs at once of two dates leave one whole result of each.
fn takes_runs_at_once(history: &History) {
    let rows: String = (0..2_000).map(|i| format!("C{i},{},2026-01-01\n", i % 97)).collect();
    history.customers(&format!("id,revenue,day\n{rows}"));
    std::thread::scope(|scope| {
        for as_of in ["2026-05-31", "2026-06-30", "2026-05-31", "2026-06-30"] {
            scope.spawn(move || history.run("first.yaml", as_of).exits(0));
        }
    });
    for as_of in ["2026-05-31", "2026-06-30"] {
        assert_eq!(history.rows(&[]).iter().filter(|row| row.starts_with(as_of)).count(), 2_000, "{as_of}");
    }
}

#[test]
fn a_table_of_sqlite_keeps_months() {
    let history = History::of(Place::Sqlite);
    keeps_months(&history, "");
    takes_runs_at_once(&history);
}

#[test]
fn a_folder_of_parquet_files_keeps_months() {
    let history = History::of(Place::Folder);
    keeps_months(&history, "");
    takes_runs_at_once(&history);
    assert!(!history.shop.path().join("history/as_of=2026-04-30").exists());
}

#[test]
#[cfg_attr(not(has_postgres), ignore = "PostgreSQL is not installed")]
fn a_table_of_postgres_keeps_months() {
    let server = PostgresServer::start();
    let history = History::of(Place::Postgres(&server));
    keeps_months(&history, "00");
    takes_runs_at_once(&history);
    // What others have added stays: a view, an index, a column.
    let mut admin = server.connect();
    admin
        .batch_execute("CREATE VIEW latest AS SELECT id, class FROM rated; ALTER TABLE rated ADD COLUMN note text")
        .unwrap();
    history.customers("id,revenue,city\na,70.00,Bern\n");
    history.run("next.yaml", "2026-07-31").exits(0);
    let kept = "SELECT count(*) FROM latest WHERE id = 'a'";
    assert_eq!(admin.query_one(kept, &[]).unwrap().get::<_, i64>(0), 3);
}

#[test]
fn what_is_no_history_is_refused_before_anything_is_written() {
    let history = History::of(Place::Sqlite);
    history.customers("id,revenue,day\na,90.00,2026-01-02\n");
    let run = |target: &str, more: &[&str]| {
        let arguments = [&["run", "first.yaml", "--as-of", "2026-01-31", "-o", target], more].concat();
        Cli::new(&history.shop).args(arguments).run()
    };
    for file in ["rated.csv", "rated.parquet", "rated.xlsx", "rated.json", "-", "nothing"] {
        run(file, &["--append"]).exits(2);
        assert!(!history.shop.path().join(file).exists(), "{file}");
    }
    run("rated.csv", &["--append"]).says(2, &["holds the results of one run", "crm.sqlite#rated", "history/"]);
    Cli::new(&history.shop).args(["run", "first.yaml", "--append"]).run().says(2, &["--output"]);
    // Without the flag a folder is no output, and a table of a plain run is no history.
    run("history/", &[]).exits(2);
    run("crm.sqlite#plain", &[]).exits(0);
    run("crm.sqlite#plain", &["--append"]).says(2, &["E0720", "its primary key is none"]);
    run("crm.sqlite#rated", &["--append"]).exits(0);
    run("crm.sqlite#rated", &[]).says(2, &["has another column `as_of`"]);
    // A name that SQL takes for that of the date.
    std::fs::write(history.shop.path().join("first.yaml"), rules("AS_OF: date", "AS_OF")).unwrap();
    history.customers("id,revenue,AS_OF\na,90.00,2026-01-02\n");
    run("crm.sqlite#rated", &["--append"]).says(2, &["E0720", "the results have a column `AS_OF`"]);
    assert_eq!(history.rows(&[]).len(), 1);
}

#[test]
fn a_source_may_read_other_dates_of_the_folder_it_is_written_to() {
    let history = History::of(Place::Folder);
    history.customers("id,revenue,day\na,90.00,2026-01-02\n");
    history.run("first.yaml", "2026-01-31").exits(0);
    let again = |as_of: &str| {
        let source = "customers=history/as_of=2026-01-31/rated.parquet";
        let run = ["run", "first.yaml", "--as-of", as_of, "--source", source, "-o", "history/", "--append"];
        Cli::new(&history.shop).args(run).run()
    };
    again("2026-02-28").exits(0);
    again("2026-01-31").says(2, &["is not replaced: it is the data of the source `customers`"]);
}
