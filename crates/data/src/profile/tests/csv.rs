//! The variants of CSV files.

use super::{CUSTOMERS, Case, METRICS, ORDERS, assert_sound};

const PEOPLE: &str = "id,name,score\nb,Bo,3\na,Al,\nc,,5\n";

#[test]
fn prospects_stay_and_keys_are_sorted() {
    let case = Case::usual(PEOPLE, "id,day,amount,n\nb,2025-12-31,10.50,1\nb,2020-01-01,3,\na,2026-01-01,-1,2\n");
    let base = case.base();
    assert_sound(&case, &base);
    assert_eq!(case.column(&base, "id"), ["a", "b", "c"]);
    assert_eq!(case.column(&base, "revenue"), ["-1.00", "10.50", "0.00"]);
    assert_eq!(case.column(&base, "orders_ever"), ["1", "2", "0"]);
    assert!(base.findings.is_empty());
    assert_eq!(
        base.source_counts.iter().map(|r| (r.source.as_str(), r.rows)).collect::<Vec<_>>(),
        [("customers", 3), ("orders", 3)]
    );
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_skipped() {
    let orders = "\u{feff}id,day,amount,n\r\nb,2025-12-31,10.50,1\r\n\r\nb,2025-12-31,1,1\r\n";
    let case = Case::usual("\u{feff}\"id\",name,score\r\nb,\"Bo, the 2nd\",3\r\n", orders);
    assert_eq!(case.column(&case.base(), "revenue"), ["11.50"]);
}

#[test]
fn carriage_returns_alone_end_records_too() {
    let case = Case::usual("id,name,score\rb,Bo,3\r\ra,Al,\rc,,5\r", "id,day,amount,n\rb,2025-12-31,10.50,1\r");
    assert_eq!(case.column(&case.base(), "revenue"), ["0.00", "10.50", "0.00"]);
    // Other line ends are mixed in, after a header in quotes.
    let orders =
        "\"id\",day,amount,n\nb,2025-12-31,1,1\ra,2025-12-31,2,1\r\nb,2025-12-31,\"4\",1\r\r\na,2025-12-31,8,1";
    let case = Case::usual(PEOPLE, orders);
    let base = case.base();
    assert_sound(&case, &base);
    assert_eq!(case.column(&base, "revenue"), ["10.00", "5.00", "0.00"]);
    assert_eq!(base.source_counts.iter().map(|r| r.rows).collect::<Vec<_>>(), [3, 4]);
}

#[test]
fn a_header_alone_is_an_empty_table() {
    let case = Case::usual(PEOPLE, "id,day,amount,n\n");
    assert_eq!(case.column(&case.base(), "orders_ever"), ["0", "0", "0"]);
    let case = Case::usual("id,name,score", "id,day,amount,n");
    let base = case.base();
    assert_sound(&case, &base);
    assert_eq!(base.rows, 0);
}

#[test]
fn columns_may_stand_anywhere_and_more_may_be_there() {
    let case = Case::usual(PEOPLE, "x,n,amount,id,day,y\n,7,1.5,b,2025-12-31,\"\n\"\n");
    assert_eq!(case.column(&case.base(), "revenue"), ["0.00", "1.50", "0.00"]);
}

#[test]
fn decimal_commas_delimiters_and_texts_for_missing() {
    let sources = format!(
        "{CUSTOMERS}{}    delimiter: \";\"\n    decimal: \",\"\n    quote: \"'\"\n    missing: [NA, \"-\"]\n",
        ORDERS
    );
    let orders = "id;day;amount;n\nb;2025-12-31;'1.234,50';NA\na; 2025-12-31 ; 12,3 ;-\n";
    let files = [("customers.csv", PEOPLE.as_bytes()), ("orders.csv", orders.as_bytes())];
    let metrics = format!("{METRICS}    known: count(orders.n)\n");
    let case = Case::new(&sources, &metrics, &files);
    let base = case.base();
    assert_eq!(case.column(&base, "revenue"), ["12.30", "1234.50", "0.00"]);
    assert_eq!(case.column(&base, "known"), ["0", "0", "0"]);
}

/// Orders of more than the ten megabytes from which a file is split, with one odd record in the middle.
fn large(odd: &str) -> (String, usize) {
    let mut text = String::from("id,day,amount,n,note\n");
    let mut rows = 0;
    while text.len() < 6 << 20 {
        text.push_str("b,2025-12-31,0.01,1,a note that makes the record long enough for the file to grow quickly\n");
        rows += 1;
    }
    text.push_str(odd);
    while text.len() < 12 << 20 {
        text.push_str("b,2025-12-31,0.01,1,a note that makes the record long enough for the file to grow quickly\n");
        rows += 1;
    }
    (text, rows)
}

#[test]
fn a_large_file_is_not_split_inside_a_quoted_field() {
    // The quoted field is most of the file, and its lines look like records.
    let inside = "c,2025-12-31,1000,1,x\n".repeat(200_000);
    // A quotation mark inside a field that is not quoted means nothing, and there is one on either side.
    for odd in [format!("a,2025-12-31,5,1,\"{inside}\"\n"), format!("a,2025-12-31,5,1,\"{inside}\"\"{inside}\"\n")] {
        let (text, rows) = large(&odd);
        let case = Case::usual(PEOPLE, &text);
        assert_eq!(case.column(&case.base(), "orders_ever"), ["1", &rows.to_string(), "0"]);
    }
    let mut text = String::from("id,note,day,amount,n\n");
    let record = format!("a,5\" pipe,2025-12-31,1,1\nb,\"{inside}\",2025-12-31,1,1\na,5\" pipe,2025-12-31,1,1\n");
    text.push_str(&record.repeat(3));
    let case = Case::usual(PEOPLE, &text);
    assert_eq!(case.column(&case.base(), "orders_ever"), ["6", "3", "0"]);
    // Both quotes are on one line, so that the second seems to close the first.
    let line = format!("5\",\"{inside}\",5\"");
    let text = format!("x,note,y,id,day,amount,n\n{}", format!("{line},b,2025-12-31,1,1\n").repeat(3));
    let case = Case::usual(PEOPLE, &text);
    assert_eq!(case.column(&case.base(), "orders_ever"), ["0", "3", "0"]);
}

#[test]
fn a_large_file_with_quotes_is_read_in_parts() {
    let (text, rows) = large("a,2025-12-31,5,1,\"said \"\"so\"\"\"\n");
    let case = Case::usual(PEOPLE, &text);
    let base = case.base();
    assert_eq!(case.column(&base, "orders_ever"), ["1", &rows.to_string(), "0"]);
    assert_eq!(case.column(&base, "revenue")[0], "5.00");
}

#[test]
fn file_names_are_taken_as_they_are() {
    for name in ["a b.csv", "50% #1.csv", "ü?*.csv", "a&b=c+d.csv"] {
        let sources = CUSTOMERS.replace("customers.csv", &format!("\"{name}\""));
        let case = Case::new(&sources, " {x: score}", &[(name, PEOPLE.as_bytes())]);
        assert_eq!(case.base().rows, 3, "{name}");
    }
}

#[test]
fn the_likely_encoding_is_named() {
    for (encoding, name) in [
        ("windows-1252", "Fran\u{e7}ois Lef\u{e8}vre"),
        ("windows-1250", "Ji\u{159}\u{ed} Dvo\u{159}\u{e1}k \u{17d}aneta \u{160}\u{165}astn\u{e1}"),
    ] {
        let text = encoding_rs::Encoding::for_label(encoding.as_bytes()).unwrap().encode(name).0.into_owned();
        let orders = [b"id,day,amount,n\n", text.as_slice(), b",2025-12-31,1,1\n"].concat();
        let errors = Case::new(ORDERS, METRICS, &[("orders.csv", &orders)]).errors();
        assert!(errors.contains(&format!("most likely `encoding: {encoding}`")), "{errors}");
    }
}
