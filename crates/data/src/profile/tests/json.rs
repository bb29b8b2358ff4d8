//! Files that hold a list of JSON objects.

use std::fmt::Write;

use super::{CUSTOMERS, Case, METRICS, ORDERS};

const PEOPLE: &str = "id,name,score\nb,Bo,3\na,Al,\n";

fn case(orders: &[u8]) -> Case {
    let sources = format!("{CUSTOMERS}{}", ORDERS.replace("orders.csv", "orders.json"));
    Case::new(&sources, METRICS, &[("customers.csv", PEOPLE.as_bytes()), ("orders.json", orders)])
}

#[test]
fn objects_are_read_one_by_one() {
    let orders = "\u{feff}\n[ {\"id\": \"b\", \"day\": \"2025-12-31\", \"amount\": 900719925474.0993, \"tags\": [\"]\", {\"y\": \"}\\\"\"}], \"n\": 1},\n\
        {\"amount\":\"0.0001\",\"id\":\"\\u0062\",\"day\":\"2025-12-31\",\"n\":null}\n,{\"amount\": 0.10, \"id\": \"a\", \"day\": \"2025-12-31\", \"n\": 7}]\n";
    let case = case(orders.as_bytes());
    let base = case.base();
    assert_eq!(case.column(&base, "revenue"), ["0.10", "900719925474.0994"]);
    assert_eq!(base.source_counts[1].rows, 3);
}

#[test]
fn an_empty_list_has_no_rows() {
    for text in ["[]", " [ ]\n"] {
        assert_eq!(case(text.as_bytes()).base().rows, 2, "{text}");
    }
}

#[test]
fn bad_entries_name_their_number() {
    let orders = b"[{\"id\":\"b\",\"day\":\"2025-12-31\",\"amount\":1,\"n\":1}, [1], 5,\n\n {\"id\":\"b\",\"day\":[2025],\"amount\":1},\n\
        {\"id\":\"b\",\"day\":\"2025-12-31\",\"amount\":\"x\"},,{\"id\":\"\xff\"},{\"id\":\"b\",\"id\":\"b\"}]";
    let errors = case(orders).errors();
    let found: Vec<&str> = errors.lines().map(|line| line.split(" [").next().unwrap()).collect();
    assert_eq!(
        found,
        [
            "E0708 orders.json:2: the entry is not a JSON object: invalid type: sequence, expected an object",
            "E0708 orders.json:3: the entry is not a JSON object: invalid type: integer `5`, expected an object",
            "E0708 orders.json:4: `day` is a list or an object, not one value",
            "E0703 orders.json:5 amount: `x` is not money",
            "E0708 orders.json:6: the entry is not a JSON object: EOF while parsing a value",
            "E0708 orders.json:7: the entry is not UTF-8",
            "E0708 orders.json:8: the entry has the key `id` twice",
        ],
        "{errors}"
    );
}

#[test]
fn a_list_that_is_damaged_is_not_read_in_part() {
    let good = "{\"id\":\"b\",\"day\":\"2025-12-31\",\"amount\":1,\"n\":1}";
    for (text, why) in [
        (format!("[{good},{good}"), "entry 3: the list is not closed"),
        (format!("[{good},{}", &good[..20]), "entry 2: the file ends in the middle of an entry"),
        (format!("[{good} {good}]"), "entry 2: a comma is missing before the entry"),
        (format!("[{good},]"), "entry 2: a comma is not followed by an entry"),
        (format!("[{good}] []"), "entry 2: there is more after the list"),
        (good.to_owned(), "it is an object, not a list of objects"),
        ("id,day,amount,n\n".to_owned(), "it is not a list of objects"),
        (String::new(), "it is empty"),
    ] {
        let errors = case(text.as_bytes()).errors();
        assert!(
            errors.starts_with("E0701 ") && errors.contains("orders.json: ") && errors.contains(why),
            "{text}: {errors}"
        );
        let errors = case(text.as_bytes()).reporting().errors();
        assert!(errors.starts_with("E0701 "), "{text}: {errors}");
    }
}

#[test]
fn what_no_entry_has_is_a_mistake() {
    let errors = case(b"[{\"id\":\"b\",\"day\":\"2025-12-31\",\"total\":1, \"n\": 2}]").errors();
    assert!(errors.starts_with("E0702 orders.json amount: no entry of the file has `amount`"), "{errors}");
}

#[test]
fn large_and_compressed_lists_are_read() {
    let mut orders = String::from("[");
    for i in 0..30_000 {
        let comma = if i > 0 { ",\n" } else { "" };
        write!(orders, "{comma}{{\"id\":\"{}\",\"day\":\"2025-12-31\",\"amount\":1,\"n\":{i}}}", ["a", "b"][i % 2])
            .unwrap();
    }
    orders.push(']');
    let packed = zstd::stream::encode_all(orders.as_bytes(), 1).unwrap();
    let sources = format!("{CUSTOMERS}{}", ORDERS.replace("orders.csv", "orders.json.zst"));
    let files = [("customers.csv", PEOPLE.as_bytes()), ("orders.json.zst", packed.as_slice())];
    let base_of = |case: Case| case.column(&case.base(), "revenue");
    assert_eq!(base_of(Case::new(&sources, METRICS, &files)), ["15000.00", "15000.00"]);
    assert_eq!(base_of(case(orders.as_bytes())), ["15000.00", "15000.00"]);
    let bad = orders.replacen("\"n\":29999", "\"n\":\"x\"", 1);
    assert!(case(bad.as_bytes()).errors().starts_with("E0703 orders.json:30000 n: "));
}
