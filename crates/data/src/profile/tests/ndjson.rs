//! NDJSON files.

use super::{CUSTOMERS, Case, METRICS, ORDERS};

const PEOPLE: &str = "id,name,score\nb,Bo,3\na,Al,\n";

fn case(orders: &[u8]) -> Case {
    let sources = format!("{CUSTOMERS}{}", ORDERS.replace("orders.csv", "orders.ndjson"));
    Case::new(&sources, METRICS, &[("customers.csv", PEOPLE.as_bytes()), ("orders.ndjson", orders)])
}

#[test]
fn numbers_are_taken_by_their_digits() {
    let orders = "\u{feff}{\"id\": \"b\", \"day\": \"2025-12-31\", \"amount\": 900719925474.0993, \"x\": [1, {\"y\": 2}]}\r\n\r\n\
        {\"amount\":\"0.0001\",\"id\":\"\\u0062\",\"day\":\"2025-12-31\",\"n\":null}\n\
        {\"amount\": 0.10, \"id\": \"a\", \"day\": \"2025-12-31\", \"n\": 7}";
    let case = case(orders.as_bytes());
    let base = case.base();
    assert_eq!(case.column(&base, "revenue"), ["0.10", "900719925474.0994"]);
    assert_eq!(base.source_counts[1].rows, 3);
}

#[test]
fn malformed_lines_name_their_number() {
    let orders = b"{\"id\":\"b\",\"day\":\"2025-12-31\",\"amount\":1,\"n\":1}\n\n{\"id\":\"b\"\n[1]\n\
        {\"id\":\"b\",\"day\":{\"y\":2025},\"amount\":1}\n{\"id\":\"b\",\"day\":\"2025-12-31\",\"amount\":\"x\"}\n\
        {\"id\":\"\xff\"}\n{\"id\":\"b\",\"day\":\"2025-12-31\"} {}\n{\"id\":\"b\",\"day\":\"2025-12-31\",\"n\":true}\n\
        {\"id\":\"b\",\"day\":\"2025-12-31\",\"amount\":01}\n";
    let errors = case(orders).errors();
    let starts: Vec<&str> = errors.lines().map(|l| l.split(": ").next().unwrap()).collect();
    assert_eq!(
        starts,
        [
            "E0708 orders.ndjson:3",
            "E0708 orders.ndjson:4",
            "E0708 orders.ndjson:5",
            "E0703 orders.ndjson:6 amount",
            "E0708 orders.ndjson:7",
            "E0708 orders.ndjson:8",
            "E0705 orders.ndjson:9 amount",
            "E0703 orders.ndjson:9 n",
            "E0708 orders.ndjson:10",
        ],
        "{errors}"
    );
}

#[test]
fn a_key_that_no_line_has_is_a_mistake() {
    let errors = case(b"{\"id\":\"b\",\"day\":\"2025-12-31\",\"amount\":1}\n").errors();
    assert!(errors.starts_with("E0702 orders.ndjson n: "), "{errors}");
    let errors = case(b"{\"id\":\"b\",\"day\":\"2025-12-31\",\"total\":1, \"n\": 2}\n").errors();
    assert!(errors.starts_with("E0702 orders.ndjson amount: "), "{errors}");
    assert_eq!(case(b"").base().rows, 2);
}

#[test]
fn a_large_file_is_read_in_parts() {
    let mut orders = String::new();
    let mut rows = 0;
    while orders.len() < 11 << 20 {
        orders.push_str("{\"id\":\"b\",\"day\":\"2025-12-31\",\"amount\":0.01,\"n\":1,\"note\":\"so that the file grows quickly enough for two parts of it to be read at once\"}\n");
        rows += 1;
    }
    for cut in [0, 1, 40] {
        orders.truncate(orders.len() - cut);
        if cut == 40 {
            orders.truncate(orders.rfind('\n').unwrap() + 1);
            rows -= 1;
        }
        let case = case(orders.as_bytes());
        assert_eq!(case.column(&case.base(), "orders_ever"), ["0", &rows.to_string()]);
    }
}
