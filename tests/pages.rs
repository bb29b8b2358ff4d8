//! Every diagnostic code has a page, and every page's example gives what the page shows.
//!
//! `ACCOLADE_BLESS=1` writes what the examples give into the pages.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::path::Path;

use accolade_parser::code::CODES;
use support::console::{Block, blocks, replay};

/// Codes that no text file can provoke; tests of the engine do.
const WITHOUT_EXAMPLE: [&str; 2] = ["E0604", "W0708"];

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/diagnostics")
}

/// The files of an example, written to `folder`: a fence's `file=NAME`, or `rules.yaml` for the first plain one.
fn write_files(page: &[Block], folder: &Path) {
    let mut rules_written = false;
    for block in page {
        let name = match block.info.split_once("file=") {
            Some((_, name)) => name,
            None if block.info == "yaml" && !rules_written => {
                rules_written = true;
                "rules.yaml"
            }
            None => continue,
        };
        // `\xff` stands for a byte that cannot be shown.
        let mut bytes = block.text.as_bytes().to_vec();
        while let Some(at) = bytes.windows(4).position(|w| w == b"\\xff") {
            bytes.splice(at..at + 4, [0xff]);
        }
        std::fs::write(folder.join(name), bytes).unwrap();
    }
}

#[test]
fn every_code_has_a_page_whose_example_is_true() {
    let bless = std::env::var_os("ACCOLADE_BLESS").is_some();
    let mut wrong = Vec::new();
    for (code, title) in CODES {
        let path = folder().join(format!("{code}.md"));
        let page = std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("{code} has no page"));
        assert!(page.starts_with(&format!("# {code}: {title}\n")), "{code} has another title");
        let temporary = tempfile::tempdir().unwrap();
        let parsed = blocks(&page);
        write_files(&parsed, temporary.path());
        let Some(console) = parsed.iter().find(|b| b.info == "console") else {
            assert!(WITHOUT_EXAMPLE.contains(code), "{code} shows no command");
            continue;
        };
        let given = replay(&console.text, temporary.path());
        if !given.contains(code) {
            wrong.push(format!("{code}: its example gives another finding:\n{given}"));
        } else if given != console.text {
            if bless {
                std::fs::write(&path, page.replace(&console.text, &given)).unwrap();
            } else {
                wrong.push(format!("{code}: the page shows\n{}but it is\n{given}", console.text));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_page_is_without_a_code() {
    for entry in std::fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let code = name.trim_end_matches(".md");
        assert!(CODES.iter().any(|(id, _)| *id == code), "{name} is the page of no code");
    }
}
