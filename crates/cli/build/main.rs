//! Sets a `cfg` flag for each program or data set that the end-to-end tests can use; tests without theirs are ignored.
//!
//! Programs installed later are found once this file is touched. `--include-ignored` runs all tests regardless.

// Cargo reads what a build script prints.
#![allow(clippy::print_stdout)]

mod installed;

use std::path::{Path, PathBuf};

/// A flag, and the function that finds what it stands for.
type Flag = (&'static str, fn() -> Option<PathBuf>);

const FLAGS: [Flag; 7] = [
    ("has_browser", installed::browser),
    ("has_duckdb", installed::duckdb),
    ("has_git", installed::git),
    ("has_moto", installed::moto),
    ("has_postgres", installed::postgres),
    ("has_shared_data", installed::shared_data),
    ("has_spark", installed::spark),
];

fn main() {
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-env-changed=PATH");
    // The published crate comes without the tests.
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests").is_dir();
    for (flag, find) in FLAGS {
        println!("cargo::rustc-check-cfg=cfg({flag})");
        if let Some(found) = tests.then(find).flatten() {
            println!("cargo::rustc-cfg={flag}");
            println!("cargo::rerun-if-changed={}", found.display());
        }
    }
}
