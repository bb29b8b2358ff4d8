//! Sources in an object store give the results of files, and its errors are reported.

use std::path::Path;

use tempfile::TempDir;

use crate::support::store::ObjectStore;
use crate::support::tables::{pack, shipped};
use crate::support::{Cli, CommandOutput};

/// A run with a folder for what is fetched, which must be empty afterwards.
fn run_in(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> CommandOutput {
    let fetched = folder.join("fetched");
    std::fs::create_dir_all(&fetched).unwrap();
    let set = std::env::vars().map(|(name, _)| name);
    let removed = set.filter(|name| name.starts_with("AWS_") || name.to_lowercase().contains("proxy"));
    let cli = Cli::new(folder).args(arguments).env("TMPDIR", &fetched);
    let cli = removed.fold(cli, |cli, name| cli.env_remove(&name));
    let ran = environment.iter().fold(cli, |cli, (name, value)| cli.env(name, value)).run();
    assert_eq!(std::fs::read_dir(&fetched).unwrap().count(), 0, "{arguments:?}");
    ran
}

const RULES: &str = "accolade: 1
as_of: 2026-01-01
sources:
  customers:
    url: s3://data/a.csv
    key: id
    columns: {id: text, day: date, revenue: money}
profile: {administrative: [day, revenue]}
rules:
  class: {kind: abc, by: revenue, classes: {A: top 80%, B: rest}}
";

#[test]
#[cfg_attr(not(has_moto), ignore = "moto is not installed")]
fn objects_give_what_files_give() {
    let store = ObjectStore::start();
    let url = store.url();
    let keys = [
        ("AWS_ENDPOINT_URL", url.as_str()),
        ("AWS_ALLOW_HTTP", "true"),
        ("AWS_ACCESS_KEY_ID", "me"),
        ("AWS_SECRET_ACCESS_KEY", "hunter2"),
    ];
    let folder = TempDir::new().unwrap();
    store.put("data", b"");
    let file = |name: &str| std::fs::read(shipped().join(format!("{name}.csv"))).unwrap();
    store.put("data/customers.csv", &file("customers"));
    let packed = folder.path().join("orders.csv.gz");
    pack(&packed, &file("orders"));
    store.put("data/2025/orders.csv.gz", &std::fs::read(&packed).unwrap());
    // In two parts, each with the header, among what is not data.
    let surveys = String::from_utf8(file("surveys")).unwrap();
    let mut lines = surveys.lines();
    let header = lines.next().unwrap();
    let (first, second): (Vec<_>, Vec<_>) = lines.enumerate().partition(|(i, _)| i % 2 == 0);
    for (name, part) in [("1", first), ("2", second)] {
        let lines: Vec<&str> = [header].into_iter().chain(part.into_iter().map(|(_, line)| line)).collect();
        store.put(&format!("data/surveys/part-{name}.csv"), (lines.join("\n") + "\n").as_bytes());
    }
    store.put("data/surveys/_SUCCESS", b"");
    store.put("data/surveys/old/part-0.csv", b"nothing of this\n");

    let rules = shipped().join("rules.yaml");
    let run = |sources: &[&str]| {
        let mut arguments = vec!["run", rules.to_str().unwrap(), "-o", "-"];
        sources.iter().for_each(|source| arguments.extend(["--source", source]));
        run_in(folder.path(), &arguments, &keys).exits(0).out
    };
    let expected = run(&[]);
    let orders = "orders=s3://data/2025/orders.csv.gz";
    assert!(run(&["customers=s3://data/customers.csv", orders, "surveys=s3://data/surveys/"]) == expected);
    assert!(run(&["surveys=s3://data/surveys/part-*.csv"]) == expected);

    // In a rule file, and as Parquet.
    std::fs::write(folder.path().join("rules.yaml"), RULES).unwrap();
    store.put("data/a.csv", b"id,day,revenue\na,2025-01-01,19.99\nb,2025-01-02,1.5\n");
    run_in(folder.path(), &["run", "rules.yaml", "-o", "a.parquet"], &keys).exits(0);
    store.put("data/a.parquet", &std::fs::read(folder.path().join("a.parquet")).unwrap());
    let run = |source: &str| {
        let arguments = ["run", "rules.yaml", "--source", source, "-o", "-"];
        run_in(folder.path(), &arguments, &keys).out
    };
    let (csv, parquet) = (run("customers=s3://data/a.csv"), run("customers=s3://data/a.parquet"));
    assert!(csv == parquet && csv.contains("\na,2025-01-01,19.99,A,"), "{csv}{parquet}");
}

#[test]
#[cfg_attr(not(has_moto), ignore = "moto is not installed")]
fn what_is_wrong_with_objects_is_told() {
    let store = ObjectStore::start();
    let url = store.url();
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("rules.yaml"), RULES).unwrap();
    store.put("data", b"");
    store.put("data/bad.csv", b"id,day,revenue\na,2025-01-01,19.99\nb,45678,1.5\n");
    store.put("data/short.csv", b"id,revenue\na,19.99\n");
    store.put("data/unclosed.csv", b"id,day,revenue\n\"a,2025-01-01,19.99\n");
    store.put("data/mixed/a.csv", b"id\n");
    store.put("data/mixed/b.ndjson", b"{}\n");
    let (endpoint, plain) = (("AWS_ENDPOINT_URL", url.as_str()), ("AWS_ALLOW_HTTP", "true"));
    let key = [("AWS_ACCESS_KEY_ID", "me"), ("AWS_SECRET_ACCESS_KEY", "hunter2")];
    let whole = [&[endpoint, plain][..], &key].concat();
    let away = [&[("AWS_ENDPOINT_URL", "http://127.0.0.1:1"), plain][..], &key].concat();
    for (source, environment, expected) in [
        ("s3://data/bad.csv", &whole, "--> s3://data/bad.csv:3\n"),
        ("s3://data/b*.csv", &whole, "--> s3://data/bad.csv:3\n"),
        ("s3://data/short.csv", &whole, "no column `day`"),
        ("s3://data/unclosed.csv", &whole, "--> s3://data/unclosed.csv:2\n"),
        ("s3://data/none.csv", &whole, "the bucket has no object `none.csv`"),
        ("s3://nowhere/a.csv", &whole, "the store has no bucket `nowhere`"),
        ("s3://nowhere/a/", &whole, "the store has no bucket `nowhere`"),
        ("s3://data/none/", &whole, "the folder has no data files"),
        ("s3://data/none-*.csv", &whole, "no object fits the pattern"),
        ("s3://data/mixed/", &whole, "are of different formats"),
        ("s3://data/bad.csv", &vec![endpoint, plain], "there are no credentials for the object store"),
        ("s3://data/bad.csv", &[&[endpoint][..], &key].concat(), "does not use TLS"),
        ("s3://data/bad.csv", &away, "the store cannot be reached: "),
    ] {
        let source = format!("customers={source}");
        let said = run_in(folder.path(), &["run", "rules.yaml", "--source", &source], environment).exits(2).err;
        assert!(said.contains(expected), "{source}: no {expected} in\n{said}");
        assert!(!said.contains("hunter2") && !said.contains("fetched") && !said.contains("Signature"), "{said}");
    }
    let ran = run_in(folder.path(), &["run", "rules.yaml", "-o", "s3://data/out.csv"], &whole);
    assert!(ran.err.contains("results are not written to an object store"));
}
