//! `where:` of a source, and keys that are computed from its columns.

use proptest::prelude::*;
use rust_xlsxwriter::{Formula, Workbook};

use super::{Case, METRICS, assert_sound};

const PEOPLE: &str = "
  customers:
    file: customers.csv
    key: lower(trim(mail))
    where: land = \"NL\"
    columns: {mail: text, land: text?, score: integer? 1..5}
";

const SALES: &str = "
  orders:
    file: orders.csv
    customer: lower(trim(mail))
    date: day
    where: status = \"paid\" and amount != 0 and mail is not missing
    columns: {mail: text, day: date, status: text?, amount: money}
";

fn case(customers: &str, orders: &str) -> Case {
    let files = [("customers.csv", customers.as_bytes()), ("orders.csv", orders.as_bytes())];
    Case::new(&format!("{PEOPLE}{SALES}"), METRICS, &files)
}

const PAID: &str = "mail,day,status,amount\n";

#[test]
fn rows_that_do_not_meet_the_condition_are_counted_and_not_checked() {
    let case = case(
        "mail,land,score\nB@x ,NL,3\nc@x,BE,9\na@x,NL,\n,DE,\n",
        "mail,day,status,amount\nb@x,2025-12-31,paid,10.50\n B@X,2025-12-30,paid,1\nb@x,when?,open,7\n,soon,open,1\na@x,2025-12-30,paid,0\n\
         c@x,2025-12-30,paid,5\n,2025-12-30,paid,5\n",
    );
    let base = case.base();
    assert_sound(&case, &base);
    assert_eq!(case.column(&base, "mail"), ["a@x", "b@x"]);
    assert_eq!(case.column(&base, "revenue"), ["0.00", "11.50"]);
    let counts: Vec<_> = base.source_counts.iter().map(|r| (r.rows, r.rejected, r.left_out)).collect();
    assert_eq!(counts, [(2, 0, 2), (3, 0, 4)]);
    assert!(base.findings.is_empty(), "{:?}", base.findings);
}

#[test]
fn a_condition_that_is_neither_true_nor_false_is_told() {
    let case = case("mail,land,score\na@x,NL,\nb@x,,\n", &format!("{PAID}a@x,2025-12-30,,5\na@x,2025-12-30,paid,5\n"));
    let base = case.base();
    assert_eq!(case.column(&base, "revenue"), ["5.00"]);
    assert_eq!(
        case.plain(&base.findings),
        "W0702 the `where` of `customers` is neither true nor false for 1 row, which it leaves out [say what a missing value means with `is missing` or `or else`]\n\
         W0702 the `where` of `orders` is neither true nor false for 1 row, which it leaves out [say what a missing value means with `is missing` or `or else`]\n"
    );
}

#[test]
fn what_the_condition_needs_must_be_readable() {
    let wrong = case("mail,land,score\na@x,NL,\n", &format!("{PAID}a@x,2025-12-30,open,much\n")).errors();
    assert!(wrong.starts_with("E0703 orders.csv:2 amount: "), "{wrong}");
}

#[test]
fn keys_are_those_that_are_computed() {
    let people = "mail,land,score\na@x,NL,\n";
    let twice = case("mail,land,score\na@x,NL,\nb@x,NL,\nA@x ,NL,1\n", PAID).errors();
    assert_eq!(
        twice,
        "E0706 customers.csv:4: customer \"a@x\" is in the file twice [keep one row for each customer; the first is row 2]\n"
    );
    // A row that is left out does not take the key of one that is read.
    let case_of_two = case("mail,land,score\na@x,BE,\nA@x ,NL,1\n", PAID);
    assert_eq!(case_of_two.column(&case_of_two.base(), "mail"), ["a@x"]);
    let missing = case("mail,land,score\n,NL,\n", PAID).errors();
    assert!(missing.starts_with("E0705 customers.csv:2 mail: "), "{missing}");
    // A blank mail is a text, and gives an empty key, which is one.
    let unknown = case(people, &format!("{PAID}Z@x,2025-12-30,paid,5\n")).errors();
    assert!(unknown.starts_with("E0707 orders.csv:2: customer \"z@x\" is not in the customers table"), "{unknown}");
}

#[test]
fn rows_that_are_read_and_wrong_are_rejected_alone() {
    let orders = format!("{PAID}a@x,soon,open,5\na@x,soon,paid,5\nA@x,2025-12-30,paid,5\nb@x,2025-12-30,paid,5\n");
    let case = case("mail,land,score\na@x,NL,9\nA@X,NL,1\nb@x,BE,9\n", &orders).reporting();
    let base = case.base();
    let counts: Vec<_> = base.source_counts.iter().map(|r| (r.rows, r.rejected, r.left_out)).collect();
    assert_eq!(counts, [(1, 1, 1), (2, 1, 1)]);
    assert_eq!(case.column(&base, "revenue"), ["5.00"]);
    assert!(case.read_file("orders.2026-01-01.rejected.csv").contains("soon,paid"));
}

#[test]
fn the_rejects_of_an_earlier_run_go_where_only_rows_that_are_left_out_are_wrong() {
    let rejects = "orders.2026-01-01.rejected.csv";
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let rows = [["mail", "day", "status", "amount"], ["a@x", "2025-12-30", "paid", "5"], ["a@x", "", "open", "5"]];
    for (cells, row) in rows.iter().zip(0..) {
        sheet.write_row(row, 0, *cells).unwrap();
    }
    sheet.write_formula(2, 1, Formula::new("=NA()").set_result("#N/A")).unwrap();
    let orders = book.save_to_buffer().unwrap();
    let files = [
        ("customers.csv", b"mail,land,score\na@x,NL,1\n".as_slice()),
        ("orders.xlsx", orders.as_slice()),
        (rejects, b"row,reason\n"),
    ];
    let sources = format!("{PEOPLE}{}", SALES.replace("orders.csv", "orders.xlsx"));
    let case = Case::new(&sources, METRICS, &files).reporting();
    let base = case.base();
    assert_eq!(case.column(&base, "revenue"), ["5.00"]);
    assert_eq!((base.source_counts[1].rejected, base.source_counts[1].left_out), (0, 1));
    assert!(!case.folder.path().join(rejects).exists());
}

/// A key, its spelling, a status and an amount.
type Row = (String, usize, &'static str, i32);

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let status = prop::sample::select(vec!["paid", "open", ""]);
    prop::collection::vec(("[a-e]", 0..4usize, status, -2..3i32), 0..40)
}

fn spelled(key: &str, spelling: usize) -> String {
    [key.to_owned(), key.to_uppercase(), format!(" {key}"), format!("{} ", key.to_uppercase())][spelling].clone()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// A source with a condition and a computed key gives what a file gives from which the rows were taken by hand.
    #[test]
    fn a_selection_is_a_file_with_the_rows_taken_out(
        rows in rows(),
        lands in prop::collection::vec(prop::sample::select(vec!["NL", "BE", ""]), 5),
        in_json in any::<bool>(),
        threads in 1..3usize,
        batch_size in 1..9usize,
    ) {
        let keys = ["a", "b", "c", "d", "e"];
        let people: String = keys.iter().zip(&lands).enumerate().map(|(i, (key, land))| format!("{},{land},1\n", spelled(key, i % 4))).collect();
        let orders: String = rows.iter().map(|(key, spelling, status, amount)| format!("{},2025-06-01,{status},{amount}\n", spelled(key, *spelling))).collect();
        let mut selected = case(&format!("mail,land,score\n{people}"), &format!("{PAID}{orders}"));
        if in_json {
            let lines: String = rows.iter().map(|(key, spelling, status, amount)| {
                let status = if status.is_empty() { "null".to_owned() } else { format!("\"{status}\"") };
                format!("{{\"mail\":\"{}\",\"day\":\"2025-06-01\",\"status\":{status},\"amount\":{amount}}}\n", spelled(key, *spelling))
            }).collect();
            std::fs::write(selected.folder.path().join("orders.ndjson"), lines).unwrap();
            selected.inputs.locations[1] = selected.folder.path().join("orders.ndjson").into();
        }
        (selected.inputs.threads, selected.inputs.batch_size) = (threads, batch_size);
        let base = selected.base();
        assert_sound(&selected, &base);
        let read = |key: &str| keys.iter().zip(&lands).any(|(k, land)| *k == key && *land == "NL");
        let counts = |(key, _, status, amount): &&Row| read(key) && *status == "paid" && *amount != 0;
        for (row, key) in selected.column(&base, "mail").iter().enumerate() {
            let own: Vec<&Row> = rows.iter().filter(counts).filter(|(of, ..)| of == key).collect();
            prop_assert!(read(key));
            prop_assert_eq!(&selected.column(&base, "orders_ever")[row], &own.len().to_string());
            let sum: i32 = own.iter().map(|(.., amount)| amount).sum();
            prop_assert_eq!(&selected.column(&base, "revenue")[row], &format!("{sum}.00"));
        }
        prop_assert_eq!(base.rows, lands.iter().filter(|land| **land == "NL").count());
        let paid = rows.iter().filter(|(_, _, status, amount)| *status == "paid" && *amount != 0).count() as u64;
        prop_assert_eq!((base.source_counts[1].rows, base.source_counts[1].left_out), (paid, rows.len() as u64 - paid));
    }
}
