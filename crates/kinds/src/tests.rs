//! Tests that a kind is one folder and one line, and that no code outside this crate names a kind.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::*;

#[test]
fn names_are_unique_and_every_key_is_documented() {
    let mut seen = HashSet::new();
    for kind in BUILT_IN {
        assert!(seen.insert(kind.name), "{} twice", kind.name);
        assert!(!kind.summary.is_empty(), "{}", kind.name);
        for key in kind.keys {
            assert!(!key.doc.is_empty(), "{}.{}", kind.name, key.name);
        }
    }
}

#[test]
fn every_kind_is_in_a_folder_with_all_that_it_says() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut files, mut named) = (Vec::new(), Vec::new());
    collect(&source, &mut files);
    for kind in BUILT_IN {
        let name = format!("    name: \"{}\",\n    summary: ", kind.name);
        let of_kind = |file: &&PathBuf| std::fs::read_to_string(file).unwrap().contains(&name);
        let Some(file) = files.iter().find(of_kind) else { panic!("`{}` is written in no file", kind.name) };
        let folder = file.parent().unwrap();
        assert_ne!(folder, source, "`{}` has no folder", kind.name);
        let inside: Vec<String> = files
            .iter()
            .filter(|file| file.parent() == Some(folder))
            .map(|file| std::fs::read_to_string(file).unwrap())
            .collect();
        for implemented in ["Rate", "Explain", "Describe", "ToSql", "Present"] {
            let written = format!("\nimpl {implemented} for ");
            let count = inside.iter().filter(|text| text.contains(&written)).count();
            assert_eq!(count, 1, "`{}` has {count} of `impl {implemented}` in its folder", kind.name);
        }
        named.push(folder.to_owned());
    }
    named.sort();
    named.dedup();
    assert!(named.len() >= 10, "{named:?}");
}

/// Files in which the name of a kind may appear: file, name, and why.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("engine/src/run/calibrated.rs", "rating", "what a run is doing, for progress"),
    ("example-regions/src/lib.rs", "abc", "the kind that the example delegates to"),
];

#[test]
fn nothing_outside_knows_a_kind_by_its_name() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (mut files, mut found) = (Vec::new(), Vec::new());
    for entry in std::fs::read_dir(&crates).unwrap() {
        let folder = entry.unwrap().path();
        // `init` writes rule files.
        if folder.join("src").is_dir() && !["init", "kinds"].iter().any(|own| folder.ends_with(own)) {
            collect(&folder.join("src"), &mut files);
        }
    }
    assert!(files.iter().any(|file| file.ends_with("rules/src/set/rate.rs")), "the traits are among the files");
    for file in &files {
        let text = std::fs::read_to_string(file).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
            for kind in BUILT_IN.iter().filter(|kind| line.contains(&format!("\"{}\"", kind.name))) {
                found.push((file.clone(), kind.name, line.trim().to_owned()));
            }
        }
    }
    let allowed =
        |file: &Path, name: &str| EXCEPTIONS.iter().any(|(known, of, _)| file.ends_with(known) && *of == name);
    let by_name: Vec<_> = found.iter().filter(|(file, name, _)| !allowed(file, name)).collect();
    assert!(by_name.is_empty(), "a kind known by its name: {by_name:#?}");
    for (known, name, why) in EXCEPTIONS {
        let is_used = found.iter().any(|(file, of, _)| file.ends_with(known) && of == name);
        assert!(is_used, "`{name}` in {known} ({why}) is no exception any more");
    }
}

/// The sources below a folder, without tests.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.file_stem().is_some_and(|stem| stem == "tests") {
            continue;
        }
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}
