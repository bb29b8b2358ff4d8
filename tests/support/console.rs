//! Blocks of a Markdown page, and commands in them run again.

use std::path::Path;

use super::accolade;

/// A fenced block.
pub struct FencedBlock {
    /// The text after the opening fence.
    pub info: String,
    /// Its lines.
    pub text: String,
}

/// The fenced blocks of a page.
pub fn blocks(page: &str) -> Vec<FencedBlock> {
    let mut found: Vec<FencedBlock> = Vec::new();
    let mut open = false;
    for line in page.split_inclusive('\n') {
        match (line.strip_prefix("```"), open) {
            (Some(info), false) => {
                found.push(FencedBlock { info: info.trim().to_owned(), text: String::new() });
                open = true;
            }
            (Some(_), true) => open = false,
            (None, true) => found.last_mut().unwrap().text.push_str(line),
            (None, false) => {}
        }
    }
    found
}

/// The block with the current output of its commands, standard output before standard error.
pub fn replay(block: &str, folder: &Path) -> String {
    let commands = block.lines().filter_map(|line| line.strip_prefix("$ "));
    commands.map(|command| format!("$ {command}\n{}", run(command, folder))).collect()
}

/// The output of a command line. `accolade` is the program under test.
pub fn run(command: &str, folder: &Path) -> String {
    let words: Vec<&str> = command.split_whitespace().collect();
    let read =
        |file: &str| std::fs::read_to_string(folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    let words = match words.as_slice() {
        ["cargo", "run", "-p", "accolade", "--", rest @ ..] | ["accolade", rest @ ..] => rest,
        ["cat", file] => return read(file),
        ["head", count, file] => {
            let count: usize = count.trim_start_matches('-').parse().unwrap();
            return read(file).split_inclusive('\n').take(count).collect();
        }
        other => panic!("`{}` is not a command that pages can show", other.join(" ")),
    };
    // Trailing blanks are lost in an editor, so they do not count.
    let text = accolade(folder, words).output();
    let lines: Vec<&str> = text.trim_end().lines().map(str::trim_end).collect();
    if lines.is_empty() { String::new() } else { lines.join("\n") + "\n" }
}
