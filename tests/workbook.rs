//! `accolade run -o results.xlsx`: a workbook that reads back as what the run gave.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::path::Path;
use std::process::{Command, Output};

use calamine::{Data, Reader, Xlsx, open_workbook};
use support::workbook;

const RULES: &str = r#"accolade: 1
name: small
currency: EUR
as_of: 2026-01-01
sources:
  customers:
    file: customers.csv
    key: id
    columns: {id: integer, name: text?, member: boolean, since: date, seen: datetime?, code: integer, big: money}
profile:
  administrative: [name, member, since, seen, code, big]
  quantitative: {half: big / 2, part: code / 1_000}
rules:
  class:
    kind: abc
    by: big
    classes: {A: top 60%, B: rest}
  size:
    kind: rating
    scale: 0..10
    criteria: {amount: {weight: 100%, value: big, linear: 0..3_000}}
"#;

const CUSTOMERS: &str = "id,name,member,since,seen,code,big
1,=1+1,true,2024-02-29,2025-12-31T18:30:00,7,1234.5678
2,,false,1899-12-31,,9007199254740993,12345678901234.56
3,\"Jan\nen Piet\",true,1900-03-01,2025-01-01T00:00:00,0,-5
";

fn folder(rules: &str, customers: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rules.yaml"), rules).unwrap();
    std::fs::write(folder.path().join("customers.csv"), customers).unwrap();
    folder
}

fn run(folder: &Path, output: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_accolade"));
    command.args(["run", "rules.yaml", "-o", output]).current_dir(folder).output().unwrap()
}

/// The sheet `results`, by row.
fn rows(path: &Path) -> Vec<Vec<Data>> {
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    assert_eq!(book.sheet_names(), ["results"]);
    book.worksheet_range("results").unwrap().rows().map(<[Data]>::to_vec).collect()
}

/// The days since the end of 1899 that a date or time is held as.
fn day(cell: &Data) -> f64 {
    match cell {
        Data::DateTime(time) => time.as_f64(),
        other => panic!("{other:?} is no date"),
    }
}

#[test]
fn values_keep_their_types() {
    let folder = folder(RULES, CUSTOMERS);
    let output = run(folder.path(), "results.xlsx");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let rows = rows(&folder.path().join("results.xlsx"));
    let head: Vec<String> = rows[0].iter().map(ToString::to_string).collect();
    assert_eq!(head[..9], ["id", "name", "member", "since", "seen", "code", "big", "half", "part"]);
    let cell = |row: usize, name: &str| &rows[row][head.iter().position(|h| h == name).unwrap()];
    let text = |text: &str| Data::String(text.to_owned());
    // A key is text, and a text that looks like a formula stays one.
    assert_eq!((cell(1, "id"), cell(1, "name")), (&text("1"), &text("=1+1")));
    assert_eq!((cell(2, "name"), cell(3, "name")), (&Data::Empty, &text("Jan\nen Piet")));
    assert_eq!((cell(1, "member"), cell(2, "member")), (&Data::Bool(true), &Data::Bool(false)));
    assert_eq!(day(cell(1, "since")), 45_351.0);
    // A spreadsheet does not know days before March 1900.
    assert_eq!((cell(2, "since"), day(cell(3, "since"))), (&text("1899-12-31"), 61.0));
    assert_eq!(day(cell(1, "seen")), 46_022.0 + 18.5 / 24.0);
    assert_eq!(cell(2, "seen"), &Data::Empty);
    assert_eq!((cell(1, "code"), cell(1, "big")), (&Data::Float(7.0), &Data::Float(1234.5678)));
    // More digits than a spreadsheet holds.
    assert_eq!((cell(2, "code"), cell(2, "big")), (&text("9007199254740993"), &text("12345678901234.56")));
    assert_eq!((cell(2, "class"), cell(3, "size")), (&text("A"), &Data::Float(0.0)));
}

#[test]
fn the_sheet_is_ready_to_work_with() {
    let folder = folder(RULES, CUSTOMERS);
    assert!(run(folder.path(), "results.xlsx").status.success());
    let path = folder.path().join("results.xlsx");
    let sheet = workbook::entry(&path, "xl/worksheets/sheet1.xml");
    for part in [
        r#"<pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/>"#,
        r#"<autoFilter ref="A1:"#,
        r#"numberStoredAsText="1""#,
        "<cols><col min=\"1\"",
    ] {
        assert!(sheet.contains(part), "{part} is not in\n{sheet}");
    }
    let styles = workbook::entry(&path, "xl/styles.xml");
    for format in ["yyyy-mm-dd hh:mm:ss", "0.0%", "yyyy-mm-dd\""] {
        assert!(styles.contains(format), "{format} is not in\n{styles}");
    }
    let format = |column: &str| workbook::number_format(&path, "xl/worksheets/sheet1.xml", column);
    assert_eq!(["A2", "F2", "G2", "D2"].map(format), ["@", "0", "#,##0.00", "yyyy-mm-dd"]);
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    let folder = folder(RULES, CUSTOMERS);
    let bytes = |name: &str| {
        assert!(run(folder.path(), name).status.success());
        std::fs::read(folder.path().join(name)).unwrap()
    };
    assert!(bytes("a.xlsx") == bytes("b.xlsx"));
}

#[test]
fn what_does_not_fit_is_an_error_and_leaves_the_file_as_it_was() {
    let rules = "accolade: 1\nas_of: 2026-01-01\nsources: {customers: {file: customers.csv, key: id, columns: {id: integer, note: text}}}\nprofile: {administrative: [note]}\n";
    let long = format!("id,note\n1,{}\n", "x".repeat(32_768));
    let many: String =
        std::iter::once("id,note\n".to_owned()).chain((0..1_048_576).map(|i| format!("{i},\n"))).collect();
    let many_rules = rules.replace("note: text", "note: text?");
    for (rules, customers, expected) in [
        (rules, long, "a text is longer than the 32,767 characters of a cell; write .csv or .parquet"),
        (&many_rules, many, "a sheet has 1048576 rows and 16384 columns, too few for 1048576 customers"),
    ] {
        let folder = folder(rules, &customers);
        std::fs::write(folder.path().join("results.xlsx"), "as it was").unwrap();
        let output = run(folder.path(), "results.xlsx");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && said.contains(expected), "{said}");
        assert_eq!(std::fs::read_to_string(folder.path().join("results.xlsx")).unwrap(), "as it was");
    }
}

#[test]
fn a_shipped_rule_set_gives_what_csv_gives() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules/b2b-accounts");
    let out = tempfile::tempdir().unwrap();
    let (book, table) = (out.path().join("results.xlsx"), out.path().join("results.csv"));
    for path in [&book, &table] {
        assert!(run(&rules, path.to_str().unwrap()).status.success());
    }
    let rows = rows(&book);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(table).unwrap();
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!((rows.len(), rows[0].len()), (records.len(), records[0].len()));
    for (row, record) in rows.iter().zip(&records) {
        for (cell, field) in row.iter().zip(record) {
            match cell {
                Data::Float(number) => assert_eq!(*number, field.parse::<f64>().unwrap()),
                Data::Empty => assert_eq!(field, ""),
                other => assert_eq!(other.to_string(), field),
            }
        }
    }
}
