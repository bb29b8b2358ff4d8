//! Headers of several names, and headers that name a column twice.

use super::Case;

const METRICS: &str = "\n    revenue: sum(orders.amount)\n    n: count(orders)\n";

/// Orders in `file`, whose column `amount` was renamed.
fn renamed(file: &str, files: &[(&str, &[u8])]) -> Case {
    let columns = "columns: {id: text, day: date, amount: money}";
    let headers = "headers: {amount: [amount, net_amount]}";
    Case::new(&format!("\n  orders: {{file: {file}, customer: id, date: day, {headers}, {columns}}}"), METRICS, files)
}

const JUNE: &[u8] = b"id,day,amount,note\na,2025-06-01,1,x\nb,2025-06-02,2,y\n";
const JULY: &[u8] = b"note,net_amount,day,id\nz,10,2025-07-01,a\n";

#[test]
fn a_renamed_column_is_read_from_files_of_both_names() {
    let case = renamed("orders/", &[("orders/june.csv", JUNE), ("orders/july.csv", JULY)]);
    assert_eq!(case.table(&case.base()), ["a|11.00|2", "b|2.00|1"]);
    let case = renamed("july.csv", &[("july.csv", JULY)]);
    assert_eq!(case.table(&case.base()), ["a|10.00|1"]);
}

#[test]
fn bad_rows_of_renamed_columns_keep_their_place() {
    let july = b"note,net_amount,day,id\nz,10,2025-07-01,a\nz,x,2025-07-02,a\n";
    let case = renamed("orders/", &[("orders/june.csv", JUNE), ("orders/july.csv", july)]).reporting();
    assert_eq!(case.column(&case.base(), "revenue"), ["11.00", "2.00"]);
    let rejected = case.read_file("orders.2026-01-01.rejected.csv");
    let fields: Vec<&str> = rejected.lines().nth(1).unwrap().split(',').collect();
    assert!(fields.contains(&"x") && rejected.contains("july.csv:3"), "{rejected}");
    assert!(rejected.lines().next().unwrap().contains(",amount"), "{rejected}");
}

#[test]
fn a_file_has_one_of_the_headers() {
    let both = b"id,day,amount,net_amount\na,2025-07-01,1,1\n";
    let errors = renamed("o.csv", &[("o.csv", both)]).errors();
    let expected = "E0715 o.csv:1: the header names `amount` and `net_amount`, which are both `amount` \
                    [take one of the two out of the file, or out of `headers:`]\n";
    assert_eq!(errors, expected);
    let errors = renamed("o.csv", &[("o.csv", b"id,day,total\na,2025-07-01,1\n")]).errors();
    assert!(errors.starts_with("E0702 o.csv amount: the file has no column `amount` or `net_amount`"), "{errors}");
}

#[test]
fn an_object_has_one_of_the_keys() {
    let june = "{\"id\":\"a\",\"day\":\"2025-06-01\",\"amount\":1}\n";
    let july = "{\"net_amount\":10.5,\"id\":\"a\",\"day\":\"2025-07-01\"}\n";
    let case = renamed("o.ndjson", &[("o.ndjson", format!("{june}{july}").as_bytes())]);
    assert_eq!(case.table(&case.base()), ["a|11.50|2"]);
    let both = "{\"id\":\"a\",\"day\":\"2025-06-01\",\"amount\":1,\"net_amount\":1}\n";
    let errors = renamed("o.ndjson", &[("o.ndjson", format!("{june}{both}").as_bytes())]).errors();
    assert_eq!(errors, "E0708 o.ndjson:2: the line has the keys `amount` and `net_amount`, which are one column\n");
    let neither = "{\"id\":\"a\",\"day\":\"2025-06-01\",\"total\":1}\n".repeat(2);
    let errors = renamed("o.ndjson", &[("o.ndjson", neither.as_bytes())]).errors();
    assert!(errors.starts_with("E0702 o.ndjson amount: no line of the file has `amount` or `net_amount`"), "{errors}");
}

#[test]
fn two_columns_may_read_one_header() {
    let source = |file: &str| {
        format!(
            "\n  orders: {{file: {file}, customer: id, headers: {{net: [amount, net], gross: [amount, net]}}, \
             columns: {{id: text, net: money, gross: number}}}}"
        )
    };
    let metrics = "\n    net: sum(orders.net)\n    gross: max(orders.gross)\n";
    let files: [(&str, &[u8]); 3] = [
        ("o/1.csv", b"id,amount\na,1\n"),
        ("o/2.csv", b"net,id\n2,a\n"),
        ("o.ndjson", b"{\"id\":\"a\",\"amount\":1}\n{\"id\":\"a\",\"net\":2}\n"),
    ];
    for file in ["o/", "o.ndjson"] {
        let case = Case::new(&source(file), metrics, &files);
        assert_eq!(case.table(&case.base()), ["a|3.00|2"], "{file}");
    }
}

#[test]
fn only_columns_that_are_read_need_a_name_of_their_own() {
    let orders = b"id,day,note,amount,note\na,2025-06-01,x,1,y\n";
    let case = renamed("o.csv", &[("o.csv", orders)]);
    assert_eq!(case.table(&case.base()), ["a|1.00|1"]);
    let case = renamed("o/", &[("o/1.csv", orders), ("o/2.csv", JULY)]).reporting();
    assert_eq!(case.table(&case.base()), ["a|11.00|2"]);
    let errors = renamed("o.csv", &[("o.csv", b"id,day,amount,amount\na,2025-06-01,1,1\n")]).errors();
    assert_eq!(errors, "E0715 o.csv:1: the header names `amount` twice [give every column its own name]\n");
    // The line of the header is the one it stands on.
    let errors = renamed("o.csv", &[("o.csv", b"sep=;\nid;day;amount;amount\na;2025-06-01;1;1\n")]).errors();
    assert!(errors.starts_with("E0715 o.csv:2: "), "{errors}");
}

#[test]
fn a_fault_of_many_files_is_said_once() {
    let names: Vec<String> = (10..40).map(|day| format!("o/{day}.csv")).collect();
    let lacking: Vec<(&str, &[u8])> =
        names.iter().map(|name| (name.as_str(), &b"id,day,total\na,2025-06-01,1\n"[..])).collect();
    let errors = renamed("o/", &lacking).errors();
    assert_eq!(errors.lines().count(), 1, "{errors}");
    assert!(errors.starts_with("E0702 o/10.csv amount: the file has no column `amount` or `net_amount` "), "{errors}");
    assert!(errors.ends_with("[30 of 30 files have this fault: 10.csv, 11.csv, 12.csv and 27 more]\n"), "{errors}");
    let mut mixed = lacking.clone();
    mixed[0].1 = JUNE;
    mixed[29].1 = b"";
    let errors = renamed("o/", &mixed).errors();
    assert_eq!(errors.lines().count(), 2, "{errors}");
    assert!(errors.contains("28 of 30 files have this fault: 11.csv") && errors.contains("E0715 o/39.csv"), "{errors}");
    // Faults in rows.
    let bad: Vec<(&str, &[u8])> =
        names.iter().map(|name| (name.as_str(), &b"id,day,amount\na,2025-06-01,x\n"[..])).collect();
    let errors = renamed("o/", &bad).errors();
    assert_eq!(errors.lines().count(), 4, "{errors}");
    let rest = "27 more problems in `orders`; 30 files have problems: 10.csv, 11.csv, 12.csv and 27 more";
    assert!(errors.contains(rest), "{errors}");
}
