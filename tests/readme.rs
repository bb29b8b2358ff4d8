//! Every `console` block of the README and of the documentation site gives what the page shows, with the files it
//! shows, and every rule file marked `complete` is sound.
//!
//! `ACCOLADE_BLESS=1` writes what the commands give into the pages.

use std::path::{Path, PathBuf};

use crate::support::console::{blocks, replay, run};
use crate::support::pages;

/// The blocks of a page that differ from what its commands give. `ACCOLADE_BLESS=1` mends them.
fn wrong(page: &Path) -> Vec<String> {
    let mut text = std::fs::read_to_string(page).unwrap();
    let outer = tempfile::tempdir().unwrap();
    // A first rule set is named after its folder.
    let folder = outer.path().join("shop");
    pages::copy(&pages::root().join("rules"), &folder.join("rules"));
    for block in blocks(&text) {
        let Some((_, name)) = block.info.split_once("file=") else { continue };
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, block.text).unwrap();
    }
    let mut wrong = Vec::new();
    let shown = blocks(&text);
    for block in shown.iter().filter(|b| b.info == "console") {
        let given = replay(&block.text, &folder);
        if given != block.text {
            wrong.push(format!("{} shows\n{}but it is\n{given}", page.display(), block.text));
            text = text.replace(&format!("```console\n{}", block.text), &format!("```console\n{given}"));
        }
    }
    for block in shown.iter().filter(|b| b.info == "yaml complete") {
        std::fs::write(folder.join("complete.yaml"), &block.text).unwrap();
        let given = run("accolade check complete.yaml", &folder);
        if given.contains("error[") {
            wrong.push(format!("{} shows a rule file with errors\n{given}", page.display()));
        }
    }
    if std::env::var_os("ACCOLADE_BLESS").is_some() && !wrong.is_empty() {
        std::fs::write(page, text).unwrap();
        wrong.clear();
    }
    wrong
}

/// Every page but those of diagnostic codes, whose examples are files of another shape.
#[test]
fn pages_show_what_their_commands_give() {
    let pages: Vec<_> =
        pages::all().into_iter().filter(|page| !page.starts_with(pages::root().join("docs/diagnostics"))).collect();
    let commands =
        |page: &PathBuf| blocks(&std::fs::read_to_string(page).unwrap()).iter().filter(|b| b.info == "console").count();
    assert!(pages.iter().map(commands).sum::<usize>() >= 30, "the pages show commands");
    // Each page has a folder of its own, so they can be looked at side by side.
    let (left, right) = pages.split_at(pages.len() / 2);
    let all = |pages: &[PathBuf]| pages.iter().flat_map(|page| wrong(page)).collect::<Vec<_>>();
    let wrong = std::thread::scope(|scope| {
        let other = scope.spawn(|| all(left));
        [all(right), other.join().unwrap()].concat()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_case_in_the_guide_passes() {
    let root = pages::root();
    let guide = std::fs::read_to_string(root.join("docs/guides/test-your-rule-set.md")).unwrap();
    let case = blocks(&guide).into_iter().find(|b| b.info == "yaml").unwrap().text;
    let folder = tempfile::tempdir().unwrap();
    pages::copy(&root.join("rules/webshop-rfm"), folder.path());
    std::fs::write(folder.path().join("tests.yaml"), case).unwrap();
    let given = run("accolade test tests.yaml", folder.path());
    assert!(given.contains("1 passed, 0 failed"), "{given}");
}
