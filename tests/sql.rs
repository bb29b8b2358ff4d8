//! `accolade sql`: in real databases a rule set as SQL gives the results of a run, row by row.

#[path = "../crates/engine/tests/random/mod.rs"]
mod random;

use std::path::{Path, PathBuf};

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use tempfile::TempDir;

use crate::support::at_root;
use crate::support::warehouse::{WarehouseCase, case, in_duckdb, in_postgres, in_spark};

fn shipped() -> Vec<WarehouseCase> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules");
    let mut all: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path().join("rules.yaml")).collect();
    all.retain(|path| path.is_file());
    all.sort();
    assert!(all.len() >= 4);
    all.iter().map(|path| case(path)).collect()
}

/// A rule set with everything that databases may interpret differently.
fn edges() -> WarehouseCase {
    case(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/sql/rules.yaml"))
}

/// A rule set whose sources have conditions and computed keys.
fn selection() -> WarehouseCase {
    case(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/selection/rules.yaml"))
}

/// The rules of that rule set in groups, each with what it reads. One statement of all nests more queries than Spark
/// plans in reasonable time and memory.
const GROUPS: [&[&str]; 6] = [
    &[],
    &["class", "by_number", "by_count", "layer", "hang", "hang_n", "promoters", "stage", "since", "since_begun", "map"],
    &["valued", "ranked", "nested", "packaged", "fixed"],
    &["score", "third", "halves", "lowest_points"],
    &["class", "valued", "score", "treatment", "place", "middle"],
    &["demand", "demand_begun", "demand_ahead", "demand_before", "pieces_demand", "purse", "purse_n", "purse_i"],
];

/// The edges in parts.
fn edges_in_groups() -> Vec<WarehouseCase> {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/sql");
    let file = std::fs::read_to_string(from.join("rules.yaml")).unwrap();
    let (head, rules) = file.split_once("rules:\n").unwrap();
    let mut entries: Vec<String> = Vec::new();
    for line in rules.lines() {
        match entries.last_mut() {
            Some(last) if line.starts_with("   ") => *last += &format!("{line}\n"),
            _ => entries.push(format!("{line}\n")),
        }
    }
    let name = |entry: &String| entry.trim().split(':').next().unwrap().to_owned();
    assert!(entries.iter().all(|entry| GROUPS.iter().any(|group| group.contains(&name(entry).as_str()))));
    let part = |group: &&[&str]| {
        let folder = TempDir::new().unwrap();
        for table in ["customers.csv", "orders.csv", "notes.csv", "tags.csv"] {
            std::fs::copy(from.join(table), folder.path().join(table)).unwrap();
        }
        let chosen: String = entries.iter().filter(|e| group.contains(&name(e).as_str())).map(String::as_str).collect();
        let rules = if chosen.is_empty() { String::new() } else { format!("rules:\n{chosen}") };
        std::fs::write(folder.path().join("rules.yaml"), format!("{head}{rules}")).unwrap();
        case(&folder.path().join("rules.yaml"))
    };
    GROUPS.iter().map(part).collect()
}

/// Random rule sets over random tables.
fn random_cases(count: usize) -> Vec<WarehouseCase> {
    let mut runner = TestRunner::deterministic();
    let files = random::rule_file();
    let numbers = proptest::collection::vec(0u32..1_000_000, 400);
    let mut cases = Vec::new();
    while cases.len() < count {
        let file = files.new_tree(&mut runner).unwrap().current();
        if random::compiled(&file).set.is_none() {
            continue;
        }
        let mut numbers = numbers.new_tree(&mut runner).unwrap().current().into_iter().cycle();
        let mut one = |most: u32| numbers.next().unwrap() % most;
        let folder = TempDir::new().unwrap();
        let named = folder.path().join(format!("random {}", cases.len()));
        std::fs::create_dir(&named).unwrap();
        let customers_rows = 3 + one(20);
        let mut customers = String::from("id,a,n,p,m,t,b,d,q\n");
        let mut orders = String::from("id,day,amount\n");
        for customer in 0..customers_rows {
            let mut field = |value: String| if one(5) == 0 { String::new() } else { value };
            let fields = [
                field(format!("{}", customer as i64 % 10 - 2)),
                field(format!("{}", (i64::from(customer) * 7 % 40 - 8) as f64 / 4.0)),
                field(format!("{}", (i64::from(customer) * 11 % 40 - 8) as f64 / 4.0)),
                field(format!("{}", (i64::from(customer) * 13 % 48 - 8) as f64 / 4.0)),
                field(["x", "y", "z"][customer as usize % 3].to_owned()),
                field(["true", "false"][customer as usize % 2].to_owned()),
                field(format!("2025-{:02}-{:02}", customer % 12 + 1, customer % 28 + 1)),
                field(format!("{}", customer % 11)),
            ];
            customers += &format!("c{customer:03},{}\n", fields.join(","));
            for _ in 0..one(6) {
                let day = format!("{}-{:02}-{:02}", 2024 + one(2), one(12) + 1, one(28) + 1);
                orders += &format!("c{customer:03},{day},{}\n", f64::from(one(60)) / 4.0 - 2.0);
            }
        }
        std::fs::write(named.join("customers.csv"), customers).unwrap();
        std::fs::write(named.join("orders.csv"), orders).unwrap();
        let file = file.replacen("accolade: 1\n", "accolade: 1\nas_of: 2026-01-01\n", 1);
        let file = file.replacen("    key: id\n", "    file: customers.csv\n    key: id\n", 1);
        let file = file.replacen("    customer: id\n", "    file: orders.csv\n    customer: id\n", 1);
        std::fs::write(named.join("rules.yaml"), file).unwrap();
        cases.push(case(&named.join("rules.yaml")));
    }
    cases
}

fn all_cases(edges: Vec<WarehouseCase>, random: usize) -> Vec<WarehouseCase> {
    let mut cases = edges;
    cases.extend(shipped());
    cases.extend(random_cases(random));
    cases
}

#[test]
#[cfg_attr(not(has_duckdb), ignore = "DuckDB is not installed")]
fn duckdb_gives_what_a_run_gives() {
    in_duckdb(&all_cases(vec![edges(), selection()], 40));
}

#[test]
#[cfg_attr(not(has_postgres), ignore = "PostgreSQL is not installed")]
fn postgres_gives_what_a_run_gives() {
    in_postgres(&all_cases(vec![edges(), selection()], 40));
}

#[test]
#[cfg_attr(not(has_spark), ignore = "Spark is not installed")]
fn spark_gives_what_a_run_gives() {
    let mut cases = all_cases(edges_in_groups(), 4);
    cases.push(selection());
    in_spark(&cases, &[]);
}

#[test]
#[cfg_attr(not(has_spark), ignore = "Spark is not installed")]
fn spark_reads_texts_alike_whatever_its_settings() {
    let settings = ["spark.sql.parser.escapedStringLiterals=true", "spark.sql.ansi.doubleQuotedIdentifiers=true"];
    in_spark(&edges_in_groups()[..2], &settings);
}

#[test]
fn what_has_no_sql_is_told_at_its_place_all_at_once() {
    let ran = at_root(&["sql", "rules/b2b-accounts/rules.yaml", "--dialect", "duckdb"]).exits(2);
    let said = ran.err;
    assert!(ran.out.is_empty());
    assert!(said.contains("error[E0901]") && said.contains("strategic_fit: {weight: 20%"), "{said}");
    // What only reads the rating is mended with it.
    assert!(!said.contains("`treatment`"), "{said}");
}

#[test]
fn tables_views_and_saved_cut_offs() {
    let folder = TempDir::new().unwrap();
    let saved = folder.path().join("cutoffs.yaml");
    let rules = "rules/webshop-rfm/rules.yaml";
    at_root(&["calibrate", rules, "-o", saved.to_str().unwrap()]).exits(0);
    let computed = at_root(&["sql", rules, "--dialect", "postgres"]).exits(0);
    let read = at_root(&["sql", rules, "--dialect", "postgres", "--cutoffs", saved.to_str().unwrap()]);
    assert_eq!(computed.out, read.out);
    let named = at_root(&[
        "sql",
        rules,
        "--dialect",
        "postgres",
        "--table",
        "orders=sales.web orders",
        "--create-view",
        "crm.rated",
    ]);
    let statement = named.out;
    assert!(statement.contains("FROM \"sales\".\"web orders\""), "{statement}");
    let view = "BEGIN;\nDROP VIEW IF EXISTS \"crm\".\"rated\";\nCREATE VIEW \"crm\".\"rated\" AS\nWITH";
    assert!(statement.contains(view) && statement.ends_with(";\nCOMMIT;\n"), "{statement}");
    let replaced = at_root(&["sql", rules, "--dialect", "duckdb", "--create-view", "rated"]).out;
    assert!(replaced.contains("\nCREATE OR REPLACE VIEW \"rated\" AS\n"), "{replaced}");
    for wrong in [["--table", "order=x"], ["--table", "orders"], ["--table", "orders=a..b"]] {
        at_root(&[&["sql", rules, "--dialect", "spark"], &wrong[..]].concat()).exits(2);
    }
}
