//! Every data error names its file, row and column.

use super::{CUSTOMERS, Case, METRICS, ORDERS};

const PEOPLE: &str = "id,name,score\nb,Bo,3\na,Al,\n";
const ORDER: &str = "id,day,amount,n\nb,2025-12-31,10,1\n";

#[test]
fn a_file_that_is_not_there() {
    let case = Case::usual(PEOPLE, ORDER);
    std::fs::remove_file(case.inputs.locations[1].path().unwrap()).unwrap();
    let errors = case.errors();
    assert!(errors.starts_with("E0701 orders.csv: "), "{errors}");
    assert!(errors.contains("the data files in that folder are: customers.csv"), "{errors}");
}

#[test]
fn a_declared_column_that_is_not_there() {
    let errors = Case::usual("id,nam,score\n", "id,day,ammount,n\n").errors();
    assert!(errors.contains("E0702 customers.csv name: "), "{errors}");
    assert!(errors.contains("E0702 orders.csv amount: "), "{errors}");
    assert!(errors.contains("did you mean `ammount`?"), "{errors}");
    let errors = Case::usual(PEOPLE, "id;day;amount;n\nb;2025-12-31;10;1\n").errors();
    assert!(errors.contains("delimiter: \";\""), "{errors}");
}

#[test]
fn a_header_that_is_none() {
    let errors = Case::usual(PEOPLE, "id,day,id,amount,n\n").errors();
    assert!(errors.starts_with("E0715 orders.csv:1"), "{errors}");
    let errors = Case::usual(PEOPLE, "").errors();
    assert!(errors.starts_with("E0715 orders.csv:1: the file is empty"), "{errors}");
    let errors = Case::usual(PEOPLE, "b,2025-12-31,10,1\nb,2025-12-31,10,2\n").errors();
    assert!(errors.starts_with("E0715 orders.csv:1: "), "{errors}");
}

#[test]
fn values_of_the_wrong_type_name_their_line() {
    for end in ["\n", "\r\n"] {
        let orders = [
            "id,day,amount,n",
            "b,31-12-2025,10,1",
            "",
            "b,2025-12-31,ten,1.5",
            "b,2025-12-31,\"10,50\",",
            "b,,10,1",
            "b,2025-12-31,10,2",
        ];
        let errors = Case::usual(PEOPLE, &orders.join(end)).errors();
        let lines: Vec<&str> = errors.lines().collect();
        assert_eq!(lines.len(), 5, "{errors}");
        for (line, expected) in lines.iter().zip([
            "E0703 orders.csv:2 day: ",
            "E0703 orders.csv:4 amount: ",
            "E0703 orders.csv:4 n: ",
            "E0703 orders.csv:5 amount: ",
            "E0705 orders.csv:6 day: ",
        ]) {
            assert!(line.starts_with(expected), "{line}\n{expected}");
        }
        assert!(lines[0].contains("day first") && lines[3].contains("decimal"), "{errors}");
    }
}

#[test]
fn lines_are_counted_inside_quotes() {
    let errors = Case::usual("id,name,score\nb,\"x\ny\",3\n\"a\",Al,9\n", ORDER).errors();
    assert!(errors.starts_with("E0704 customers.csv:4 score: "), "{errors}");
}

#[test]
fn keys_occur_once_and_are_known() {
    let errors = Case::usual("id,name,score\nb,Bo,3\na,Al,\nb,Bob,4\n,No,1\n", ORDER).errors();
    let lines: Vec<&str> = errors.lines().collect();
    assert!(lines[0].starts_with("E0706 customers.csv:4 id: ") && lines[0].contains("\"b\""), "{errors}");
    assert!(lines[1].starts_with("E0705 customers.csv:5 id: "), "{errors}");
    assert_eq!(lines.len(), 2);
    let errors = Case::usual(PEOPLE, "id,day,amount,n\nb,2025-12-31,10,1\nz,2025-12-31,10,1\n").errors();
    assert!(errors.starts_with("E0707 orders.csv:3 id: ") && errors.contains("\"z\""), "{errors}");
}

#[test]
fn malformed_records_name_their_line() {
    let errors =
        Case::usual(PEOPLE, "id,day,amount,n\nb,2025-12-31,10\nb,2025-12-31,10,1\nb,2025-12-31,1,0,1\n").errors();
    let lines: Vec<&str> = errors.lines().collect();
    assert!(lines[0].starts_with("E0708 orders.csv:2: ") && lines[1].starts_with("E0708 orders.csv:4: "), "{errors}");
    let files: [(&str, &[u8]); 2] =
        [("customers.csv", b"id,name,score\nb,B\xff,3\n"), ("orders.csv", b"id,day,amount,n\n")];
    let errors = Case::new(&format!("{CUSTOMERS}{ORDERS}"), METRICS, &files).errors();
    assert!(errors.starts_with("E0708 customers.csv:2"), "{errors}");
    let errors = Case::usual("id,score,name\nb,3,Bo\na,3,\"Al\nc,4,Cy\n", ORDER).errors();
    assert!(errors.starts_with("E0708 customers.csv:3"), "{errors}");
    assert!(errors.contains("never closed"), "{errors}");
}

#[test]
fn three_findings_that_are_alike_and_how_many_more() {
    let orders: String = (0..100).map(|i| format!("b,2025-12-31,x{i},1\n")).collect();
    let errors = Case::usual(PEOPLE, &format!("id,day,amount,n\n{orders}")).errors();
    assert_eq!(errors.lines().count(), 4);
    assert!(errors.lines().next().is_some_and(|l| l.starts_with("E0703 orders.csv:2 amount")));
    assert!(errors.lines().last().is_some_and(|l| l.contains("97 more")), "{errors}");
}

#[test]
fn events_after_the_run_are_counted_in_a_warning() {
    let case = Case::usual(PEOPLE, "id,day,amount,n\nb,2026-01-01,10,1\nb,2026-01-02,10,1\n");
    let base = case.base();
    assert_eq!(case.column(&base, "orders_ever"), ["0", "1"]);
    let findings = case.plain(&base.findings);
    assert!(findings.starts_with("W0706 ") && findings.contains("1 row of `orders` is"), "{findings}");
}

#[test]
fn a_division_by_zero_counts_only_where_the_event_does() {
    let metrics = "
    mean_price: mean(orders.amount / orders.n where orders.n > 0)
    all: mean(orders.amount / orders.n in early)
";
    let orders = "id,day,amount,n\nb,2025-12-31,10,0\nb,2025-12-31,10,2\nb,2024-12-31,10,0\n";
    let files = [("customers.csv", PEOPLE.as_bytes()), ("orders.csv", orders.as_bytes())];
    let case = Case::new(&format!("{CUSTOMERS}{ORDERS}"), metrics, &files);
    let base = case.base();
    assert_eq!(case.column(&base, "mean_price"), ["", "5.00"]);
    let findings = case.plain(&base.findings);
    assert!(findings.starts_with("W0701 ") && findings.contains("1 division"), "{findings}");
}
