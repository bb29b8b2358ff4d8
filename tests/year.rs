//! A year of monthly runs, with all that goes wrong in one. The figures of each month are those of a computation that
//! shares no code with the product.

use std::collections::{BTreeMap, BTreeSet};

use tempfile::TempDir;

use crate::support::shop::folder;
use crate::support::trading_year::{JANUARY, TradingYear, last_day, name};
use crate::support::{CommandOutput, accolade};

const RULES: &str = "accolade: 1
name: year
sources:
  customers: {file: customers.csv, key: customer_id, columns: {customer_id: text, name: text}}
  merges: {file: merges.csv, aliases: {from: old_id, to: new_id}, columns: {old_id: text, new_id: text}}
  orders:
    file: orders/
    customer: customer_id
    date: day
    headers: {amount: [amount, net_amount]}
    unique: order_id
    unknown: report
    expect: {rows: '>= 5_000', newest: within 5 days}
    columns: {order_id: integer, customer_id: text, day: date, amount: money}
periods: {year: last 12 months}
profile:
  quantitative: {revenue: sum(orders.amount in year), order_count: count(orders in year)}
rules:
  class: {kind: abc, by: revenue, classes: {A: top 70%, B: next 20%, C: rest}}
";

/// Revenue in cents and number of orders by customer.
type Figures = BTreeMap<String, (i64, usize)>;

/// The figures at the end of a month by the customers table and the merges of another, and the customers with orders who
/// are not in that table.
fn reckoned(year: &TradingYear, month: u32, table: u32) -> (Figures, BTreeSet<String>) {
    let merges = year.merges(table);
    let keys = year.customers(table).into_iter().filter(|key| !merges.contains_key(key));
    let mut figures: Figures = keys.map(|key| (key.to_owned(), (0, 0))).collect();
    let mut gone = BTreeSet::new();
    for order in year.orders.iter().filter(|order| order.month <= month) {
        let mut key = order.customer.as_str();
        while let Some(new) = merges.get(key) {
            key = new;
        }
        match figures.get_mut(key) {
            Some((revenue, count)) if order.month + 12 > month => {
                *revenue += order.cents;
                *count += 1;
            }
            Some(_) => {}
            None => {
                gone.insert(key.to_owned());
            }
        }
    }
    (figures, gone)
}

/// The least revenue of an A and of a B: customers belong to a class as long as those before them have less than its share.
fn cut_offs(figures: &Figures) -> [i64; 2] {
    let mut revenues: Vec<i64> = figures.values().map(|(revenue, _)| *revenue).collect();
    revenues.sort_unstable_by(|a, b| b.cmp(a));
    let total: i64 = revenues.iter().sum();
    [70, 90].map(|percent| {
        let mut before = 0;
        let reached = |revenue: &&i64| {
            let is_in = before * 100 < total * percent;
            before += **revenue;
            is_in
        };
        *revenues.iter().take_while(reached).last().unwrap()
    })
}

fn class(revenue: i64, [a, b]: [i64; 2]) -> &'static str {
    match revenue {
        revenue if revenue <= 0 => "none",
        revenue if revenue >= a => "A",
        revenue if revenue >= b => "B",
        _ => "C",
    }
}

fn euros(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// What a run writes of a month, by the cut-offs of January.
fn expected(year: &TradingYear, month: u32, cut_offs: [i64; 2]) -> String {
    let (figures, _) = reckoned(year, month, month);
    let row = |(key, (revenue, count)): (&String, &(i64, usize))| {
        format!("{key},{},{count},{}\n", euros(*revenue), class(*revenue, cut_offs))
    };
    let rows: String = figures.iter().map(row).collect();
    format!("customer_id,revenue,order_count,class\n{rows}")
}

/// The folder of the shop in which the months arrive.
struct Shop {
    year: TradingYear,
    folder: TempDir,
}

impl Shop {
    fn open() -> Shop {
        let year = TradingYear::draw();
        let history = year.orders_file(1..=JANUARY - 1);
        let folder = folder(&[("rules.yaml", RULES), ("orders/2024.csv", &history)]);
        Shop { year, folder }
    }

    fn write(&self, file: &str, text: &str) {
        std::fs::write(self.folder.path().join(file), text).unwrap();
    }

    fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    /// The tables of a month, which are kept under its name too.
    fn tables(&self, month: u32) {
        for (table, text) in [("customers", self.year.customers_file(month)), ("merges", self.year.merges_file(month))]
        {
            self.write(&format!("{table}.csv"), &text);
            self.write(&format!("{table}-{}.csv", name(month)), &text);
        }
    }

    fn orders(&self, month: u32) -> String {
        self.year.orders_file(month..=month)
    }

    fn orders_arrive(&self, month: u32) {
        self.write(&format!("orders/{}.csv", name(month)), &self.orders(month));
    }

    fn run(&self, month: u32, more: &[&str]) -> CommandOutput {
        let date = last_day(month);
        accolade(&self.folder, &[&["run", "rules.yaml", "--as-of", &date, "-o", "-"], more].concat())
    }

    /// Asserts that the run of a month gives these results, and ranks and shares.
    fn gives(&self, month: u32, more: &[&str], results: &str) -> CommandOutput {
        let ran = self.run(month, &[&["--cutoffs", "january.yaml"], more].concat()).exits(0);
        assert_eq!(ran.out.lines().count(), results.lines().count(), "{}: {}", name(month), ran.err);
        for (number, (given, wanted)) in (1..).zip(ran.out.lines().zip(results.lines())) {
            let given: Vec<&str> = given.split(',').take(4).collect();
            assert_eq!(given.join(","), wanted, "line {number} of {}", name(month));
        }
        ran
    }

    fn rejected(&self, month: u32) -> Option<usize> {
        let file = self.folder.path().join(format!("orders.year.{}.rejected.csv", last_day(month)));
        file.is_file().then(|| std::fs::read_to_string(file).unwrap().lines().count() - 1)
    }

    /// What goes wrong before the orders of a month are there as they should be.
    fn mishaps(&self, month: u32) {
        let orders = self.orders(month);
        let file = format!("orders/{}.csv", name(month));
        match month - JANUARY + 1 {
            // The file is late.
            4 => {
                let newest = ["error[E0718]: the newest row of `orders` is of 2025-03-31, 30 days before 2025-04-30"];
                assert_eq!(self.run(month, &["--cutoffs", "january.yaml"]).says(2, &newest).out, "");
            }
            // The file is cut off in a line, and in an amount.
            9 => {
                let line = orders[..orders.len() / 2].rfind('\n').unwrap() + 1;
                self.write(&file, &orders[..line + 10]);
                let place = format!("2025-09.csv:{}", orders[..line].lines().count() + 1);
                self.run(month, &[]).says(2, &["error[E0", &place]);
                self.run(month, &["--bad-rows", "report"]).says(2, &["error[E0718]: the newest row"]);
                let amount = orders[line..].find('.').unwrap();
                self.write(&file, &orders[..line + amount]);
                self.run(month, &[]).says(2, &["error[E0718]: the newest row"]);
            }
            // The file is sent twice.
            10 => {
                self.orders_arrive(month);
                self.write("orders/2025-10-again.csv", &orders);
                let rows = orders.lines().count() - 1;
                self.run(month, &[]).says(2, &["error[E0717]", "was a file sent twice?"]);
                let results = expected(&self.year, month, self.cut_offs());
                self.gives(month, &["--bad-rows", "report"], &results);
                assert_eq!(self.rejected(month), Some(rows));
                std::fs::remove_file(self.folder.path().join("orders/2025-10-again.csv")).unwrap();
            }
            _ => {}
        }
    }

    /// The cut-offs of January, computed here.
    fn cut_offs(&self) -> [i64; 2] {
        cut_offs(&reckoned(&self.year, JANUARY, JANUARY).0)
    }
}

#[test]
fn a_year_month_by_month() {
    let shop = Shop::open();
    let cut_offs = shop.cut_offs();
    for month in JANUARY..JANUARY + 12 {
        shop.tables(month);
        shop.mishaps(month);
        shop.orders_arrive(month);
        if month == JANUARY {
            accolade(&shop.folder, &["calibrate", "rules.yaml", "--as-of", "2025-01-31", "-o", "january.yaml"])
                .exits(0);
            let saved = shop.read("january.yaml");
            let [a, b] = cut_offs.map(euros);
            let rule = format!("  class:\n    A:\n    - '{a}'\n    B:\n    - '{b}'\n");
            assert!(saved.contains(&rule), "{rule} {saved}");
        }
        let results = expected(&shop.year, month, cut_offs);
        let ran = shop.gives(month, &["--bad-rows", "report"], &results);
        assert_eq!(shop.rejected(month), None);
        let (_, gone) = reckoned(&shop.year, month, month);
        let warning = format!("`orders` has events of {} customers who are not in the customers table", gone.len());
        assert!(gone.is_empty() == (month == JANUARY), "{}: {gone:?}", name(month));
        assert!(gone.is_empty() || ran.err.contains(&warning), "{warning}: {}", ran.err);
        shop.write(&format!("{}.csv", name(month)), &ran.out);
    }
    old_months_give_the_same_bytes(&shop);
    moves_are_counted(&shop, cut_offs);
    rejected_rows_have_a_file_a_month(&shop);
}

fn old_months_give_the_same_bytes(shop: &Shop) {
    for month in JANUARY..JANUARY + 11 {
        let tables = ["customers", "merges"].map(|table| format!("{table}={table}-{}.csv", name(month)));
        let ran = shop.run(month, &["--cutoffs", "january.yaml", "--source", &tables[0], "--source", &tables[1]]);
        assert_eq!(ran.exits(0).out, shop.read(&format!("{}.csv", name(month))), "{}", name(month));
    }
}

fn moves_are_counted(shop: &Shop, cut_offs: [i64; 2]) {
    let december = JANUARY + 11;
    let (new, _) = reckoned(&shop.year, december, december);
    let june = JANUARY + 5;
    // With the tables of December on both sides, and with those of June on the older side.
    for (month, table) in [(june, december), (JANUARY, december), (june, june)] {
        let (old, _) = reckoned(&shop.year, month, table);
        let both = new.iter().filter_map(|(key, new)| Some((old.get(key)?.0, new.0)));
        let classes: Vec<_> = both.map(|(old, new)| (class(old, cut_offs), class(new, cut_offs))).collect();
        let moved = classes.iter().filter(|(old, new)| old != new).count();
        let date = last_day(month);
        let tables = ["customers", "merges"].map(|source| format!("{source}={source}-{}.csv", name(table)));
        let older = ["--old-as-of", &date, "--old-source", &tables[0], "--old-source", &tables[1]];
        let more = ["--as-of", "2025-12-31", "--cutoffs", "january.yaml", "--format", "json"];
        let ran = accolade(&shop.folder, &[&["compare", "rules.yaml"], &older[..], &more].concat()).exits(0);
        let migration = &ran.json()["migrations"][0];
        assert!(moved > 20 && (table == december) == (classes.len() == new.len()), "{moved} {}", classes.len());
        let counted = ["moved", "customers"].map(|count| migration[count].as_u64().unwrap() as usize);
        assert_eq!(counted, [moved, classes.len()], "{}", name(month));
    }
}

fn rejected_rows_have_a_file_a_month(shop: &Shop) {
    let (november, december) = (JANUARY + 10, JANUARY + 11);
    let wrong = format!("{}900001,K0001,soon,10.00\n", shop.orders(november));
    shop.write("orders/2025-11.csv", &wrong);
    let run = |month: u32| shop.run(month, &["--bad-rows", "report", "--max-bad", "1%"]).exits(0);
    run(november);
    run(december);
    assert_eq!((shop.rejected(november), shop.rejected(december)), (Some(1), Some(1)));
    shop.orders_arrive(november);
    run(december);
    assert_eq!((shop.rejected(november), shop.rejected(december)), (Some(1), None));
}
