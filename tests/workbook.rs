//! `accolade run -o results.xlsx` and `report -o report.xlsx`: workbooks that read back as what the run gave, and the
//! report as Markdown.

use std::path::Path;

use calamine::{Data, Reader, Xlsx, open_workbook};

use crate::support::{CommandOutput, accolade, shop, workbook};

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
    shop::folder(&[("rules.yaml", rules), ("customers.csv", customers)])
}

fn run(folder: &Path, output: &str) -> CommandOutput {
    accolade(folder, &["run", "rules.yaml", "-o", output])
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
    run(folder.path(), "results.xlsx").exits(0);
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
    run(folder.path(), "results.xlsx").exits(0);
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
        run(folder.path(), name).exits(0);
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
        let said = run(folder.path(), "results.xlsx").exits(2).err;
        assert!(said.contains(expected), "{said}");
        assert_eq!(std::fs::read_to_string(folder.path().join("results.xlsx")).unwrap(), "as it was");
    }
}

#[test]
fn a_shipped_rule_set_gives_what_csv_gives() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules/b2b-accounts");
    let out = tempfile::tempdir().unwrap();
    let (book, table) = (out.path().join("results.xlsx"), out.path().join("results.csv"));
    for path in [&book, &table] {
        run(&rules, path.to_str().unwrap()).exits(0);
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

/// The report of a shipped rule set, written to this file.
fn report(set: &str, folder: &Path, name: &str, arguments: &[&str]) -> std::path::PathBuf {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules").join(set);
    let path = folder.join(name);
    accolade(rules, &[&["report"], arguments, &["-o", path.to_str().unwrap()]].concat()).exits(0);
    path
}

#[test]
fn a_report_has_a_sheet_for_each_rule_and_figures_to_reckon_with() {
    let folder = tempfile::tempdir().unwrap();
    let path = report("b2b-accounts", folder.path(), "report.xlsx", &["rules.yaml"]);
    let mut book: Xlsx<_> = open_workbook(&path).unwrap();
    let names = [
        "goals",
        "customer_class",
        "class_before",
        "behaviour",
        "account_rating",
        "treatment",
        "relation",
        "regularity",
        "stock_plan",
        "promoters",
        "dependence",
        "key_account_team",
        "measures",
        "programmes",
        "customers",
    ];
    assert_eq!(book.sheet_names(), names);
    let mut sheet =
        |name: &str| -> Vec<Vec<Data>> { book.worksheet_range(name).unwrap().rows().map(<[Data]>::to_vec).collect() };
    let text = |text: &str| Data::String(text.to_owned());
    let classes = sheet("customer_class");
    assert_eq!(classes[0][..3], ["customer_class", "customers", "share"].map(text));
    assert_eq!(classes[1][..2], [text("A"), Data::Float(62.0)]);
    assert!(matches!(classes[1][2], Data::Float(share) if (share - 62.0 / 300.0).abs() < 1e-12));
    let customers: f64 = (1..=4).map(|row| if let Data::Float(n) = classes[row][1] { n } else { panic!() }).sum();
    assert_eq!(customers, 300.0);
    let goals = sheet("goals");
    assert_eq!(goals[0][..4], ["goal", "group", "result", "target"].map(text));
    assert_eq!(goals[1][..2], ["keep_our_key_accounts", "everyone"].map(text));
    assert!(matches!(goals[1][5], Data::Float(share) if 0.0 < share && share <= 1.0));
    assert!(sheet("measures").len() > 9 && sheet("programmes").len() > 2);
    assert_eq!(sheet("customers").len(), 301);
    // A matrix shows its labels with counts; the counts are there as numbers too.
    let relation = sheet("relation");
    assert!(relation.iter().any(|row| row[0] == text("satisfied") && matches!(row[1], Data::Float(_))), "{relation:?}");
    for index in 1..=names.len() {
        let xml = workbook::entry(&path, &format!("xl/worksheets/sheet{index}.xml"));
        assert!(xml.contains(r#"state="frozen""#), "{}", names[index - 1]);
    }
    let share = workbook::number_format(&path, "xl/worksheets/sheet2.xml", "C2");
    let amount = workbook::number_format(&path, "xl/worksheets/sheet2.xml", "D2");
    assert_eq!([share.as_str(), &amount], ["0.0%", "#,##0.00"]);
    assert!(
        std::fs::read(report("b2b-accounts", folder.path(), "again.xlsx", &["rules.yaml"])).unwrap()
            == std::fs::read(path).unwrap()
    );
}

#[test]
fn a_report_as_markdown_has_every_table_and_the_rules_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let path =
        report("b2b-accounts", folder.path(), "report.md", &["fixtures/proposal.yaml", "--compare-to", "rules.yaml"]);
    let text = std::fs::read_to_string(path).unwrap();
    for line in [
        "# b2b-accounts",
        "300 customers at 2026-01-01, amounts in EUR.",
        "## Goals",
        "### `customer_class`",
        "| customer\\_class | customers | share | revenue | share of revenue |",
        "|---|---:|---:|---:|---:|",
        "## Measures",
        "## Programmes",
        "## What changed",
        "- rule `customer_class`: class `A` top 80% of revenue → top 70% of revenue",
        "21 of 300 customers moved (7.0%).",
        "## The rule set in words",
        "#### `treatment`",
    ] {
        assert!(text.lines().any(|of| of == line), "{line} is not in\n{text}");
    }
    assert!(text.contains("| `A` | one of the greatest, who together bring the first 70% of `revenue` | "), "{text}");
}

#[test]
fn warnings_are_in_the_reports() {
    let folder = tempfile::tempdir().unwrap();
    let path = report("loyalty-programme", folder.path(), "report.md", &["rules.yaml"]);
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains("\n## Warnings\n\n- W0712: `wallet`: 5 customers buy more from us"), "{text}");
    let path = report("loyalty-programme", folder.path(), "report.xlsx", &["rules.yaml"]);
    let mut book: Xlsx<_> = open_workbook(&path).unwrap();
    let rows = book.worksheet_range("warnings").unwrap();
    assert_eq!(rows.get_value((1, 0)), Some(&Data::String("W0712".to_owned())));
}
