//! The outputs of the shipped rule sets, compared byte by byte.
//!
//! `tests/fixtures/golden.txt` holds the hash of every output. A test that fails leaves the new outputs in
//! `target/golden`; run it there and at an older commit to compare them. `ACCOLADE_BLESS=1` writes the hashes anew.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::support::accolade;

const RULE_SETS: &[&str] = &["b2b-accounts", "consultant-scorecard", "loyalty-programme", "webshop-rfm"];

/// Commands whose standard output is compared; `KEY` stands for a customer of the rule set.
const PRINTED: &[&str] = &[
    "check rules.yaml --format json",
    "run rules.yaml",
    "run rules.yaml --format json",
    "run rules.yaml -o -",
    "explain rules.yaml --customer KEY",
    "explain rules.yaml --customer KEY --format json",
    "explain rules.yaml --customer KEY --format markdown",
    "explain rules.yaml --customer KEY --format yaml",
    "profile rules.yaml KEY",
    "profile rules.yaml KEY --format json",
    "calibrate rules.yaml",
    "compare rules.yaml --old-as-of 2025-07-01 --format json",
    "sql rules.yaml --dialect duckdb --skip-unsupported",
    "sql rules.yaml --dialect postgres --skip-unsupported",
    "sql rules.yaml --dialect spark --skip-unsupported",
    "docs rules.yaml",
    "schema",
    "schema --tests",
    "test . --coverage",
    "test rules.yaml --suggest",
    "functions",
];

/// Commands that write a file, named by its ending.
const WRITTEN: &[(&str, &str)] = &[
    ("run rules.yaml --why -o", "csv"),
    ("run rules.yaml --why -o", "ndjson"),
    ("run rules.yaml --why -o", "json"),
    ("run rules.yaml -o", "parquet"),
    ("run rules.yaml --why -o", "xlsx"),
    ("calibrate rules.yaml -o", "yaml"),
    ("docs rules.yaml -o", "md"),
    ("profile rules.yaml KEY -o", "html"),
    ("report rules.yaml --compare-to rules.yaml --old-as-of 2025-07-01 -o", "html"),
    ("report rules.yaml -o", "md"),
    ("report rules.yaml -o", "xlsx"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Every output of a rule set by the command that gives it.
fn outputs(name: &str) -> BTreeMap<String, Vec<u8>> {
    let folder = root().join("rules").join(name);
    let written = tempfile::tempdir().unwrap();
    let customers = std::fs::read_to_string(folder.join("customers.csv")).unwrap();
    let key = customers.lines().nth(2).unwrap().split(',').next().unwrap().to_owned();
    let run = |command: &str, more: Option<&Path>| {
        let mut words: Vec<&str> = command.split(' ').map(|word| if word == "KEY" { &key } else { word }).collect();
        words.extend(more.and_then(Path::to_str));
        accolade(&folder, &words).exits(0)
    };
    let mut all = BTreeMap::new();
    for command in PRINTED {
        all.insert(format!("{name}: {command}"), run(command, None).output().into_bytes());
    }
    for (command, ending) in WRITTEN {
        let path = written.path().join("written").with_extension(ending);
        run(command, Some(&path));
        all.insert(format!("{name}: {command} .{ending}"), std::fs::read(&path).unwrap());
    }
    all
}

#[test]
fn shipped_rule_sets_give_what_they_gave() {
    let outputs: BTreeMap<String, Vec<u8>> = std::thread::scope(|scope| {
        let threads: Vec<_> = RULE_SETS.iter().map(|name| scope.spawn(|| outputs(name))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let hash = |bytes: &[u8]| Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let lines = outputs.iter().map(|(command, bytes)| format!("{} {command}\n", hash(bytes)));
    let (file, now) = (root().join("tests/fixtures/golden.txt"), lines.collect::<String>());
    if std::env::var_os("ACCOLADE_BLESS").is_some() {
        std::fs::write(&file, &now).unwrap();
    }
    let before = std::fs::read_to_string(&file).unwrap();
    if before == now {
        return;
    }
    let kept = root().join("target/golden");
    std::fs::create_dir_all(&kept).unwrap();
    for (command, bytes) in &outputs {
        let name: String = command.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
        std::fs::write(kept.join(name), bytes).unwrap();
    }
    let changed: Vec<&str> = now.lines().filter(|line| !before.lines().any(|old| old == *line)).collect();
    panic!("changed outputs, kept in {}:\n{}", kept.display(), changed.join("\n"));
}
