//! The command line, as the program itself explains it.

use crate::support::at_root;

fn help(arguments: &[&str]) -> String {
    let text = at_root(arguments).exits(0).out;
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim_end().to_owned()
}

pub fn page() -> String {
    let whole = help(&["--help"]);
    let mut page = format!(
        "# Command line

Results go to standard output; findings, notes and progress go to standard error. The exit code is 0 when all is well, 1
when a rule file has errors, a test fails or a limit is crossed, 2 for usage, files or data that cannot be used, and 3 when
results are written and a goal is missed (`run --enforce`).

`accolade completions bash` prints a script for tab completion, `accolade man -o FOLDER` writes manual pages.

```text
{whole}
```
"
    );
    let commands = whole.split("Commands:\n").nth(1).unwrap().lines().take_while(|line| !line.is_empty());
    for name in commands.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help") {
        page += &format!("\n## `accolade {name}`\n\n```text\n{}\n```\n", help(&[name, "--help"]));
    }
    page
}
