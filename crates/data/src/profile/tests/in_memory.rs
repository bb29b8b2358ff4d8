//! Rows in memory are read like the same rows of a file.

use std::sync::Arc;

use accolade_core::location::{Location, MemoryTable};

use super::{CUSTOMERS, Case, METRICS, ORDERS};

const PEOPLE: &str = "id,name,score\nb,Bo,3\na,Al,\n";

/// The rows of a CSV text without quotes; an empty field is a missing value.
fn rows(name: &str, text: &str) -> Location {
    let mut lines = text.lines().map(|line| line.split(','));
    let header = lines.next().into_iter().flatten().map(str::to_owned).collect();
    let text = |field: &str| Some(field.to_owned()).filter(|text| !text.is_empty());
    let rows = lines.map(|fields| fields.map(text).collect()).collect();
    Location::Memory(Arc::new(MemoryTable { name: name.to_owned(), header, rows }))
}

/// The usual sources, with rows in memory instead of files.
fn in_memory(sources: &str, customers: &str, orders: &str) -> Case {
    let mut case = Case::new(sources, METRICS, &[]);
    case.inputs.locations = vec![rows("customers.csv", customers), rows("orders.csv", orders)];
    case
}

fn usual(customers: &str, orders: &str) -> Case {
    in_memory(&format!("{CUSTOMERS}{ORDERS}"), customers, orders)
}

#[test]
fn rows_give_what_a_file_gives() {
    let orders: String = (0..10_000).map(|i| format!("{},2025-12-31,{i},1\n", ["a", "b"][i % 2])).collect();
    let orders = format!("id,day,amount,n\n{orders}");
    let (case, file) = (usual(PEOPLE, &orders), Case::usual(PEOPLE, &orders));
    let (base, of_file) = (case.base(), file.base());
    assert_eq!(case.table(&base), file.table(&of_file));
    assert_eq!((base.rows, base.source_counts), (2, of_file.source_counts));
}

#[test]
fn findings_are_those_of_a_file() {
    for (customers, orders) in [
        ("id,name,score\nb,Bo,6\na,,x\nb,Bob,4\n,No,1\n", "id,day,amount,n\n"),
        (PEOPLE, "id,day,amount,n\nb,31-12-2025,10,1\nz,2025-12-31,x,1.5\nb,,,\n"),
        (PEOPLE, "id,day,id,amount,n\n"),
    ] {
        assert_eq!(usual(customers, orders).errors(), Case::usual(customers, orders).errors());
    }
    let orders: String = (0..100).map(|i| format!("b,2025-12-31,x{i},1\n")).collect();
    let orders = format!("id,day,amount,n\n{orders}");
    assert_eq!(usual(PEOPLE, &orders).errors(), Case::usual(PEOPLE, &orders).errors());
}

#[test]
fn a_column_that_the_header_lacks_is_missing_from_every_row() {
    let case = usual("id\nb\n", "id,day\nb,2025-12-31\n");
    let base = case.base();
    assert_eq!(case.column(&base, "revenue"), ["0.00"]);
    assert_eq!(case.column(&base, "orders_ever"), ["1"]);
    // The customer and the date of an event are required.
    let errors = usual("id\nb\n", "amount\n10\n").errors();
    let lines: Vec<&str> = errors.lines().collect();
    assert_eq!(lines.len(), 2, "{errors}");
    assert!(lines[0].starts_with("E0705 orders.csv:2 id: ") && lines[1].starts_with("E0705 orders.csv:2 day: "));
}

#[test]
fn the_format_of_a_file_does_not_count() {
    let format = "    decimal: \",\"\n    missing: [b]\n    headers: {id: Nummer}\n";
    let sources = format!("{CUSTOMERS}{format}{ORDERS}{format}");
    let case = in_memory(&sources, PEOPLE, "id,day,amount,n\nb,2025-12-31,1.5,1\n");
    let base = case.base();
    assert_eq!(case.column(&base, "revenue"), ["0.00", "1.50"]);
}

#[test]
fn a_row_has_a_value_for_every_column() {
    let errors = usual(PEOPLE, "id,day,amount,n\nb,2025-12-31,1\nb,2025-12-31,1,1\n").errors();
    assert_eq!(errors, "E0708 orders.csv:2: the row has 3 values, the header has 4\n");
}
