//! The ten likeliest mistakes, and the first message about each.

use tempfile::TempDir;

use crate::support::accolade;

const RULES: &str = "accolade: 1
as_of: 2026-01-01
sources:
  customers:
    file: customers.csv
    key: customer_id
    columns: {customer_id: text, quality: integer 1..5, discount: percent}
  orders:
    file: orders.csv
    customer: customer_id
    date: order_date
    columns: {customer_id: text, order_date: date, amount: money}
profile:
  quantitative:
    revenue: sum(orders.amount)
rules:
  customer_class:
    kind: abc
    by: revenue
    classes: {A: top 80% of revenue, B: rest}
  rating:
    kind: rating
    scale: 0..10
    criteria:
      revenue: {weight: 60%, value: revenue, linear: 0..10_000}
      quality: {weight: 40%, value: quality, linear: 1..5}
  terms:
    kind: segments
    segments: {friend: discount > 30%, other: rest}
";
const CUSTOMERS: &str = "customer_id,quality,discount\na,3,10%\nb,4,5%\n";
const ORDERS: &str = "customer_id,order_date,amount\na,2025-12-31,1234.50\nb,2025-12-30,99.00\n";

/// A folder of correct files, of which `change` alters one.
fn folder(file: &str, change: impl Fn(&str) -> String) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in [("rules.yaml", RULES), ("customers.csv", CUSTOMERS), ("orders.csv", ORDERS)] {
        let content = if name == file { change(content) } else { content.to_owned() };
        std::fs::write(folder.path().join(name), content).unwrap();
    }
    folder
}

fn said(folder: &TempDir) -> String {
    accolade(folder, &["run", "rules.yaml"]).err
}

/// The first message after a change of one file, without the lines of the rule file it shows.
#[track_caller]
fn first(file: &str, change: impl Fn(&str) -> String, expected: &[&str]) {
    let said = said(&folder(file, change));
    let message = said.split("\n\n").next().unwrap_or_default();
    let quoted = |line: &&str| line.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ').starts_with('|');
    let lines: Vec<&str> = message.lines().filter(|line| !quoted(line)).map(str::trim).collect();
    assert_eq!(lines, expected, "{said}");
}

fn replaced<'a>(from: &'a str, to: &'a str) -> impl Fn(&str) -> String + 'a {
    move |text| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    }
}

#[test]
fn nothing_is_said_where_nothing_is_wrong() {
    assert_eq!(said(&folder("", str::to_owned)), "");
}

#[test]
fn wrong_delimiter() {
    first(
        "orders.csv",
        replaced(",", ";"),
        &[
            "error[E0702]: the file has `;` between its fields, not `,`",
            "--> rules.yaml:8:3",
            "::: orders.csv:1",
            "= help: add `delimiter: \";\"` to the source",
        ],
    );
    first(
        "orders.csv",
        replaced(",", "\t"),
        &[
            "error[E0702]: the file has tabs between its fields, not `,`",
            "--> rules.yaml:8:3",
            "::: orders.csv:1",
            "= help: add `delimiter: tab` to the source",
        ],
    );
}

#[test]
fn decimal_comma() {
    first(
        "orders.csv",
        replaced("1234.50", "\"1234,50\""),
        &[
            "error[E0703]: `1234,50` is not money",
            "--> orders.csv:2",
            "= note: column `amount`",
            "= help: the decimal sign seems to be `,`: add `decimal: \",\"` to the source",
        ],
    );
}

#[test]
fn wrong_order_of_dates() {
    first(
        "orders.csv",
        replaced("2025-12-31", "31/12/2025"),
        &[
            "error[E0703]: `31/12/2025` is not a date",
            "--> orders.csv:2",
            "= note: column `order_date`",
            "= help: dates seem to be written with the day first, so that this is 2025-12-31: \
         write `date_order: day_first` in the source",
        ],
    );
    first(
        "orders.csv",
        replaced("2025-12-31", "3/4/2025"),
        &[
            "error[E0703]: `3/4/2025` is not a date",
            "--> orders.csv:2",
            "= note: column `order_date`",
            "= help: write `date_order: day_first` in the source if it is 2025-04-03, \
         `date_order: month_first` if it is 2025-03-04",
        ],
    );
    // Declared, and wrong.
    let folder = folder("orders.csv", replaced("2025-12-31", "31/12/2025"));
    let rules = RULES.replace("date: order_date\n", "date: order_date\n    date_order: month_first\n");
    std::fs::write(folder.path().join("rules.yaml"), rules).unwrap();
    let said = said(&folder);
    assert!(said.contains("write `date_order: day_first` in the source"), "{said}");
}

#[test]
fn missing_file() {
    first(
        "rules.yaml",
        replaced("file: orders.csv", "file: ordrs.csv"),
        &[
            "error[E0701]: the file of `orders` cannot be read: there is no such file",
            "--> ordrs.csv",
            "= help: did you mean `orders.csv`?",
        ],
    );
    first(
        "rules.yaml",
        replaced("file: orders.csv", "file: sales/2025.csv"),
        &[
            "error[E0701]: the file of `orders` cannot be read: there is no such file",
            "--> sales/2025.csv",
            "= help: there is no folder `sales`",
        ],
    );
    first(
        "rules.yaml",
        replaced("file: orders.csv", "file: verkopen.csv"),
        &[
            "error[E0701]: the file of `orders` cannot be read: there is no such file",
            "--> verkopen.csv",
            "= help: the data files in that folder are: customers.csv, orders.csv",
        ],
    );
}

#[test]
fn a_percentage_without_its_sign() {
    first(
        "rules.yaml",
        |rules| rules.replace("60%", "60").replace("40%", "40"),
        &[
            "error[E0501]: the weights have no percent sign",
            "--> rules.yaml:25:25",
            "= help: write `weight: 60%` for `revenue` and so on, or declare `weights: relative`",
        ],
    );
    first(
        "rules.yaml",
        replaced("top 80% of revenue", "top 80"),
        &[
            "error[E0201]: unexpected end, expected `customers`",
            "--> rules.yaml:20:24",
            "= help: write `top 80%` for a share, `top 80 customers` for a number of them",
        ],
    );
    first(
        "rules.yaml",
        replaced("discount > 30%", "discount > 30"),
        &[
            "warning[W0504]: `30` is read as 3000%, because a percentage is expected here",
            "--> rules.yaml:29:35",
            "= help: write `30%`, or `3000%` if that is what you mean",
        ],
    );
}

#[test]
fn tabs() {
    for (from, to, place) in [
        ("    file: orders.csv", "\tfile: orders.csv", "--> rules.yaml:9:1"),
        ("    kind: abc", "  \tkind: abc", "--> rules.yaml:18:3"),
    ] {
        first(
            "rules.yaml",
            replaced(from, to),
            &[
                "error[E0001]: a tab where only spaces are allowed",
                place,
                "= help: use spaces: two before a line for each level, and one after `:`",
            ],
        );
    }
}

#[test]
fn weights_of_99_percent() {
    first(
        "rules.yaml",
        replaced("40%", "39%"),
        &[
            "error[E0501]: the weights add up to 99%, not 100%",
            "--> rules.yaml:25:25",
            "= help: add 1%, for example `weight: 61%` for `revenue`, or declare `weights: relative`",
        ],
    );
}

#[test]
fn unknown_column() {
    first(
        "rules.yaml",
        replaced("sum(orders.amount)", "sum(orders.amout)"),
        &["error[E0305]: `orders` has no column `amout`", "--> rules.yaml:15:25", "= help: did you mean `amount`?"],
    );
    first(
        "orders.csv",
        replaced("amount", "amounts"),
        &[
            "error[E0702]: the file has no column `amount`",
            "--> rules.yaml:12:52",
            "::: orders.csv",
            "= note: column `amount`",
            "= help: did you mean `amounts`?",
        ],
    );
}

#[test]
fn a_key_with_spaces() {
    first(
        "rules.yaml",
        |rules| rules.replace("date: order_date", "date: Order_Date").replace("order_date: date,", "Order Date: date,"),
        &[
            "error[E0105]: `Order Date` is not a valid name",
            "--> rules.yaml:12:34",
            "= help: call the column `Order_Date`, and give its header in the file under the source: \
         `headers: {Order_Date: \"Order Date\"}`",
        ],
    );
    first(
        "rules.yaml",
        replaced("customer_class:", "customer class:"),
        &[
            "error[E0105]: `customer class` is not a valid name",
            "--> rules.yaml:17:3",
            "= help: a name has letters, digits and `_`, and does not start with a digit, as in `customer_class`",
        ],
    );
    // Said once for each place, and nothing follows from it.
    let spaced = said(&folder("rules.yaml", replaced("order_date", "Order Date")));
    assert_eq!(spaced.matches("error[").count(), 2, "{spaced}");
    assert_eq!(spaced.matches("headers: {Order_Date: \"Order Date\"}").count(), 2, "{spaced}");
    // And that is all it takes.
    let folder = folder("orders.csv", replaced("order_date", "Order Date"));
    let headers = "date: order_date\n    headers: {order_date: \"Order Date\"}\n";
    std::fs::write(folder.path().join("rules.yaml"), RULES.replace("date: order_date\n", headers)).unwrap();
    assert_eq!(said(&folder), "");
}

#[test]
fn excel_serial_dates() {
    first(
        "orders.csv",
        replaced("2025-12-31", "45992"),
        &[
            "error[E0703]: `45992` is not a date",
            "--> orders.csv:2",
            "= note: column `order_date`",
            "= help: this looks like an Excel serial date: 45992 would be 2025-12-01; \
         format the column as a date (yyyy-mm-dd) and save the file again",
        ],
    );
}

#[test]
fn five_thousand_rows_with_one_mistake_are_a_few_lines() {
    let rows: String = (0..5000).map(|_| "a,31/12/2025,1.00\n").collect();
    let said = said(&folder("orders.csv", |_| format!("customer_id,order_date,amount\n{rows}")));
    assert_eq!(said.matches("error[").count(), 4, "{said}");
    assert!(said.contains("4997 more problems in `orders`"), "{said}");
}
