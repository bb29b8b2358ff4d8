//! Damaged files of every format are findings, never panics, and what cannot be data is not read as data.

use std::io::{Read, Write};
use std::path::Path;

use accolade_engine::{FileSystem, Inputs, compile, run};
use accolade_parser::Diagnostics;
use tempfile::TempDir;

use crate::support::shop::folder;
use crate::support::tables::{ColumnKind, DataTable, pack};
use crate::support::{CommandOutput, accolade};

const RULES: &str = "accolade: 1
as_of: 2026-01-01
sources:
  orders: {file: orders.csv, customer: id, date: day, columns: {id: text, day: date, amount: money, kind: text?}}
profile:
  quantitative: {revenue: sum(orders.amount), last_kind: last(orders.kind)}
rules:
  class: {kind: abc, by: revenue, classes: {A: top 80%, B: rest}}
";

fn orders() -> DataTable {
    let columns = [
        ("id", ColumnKind::Text),
        ("day", ColumnKind::Date),
        ("amount", ColumnKind::Decimal),
        ("kind", ColumnKind::Text),
    ];
    let row =
        |i: usize| vec![format!("K{}", i % 7), format!("2025-01-{:02}", i % 28 + 1), format!("{i}.5"), "web".into()];
    DataTable {
        name: "orders".to_owned(),
        columns: columns.map(|(name, kind)| (name.to_owned(), kind)).to_vec(),
        rows: (0..60).map(row).collect(),
    }
}

/// Every format of the orders, in a folder with the rules.
fn shop() -> TempDir {
    let shop = folder(&[("r.yaml", RULES)]);
    let (at, table) = (|name: &str| shop.path().join(name), orders());
    std::fs::write(at("orders.csv"), table.csv(&table.rows)).unwrap();
    for name in ["orders.csv.gz", "orders.csv.zst"] {
        pack(&at(name), &table.csv(&table.rows));
    }
    let lines = table.rows.iter().map(|row| {
        format!(
            "{{\"id\": \"{}\", \"day\": \"{}\", \"amount\": {}, \"kind\": \"{}\"}}\n",
            row[0], row[1], row[2], row[3]
        )
    });
    let lines: String = lines.collect();
    std::fs::write(at("orders.json"), format!("[{}]", lines.trim_end().replace('\n', ",\n"))).unwrap();
    std::fs::write(at("orders.ndjson"), lines).unwrap();
    table.xlsx(&at("orders.xlsx"));
    table.ods(&at("orders.ods"));
    table.sqlite(&at("orders.sqlite"));
    parquet(&table, &at("orders.parquet"));
    shop
}

fn parquet(table: &DataTable, path: &Path) {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Date32Array, Decimal128Array, RecordBatch, StringArray};
    let texts = |column: usize| Arc::new(StringArray::from_iter_values(table.rows.iter().map(|row| &row[column])));
    let days = Date32Array::from_iter_values((0..60).map(|i| 20_000 + i));
    let amounts = Decimal128Array::from_iter_values((0..60).map(|i| i * 100)).with_precision_and_scale(18, 2).unwrap();
    let columns: [(&str, ArrayRef); 4] =
        [("id", texts(0)), ("day", Arc::new(days)), ("amount", Arc::new(amounts)), ("kind", texts(3))];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let file = std::fs::File::create(path).unwrap();
    let mut writer = parquet::arrow::ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

/// The bytes that are flipped in a file, and the lengths to which it is cut.
const POSITIONS: usize = 120;

/// Runs on damaged copies of a file. Each gives results, or findings with codes that name the file. Calls `rated` with
/// the records of the whole file and of each copy that was read, and returns how many were refused.
fn damage(
    name: &str,
    copies: impl Fn(&[u8]) -> Vec<Vec<u8>>,
    mut rated: impl FnMut(usize, &[String], &[String]),
) -> usize {
    let shop = shop();
    let set = compile(&shop.path().join("r.yaml"), &FileSystem, &accolade_engine::plugins()).set.unwrap();
    let path = shop.path().join(name);
    let bytes = std::fs::read(&path).unwrap();
    let rate = || -> Result<Vec<String>, Diagnostics> {
        let outcome = run(&set, &Inputs::new(set.as_of.unwrap(), vec![path.clone().into()]), None)?;
        Ok((0..outcome.frame.rows).map(|row| format!("{:?}", outcome.frame.record(row))).collect())
    };
    let whole = rate().unwrap_or_else(|findings| panic!("{name}: {findings:?}"));
    let mut failed = 0;
    for (number, copy) in copies(&bytes).into_iter().enumerate() {
        std::fs::write(&path, copy).unwrap();
        match rate() {
            Ok(records) => rated(number, &whole, &records),
            Err(findings) => {
                assert!(findings.has_errors(), "{name} {number}");
                let said = format!("{findings:?}");
                assert!(said.contains(name), "{name} {number}: {said}");
                failed += 1;
            }
        }
    }
    failed
}

/// One byte is another.
fn flip_bytes(name: &str) {
    let flipped = |bytes: &[u8]| {
        let positions = (0..bytes.len()).step_by((bytes.len() / POSITIONS).max(1));
        let all = positions.flat_map(|position| [0xff, 0x80, 0x01].map(|mask| (position, mask)));
        let flip = |(position, mask): (usize, u8)| {
            let mut damaged = bytes.to_vec();
            damaged[position] ^= mask;
            damaged
        };
        all.map(flip).collect()
    };
    assert!(damage(name, flipped, |_, _, _| ()) > 0, "{name}");
}

/// The end is missing. What is read in spite of it is what the whole file holds; of text that is cut between two rows
/// it is the rows before.
fn cut_short(name: &str) {
    let cut = |bytes: &[u8]| {
        let lengths = (0..bytes.len()).rev().step_by((bytes.len() / POSITIONS).max(1));
        lengths.map(|length| bytes[..length].to_vec()).collect()
    };
    let is_text = name.ends_with(".csv") || name.ends_with(".ndjson");
    let failed = damage(name, cut, |number, whole, records| {
        assert!(is_text && records.len() <= whole.len() || records == whole, "{name} {number}: {records:?}");
    });
    assert!(failed > 0, "{name}");
}

macro_rules! damaged {
    ($($flipped:ident $cut:ident $name:literal)*) => {$(
        #[test]
        fn $flipped() {
            flip_bytes($name);
        }

        #[test]
        fn $cut() {
            cut_short($name);
        }
    )*};
}

damaged! {
    flipped_csv cut_csv "orders.csv"
    flipped_gzip cut_gzip "orders.csv.gz"
    flipped_zstandard cut_zstandard "orders.csv.zst"
    flipped_ndjson cut_ndjson "orders.ndjson"
    flipped_json cut_json "orders.json"
    flipped_xlsx cut_xlsx "orders.xlsx"
    flipped_ods cut_ods "orders.ods"
    flipped_sqlite cut_sqlite "orders.sqlite"
    flipped_parquet cut_parquet "orders.parquet"
}

/// Rewrites the first sheet of a workbook.
fn rewrite_sheet(path: &Path, rewrite: impl Fn(String) -> String) {
    let mut book = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    let mut written = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for index in 0..book.len() {
        let mut part = book.by_index(index).unwrap();
        let (name, mut bytes) = (part.name().unwrap().into_owned(), Vec::new());
        part.read_to_end(&mut bytes).unwrap();
        if name.ends_with("sheet1.xml") {
            bytes = rewrite(String::from_utf8(bytes).unwrap()).into_bytes();
        }
        written.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        written.write_all(&bytes).unwrap();
    }
    std::fs::write(path, written.finish().unwrap().into_inner()).unwrap();
}

/// A run and a first rule file of a damaged file are refused without the message of a panic.
#[track_caller]
fn refused(shop: &TempDir, name: &str, parts: &[&str]) {
    let quiet = |ran: CommandOutput| assert!(!ran.err.contains("panicked"), "{}", ran.err);
    quiet(accolade(shop, &["run", "r.yaml", "--source", &format!("orders={name}")]).says(2, parts));
    quiet(accolade(shop, &["init", name, "-o", "first.yaml"]).says(2, &[name]));
}

#[test]
fn an_impossible_cell_is_a_finding() {
    let shop = shop();
    let path = shop.path().join("orders.xlsx");
    rewrite_sheet(&path, |sheet| sheet.replace("r=\"B1\"", "r=\"ZZZZZZ99999999999\""));
    refused(&shop, "orders.xlsx", &["E0701", "orders.xlsx"]);
}

#[test]
fn a_cell_far_away_takes_no_memory_for_those_between() {
    let shop = shop();
    let path = shop.path().join("orders.xlsx");
    let far = "<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row></sheetData>";
    rewrite_sheet(&path, |sheet| sheet.replace("</sheetData>", far));
    let run = ["run", "r.yaml", "--source", "orders=orders.xlsx"];
    accolade(&shop, &run).says(2, &["orders.xlsx#orders:1048576", "the value is missing"]);
    accolade(&shop, &[&run[..], &["--bad-rows", "report", "-o", "-"]].concat()).exits(0);
}

#[test]
fn a_name_that_is_not_utf_8_is_a_finding() {
    let shop = shop();
    let path = shop.path().join("orders.sqlite");
    let mut bytes = std::fs::read(&path).unwrap();
    let at = bytes.windows(5).position(|text| text == b"kind ").unwrap();
    bytes[at] = 0xfc;
    std::fs::write(&path, bytes).unwrap();
    refused(&shop, "orders.sqlite", &["E0701", "orders.sqlite"]);
}

#[test]
fn a_key_twice_in_a_line_is_a_finding() {
    let shop = shop();
    let line = "{\"id\": \"a\", \"day\": \"2025-01-01\", \"amount\": 1, \"kind\": null, \"amount\": 2}\n";
    std::fs::write(shop.path().join("orders.ndjson"), line).unwrap();
    let run = ["run", "r.yaml", "--source", "orders=orders.ndjson"];
    accolade(&shop, &run).says(2, &["E0708", "the line has the key `amount` twice", "orders.ndjson:1"]);
}

#[test]
fn rejected_rows_are_not_data() {
    let rules = "accolade: 1\nas_of: 2025-12-31\nsources:\n  customers: {file: customers.csv, key: c, columns: {c: text}}\n  \
                 orders: {file: orders*.csv, customer: c, date: d, columns: {c: text, d: date, a: money}}\n\
                 profile: {quantitative: {revenue: sum(orders.a)}}\n";
    let orders = "c,d,a\nx,2025-01-01,10\ny,2025-06-01,100\n";
    let shop = folder(&[("r.yaml", rules), ("customers.csv", "c\nx\n"), ("orders-2025.csv", orders)]);
    accolade(&shop, &["run", "r.yaml", "--bad-rows", "report", "-o", "a.csv"]).exits(0);
    assert!(shop.path().join("orders.2025-12-31.rejected.csv").is_file());
    std::fs::write(shop.path().join("customers.csv"), "c\nx\ny\n").unwrap();
    accolade(&shop, &["run", "r.yaml", "-o", "-"]).says(0, &["y,100.00"]);
}

#[test]
fn an_archive_beside_its_file_is_refused() {
    let rules = "accolade: 1\nas_of: 2025-12-31\nsources:\n  \
                 orders: {file: orders/, customer: c, date: d, columns: {c: text, d: date, a: money}}\n\
                 profile: {quantitative: {revenue: sum(orders.a)}}\n";
    let orders = "c,d,a\nx,2025-01-01,10\n";
    let shop = folder(&[("r.yaml", rules), ("orders/a.csv", orders), ("orders/.accolade-x1", orders)]);
    pack(&shop.path().join("orders/a.csv.gz"), orders.as_bytes());
    accolade(&shop, &["run", "r.yaml", "-o", "-"]).says(2, &["E0701", "orders/a.csv`", "orders/a.csv.gz`"]);
    std::fs::remove_file(shop.path().join("orders/a.csv")).unwrap();
    accolade(&shop, &["run", "r.yaml", "-o", "-"]).says(0, &["x,10.00"]);
}
