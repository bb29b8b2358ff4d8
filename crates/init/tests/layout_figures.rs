//! The figures of proposals for the layouts of common products, against figures computed from the fixtures here.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use crate::support::Proposed;

/// The cells of a row by header.
type Row = HashMap<String, String>;

/// What is known of a layout.
struct Layout {
    files: &'static [&'static str],
    delimiter: u8,
    /// Whether a row is a sale.
    is_sale: fn(&Row) -> bool,
    /// The columns whose product is the amount of a row.
    amount: &'static [&'static str],
    order: &'static str,
    /// Whether amounts below zero are no orders.
    credits: bool,
}

const COMMA: Layout = Layout { files: &[], delimiter: b',', is_sale: |_| true, amount: &[], order: "", credits: false };

fn in_one_of(row: &Row, column: &str, texts: &[&str]) -> bool {
    texts.contains(&row[column].as_str())
}

/// An amount in 0.0001; zero for an empty cell.
fn amount(text: &str) -> i128 {
    let text = text.trim_start_matches('€').replace(',', ".");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    format!("{whole}{fraction:0<4}").parse().unwrap_or(0)
}

#[track_caller]
fn check(name: &str, layout: &Layout) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/layouts").join(name);
    let files: Vec<(&str, Vec<u8>)> =
        layout.files.iter().map(|file| (*file, std::fs::read(folder.join(file)).unwrap())).collect();
    let orders = &files[0].1;
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(layout.delimiter)
        .from_reader(orders.strip_prefix(b"\xef\xbb\xbf").unwrap_or(orders));
    let rows: Vec<Row> = reader.deserialize().map(Result::unwrap).collect();
    let size = |row: &Row| layout.amount.iter().fold(10_000, |all, column| all * amount(&row[*column]) / 10_000);
    let sales: Vec<&Row> = rows.iter().filter(|row| (layout.is_sale)(row)).collect();
    let revenue: i128 = sales.iter().map(|row| size(row)).sum();
    let numbers: BTreeSet<&str> =
        sales.iter().filter(|row| !layout.credits || size(row) > 0).map(|row| row[layout.order].as_str()).collect();
    let proposed = Proposed::of(&files.iter().map(|(name, content)| (*name, content.as_slice())).collect::<Vec<_>>());
    let run = proposed.run_over_all_time();
    let found = (run.sum("revenue"), run.sum("order_count") / 10_000);
    assert_eq!(found, (revenue, numbers.len() as i128), "{}", proposed.text);
    assert!(!format!("{:?}", run.outcome.findings).contains("W0702"), "{:?}", run.outcome.findings);
}

#[test]
fn shopify() {
    check(
        "shopify",
        &Layout {
            files: &["orders_export.csv"],
            is_sale: |row| {
                in_one_of(row, "Financial Status", &["paid", "partially_refunded"]) && row["Cancelled at"].is_empty()
            },
            amount: &["Total"],
            order: "Name",
            ..COMMA
        },
    );
}

#[test]
fn woocommerce() {
    check(
        "woocommerce",
        &Layout {
            files: &["orders.csv"],
            is_sale: |row| in_one_of(row, "Status", &["completed", "processing"]),
            amount: &["N. Revenue (formatted)"],
            order: "Order #",
            ..COMMA
        },
    );
}

#[test]
fn woocommerce_items() {
    check(
        "woocommerce-items",
        &Layout {
            files: &["orders.csv"],
            is_sale: |row| row["status"] == "completed",
            amount: &["item_total"],
            order: "order_id",
            ..COMMA
        },
    );
}

#[test]
fn stripe() {
    check(
        "stripe",
        &Layout {
            files: &["unified_payments.csv"],
            is_sale: |row| row["Status"] == "Paid",
            amount: &["Amount"],
            order: "id",
            ..COMMA
        },
    );
}

#[test]
fn magento() {
    check(
        "magento",
        &Layout {
            files: &["sales_order_grid.csv"],
            is_sale: |row| row["Status"] != "canceled",
            amount: &["Grand Total (Base)"],
            order: "ID",
            ..COMMA
        },
    );
}

#[test]
fn exact_online() {
    check(
        "exact-online",
        &Layout {
            files: &["SalesInvoices.csv"],
            delimiter: b';',
            amount: &["AmountFCExclVat"],
            order: "InvoiceNumber",
            credits: true,
            ..COMMA
        },
    );
}

#[test]
fn afas() {
    check(
        "afas",
        &Layout {
            files: &["Facturen.csv", "Debiteuren.csv"],
            delimiter: b';',
            amount: &["Bedrag excl. btw"],
            order: "Factuurnummer",
            ..COMMA
        },
    );
}

#[test]
fn odoo() {
    check(
        "odoo",
        &Layout {
            files: &["sale.order.csv"],
            is_sale: |row| row["Status"] == "Sales Order",
            amount: &["Untaxed Amount"],
            order: "Order Reference",
            ..COMMA
        },
    );
}

#[test]
fn hubspot() {
    check(
        "hubspot",
        &Layout {
            files: &["all-deals.csv", "all-contacts.csv"],
            is_sale: |row| row["Deal Stage"] == "Closed Won",
            amount: &["Amount"],
            order: "Record ID",
            ..COMMA
        },
    );
}

/// Three rows have no customer.
#[test]
fn pandas() {
    check(
        "pandas",
        &Layout {
            files: &["online_retail.csv"],
            is_sale: |row| !row["CustomerID"].is_empty(),
            amount: &["Quantity", "UnitPrice"],
            order: "InvoiceNo",
            credits: true,
            ..COMMA
        },
    );
}
