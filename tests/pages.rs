//! Every diagnostic code has a page. Its example gives the output that it shows; its mended example has no findings.
//!
//! `ACCOLADE_BLESS=1` writes what the examples give into the pages.

use std::path::{Path, PathBuf};

use accolade_parser::code::CODES;

use crate::support::console::{FencedBlock, blocks, replay};

/// Codes that the command line cannot provoke.
const WITHOUT_EXAMPLE: [&str; 3] = ["E0604", "E0716", "W0725"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/diagnostics")
}

/// The blocks of the example, and those under "Mended".
fn sections(page: &str) -> (Vec<FencedBlock>, Vec<FencedBlock>) {
    let (example, mended) = page.split_once("\n## Mended\n").unwrap_or((page, ""));
    (blocks(example), blocks(mended))
}

/// The text of the rule file: that of the first plain fence.
fn rules(blocks: &[FencedBlock]) -> Option<&str> {
    blocks.iter().find(|b| b.info == "yaml").map(|b| b.text.as_str())
}

/// Writes `rules` and the blocks that name a file to `folder`.
fn write_files(rules: Option<&str>, blocks: &[FencedBlock], folder: &Path) {
    let named = blocks.iter().filter_map(|b| Some((b.info.split_once("file=")?.1, b.text.as_str())));
    for (name, text) in rules.map(|text| ("rules.yaml", text)).into_iter().chain(named) {
        // `\xff` stands for a byte that cannot be shown.
        let mut bytes = text.as_bytes().to_vec();
        while let Some(at) = bytes.windows(4).position(|w| w == b"\\xff") {
            bytes.splice(at..at + 4, [0xff]);
        }
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

/// The rule file with mended lines in place of those of the same key, or at its end; or a complete mended file.
fn mend(rules: &str, mended: &str) -> String {
    if mended.starts_with("accolade: 1\n") {
        return mended.to_owned();
    }
    let key = |line: &str| line.split(':').next().map(str::to_owned);
    let mut lines: Vec<&str> = rules.lines().collect();
    for line in mended.lines() {
        match lines.iter().position(|l| key(l) == key(line)) {
            Some(at) => lines[at] = line,
            None => lines.push(line),
        }
    }
    lines.join("\n") + "\n"
}

/// What is wrong with the page of a code; `bless` mends what it shows.
fn check(code: &str, path: &Path, bless: bool) -> Option<String> {
    let page = std::fs::read_to_string(path).unwrap();
    let (example, mended) = sections(&page);
    let Some(console) = example.iter().find(|b| b.info == "console") else {
        return (!WITHOUT_EXAMPLE.contains(&code)).then(|| format!("{code} shows no command"));
    };
    let temporary = tempfile::tempdir().unwrap();
    write_files(rules(&example), &example, temporary.path());
    let given = replay(&console.text, temporary.path());
    if !given.contains(&format!("[{code}]")) {
        return Some(format!("{code}: its example gives another finding:\n{given}"));
    }
    if given != console.text {
        if !bless {
            return Some(format!("{code}: the page shows\n{}but it is\n{given}", console.text));
        }
        std::fs::write(path, page.replace(&console.text, &given)).unwrap();
    }
    if mended.is_empty() {
        return None;
    }
    let rules = rules(&example).map(|text| mend(text, rules(&mended).unwrap_or_default()));
    write_files(rules.as_deref(), &mended, temporary.path());
    let console = mended.iter().find(|b| b.info == "console").unwrap_or(console);
    let given = replay(&console.text, temporary.path());
    let sound = !given.contains("error[") && !given.contains(&format!("[{code}]"));
    (!sound).then(|| format!("{code}: what it calls mended gives\n{given}"))
}

#[test]
fn every_code_has_a_page_whose_example_is_true() {
    let bless = std::env::var_os("ACCOLADE_BLESS").is_some();
    let mut wrong = Vec::new();
    for (code, title) in CODES.iter().map(|(code, title)| (code.id(), title)) {
        let path = folder().join(format!("{code}.md"));
        match std::fs::read_to_string(&path) {
            Err(_) => wrong.push(format!("{code} has no page")),
            Ok(page) if !page.starts_with(&format!("# {code}: {title}\n")) => {
                wrong.push(format!("{code} has another title"));
            }
            Ok(_) => wrong.extend(check(code, &path, bless)),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_page_is_without_a_code() {
    for entry in std::fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let code = name.trim_end_matches(".md");
        assert!(CODES.iter().any(|(known, _)| known.id() == code), "{name} is the page of no code");
    }
}
