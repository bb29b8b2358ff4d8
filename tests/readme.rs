//! Every `console` block of the README gives what the README shows.
//!
//! `ACCOLADE_BLESS=1` writes what the commands give into the README.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::path::Path;

use support::console::{blocks, replay};

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn the_readme_shows_what_its_commands_give() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let path = root.join("README.md");
    let mut readme = std::fs::read_to_string(&path).unwrap();
    let folder = tempfile::tempdir().unwrap();
    copy(&root.join("rules"), &folder.path().join("rules"));
    let bless = std::env::var_os("ACCOLADE_BLESS").is_some();
    let shown: Vec<String> = blocks(&readme).into_iter().filter(|b| b.info == "console").map(|b| b.text).collect();
    assert!(shown.len() >= 5);
    for block in shown {
        let given = replay(&block, folder.path());
        if bless {
            readme = readme.replace(&format!("```console\n{block}"), &format!("```console\n{given}"));
        } else {
            assert_eq!(block, given);
        }
    }
    if bless {
        std::fs::write(&path, readme).unwrap();
    }
}
