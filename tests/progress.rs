//! Output besides results: progress, notes, `--quiet` and `--verbose`; completions and manual pages.

use std::path::Path;
use std::process::Command;

use crate::support::pages::root;
use crate::support::{Cli, CommandOutput, PROGRAM, at_root};

const SHOP: &str = "rules/webshop-rfm/rules.yaml";

/// Runs another program that runs or completes this one.
fn run(program: &str, arguments: &[&str]) -> CommandOutput {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root()).env("NO_COLOR", "1").env("TERM", "xterm");
    let output = command.output().unwrap();
    CommandOutput::of(&command, output)
}

/// Standard error of the program.
#[track_caller]
fn said(arguments: &[&str]) -> String {
    at_root(arguments).exits(0).err
}

#[test]
fn quiet_leaves_out_notes_and_verbose_tells_what_was_done() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("rated.csv");
    let arguments = ["run", SHOP, "-o", out.to_str().unwrap()];
    let note = format!("400 customers rated, written to {}\n", out.display());
    assert_eq!(said(&arguments), note);
    assert_eq!(said(&[&arguments[..], &["--quiet"]].concat()), "");
    assert_eq!(said(&[&["-q"], &arguments[..]].concat()), "");
    let told = said(&[&arguments[..], &["-v", "--threads", "2"]].concat());
    let rest = told.strip_prefix(&note).unwrap();
    let (facts, times) = rest.rsplit_once("reading ").unwrap();
    let expected = "read customers from rules/webshop-rfm/customers.csv: 400 rows
read orders from rules/webshop-rfm/orders.csv: 1885 rows
2 threads
cut-offs of customer_class, behaviour: computed from these customers
";
    let mut lines: Vec<&str> = facts.lines().collect();
    lines[..2].sort_unstable();
    assert_eq!(lines.join("\n") + "\n", expected, "the sources are read at the same time");
    assert!(times.contains(" s, rating ") && times.contains(" s, writing ") && times.contains("in all "), "{times}");
}

#[test]
fn quiet_keeps_warnings_and_errors() {
    let warned = at_root(&["run", SHOP, "--as-of", "2025-06-30", "-q"]).err;
    assert!(warned.contains("warning[W0706]"), "{warned}");
    let failed = at_root(&["-q", "run", "nowhere.yaml"]).err;
    assert!(failed.contains("error[E0701]"), "{failed}");
    at_root(&["-q", "-v", "check", SHOP]).exits(2);
}

/// A rule set that takes a few seconds: a script that counts for every one of many customers.
fn slow(folder: &Path) -> String {
    let customers: String = (0..2_000).map(|i| format!("C{i:04}\n")).collect();
    std::fs::write(folder.join("customers.csv"), format!("id\n{customers}")).unwrap();
    let rules = "accolade: 1
as_of: 2026-01-01
sources:
  customers: {file: customers.csv, key: id, columns: {id: text}}
functions:
  tally:
    script: |
      fn tally(n) {
        let sum = 0;
        for i in 0..n { sum += i % 7; }
        sum
      }
    arguments: {n: integer}
    returns: integer
profile:
  quantitative: {tallied: tally(600), twice: tallied * 2}
";
    std::fs::write(folder.join("rules.yaml"), rules).unwrap();
    folder.join("rules.yaml").to_str().unwrap().to_owned()
}

#[test]
fn bars_show_on_a_terminal_for_slow_work_only() {
    let folder = tempfile::tempdir().unwrap();
    let slow = slow(folder.path());
    let on_terminal = |arguments: &str, term: &str| {
        let command = format!("env TERM={term} {PROGRAM} {arguments}");
        run("script", &["-qec", &command, "/dev/null"]).out
    };
    let shown = on_terminal(&format!("run {slow} --threads 1"), "xterm");
    assert!(shown.contains("rating") && shown.contains("0 of 2000 tallied"), "{shown:?}");
    assert!(shown.contains("2000 customers at 2026-01-01"), "{shown:?}");
    for (arguments, term) in [
        (format!("run {slow} --quiet --threads 1"), "xterm"),
        (format!("run {slow} --threads 1"), "dumb"),
        (format!("run {SHOP}"), "xterm"),
    ] {
        let shown = on_terminal(&arguments, term);
        assert!(
            !shown.contains("rating ") && shown.contains("customers at 2026-01-01"),
            "{arguments} {term}: {shown:?}"
        );
    }
    assert_eq!(said(&["run", &slow, "--threads", "1"]), "", "a pipe is no terminal");
}

/// What a shell proposes for the last of the words.
fn completed(words: &[&str]) -> Vec<String> {
    let at = words.len() - 1;
    let asked = Cli::new(root()).args([&["--"], words].concat()).env("COMPLETE", "bash");
    let asked = asked.env("_CLAP_COMPLETE_INDEX", at.to_string()).env("_CLAP_COMPLETE_COMP_TYPE", "9");
    asked.env("_CLAP_IFS", "\n").run().exits(0).out.lines().map(|line| line.trim().to_owned()).collect()
}

#[test]
fn commands_flags_and_values_are_completed() {
    assert_eq!(completed(&["accolade", "ru"]), ["run"]);
    assert_eq!(completed(&["accolade", "run", "--bad"]), ["--bad-rows"]);
    assert_eq!(completed(&["accolade", "run", "--bad-rows", "re"]), ["report"]);
}

#[test]
fn rules_measures_and_customers_are_completed_from_the_rule_file() {
    assert_eq!(completed(&["accolade", "run", SHOP, "--show", "ca"]), ["campaign"]);
    assert_eq!(completed(&["accolade", "explain", SHOP, "W0008", "--rule", "c"]), ["customer_class", "campaign"]);
    assert_eq!(completed(&["accolade", "explain", SHOP, "W000"]).len(), 9);
    assert_eq!(completed(&["accolade", "profile", SHOP, "W039"]).len(), 10);
    let club = "rules/loyalty-programme/rules.yaml";
    assert!(completed(&["accolade", "run", club, "--show", "pro"]).contains(&"promoter_score".to_owned()));
    assert!(completed(&["accolade", "run", "nowhere.yaml", "--show", "c"]).is_empty());
}

#[test]
fn every_shell_has_a_script() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = at_root(&["completions", shell]).out;
        assert!(script.contains("COMPLETE") && script.contains("accolade"), "{shell}: {script}");
    }
    at_root(&["completions", "cmd"]).exits(2);
    let registered = "eval \"$(\"$0\" completions bash)\"; complete -p accolade";
    let bash = Command::new("bash").args(["-euc", registered, PROGRAM]).output().unwrap();
    assert!(String::from_utf8_lossy(&bash.stdout).contains("accolade"), "{bash:?}");
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("man");
    said(&["man", "-o", target.to_str().unwrap()]);
    let main = std::fs::read_to_string(target.join("accolade.1")).unwrap();
    let pages = std::fs::read_dir(&target).unwrap().count();
    assert_eq!(main.matches("\naccolade\\-").count(), pages - 1, "the main page names every other");
    let page = std::fs::read_to_string(target.join("accolade-run.1")).unwrap();
    for part in
        [".TH accolade-run 1", ".SH NAME", ".SH SYNOPSIS", ".SH OPTIONS", "Rate every customer", "\\-\\-cutoffs"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert_eq!(at_root(&["man", "run"]).out, page);
    let unknown = at_root(&["man", "rum"]).err;
    assert!(unknown.contains("did you mean `run`?"), "{unknown}");
}
