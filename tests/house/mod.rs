//! The architecture: dependencies between crates and between modules go one way, and crates stay small.

mod modules;
mod names;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use modules::{cycles, module_graph};

/// The crates of the workspace that each crate may depend on. Those at the top may depend on anything below.
const ARROWS: &[(&str, &[&str])] = &[
    ("parser", &[]),
    ("core", &["parser"]),
    ("rules", &["core", "parser"]),
    ("kinds", &["rules", "core", "parser"]),
    ("data", &["core", "parser"]),
    ("engine", &["kinds", "rules", "data", "core", "parser"]),
    ("rhai", &["rules", "core", "parser"]),
    ("example-iban", &["rules", "core"]),
    ("example-regions", &["rules", "core", "parser"]),
    ("cluster", &["engine", "parser"]),
    ("init", &["engine", "parser"]),
    ("report", &["engine", "parser"]),
    ("serve", &["engine", "parser"]),
    ("testing", &["engine", "parser"]),
    ("editor", &["testing", "engine", "parser"]),
];

/// Crates that may name the query engine.
const QUERY_ENGINE: &[&str] = &["cluster", "data"];

/// The most lines of a crate.
const LINES: usize = 18_000;

fn crates() -> BTreeMap<String, PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let named = entries.map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path()));
    named.filter(|(_, path)| path.join("Cargo.toml").is_file()).collect()
}

/// The dependencies of a crate, without those of its tests.
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let section = manifest.split("\n[").find(|section| section.starts_with("dependencies]")).unwrap_or_default();
    let name = |line: &str| line.split(['.', ' ', '=']).next().map(str::to_owned);
    section.lines().skip(1).filter(|line| !line.starts_with('#')).filter_map(name).collect()
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

#[test]
fn no_type_name_stands_for_two_things_in_a_crate() {
    for (name, folder) in crates() {
        let repeated = names::repeated(&rust_files(&folder.join("src")));
        assert!(repeated.is_empty(), "`{name}` declares types of one name: {repeated:#?}");
    }
}

#[test]
fn crates_depend_on_those_below_alone() {
    let crates = crates();
    for (name, allowed) in ARROWS {
        let manifest = std::fs::read_to_string(crates[*name].join("Cargo.toml")).unwrap();
        for dependency in dependencies(&manifest) {
            if let Some(own) = dependency.strip_prefix("accolade-") {
                assert!(allowed.contains(&own), "`{name}` depends on `{own}`");
            }
            assert!(
                !dependency.starts_with("datafusion") || QUERY_ENGINE.contains(name),
                "`{name}` names {dependency}"
            );
        }
    }
}

#[test]
fn modules_make_no_circle() {
    for (name, path) in crates() {
        let circles = cycles(&module_graph(&path.join("src"), &rust_files(&path.join("src"))));
        assert!(circles.is_empty(), "modules of `{name}` in a circle: {circles:#?}");
    }
}

#[test]
fn crates_are_small_and_on_the_map() {
    let map = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md")).unwrap();
    for (name, path) in crates() {
        let lines: usize =
            rust_files(&path).iter().map(|file| std::fs::read_to_string(file).unwrap().lines().count()).sum();
        assert!(lines <= LINES, "`{name}` has {lines} lines");
        let on_the_map = ["## `", "| `"].iter().any(|before| map.contains(&format!("{before}{name}`")));
        assert!(on_the_map, "`{name}` has no place in crates/README.md");
    }
}

#[test]
fn circles_are_found() {
    let graph = |arrows: &[(&str, &str)]| {
        let mut graph = modules::ModuleGraph::new();
        for (from, to) in arrows {
            graph.entry((*from).to_owned()).or_default().insert((*to).to_owned(), "file.rs".to_owned());
        }
        cycles(&graph)
    };
    assert!(graph(&[("a", "b"), ("b", "c"), ("a", "c")]).is_empty());
    let found = graph(&[("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")]);
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].iter().map(String::as_str).collect::<Vec<_>>(),
        ["a -> b (file.rs)", "b -> c (file.rs)", "c -> a (file.rs)"]
    );
}
