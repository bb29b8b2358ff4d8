//! The same data in every kind of file gives the same results, and its errors have a place in each of them.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::support::tables::{ColumnKind, DataTable, pack, shipped, tables};
use crate::support::{PROGRAM, accolade};

const NAMES: [&str; 3] = ["customers", "orders", "surveys"];

/// The results of the shipped rule set on other data.
fn results(folder: &Path, sources: &[String]) -> String {
    let rules = shipped().join("rules.yaml");
    let mut arguments = vec!["run", rules.to_str().unwrap(), "-o", "-"];
    sources.iter().for_each(|source| arguments.extend(["--source", source]));
    accolade(folder, &arguments).exits(0).out
}

#[test]
fn every_format_gives_the_same_results() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    let expected = results(folder.path(), &[]);
    assert!(expected.len() > 10_000);
    for table in tables(&shipped(), &NAMES) {
        let name = &table.name;
        let (first, second) = table.rows.split_at(table.rows.len() / 3);
        // Archives of two members; the second has no header of its own.
        let rest: Vec<u8> = table.csv(second).splitn(2, |b| *b == b'\n').nth(1).unwrap().to_vec();
        for ending in ["csv.gz", "csv.zst"] {
            pack(&path(&format!("{name}.{ending}")), &table.csv(first));
            pack(&path(&format!("{name}.{ending}")), &rest);
        }
        std::fs::create_dir(path(name)).unwrap();
        std::fs::write(path(name).join("2.csv"), table.csv(first)).unwrap();
        std::fs::write(path(name).join("1.csv"), table.csv(second)).unwrap();
        table.xlsx(&path(&format!("{name}.xlsx")));
        table.ods(&path(&format!("{name}.ods")));
        table.sqlite(&path("crm.sqlite"));
    }
    for form in [
        "NAME.csv.gz",
        "NAME.csv.zst",
        "NAME",
        "NAME/*.csv",
        "NAME.xlsx",
        "NAME.xlsx#NAME",
        "NAME.ods",
        "crm.sqlite#NAME",
    ] {
        let sources: Vec<String> = NAMES.iter().map(|name| format!("{name}={}", form.replace("NAME", name))).collect();
        assert!(results(folder.path(), &sources) == expected, "{form}");
    }
}

const RULES: &str = "accolade: 1
as_of: 2026-01-01
sources:
  customers:
    key: id
    columns: {id: text, day: date, revenue: money}
rules:
  class: {kind: abc, by: revenue, classes: {A: top 80%, B: rest}}
";

/// A table with a row that is right and one whose date is not.
fn wrong() -> DataTable {
    let columns = [("id", ColumnKind::Text), ("day", ColumnKind::Text), ("revenue", ColumnKind::Decimal)];
    let row = |values: [&str; 3]| values.map(str::to_owned).to_vec();
    DataTable {
        name: "accounts".to_owned(),
        columns: columns.map(|(name, kind)| (name.to_owned(), kind)).to_vec(),
        rows: vec![row(["a", "2025-01-01", "19.99"]), row(["b", "45678", "1.5"])],
    }
}

/// The messages of a run on a file of the source.
fn said(folder: &Path, source: &str) -> String {
    std::fs::write(folder.join("rules.yaml"), RULES).unwrap();
    accolade(folder, &["run", "rules.yaml", "--source", &format!("customers={source}")]).exits(2).err
}

#[test]
fn an_error_has_a_place_in_every_format() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    let table = wrong();
    let line = |row: usize| table.csv(&table.rows[row..=row]);
    std::fs::write(path("a.csv"), table.csv(&table.rows)).unwrap();
    pack(&path("a.csv.gz"), &table.csv(&table.rows));
    pack(&path("a.csv.zst"), &table.csv(&table.rows));
    std::fs::create_dir(path("a")).unwrap();
    std::fs::write(path("a/1.csv"), line(0)).unwrap();
    std::fs::write(path("a/2.csv"), line(1)).unwrap();
    table.xlsx(&path("a.xlsx"));
    table.ods(&path("a.ods"));
    table.sqlite(&path("a.db"));
    for (source, place) in [
        ("a.csv", "a.csv:3"),
        ("a.csv.gz", "a.csv.gz:3"),
        ("a.csv.zst", "a.csv.zst:3"),
        ("a", "a/2.csv:2"),
        ("a/*.csv", "a/2.csv:2"),
        ("a.xlsx", "a.xlsx#accounts:3"),
        ("a.ods", "a.ods#accounts:3"),
        ("a.db", "a.db#accounts:2"),
    ] {
        let said = said(folder.path(), source);
        for part in ["E0703", "`45678` is not a date", "Excel serial date", "column `day`", &format!("--> {place}\n")] {
            assert!(said.contains(part), "{source}: no {part} in\n{said}");
        }
    }
}

#[test]
fn a_key_twice_in_two_files_is_found_and_rejected() {
    let folder = TempDir::new().unwrap();
    std::fs::create_dir(folder.path().join("a")).unwrap();
    std::fs::write(folder.path().join("a/1.csv"), "id,day,revenue\na,2025-01-01,1\nb,2025-01-01,2\n").unwrap();
    std::fs::write(folder.path().join("a/2.csv"), "revenue,note,id,day\n3,n,b,2025-01-01\n4,m,c,2025-01-01\n").unwrap();
    let said = said(folder.path(), "a");
    assert!(said.contains("--> a/2.csv:2") && said.contains("the first is row 3 of a/1.csv"), "{said}");
    let arguments = ["run", "rules.yaml", "--source", "customers=a", "--bad-rows", "report", "-o", "-"];
    assert_eq!(accolade(&folder, &arguments).exits(0).out.lines().count(), 4);
    let rejected = std::fs::read_to_string(folder.path().join("customers.2026-01-01.rejected.csv")).unwrap();
    let expected =
        "row,reason,id,day,revenue,note\na/2.csv:2,\"id: customer \"\"b\"\" is in the file twice\",b,2025-01-01,3,n\n";
    assert_eq!(rejected, expected);
}

#[test]
fn what_cannot_be_opened_says_why() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    let table = wrong();
    pack(&path("whole.csv.gz"), &table.csv(&vec![table.rows[0].clone(); 5000]));
    let whole = std::fs::read(path("whole.csv.gz")).unwrap();
    std::fs::write(path("half.csv.gz"), &whole[..whole.len() / 2]).unwrap();
    pack(&path("whole.csv.zst"), &table.csv(&vec![table.rows[0].clone(); 5000]));
    let whole = std::fs::read(path("whole.csv.zst")).unwrap();
    std::fs::write(path("half.csv.zst"), &whole[..whole.len() / 2]).unwrap();
    std::fs::write(path("plain.csv.gz"), "id,day,revenue\n".repeat(9)).unwrap();
    pack(&path("a.parquet.gz"), b"");
    table.xlsx(&path("a.xlsx"));
    table.sqlite(&path("a.db"));
    DataTable { name: "others".to_owned(), ..wrong() }.sqlite(&path("a.db"));
    std::fs::create_dir(path("mixed")).unwrap();
    std::fs::create_dir(path("none")).unwrap();
    std::fs::write(path("mixed/a.csv"), "id\n").unwrap();
    std::fs::write(path("mixed/b.ndjson"), "{}\n").unwrap();
    std::fs::write(path("no.xlsx"), "id\n").unwrap();
    std::fs::write(path("no.db"), "id,day,revenue\n".repeat(100)).unwrap();
    for (source, expected) in [
        ("half.csv.gz", "the archive ends in the middle"),
        ("half.csv.zst", "the archive ends in the middle"),
        ("plain.csv.gz", "the archive is damaged"),
        ("a.parquet.gz", "unpack it"),
        ("a.xlsx#account", "did you mean `accounts`?"),
        ("a.db#account", "did you mean `accounts`?"),
        ("a.db", "the tables are: accounts, others"),
        ("mixed", "`a.csv` and `b.ndjson` are of different formats"),
        ("mixed", "such as `*.csv`"),
        ("none", "the folder has no data files"),
        ("none/*.csv", "no file matches the pattern"),
        ("no.xlsx", "it is not a spreadsheet"),
        ("no.db", "file is not a database"),
        ("mysql://host/db", "use `postgres://`"),
        ("s3://bucket", "it does not have the form `s3://bucket/orders.csv`"),
        #[cfg(not(feature = "object-store"))]
        ("s3://bucket/orders.csv", "built without object stores"),
    ] {
        let said = said(folder.path(), source);
        assert!(said.contains("E0701") && said.contains(expected), "{source}: no {expected} in\n{said}");
    }
}

#[test]
fn cells_of_a_sheet_keep_their_meaning() {
    let folder = TempDir::new().unwrap();
    let mut book = rust_xlsxwriter::Workbook::new();
    let dates = rust_xlsxwriter::Format::new().set_num_format("dd/mm/yyyy");
    let sheet = book.add_worksheet();
    // The header is the first row that is not empty.
    for (column, name) in (0u16..).zip(["id", "day", "revenue"]) {
        sheet.write_string(3, column, name).unwrap();
    }
    let day = rust_xlsxwriter::ExcelDateTime::from_ymd(2025, 2, 3).unwrap();
    sheet.write_number(4, 0, 42.0).unwrap();
    sheet.write_datetime_with_format(4, 1, &day, &dates).unwrap();
    sheet.write_formula(4, 2, rust_xlsxwriter::Formula::new("=0.1+0.2").set_result("0.30000000000000004")).unwrap();
    book.save(folder.path().join("a.xlsx")).unwrap();
    let rules = RULES.replace("rules:\n", "profile: {administrative: [day, revenue]}\nrules:\n");
    std::fs::write(folder.path().join("r.yaml"), &rules).unwrap();
    let ran = accolade(&folder, &["run", "r.yaml", "--source", "customers=a.xlsx", "-o", "-"]);
    assert!(ran.out.contains("42,2025-02-03,0.30,"), "{}", ran.output());

    let sheet = book.worksheet_from_index(0).unwrap();
    sheet.write_formula(4, 2, rust_xlsxwriter::Formula::new("=NA()").set_result("#N/A")).unwrap();
    book.save(folder.path().join("a.xlsx")).unwrap();
    let said = said(folder.path(), "a.xlsx");
    assert!(said.contains("`#N/A`") && said.contains("a.xlsx#Sheet1:5"), "{said}");
}

#[test]
fn keys_that_do_not_go_together_are_told() {
    let folder = TempDir::new().unwrap();
    for (keys, code, expected) in [
        ("file: a.csv\n    url: postgres://h/d", "E0106", "has both `file` and `url`"),
        ("url: postgres://h/d\n    table: a\n    query: SELECT 1", "E0106", "has both `table` and `query`"),
        ("file: a.csv\n    table: a", "E0106", "`table` is for a database, and `customers` is not one"),
        ("file: a.db\n    sheet: a", "E0106", "`sheet` is for a spreadsheet, and `customers` is not one"),
        ("file: a.db\n    password_file: a", "E0106", "has a `password_file` and no `url`"),
        ("url: s3://b/a.csv\n    password_file: a", "E0106", "has a `password_file` and no `url` of a database"),
        ("url: s3://b/a.csv\n    table: a", "E0106", "`table` is for a database, and `customers` is not one"),
        ("url: postgres://h:x/d", "E0106", "the URL of `customers` cannot be used"),
        ("url: postgres://u:hunter2@h/d", "E0108", "the URL of `customers` holds a password"),
    ] {
        let rules = RULES.replace("    key: id", &format!("    {keys}\n    key: id"));
        std::fs::write(folder.path().join("r.yaml"), rules).unwrap();
        let said = accolade(&folder, &["check", "r.yaml"]).exits(1).output();
        assert!(!said.contains("hunter2"), "{said}");
        assert!(said.contains(code) && said.contains(expected), "{keys}\n{said}");
    }
}

#[test]
fn no_finding_shows_a_password() {
    let folder = TempDir::new().unwrap();
    for (source, code) in [
        ("customers: {url: \"postgres://u:hunter2@h/d\", key: id, columns: {id: text, revenue: money}}", "E0108"),
        ("customers: {url: postgres://u@h/d?password=hunter2, key: id, columns: {id: text, revenue: money}}", "E0108"),
        ("customers: {url: postgres://u:hunter2@h/d, keys: id, columns: {id: text, revenue: money}}", "E01"),
        ("customers: {url: postgres://u:hunter2@h/d, key: id, columns: {id: text, revenue: many}}", "E0"),
    ] {
        let rules = format!(
            "accolade: 1\nas_of: 2026-01-01\nsources:\n  {source}\nrules:\n  \
             class: {{kind: abc, by: revenue, classes: {{A: top 80%, B: rest}}}}\n"
        );
        std::fs::write(folder.path().join("r.yaml"), rules).unwrap();
        for more in [&[][..], &["--format", "json"]] {
            let said = accolade(&folder, &[&["check", "r.yaml"], more].concat()).exits(1).output();
            assert!(said.contains(code), "{source}\n{said}");
            assert!(!said.contains("hunter2"), "{source}\n{said}");
        }
    }
}

/// A rule set of one customers table whose results are a line each.
const RATED: &str = "accolade: 1
name: rated-accounts
as_of: 2026-01-01
sources:
  customers: {file: c.csv, key: id, columns: {id: text, day: date?, revenue: money, share: number}}
profile: {administrative: [day, revenue, share]}
rules:
  class: {kind: abc, by: revenue, classes: {A: top 80%, B: rest}}
";

#[test]
fn results_go_to_a_table_as_a_whole_or_not_at_all() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("r.yaml"), RATED).unwrap();
    let data =
        |text: &str| std::fs::write(folder.path().join("c.csv"), format!("id,day,revenue,share\n{text}")).unwrap();
    let run = |target: &str| accolade(folder.path(), &["run", "r.yaml", "-o", target]);
    let database = || rusqlite::Connection::open(folder.path().join("out.sqlite")).unwrap();
    let rows = |table: &str| {
        let database = database();
        let mut select = database.prepare(&format!("SELECT id, day, revenue, share, class FROM \"{table}\"")).unwrap();
        let row = |row: &rusqlite::Row<'_>| {
            let cells = (0..5).map(|i| {
                let value = match row.get_ref(i).unwrap() {
                    rusqlite::types::ValueRef::Text(t) => String::from_utf8_lossy(t).into_owned(),
                    rusqlite::types::ValueRef::Real(v) => v.to_string(),
                    _ => String::new(),
                };
                format!("{:?}{value}", row.get_ref(i).unwrap().data_type())
            });
            Ok(cells.collect::<Vec<_>>().join(" "))
        };
        select.query_map([], row).unwrap().collect::<Result<Vec<String>, _>>().unwrap()
    };
    data("a,2025-01-02,99999999999999.9999,0.1\nb,,0.5,2\n");
    let first = ["Texta Text2025-01-02 Text99999999999999.9999 Real0.1 TextA", "Textb Null Text0.50 Real2 TextB"];
    for target in ["out.sqlite", "out.sqlite#other"] {
        run(target).exits(0);
    }
    assert_eq!(rows("rated-accounts"), first);
    assert_eq!(rows("other"), first);

    // A row that a trigger refuses leaves everything as it was.
    data("a,2025-01-02,1,0.1\nb,2025-01-02,0.5,2\nz,2025-01-02,0.5,2\n");
    let refuse =
        "CREATE TRIGGER t BEFORE INSERT ON other WHEN NEW.id = 'z' BEGIN SELECT RAISE(ABORT, 'no z here'); END";
    database().execute_batch(refuse).unwrap();
    let said = run("out.sqlite#other").exits(2).err;
    assert!(said.contains("no z here"), "{said}");
    assert_eq!(rows("other"), first);
    database().execute_batch("DROP TRIGGER t").unwrap();
    run("out.sqlite#other").exits(0);
    assert_eq!(rows("other").len(), 3);

    database().execute_batch("CREATE TABLE mine (id TEXT)").unwrap();
    let said = run("out.sqlite#mine").err;
    assert!(said.contains("the table `mine` exists and has no column `day`; drop it"), "{said}");
}

/// A limit on the size of files fails a write like a full disk, or ends the program with a signal.
#[cfg(unix)]
#[test]
fn results_that_do_not_fit_leave_the_table_as_it_was() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("r.yaml"), RATED).unwrap();
    std::fs::write(folder.path().join("c.csv"), "id,day,revenue,share\na,2025-01-02,1,0.1\n").unwrap();
    accolade(&folder, &["run", "r.yaml", "-o", "out.sqlite"]).exits(0);
    let many: String = (0..40_000).map(|i| format!("customer-{i},2025-01-02,{i},0.5\n")).collect();
    std::fs::write(folder.path().join("c.csv"), format!("id,day,revenue,share\n{many}")).unwrap();
    let rows = || {
        let database = rusqlite::Connection::open(folder.path().join("out.sqlite")).unwrap();
        let mut select = database.prepare("SELECT id || revenue FROM \"rated-accounts\"").unwrap();
        select.query_map([], |row| row.get(0)).unwrap().collect::<Result<Vec<String>, _>>().unwrap()
    };
    for (signal, ends) in [("trap '' XFSZ;", Some(2)), ("", None)] {
        let output = Command::new("sh")
            .args(["-c", &format!("{signal} ulimit -c 0; ulimit -f 400; exec \"$0\" run r.yaml -o out.sqlite")])
            .arg(PROGRAM)
            .current_dir(folder.path())
            .output()
            .unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), ends, "{said}");
        assert!(ends.is_none() || said.contains("`out.sqlite` cannot be written: "), "{said}");
        assert_eq!(rows(), ["a1.00"]);
    }
    accolade(&folder, &["run", "r.yaml", "-o", "out.sqlite"]).exits(0);
    assert_eq!(rows().len(), 40_000);
}

#[test]
fn data_can_be_looked_at_in_every_format() {
    let folder = TempDir::new().unwrap();
    let table = DataTable { rows: wrong().rows[..1].to_vec(), ..wrong() };
    std::fs::write(folder.path().join("a.csv"), table.csv(&table.rows)).unwrap();
    pack(&folder.path().join("a.csv.gz"), &table.csv(&table.rows));
    table.xlsx(&folder.path().join("a.xlsx"));
    table.sqlite(&folder.path().join("a.db"));
    for name in ["a.csv", "a.csv.gz", "*.csv", "a.xlsx", "a.xlsx#accounts", "a.db"] {
        let file = accolade_engine::source::inspect(&folder.path().join(name)).unwrap();
        let columns: Vec<&str> = file.columns.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(columns, ["id", "day", "revenue"], "{name}");
        let mut rows = Vec::new();
        file.rows(|_, row| rows.push(row.join(","))).unwrap();
        assert_eq!(rows, ["a,2025-01-01,19.99"], "{name}");
    }
}
