//! Runs on a cluster, whose machines are processes here, give the results of a run on one machine.

use std::fmt::Write;
use std::io::Read;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tempfile::TempDir;

use crate::support::cluster::{TestCluster, accolade, assert_same_output, parquet};
use crate::support::tables::DataTable;

/// The shipped rule sets that are rated, with their sources.
const RULE_SETS: [(&str, &[&str]); 4] = [
    ("b2b-accounts", &["customers", "orders", "surveys"]),
    ("consultant-scorecard", &["customers", "orders", "invoices"]),
    ("loyalty-programme", &["customers", "orders", "surveys", "visits", "notes"]),
    ("webshop-rfm", &["customers", "orders"]),
];

fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules").join(name)
}

#[test]
fn results_are_those_of_one_machine() {
    let mut cluster = TestCluster::start(2);
    let folder = TempDir::new().unwrap();
    for (name, sources) in RULE_SETS {
        let rules = shipped(name).join("rules.yaml");
        let rules = rules.to_str().unwrap();
        let parquet = |source: &str| {
            let path = folder.path().join(format!("{name}-{source}.parquet"));
            parquet(&DataTable::read(&shipped(name).join(format!("{source}.csv"))), &path);
            format!("{source}={}", path.display())
        };
        let parquet: Vec<String> = sources.iter().map(|source| parquet(source)).collect();
        let parquet: Vec<&str> = parquet.iter().flat_map(|source| ["--source", source.as_str()]).collect();
        for more in [&[], parquet.as_slice()] {
            for how in [["--format", "text"], ["--format", "json"], ["-o", "-"]] {
                let output = cluster.assert_same(&[&["run", rules], how.as_slice(), more].concat());
                assert!(output.status.success() && !output.stdout.is_empty(), "{output:?}");
            }
        }
    }
    // Sources were read by executors, and rules with scripts rated.
    let done = cluster.tasks("done: part 1 of 1 of ");
    for (what, times) in [("`customers`", 24), ("`orders`", 24), ("`notes`", 6), ("`scorecard`", 6)] {
        assert_eq!(done.iter().filter(|task| *task == what).count(), times, "{what} {done:#?}");
    }
    assert_eq!(cluster.left(), Vec::<PathBuf>::new());
    for executor in &mut cluster.executors {
        assert!(executor.stop().success());
    }
    assert!(cluster.scheduler.stop().success());
}

/// A rule set whose orders are in a folder of files, with aggregates of every kind.
const RULES: &str = "accolade: 1
as_of: 2026-01-01
sources:
  customers: {file: customers.csv, key: id, columns: {id: integer, city: text?}}
  orders:
    file: orders
    customer: id
    date: day
    columns: {id: integer, day: date, amount: money, weight: number?, ref: text}
profile:
  administrative: [city]
  quantitative:
    revenue: sum(orders.amount)
    weight: sum(orders.weight where orders.amount > 0)
    mean_weight: mean(orders.weight)
    orders_of_weight: count(orders where orders.weight > 1)
    kinds: count_distinct(orders.ref)
    latest: last(orders.amount)
    first_ref: min(orders.ref)
    share: sum(orders.amount / orders.weight)
rules:
  class: {kind: abc, by: revenue, classes: {A: top 50%, B: rest}}
";

/// The rule file of 2,000 customers with so many files of so many orders.
fn orders(folder: &Path, files: usize, rows: usize) -> String {
    std::fs::create_dir(folder.join("orders")).unwrap();
    let customers: String = (0..2000).map(|i| format!("{i},{}\n", if i % 7 == 0 { "" } else { "Gent" })).collect();
    std::fs::write(folder.join("customers.csv"), format!("id,city\n{customers}")).unwrap();
    let mut state = 1u64;
    for file in 0..files {
        let mut text = String::from("id,day,amount,weight,ref\n");
        for _ in 0..rows {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let n = |of: u64| (state >> 33) % of;
            // Some weights are missing, some are zero, and some orders are in the future.
            let weight = [String::new(), "0".to_owned(), format!("0.{}", n(97))][(n(10).min(2)) as usize].clone();
            let (customer, year, day, cents) = (n(1990), 2023 + n(4), 1 + n(28), n(9973));
            let reference = format!("{} {}", "a long reference".repeat(12), n(31));
            writeln!(text, "{customer},{year}-0{}-{day:02},{cents}.25,{weight},{reference}", 1 + day % 9).unwrap();
        }
        std::fs::write(folder.join(format!("orders/{file}.csv")), text).unwrap();
    }
    let rules = folder.join("rules.yaml");
    std::fs::write(&rules, RULES).unwrap();
    rules.to_str().unwrap().to_owned()
}

/// The parts of orders that an executor logged with this text.
fn parts(said: &[String], what: &str) -> Vec<String> {
    let of_orders = said.iter().filter(|line| line.starts_with(what) && line.ends_with(" of `orders`"));
    of_orders.map(|line| line[what.len()..].to_owned()).collect()
}

#[test]
fn a_file_is_divided_and_an_executor_may_leave() {
    let mut cluster = TestCluster::start(2);
    let folder = TempDir::new().unwrap();
    let rules = orders(folder.path(), 1, 80_000);
    let arguments = ["run", &rules, "-o", "-"];
    let run = cluster.run(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // The executor finishes its task, but the file it wrote goes with it.
    cluster.executors[0].wait_for(|said| parts(said, "begun: ").first().cloned());
    assert!(cluster.executors[0].stop().success());
    let together = run.wait_with_output().unwrap();
    assert_eq!(parts(&cluster.executors[0].log(), "done: ").len(), 1);
    let read = cluster.tasks("done: part 2 of 2 of ");
    assert!(read.contains(&"`orders`".to_owned()), "{read:?}");
    assert_same_output(&accolade(&arguments).output().unwrap(), &together, &arguments);
}

#[test]
fn an_executor_that_is_killed_changes_nothing() {
    let mut cluster = TestCluster::start(2);
    let folder = TempDir::new().unwrap();
    let rules = orders(folder.path(), 8, 12_000);
    let arguments = ["run", &rules, "-o", "-"];
    let run = cluster.run(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // One is killed while it reads its second part, so it takes with it one that it had finished.
    let second = |said: &[String]| (parts(said, "begun: ").len() == 2).then_some(());
    cluster.executors[0].wait_for(second);
    cluster.executors[0].kill();
    let together = run.wait_with_output().unwrap();
    let lost = cluster.executors[0].log();
    let (begun, done) = (parts(&lost, "begun: "), parts(&lost, "done: "));
    assert_eq!((begun.len(), done.len()), (2, 1), "{lost:#?}");
    let finished = parts(&cluster.executors[1].log(), "done: ");
    assert!(begun.iter().all(|part| finished.contains(part)), "{begun:?} {finished:?}");
    assert!(together.status.success(), "{together:?}");
    let alone = accolade(&arguments).output().unwrap();
    assert_same_output(&alone, &together, &arguments);
    let warnings = String::from_utf8(alone.stderr).unwrap();
    for code in ["W0701", "W0702", "W0706"] {
        assert!(warnings.contains(code), "{warnings}");
    }
}

#[test]
fn bad_data_is_told_as_by_one_machine() {
    let cluster = TestCluster::start(1);
    let folder = TempDir::new().unwrap();
    let rules = orders(folder.path(), 2, 50);
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let header = "id,day,amount,weight,ref\n";
    let value = file("value.csv", &format!("{header}1,2025-01-01,1.00,,a\n1,2025-01-01,much,,a\n"));
    let unknown = file("unknown.csv", &format!("{header}99999,2025-01-01,1.00,,a\n"));
    let twice = file("twice.csv", "id,city\n1,\n2,\n1,\n");
    let misspelt = file("misspelt.ndjson", "{\"id\": 1, \"day\": \"2025-01-01\", \"amount\": 1, \"wieght\": 2}\n");
    for (source, code) in [
        (format!("orders={value}"), "E0703"),
        (format!("orders={unknown}"), "E0707"),
        (format!("customers={twice}"), "E0706"),
        (format!("orders={misspelt}"), "E0702"),
        ("orders=nowhere.csv".to_owned(), "E0701"),
    ] {
        let output = cluster.assert_same(&["run", &rules, "--source", &source]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && said.contains(code), "{source} {said}");
    }
    // Nothing is wrong with the file in which some lines lack a column.
    let sparse = "{\"id\": 1, \"day\": \"2025-01-01\", \"amount\": 1, \"ref\": \"a\"}\n{\"id\": 1, \"weight\": 2, ";
    let sparse = file("sparse.ndjson", &format!("{sparse}\"day\": \"2025-01-01\", \"amount\": 1, \"ref\": \"b\"}}\n"));
    assert!(cluster.assert_same(&["run", &rules, "--source", &format!("orders={sparse}")]).status.success());
    // A line break in quotes keeps a file in one part, on any machine.
    let quoted = file("quoted.csv", &format!("{header}1,2025-01-01,1.00,,\"a\nb\"\n"));
    assert!(cluster.assert_same(&["run", &rules, "--source", &format!("orders={quoted}"), "-o", "-"]).status.success());
    // Rows that cannot be used are left out by this machine, which has to look at each.
    let source = format!("orders={value}");
    let arguments = ["run", &rules, "--source", &source, "--bad-rows", "report"];
    let run = |mut command: std::process::Command| command.current_dir(folder.path()).output().unwrap();
    assert_same_output(&run(accolade(&arguments)), &run(cluster.run(&arguments)), &arguments);
    assert!(folder.path().join("orders.2026-01-01.rejected.csv").exists());
}

#[test]
fn a_script_that_fails_is_told_as_by_one_machine() {
    let cluster = TestCluster::start(1);
    let folder = TempDir::new().unwrap();
    let rules = orders(folder.path(), 1, 500);
    let scripted = RULES.to_owned()
        + "  score:
    kind: rating
    scale: 0..10
    missing: zero
    criteria:
      all: {weight: 100%, script: score.rhai}
";
    std::fs::write(&rules, scripted).unwrap();
    std::fs::write(folder.path().join("score.rhai"), "if orders_of_weight < 1 { throw \"too rich\" }\n5\n").unwrap();
    let output = cluster.assert_same(&["run", &rules, "-o", "-"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && said.contains("too rich"), "{said}");
    assert_eq!(cluster.tasks("begun: ").last().map(String::as_str), Some("part 1 of 1 of `score`"));
    assert_eq!(cluster.left(), Vec::<PathBuf>::new());
}

/// Asserts that the program ends with 2 and this message in one line.
fn refused(arguments: &[&str], said: &str) {
    let output = accolade(arguments).output().unwrap();
    let all = String::from_utf8(output.stderr).unwrap();
    let last = all.lines().last().unwrap_or_default();
    assert!(output.status.code() == Some(2) && last.starts_with("error: ") && last.contains(said), "{all}");
}

#[test]
fn what_is_not_there_is_told_in_a_line() {
    let rules = shipped("b2b-accounts").join("rules.yaml");
    let rules = rules.to_str().unwrap();
    let on = |address: &str, said: &str| refused(&["run", rules, "--cluster", address], said);
    on("127.0.0.1:50050", "`127.0.0.1:50050` is not the address of a scheduler; write it as df://host:50050");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let listen = format!("127.0.0.1:{port}");
    let already = format!("another process listens at {listen}; choose a port with `--listen`");
    refused(&["scheduler", "--listen", &listen], &already);
    refused(&["executor", "--listen", &listen], &already);
    std::thread::spawn(move || {
        for stream in taken.incoming().take(1) {
            let mut stream = stream.unwrap();
            assert!(stream.read(&mut [0; 1024]).unwrap() > 0);
            std::io::Write::write_all(&mut stream, b"HTTP/1.1 200 OK\r\nserver: other\r\n\r\n").unwrap();
        }
    });
    on(&format!("df://{listen}"), "is not an accolade scheduler");
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let absent = format!("the scheduler at df://{nobody} cannot be reached: ");
    on(&format!("df://{nobody}"), &absent);
    refused(&["executor", "--scheduler", &format!("df://{nobody}")], &absent);
    refused(&["run", rules, "--cluster", "df://a", "--shared", "nowhere"], "`nowhere` is not a folder");
}

#[test]
fn a_scheduler_without_executors_is_told() {
    let cluster = TestCluster::start(0);
    let rules = shipped("b2b-accounts").join("rules.yaml");
    let said = format!("no executor has joined the scheduler at {}; start one with", cluster.address);
    refused(&["run", rules.to_str().unwrap(), "--cluster", &cluster.address], &said);
}

/// The messages of a run that loses a part of its cluster while orders are read.
fn lost(lose: impl Fn(&mut TestCluster)) -> String {
    let mut cluster = TestCluster::start(1);
    let folder = TempDir::new().unwrap();
    let rules = orders(folder.path(), 4, 20_000);
    let run = cluster.run(&["run", &rules]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    cluster.executors[0].wait_for(|said| said.iter().any(|line| line.starts_with("begun: ")).then_some(()));
    lose(&mut cluster);
    let output = run.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_run_whose_scheduler_is_lost_ends() {
    let said = lost(|cluster| cluster.scheduler.kill());
    assert!(said.starts_with("error[E0701]: the cluster failed: the scheduler at df://"), "{said}");
    assert!(said.contains("\n = help: without `--cluster` this machine does the work alone"), "{said}");
}

#[test]
fn a_run_whose_executors_are_lost_ends() {
    let said = lost(|cluster| cluster.executors[0].kill());
    assert!(
        said.starts_with("error[E0701]: the cluster failed: no executor has joined the scheduler at df:"),
        "{said}"
    );
}
