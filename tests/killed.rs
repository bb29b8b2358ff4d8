//! A run that is killed leaves the old result or the new one, whole, and nothing that is taken for a result.

use std::fmt::Write;
use std::path::Path;
use std::time::Instant;

use tempfile::TempDir;

use crate::support::Cli;
use crate::support::shop::folder;

/// The moments at which a run is killed.
const MOMENTS: u32 = 50;

const RULES: &str = "accolade: 1
as_of: 2026-01-01
sources:
  customers: {file: customers.csv, key: id, columns: {id: text, amount: money, note: text}}
profile: {administrative: [note], quantitative: [amount]}
rules:
  size: {kind: segments, segments: {large: amount >= 5_000, small: rest}}
";

/// Customers whose amounts begin at `first`.
fn customers(first: u32) -> String {
    let mut text = "id,amount,note\n".to_owned();
    (0..8_000).for_each(|i| writeln!(text, "K{i:05},{}.50,a note about customer {i}", first + i).unwrap());
    text
}

fn shop() -> TempDir {
    folder(&[("r.yaml", RULES), ("customers.csv", &customers(0))])
}

fn run(shop: &TempDir, to: &str) {
    Cli::new(shop).args(["run", "r.yaml", "-o", to, "--quiet"]).run().exits(0);
}

/// Kills runs into `to` at moments spread over a run. `result` reads what is there.
fn kill_runs<T: PartialEq + std::fmt::Debug>(shop: &TempDir, to: &str, result: impl Fn(&Path) -> T) {
    let path = shop.path().join(to.split('#').next().unwrap());
    run(shop, to);
    let old = result(&path);
    std::fs::write(shop.path().join("customers.csv"), customers(3_000)).unwrap();
    let elsewhere = format!("whole-{to}");
    let started = Instant::now();
    run(shop, &elsewhere);
    let whole_run = started.elapsed();
    let new = result(&shop.path().join(elsewhere.split('#').next().unwrap()));
    assert!(old != new);
    let (mut kept, mut replaced) = (0, 0);
    for moment in 0..MOMENTS {
        let mut child = Cli::new(shop).args(["run", "r.yaml", "-o", to, "--quiet"]).command().spawn().unwrap();
        // The moments are where the machine puts them; what holds afterwards does not depend on them.
        std::thread::sleep(whole_run * moment / MOMENTS);
        child.kill().unwrap();
        child.wait().unwrap();
        let found = result(&path);
        if found == new {
            replaced += 1;
            let before = shop.path().join("customers.csv");
            std::fs::write(&before, customers(0)).unwrap();
            run(shop, to);
            assert!(result(&path) == old, "the result before the next moment");
            std::fs::write(&before, customers(3_000)).unwrap();
        } else {
            assert!(found == old, "moment {moment}: neither the old result nor the new one");
            kept += 1;
        }
    }
    println!("{to}: {kept} times the old result, {replaced} times the new one");
    // What a killed run left behind is hidden, and the next run goes through.
    let known = ["r.yaml", "customers.csv"];
    for entry in std::fs::read_dir(shop.path()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let base = to.split('#').next().unwrap();
        assert!(known.contains(&name.as_str()) || name.starts_with(".accolade-") || name.contains(base), "{name}");
    }
    run(shop, to);
    assert!(result(&path) == new, "the run after the last moment");
}

#[test]
fn a_killed_run_leaves_a_whole_file() {
    kill_runs(&shop(), "out.csv", |path| std::fs::read(path).unwrap());
}

#[test]
fn a_killed_run_leaves_a_whole_table() {
    let rows = |path: &Path| -> Vec<(String, String)> {
        let database = rusqlite::Connection::open(path).unwrap();
        let mut rows = database.prepare("SELECT id, CAST(amount AS TEXT) FROM rated ORDER BY id").unwrap();
        rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().collect::<Result<_, _>>().unwrap()
    };
    kill_runs(&shop(), "out.sqlite#rated", rows);
}

/// What a killed run left in a folder is not read as a part of a source.
#[test]
fn what_a_killed_run_left_is_no_data() {
    let rules = RULES.replace("customers.csv", "parts/");
    let shop = folder(&[("r.yaml", &rules), ("parts/a.csv", "id,amount,note\nK1,1.00,a\n")]);
    std::fs::write(shop.path().join("parts/.accolade-Xy12Zw"), "id,amount,note\nK2,2.00,b\n").unwrap();
    run(&shop, "out.csv");
    let text = std::fs::read_to_string(shop.path().join("out.csv")).unwrap();
    assert_eq!(text.lines().count(), 2, "{text}");
}
