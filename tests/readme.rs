//! Every `console` block of the README and of the guides gives what the page shows, with the files it shows.
//!
//! `ACCOLADE_BLESS=1` writes what the commands give into the pages.

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

fn check(page: &str, least: usize) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let path = root.join(page);
    let mut text = std::fs::read_to_string(&path).unwrap();
    let folder = tempfile::tempdir().unwrap();
    copy(&root.join("rules"), &folder.path().join("rules"));
    for block in blocks(&text) {
        let Some((_, name)) = block.info.split_once("file=") else { continue };
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, block.text).unwrap();
    }
    let bless = std::env::var_os("ACCOLADE_BLESS").is_some();
    let shown: Vec<String> = blocks(&text).into_iter().filter(|b| b.info == "console").map(|b| b.text).collect();
    assert!(shown.len() >= least, "{page} shows {} commands", shown.len());
    for block in shown {
        let given = replay(&block, folder.path());
        if bless {
            text = text.replace(&format!("```console\n{block}"), &format!("```console\n{given}"));
        } else {
            assert_eq!(block, given);
        }
    }
    if bless {
        std::fs::write(&path, text).unwrap();
    }
}

#[test]
fn the_readme_shows_what_its_commands_give() {
    check("README.md", 7);
}

#[test]
fn the_guides_show_what_their_commands_give() {
    check("docs/guides/test-your-rule-set.md", 3);
    check("docs/guides/write-a-criterion.md", 6);
    check("docs/guides/measure-your-customer-base.md", 1);
}

#[test]
fn the_case_in_the_guide_passes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let guide = std::fs::read_to_string(root.join("docs/guides/test-your-rule-set.md")).unwrap();
    let case = blocks(&guide).into_iter().find(|b| b.info == "yaml").unwrap().text;
    let folder = tempfile::tempdir().unwrap();
    copy(&root.join("rules/webshop-rfm"), folder.path());
    std::fs::write(folder.path().join("tests.yaml"), case).unwrap();
    let given = support::console::run("accolade test tests.yaml", folder.path());
    assert!(given.contains("1 passed, 0 failed"), "{given}");
}
