//! Proposals for the texts of data files.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::PathBuf;

use accolade_init::{propose, survey};
use tempfile::TempDir;

fn folder(files: &[(&str, &[u8])]) -> (TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let write = |(name, content): &(&str, &[u8])| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    };
    let paths = files.iter().map(write).collect();
    (folder, paths)
}

fn proposal(files: &[(&str, &[u8])]) -> String {
    let (folder, paths) = folder(files);
    let plan = survey(&paths).unwrap();
    propose(&plan, &folder.path().join("rules.yaml")).unwrap_or_else(|findings| panic!("{findings:#?}")).text
}

/// Checks that the proposal for one file of orders holds each of the lines.
#[track_caller]
fn check(csv: &str, expected: &[&str]) {
    let text = proposal(&[("orders.csv", csv.as_bytes())]);
    for line in expected {
        assert!(text.lines().any(|l| l.trim() == *line), "no line {line:?} in\n{text}");
    }
}

/// Checks the declared type of a column with these values.
#[track_caller]
fn check_type(header: &str, values: &[&str], expected: &str) {
    let rows: String = values.iter().enumerate().map(|(i, v)| format!("c{i};2025-06-0{};{v}\n", i % 9 + 1)).collect();
    let text = proposal(&[("orders.csv", format!("customer_id;day;{header}\n{rows}").as_bytes())]);
    let column = text.lines().skip_while(|l| l.trim() != "columns:").nth(3).unwrap_or_default();
    let declared = column.split('#').next().unwrap_or_default().split_once(": ").map(|(_, ty)| ty.trim());
    assert_eq!(declared, Some(expected), "{header} {values:?}\n{text}");
}

#[test]
fn types_of_columns() {
    check_type("v", &["a", "b", ""], "text?");
    check_type("v", &["1", "2", "-3"], "integer");
    check_type("v", &["1", "", "3"], "integer?");
    check_type("v", &["1.25", "2.5", "3"], "number");
    check_type("v", &["1.25", "2.50"], "money");
    check_type("amount", &["1", "2.5"], "money");
    check_type("weight", &["1.25", "2.50"], "number");
    check_type("amount", &["1.25", "0.12345"], "number");
    check_type("v", &["1,25", "2,5"], "number");
    check_type("amount", &["1.234,50", "7"], "money");
    check_type("amount", &["1,234.50", "7"], "money");
    check_type("v", &["true", "No"], "boolean");
    check_type("v", &["0", "1"], "integer");
    check_type("opt_in", &["0", "1"], "boolean");
    check_type("v", &["30%", "12.5%"], "percent");
    check_type("v", &["2025-01-31", "2025-02-01"], "date");
    check_type("v", &["2025-01-31 10:00", "2025-02-01"], "datetime");
    check_type("v", &["0012", "0013"], "text");
    check_type("zip", &["1234", "5678"], "text");
    check_type("v", &["12345678901234567890", "1"], "text");
    check_type("satisfaction", &["2", "5", ""], "integer? 1..5");
    check_type("rating", &["2", "6"], "integer 1..7");
    check_type("recommend", &["0", "10"], "integer 0..10");
    check_type("recommend", &["0", "11"], "integer");
    check_type("amount", &["1", "oops", "2"], "text");
    check_type("amount", &["1.5", "NA", "2"], "money?");
}

#[test]
fn how_the_file_is_written() {
    let rows = |sep: &str, dates: [&str; 3], amount: &str| {
        let header = ["klantnr", "datum", "bedrag"].join(sep);
        let lines: String =
            dates.iter().enumerate().map(|(i, d)| [&format!("k{}", i % 2), *d, amount].join(sep) + "\n").collect();
        format!("{header}\n{lines}")
    };
    check(
        &rows(";", ["31-12-2024", "1-2-2025", "3-2-2025"], "4,95"),
        &[
            "delimiter: \";\"",
            "decimal: \",\"",
            "date_order: day_first",
            "as_of: 2025-02-03  # the last day in the data",
        ],
    );
    check(
        &rows("\t", ["12/31/2024", "1/2/2025", "3/2/2025"], "4.95"),
        &["delimiter: tab", "date_order: month_first", "as_of: 2025-03-02  # the last day in the data"],
    );
    check(&rows("|", ["2024/12/31", "2025/2/1", "2025/2/3"], "4.95"), &["delimiter: \"|\"", "date_order: year_first"]);
    check(
        &rows(";", ["01/02/2025", "03/04/2025", "05/06/2025"], "1"),
        &["date_order: day_first  # a guess: no number is above 12, so the month could as well come first"],
    );
}

const ORDERS: &str = "customer,order_date,amount
ann,2025-01-03,10.00
bob,2025-02-03,20.00
ann,2025-03-03,30.00
";

#[test]
fn a_bare_file_of_orders() {
    check(
        ORDERS,
        &[
            "customer: customer  # 2 customers in it",
            "date: order_date    # 2025-01-03 to 2025-03-03",
            "revenue: sum(orders.amount in month)",
            "days_since_order: days(max(orders.order_date), as_of)",
            "classes: {A: top 80% of revenue, B: next 15% of revenue, C: rest}  # the usual cut",
        ],
    );
    check(
        "customer,day,order_id,pieces,unit price\na,2025-01-01,1,2,3.00\na,2025-01-01,1,1,4.00\n",
        &[
            "revenue: sum(orders.pieces * orders.unit_price in month)  # no column holds the amount of a row",
            "order_count: count_distinct(orders.order_id in month)     # several rows have the same `order_id`",
            "unit_price: \"unit price\"",
        ],
    );
}

#[test]
fn the_order_of_rows_does_not_show() {
    let mut lines: Vec<String> = (0..500)
        .map(|i| format!("c{},2025-{:02}-{:02},{}.5", i * 7 % 90, i % 12 + 1, i % 28 + 1, i * 13 % 977))
        .collect();
    let text = |lines: &[String]| proposal_named(&format!("customer_id,order_date,amount\n{}\n", lines.join("\n")));
    let one = text(&lines);
    lines.reverse();
    lines.rotate_left(123);
    assert_eq!(one, text(&lines));
}

/// The proposal without the name, which is that of a temporary folder.
fn proposal_named(csv: &str) -> String {
    let text = proposal(&[("orders.csv", csv.as_bytes())]);
    text.lines().filter(|line| !line.starts_with("name:")).collect::<Vec<_>>().join("\n")
}

#[test]
fn files_that_belong_together() {
    let text = proposal(&[
        ("Export 1.csv", b"Customer No,Name,Name 2,Satisfaction\n7,Ann,x,4\n8,Bob,y,\n9,Eve,z,5\n"),
        ("sales.csv", b"id,cust,when,net amount,profit\n1,7,2025-01-01,10.00,1.00\n2,8,2025-12-31,5.00,2.00\n"),
        ("prices.csv", b"sku,list\nA1,4.00\n"),
    ]);
    for line in [
        "key: customer_no      # no two rows have the same",
        "customer: cust   # 2 customers in it, all in `export_1`",
        "name_2: text",
        "qualitative: [Satisfaction]",
        "# prices.csv is not used: no column of it names the customer.",
        "satisfied: {low: develop, high: keep}",
        "net_amount: \"net amount\"",
    ] {
        assert!(text.lines().any(|l| l.trim() == line), "no line {line:?} in\n{text}");
    }
}

#[test]
fn names_that_are_taken_get_a_number() {
    let customers = b"customer_id,revenue,behaviour,year\nc1,5,x,2\nc2,6,y,3\n";
    let orders = b"customer_id,order_date,amount\nc1,2025-01-01,10.00\nc2,2025-03-31,5.00\n";
    let text = proposal(&[("customers.csv", customers), ("revenue.csv", orders)]);
    assert!(text.contains("  revenue_2:\n"), "{text}");
}

#[track_caller]
fn refused(name: &str, content: &[u8], says: &str) {
    let (_folder, paths) = folder(&[(name, content)]);
    let findings = survey(&paths).unwrap_err();
    let said: Vec<String> = findings.iter().map(|d| format!("{} {}", d.message, d.help.join(" "))).collect();
    assert!(said.iter().any(|text| text.contains(says)), "{said:?}");
}

#[test]
fn odd_files() {
    refused("orders.csv", b"", "the file is empty");
    refused("orders.csv", b"\n", "the file");
    refused("orders.csv", b"customer,day\n", "a header and no rows");
    refused("orders.csv", b"a,a\n1,2\n", "names `a` twice");
    refused("orders.csv", b"customer,name\n1,a,b\n", "has 3 fields, the header has 2");
    refused("orders.csv", b"x,y\n1,2\n", "no column of the file names the customer");
    refused("orders.parquet", b"x", "not a Parquet file");
    check("\u{feff}customer,order_date,amount\r\na,2025-01-01,5\r\n", &["amount: money"]);
    check("customer,order date,amount\na,45992,5\nb,45993,6\n", &["order_date: \"order date\""]);
    let serial = proposal(&[("orders.csv", b"customer,date,amount\na,45992,5\nb,45991,6\n")]);
    assert!(serial.contains("45992 would be 2025-12-01"), "{serial}");
    check("customer,,amount\na,1,5\n", &["amount: money"]);
    check(
        "klant,datum,prijs in €,größe\na,2025-01-01,5.00,1\na,2025-01-02,5.00,1\n",
        &["prijs_in: \"prijs in €\"", "größe: integer"],
    );
}

#[test]
fn json_lines_are_read_too() {
    let text = proposal(&[(
        "orders.ndjson",
        b"{\"customer\":\"a\",\"amount\":5.25,\"day\":\"2025-01-01\"}\n{\"customer\":\"b\",\"amount\":7}\n{\"customer\":\"b\",\"amount\":1,\"day\":\"2025-01-01\",\"new\":true}\n",
    )]);
    for line in ["new: boolean?", "amount: money", "file: orders.ndjson  # 3 rows"] {
        assert!(text.lines().any(|l| l.trim() == line), "no line {line:?} in\n{text}");
    }
}
