//! Proposals for files as shops, accounting and spreadsheet programs write them. The data are invented.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use accolade_init::{propose, survey};

/// The proposal for one file.
fn proposal(name: &str, content: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    let plan = survey(&[path]).unwrap_or_else(|findings| panic!("{findings:#?}"));
    propose(&plan, &folder.path().join("rules.yaml")).unwrap_or_else(|findings| panic!("{findings:#?}")).text
}

/// Checks that the proposal for a file has lines that begin with each of these texts, whatever the blanks.
#[track_caller]
fn check(name: &str, content: &[u8], expected: &[&str]) {
    let text = proposal(name, content);
    let lines: Vec<String> = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    for line in expected {
        assert!(lines.iter().any(|l| l.starts_with(line)), "no line {line:?} in\n{text}");
    }
}

#[test]
fn a_web_shop_is_rated_by_its_totals_and_not_by_its_refunds() {
    let orders = "Name,Email,Financial Status,Subtotal,Shipping,Taxes,Total,Created at,Refunded Amount\n\
                  #1001,ann@example.com,paid,60.00,4.00,2.00,66.00,2025-03-01,0.00\n\
                  #1002,ann@example.com,paid,40.00,4.00,0.00,44.00,2025-04-02,0.00\n\
                  #1003,bob@example.com,paid,15.00,1.50,0.00,16.50,2025-04-30,0.00\n\
                  #1004,bob@example.com,refunded,99.00,9.90,0.00,108.90,2025-06-30,108.90\n";
    check("orders.csv", orders.as_bytes(), &["customer: Email", "date: created_at", "revenue: sum(orders.Total in "]);
    let text = proposal("orders.csv", orders.as_bytes());
    let words = text.replace('#', "").split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "a guess: `Total` is the amount of a row; it is `Subtotal` + `Shipping` + `Taxes`; the next likeliest is `Subtotal`",
        "where: financial_status not in [\"refunded\"]",
    ] {
        assert!(words.contains(part), "{part}: {text}");
    }
}

#[test]
fn an_amount_without_tax_is_an_amount() {
    let invoices = "Klantnummer;Factuurdatum;Bedrag excl. btw;Btw;Openstaand\nK1;31-12-2024;100,00;21,00;0,00\nK2;15-11-2024;50,50;10,61;61,11\nK1;02-10-2024;20,00;4,20;0,00\n";
    check(
        "facturen.csv",
        invoices.as_bytes(),
        &["decimal: \",\"", "date_order: day_first", "revenue: sum(facturen.bedrag_excl_btw in "],
    );
}

#[test]
fn what_is_taken_off_is_no_revenue() {
    let orders = "Customer;Date;Total incl. tax;Discount amount excl. tax\nA;2025-01-02;10.00;1.00\nB;2025-01-03;20.00;2.00\nB;2025-01-04;5.00;0.00\n";
    check("orders.csv", orders.as_bytes(), &["revenue: sum(orders.total_incl_tax in "]);
}

#[test]
fn codes_are_no_amounts() {
    let orders =
        "customer_id,order_date,amount\nR1001,2025-01-02,10.00\nR1002,2025-01-03,20.00\nR1002,2025-01-04,5.00\n";
    check("orders.csv", orders.as_bytes(), &["customer: customer_id", "customer_id: text", "# currency: EUR"]);
    let sizes = "customer,day,amount,size\nA,2025-01-02,10.00,10 ft\nB,2025-01-03,20.00,large\n";
    check("sizes.csv", sizes.as_bytes(), &["size: text", "# currency: EUR"]);
    let mixed = "customer,day,amount\nA,2025-01-02,$10.50\nB,2025-01-03,€20.50\n";
    check("mixed.csv", mixed.as_bytes(), &["amount: text # amounts in several currencies"]);
}

#[test]
fn three_digits_after_each_point_are_thousands_where_the_file_is_continental() {
    let file = "Klant;Datum;Omzet\nA;28-12-2024;1.250\nA;15-03-2024;4.711\nB;29-02-2024;12.000\nB;01-11-2024;2.500\n";
    check("de.csv", file.as_bytes(), &["decimal: \",\" # a guess: `1.250` is one thousand"]);
    let sep = "sep=;\ncustomer;day;amount\nA;2024-12-28;1,250\nB;2024-12-29;4,711\n";
    check("sep.csv", sep.as_bytes(), &["decimal: \",\" # a guess"]);
    let small = "customer;day;amount\nA;2024-12-28;0,125\nB;2024-12-29;0,250\nB;2024-12-30;0,500\n";
    check("small.csv", small.as_bytes(), &["decimal: \",\""]);
    let plain = "customer,day,amount\nA,2024-12-28,1.250\nB,2024-12-29,4.711\nB,2024-11-29,2.500\n";
    check("us.csv", plain.as_bytes(), &["decimal: \".\" # a guess: `1.250` is one and a quarter"]);
    let sure = "customer,day,amount\nA,2024-12-28,1.250\nB,2024-12-29,4.7\n";
    assert!(!proposal("us.csv", sure.as_bytes()).contains("decimal"));
}

#[test]
fn a_title_is_no_header() {
    let file = "Sales by customer\nPeriod: 1/1/2025 - 12/31/2025\n\nCustomer,Invoice date,Amount\nAlder,2025-03-01,1250.50\nBirch,2025-02-28,0.10\nAlder,2025-06-01,99.99\n";
    check(
        "sales.csv",
        file.as_bytes(),
        &["header_row: 4 # the rows above it are a title", "customer: Customer", "date: invoice_date"],
    );
    let sheet = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/exports/title.xlsx");
    check(
        "title.xlsx",
        &std::fs::read(sheet).unwrap(),
        &["header_row: 4", "customer: Customer", "revenue: sum(title.Amount in "],
    );
}

#[test]
fn numbers_that_another_program_wrote_as_floats() {
    let ids =
        "CustomerID,InvoiceDate,Amount\n17850.0,2025-03-01,10.00\n17850.0,2025-04-01,20.00\n13047.0,2025-04-03,5.00\n";
    check("ids.csv", ids.as_bytes(), &["customer: CustomerID", "CustomerID: integer # whole numbers"]);
    let amounts = "customer,day,amount\nA,2025-01-01,107.60000000000001\nA,2025-01-02,63.12\nB,2025-01-03,19.990000000000002\nB,2025-02-03,7\n";
    check(
        "f.csv",
        amounts.as_bytes(),
        &["amount: money # amounts such as 107.60000000000001", "revenue: sum(f.amount in "],
    );
    let answers = "customer,answered,nps\na,2025-03-01,10.0\nb,2025-03-02,\nc,2025-03-05,7.0\nd,2025-03-05,0.0\n";
    check("nps.csv", answers.as_bytes(), &["nps: integer? 0..10"]);
}

#[test]
fn amounts_with_currencies_brackets_and_groups() {
    let file = "customer;day;amount\nA;2025-01-01;€ 1.250,00\nA;2025-01-02;(€ 63,12)\nB;2025-01-03;€ 2\u{a0}100,50\nB;2025-02-03;€ 7,-\n";
    check("p.csv", file.as_bytes(), &["currency: EUR", "decimal: \",\"", "amount: money", "revenue: sum(p.amount in "]);
    let brackets = "customer,day,amount\nA,2025-01-01,\"1,250.00\"\nA,2025-01-02,(63.12)\nB,2025-01-03,\"2,100.50\"\nB,2025-02-03,\"(1,000.00)\"\n";
    check("p.csv", brackets.as_bytes(), &["amount: money", "revenue: sum(p.amount in "]);
}

#[test]
fn a_day_far_after_the_others_is_doubted() {
    let file = "customer,day,amount\nK1,2025-03-01,10.00\nK1,2025-05-02,20.00\nK2,2025-04-05,30.00\nK2,2025-06-01,12.00\nK3,2052-04-06,40.00\n";
    check(
        "fut.csv",
        file.as_bytes(),
        &["as_of: 2052-04-06 # a mistake? The last day in the data, but the one before it is 2025-06-01"],
    );
}

#[test]
fn texts_that_are_not_utf8() {
    check(
        "latin.csv",
        b"klant;datum;bedrag\nAndr\xe9;31-12-2024;4,95\nBob;30-12-2024;5,95\nBob;29-12-2024;7,00\n",
        &["encoding: windows-1252 # a guess", "delimiter: \";\""],
    );
}

#[test]
fn a_total_below_the_rows_is_no_customer() {
    let file =
        "Klant;Datum;Bedrag\nAlder;01-02-2025;5,50\nBirch;15-02-2025;7,25\nAlder;28-02-2025;1,00\nTotaal;;13,75\n";
    check(
        "omzet.csv",
        file.as_bytes(),
        &["file: omzet.csv # 3 rows", "# Row 5 is the total below the data.", "where: Datum is not missing"],
    );
    let dated = "customer,day,amount\nA,2025-01-01,5.00\nB,2025-01-02,7.00\nA,2025-01-03,1.00\n,2025-01-31,13.00\n";
    check("dated.csv", dated.as_bytes(), &["file: dated.csv # 3 rows", "where: customer is not missing"]);
}

#[test]
fn the_amount_that_is_the_others_together_is_the_total() {
    let file = "customer,day,x,y,z\nA,2025-01-01,10.00,2.10,12.10\nB,2025-01-02,20.00,4.20,24.20\nA,2025-02-03,5.00,1.05,6.05\n";
    check(
        "f.csv",
        file.as_bytes(),
        &["revenue: sum(f.z in month) # a guess: `z` is the amount of a row; it is `x` + `y`"],
    );
}

#[test]
fn deals_count_when_they_are_won_and_sales_unless_they_are_cancelled() {
    let deals =
        "client,closed,amount,phase\nA,2025-01-01,10.00,Won\nB,2025-01-02,20.00,Proposal\nA,2025-02-03,5.00,Lost\n";
    check("deals.csv", deals.as_bytes(), &["where: phase in [\"Won\"]"]);
    let orders = "client,day,amount,status\nA,2025-01-01,10.00,paid\nB,2025-01-02,20.00,partially_refunded\nA,2025-02-03,5.00,voided\n";
    check("orders.csv", orders.as_bytes(), &["where: status not in [\"voided\"]"]);
    let marked = "client,day,amount,is_test\nA,2025-01-01,10.00,no\nB,2025-01-02,20.00,yes\nA,2025-02-03,5.00,no\n";
    check("orders.csv", marked.as_bytes(), &["where: not is_test"]);
}
