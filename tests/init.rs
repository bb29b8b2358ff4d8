//! `accolade init`: from data files to a rule set that checks and runs.

use std::path::{Path, PathBuf};

use accolade_engine::{FileSystem, RuleSet, compile};
use accolade_rhai::RhaiHost;

use crate::support::{Cli, accolade};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The output of a run that must succeed.
#[track_caller]
fn fine(folder: &Path, arguments: &[&str]) -> String {
    accolade(folder, arguments).exits(0).output()
}

/// The data files of a folder, in the order of their names.
fn data(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|e| e == "csv")).collect();
    files.sort();
    files
}

pub fn rule_set(path: &Path) -> RuleSet {
    let mut plugins = accolade_engine::plugins();
    plugins.set_script_host(Box::new(RhaiHost::default()));
    let compilation = compile(path, &FileSystem, &plugins);
    assert!(compilation.diagnostics.is_empty(), "{:#?}", compilation.diagnostics);
    compilation.set.unwrap()
}

/// Proposes rules for the data of a shipped rule set, runs them, and compares the columns with the shipped ones.
#[track_caller]
fn proposes(set: &str, rules: usize) {
    let folder = tempfile::tempdir().unwrap();
    let shipped = root().join("rules").join(set);
    for file in data(&shipped) {
        std::fs::copy(&file, folder.path().join(file.file_name().unwrap())).unwrap();
    }
    let files: Vec<String> =
        data(folder.path()).iter().map(|f| f.file_name().unwrap().to_string_lossy().into_owned()).collect();
    let mut arguments = vec!["init"];
    arguments.extend(files.iter().map(String::as_str));
    fine(folder.path(), &arguments);
    fine(folder.path(), &["fmt", "--check", "rules.yaml"]);
    let checked = fine(folder.path(), &["check", "rules.yaml"]);
    assert!(checked.contains(&format!("{rules} rules")), "{checked}");
    let ran = fine(folder.path(), &["run", "rules.yaml"]);
    assert!(!ran.contains("error") && !ran.contains("not met"), "{ran}");
    let (ours, theirs) = (rule_set(&folder.path().join("rules.yaml")), rule_set(&shipped.join("rules.yaml")));
    for source in &theirs.demand.sources {
        let proposed = ours.demand.sources.iter().find(|s| s.name == source.name).unwrap();
        assert_eq!(proposed.role, source.role, "{}", source.name);
        for column in &source.columns {
            let found = proposed.columns.iter().find(|c| c.name == column.name).unwrap();
            assert_eq!(found.ty, column.ty, "{}.{}", source.name, column.name);
            // The shipped declaration may allow for what this year's file does not have.
            assert!(column.nullable || !found.nullable, "{}.{}", source.name, column.name);
        }
    }
}

#[test]
fn the_webshop() {
    proposes("webshop-rfm", 3);
}

#[test]
fn accounts() {
    proposes("b2b-accounts", 6);
}

#[test]
fn a_consultant() {
    proposes("consultant-scorecard", 4);
}

#[test]
fn a_loyalty_programme() {
    proposes("loyalty-programme", 6);
}

const ORDERS: &str = "customer,order_date,amount
ann,2025-01-03,10.00
bob,2025-02-03,20.00
eve,2025-02-13,25.00
dan,2025-02-23,15.00
cat,2025-02-28,70.00
ann,2025-03-03,30.00
";

#[test]
fn from_a_bare_file_of_orders_to_a_rated_customer_base() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("data")).unwrap();
    std::fs::write(folder.path().join("data/orders.csv"), ORDERS).unwrap();
    let shown = fine(folder.path(), &["init", "data/orders.csv", "--run"]);
    for part in [
        "data/orders.csv: 6 rows, events of `customer`, on `order_date`",
        "data/rules.yaml written: 5 customers at 2025-03-03",
        "customer_class",
        "top 5 by revenue",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    // An existing rule file is kept.
    let before = std::fs::read(folder.path().join("data/rules.yaml")).unwrap();
    accolade(&folder, &["init", "data/orders.csv"]).says(2, &["is there already", "--force"]);
    assert_eq!(std::fs::read(folder.path().join("data/rules.yaml")).unwrap(), before);
    fine(folder.path(), &["init", "data/orders.csv", "--force"]);
    assert_eq!(std::fs::read(folder.path().join("data/rules.yaml")).unwrap(), before);
    // A rule file in another folder names the data from there.
    fine(folder.path(), &["init", "data/orders.csv", "-o", "other.yaml"]);
    let other = std::fs::read_to_string(folder.path().join("other.yaml")).unwrap();
    assert!(other.contains("file: data/orders.csv"), "{other}");
    fine(folder.path(), &["run", "other.yaml"]);
    let shown = accolade(&folder, &["init", "data/orders.csv", "-o", "-"]);
    assert!(shown.out.contains("file: data/orders.csv"));
}

#[test]
fn what_cannot_be_used_is_said_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    for (name, content, says) in [
        ("empty.csv", "", "the file is empty"),
        ("nobody.csv", "x,y\n1,2\n", "no column of the file names the customer"),
        ("short.csv", "customer,day\na\n", "has 1 fields"),
    ] {
        std::fs::write(folder.path().join(name), content).unwrap();
        accolade(&folder, &["init", name]).says(2, &[says]);
    }
    accolade(&folder, &["init", "nowhere.csv"]).exits(2);
    assert!(!folder.path().join("rules.yaml").exists());
}

#[test]
fn rows_of_nobody_are_left_out() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("orders.csv"), format!("{ORDERS},2025-03-01,5.00\n")).unwrap();
    let shown = fine(folder.path(), &["init", "orders.csv"]);
    assert!(shown.contains("next: accolade run rules.yaml") && !shown.contains("--bad-rows"), "{shown}");
    let rules = std::fs::read_to_string(folder.path().join("rules.yaml")).unwrap();
    assert!(rules.contains("where: customer is not missing"), "{rules}");
}

/// A run of `accolade init --interactive` on a terminal, with what is typed at each prompt.
#[cfg(unix)]
fn answer(folder: &Path, arguments: &[&str], typed: &[(&str, &str)]) {
    use expectrl::{Eof, Session};
    let cli = Cli::new(folder).args(arguments).env("TERM", "xterm");
    let mut session = Session::spawn(cli.command()).unwrap();
    session.set_expect_timeout(Some(std::time::Duration::from_secs(60)));
    for (prompt, keys) in typed {
        session.expect(*prompt).unwrap_or_else(|error| panic!("{prompt}: {error}"));
        session.send(keys).unwrap();
    }
    session.expect(Eof).unwrap();
}

#[cfg(unix)]
#[test]
fn questions_on_a_terminal() {
    const DOWN: &str = "\u{1b}[B";
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("orders.csv"),
        ORDERS
            .replace("amount", "gross amount")
            .replace(".00\n", ".00,1.00\n")
            .replace("gross amount", "gross amount,net amount"),
    )
    .unwrap();
    // Only the amount is in doubt; return takes the guess.
    let question = "what the customer pays?";
    answer(folder.path(), &["init", "orders.csv", "-i", "-o", "asked.yaml"], &[(question, "\r")]);
    fine(folder.path(), &["init", "orders.csv", "-o", "guessed.yaml"]);
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(read("asked.yaml"), read("guessed.yaml"));
    answer(folder.path(), &["init", "orders.csv", "-i", "-o", "other.yaml"], &[(question, &format!("{DOWN}\r"))]);
    let revenue = |name: &str| read(name).lines().find(|l| l.trim().starts_with("revenue:")).unwrap().to_owned();
    assert!(revenue("asked.yaml").contains("gross_amount in") && revenue("other.yaml").contains("net_amount in"));
    fine(folder.path(), &["check", "other.yaml"]);
}

#[cfg(unix)]
#[test]
fn a_doubtful_day_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("orders.csv"), ORDERS.replace("2025-03-03", "2052-03-03")).unwrap();
    let back = "\u{8}".repeat(10);
    answer(folder.path(), &["init", "orders.csv", "-i"], &[("date to rate at", &format!("{back}2025-04-01\r"))]);
    let text = std::fs::read_to_string(folder.path().join("rules.yaml")).unwrap();
    assert!(text.contains("as_of: 2025-04-01"), "{text}");
}

#[test]
fn without_a_terminal_nothing_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("orders.csv"), ORDERS).unwrap();
    let ran = accolade(&folder, &["init", "orders.csv", "--interactive"]);
    ran.says(2, &["`--interactive` asks questions on a terminal"]);
    assert!(!folder.path().join("rules.yaml").exists());
}

const CUSTOMERS: &str = "customer,city
ann,Gent
bob,Breda
eve,Lier
dan,Gent
cat,Breda
";

#[test]
fn a_rule_file_that_is_there_gets_a_source() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("orders.csv", ORDERS);
    write("customers.csv", CUSTOMERS);
    write("visits.csv", "id,client,visited on\n1,ann,2025-01-09\n2,bob,2025-02-09\n3,ann,2025-02-19\n");
    fine(folder.path(), &["init", "orders.csv", "customers.csv"]);
    let read = || std::fs::read_to_string(folder.path().join("rules.yaml")).unwrap();
    let before = format!("# Ours.\n{}", read().replace("# currency: EUR", "currency: EUR  # ours"));
    write("rules.yaml", &before);
    let shown = fine(folder.path(), &["init", "visits.csv"]);
    assert!(shown.contains("visits.csv: 3 rows, events of `client`, on `visited on`"), "{shown}");
    // Every line that was there is there, in its order, and the new ones are of the new source.
    let after = read();
    let mut old = before.lines().peekable();
    let new: Vec<&str> = after.lines().filter(|line| old.next_if(|old| old == line).is_none()).collect();
    assert_eq!(old.next(), None, "{after}");
    assert!(
        new[1].starts_with("  visits:") && new.iter().any(|line| line.starts_with("    customer: client")),
        "{new:?}"
    );
    fine(folder.path(), &["run", "rules.yaml"]);
    accolade(&folder, &["init", "visits.csv"]).says(2, &["is there already and reads this data"]);
}

#[test]
fn a_folder_stands_for_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("orders-2024.csv", ORDERS);
    write("orders-2025.csv", "customer,order_date,amount\nann,2025-04-03,10.00\n");
    write("customers.csv", CUSTOMERS);
    let shown = fine(folder.path(), &["init", "."]);
    assert!(shown.contains("customers.csv: 5 rows, customers") && shown.contains("7 rows, events of"), "{shown}");
    assert!(shown.contains("rules.yaml written"), "{shown}");
    fine(folder.path(), &["run", "rules.yaml"]);
    let rules = std::fs::read_to_string(folder.path().join("rules.yaml")).unwrap();
    assert!(rules.contains("file: \"orders-202*.csv\""), "{rules}");
    std::fs::remove_file(folder.path().join("customers.csv")).unwrap();
    fine(folder.path(), &["init", ".", "--force"]);
    let rules = std::fs::read_to_string(folder.path().join("rules.yaml")).unwrap();
    assert!(rules.contains("    file: .  "), "{rules}");
}

#[test]
fn data_instead_of_rules_is_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("orders.csv"), ORDERS).unwrap();
    for command in [&["run", "orders.csv"][..], &["check", "orders.csv"], &["explain", "orders.csv", "ann"]] {
        accolade(&folder, command).says(2, &["`orders.csv` is data, not a rule file", "accolade init orders.csv"]);
    }
}

#[test]
fn from_a_raw_file_to_the_finished_page() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("orders.csv"), format!("{ORDERS},2025-03-04,1.00\n")).unwrap();
    let shown = fine(folder.path(), &["init", "orders.csv", "--report"]);
    assert!(shown.contains("5 customers reported, written to report.html"), "{shown}");
    assert!(std::fs::read_to_string(folder.path().join("report.html")).unwrap().contains("<html"));
    fine(folder.path(), &["init", "orders.csv", "--force", "--report=page.md"]);
    assert!(folder.path().join("page.md").exists());
    accolade(&folder, &["init", "orders.csv", "-o", "-", "--report"]).says(2, &["`--report` need a rule file"]);
}

#[test]
fn values_far_from_the_others_are_named_with_their_rows() {
    let folder = tempfile::tempdir().unwrap();
    let many: String = (0..40).map(|i| format!("shop{},2025-03-{:02},{}.00\n", i % 12, i % 28 + 1, 10 + i)).collect();
    let check = |added: &str, expected: &[&str]| {
        std::fs::write(folder.path().join("orders.csv"), format!("customer,day,amount\n{many}{added}")).unwrap();
        let shown = fine(folder.path(), &["init", "orders.csv", "--force"]);
        assert_eq!(shown.matches("W0730").count(), expected.len(), "{shown}");
        expected.iter().for_each(|part| assert!(shown.contains(part), "{part}: {shown}"));
    };
    check("", &[]);
    check(
        "shop1,2052-03-01,20.00\n",
        &["2052-03-01 is far from the other dates; the nearest is 2025-03-28\n--> orders.csv:42"],
    );
    check("shop1,1925-03-01,20.00\n", &["1925-03-01 is far from the other dates"]);
    check(
        "shop1,2025-03-01,90000.00\n",
        &[
            "90,000 is more than a thousand times the median, 30\n--> orders.csv:42",
            "the customer `shop1` has 98% of the revenue, in 5 rows",
        ],
    );
}
