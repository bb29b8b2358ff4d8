//! Files that are no regular files, never end or lead out of the folder: each is a finding, and nothing waits for them.
#![cfg(unix)]

use std::os::unix::fs::symlink;
use std::process::Command;

use tempfile::TempDir;

use crate::support::shop::folder;
use crate::support::{CommandOutput, accolade};

const PIPE: &str = "it is a pipe, a socket or a device, not a regular file";

/// A rule file with a rating by the script of this path.
fn scripted(script: &str) -> String {
    format!(
        "accolade: 1
as_of: 2026-01-01
sources:
  customers: {{file: customers.csv, key: c, columns: {{c: text, revenue: money}}}}
profile: {{quantitative: [revenue]}}
rules:
  fit: {{kind: rating, scale: 0..10, missing: error, criteria: {{only: {{weight: 100%, script: {script}}}}}}}
"
    )
}

fn pipe(folder: &TempDir, name: &str) {
    assert!(Command::new("mkfifo").arg(folder.path().join(name)).status().unwrap().success());
}

/// A shop whose file `rules/odd` is a pipe, and `rules/endless` a link to a device.
fn shop(rules: &str) -> TempDir {
    let shop = folder(&[
        ("rules/r.yaml", rules),
        ("rules/customers.csv", "c,revenue\nK1,5\n"),
        ("rules/fit.rhai", "5"),
        ("rules/sub/deep.rhai", "6"),
        ("outside.rhai", "7"),
    ]);
    pipe(&shop, "rules/odd");
    symlink("/dev/zero", shop.path().join("rules/endless")).unwrap();
    symlink("../outside.rhai", shop.path().join("rules/link.rhai")).unwrap();
    symlink("sub/deep.rhai", shop.path().join("rules/near.rhai")).unwrap();
    shop
}

fn check(rules: &str) -> CommandOutput {
    let shop = shop(rules);
    accolade(&shop, &["check", "rules/r.yaml"])
}

#[test]
fn what_is_no_regular_file_is_not_read() {
    let shop = shop("accolade: 1\n");
    for odd in ["rules/odd", "rules/endless"] {
        let why = format!("`{odd}` cannot be read: {PIPE}");
        accolade(&shop, &["check", odd]).says(2, &["error[E0701]", &why]);
        accolade(&shop, &["fmt", odd]).says(2, &[&why]);
    }
    for odd in ["odd", "endless"] {
        let why = format!("`rules/{odd}` cannot be read: {PIPE}");
        check(&format!("accolade: 1\ninclude: [{odd}]\n")).says(1, &["error[E0107]", &why]);
    }
    check(&scripted("odd")).says(1, &["error[E0602]", &format!("`rules/odd` cannot be read: {PIPE}")]);
    check("accolade: 1\ninclude: [sub]\n").says(1, &["error[E0107]", "`rules/sub` cannot be read: it is a folder"]);
}

#[test]
fn cut_offs_are_regular_files() {
    let shop = shop(&scripted("fit.rhai"));
    let run = ["run", "rules/r.yaml", "--cutoffs", "rules/odd"];
    accolade(&shop, &run).says(2, &[&format!("`rules/odd` cannot be read: {PIPE}")]);
    let tests = "cutoffs: odd\ncases:\n  one: {customers: [{c: K1, revenue: 5}], expect: {fit: 5}}\n";
    std::fs::write(shop.path().join("rules/tests.yaml"), format!("rules: r.yaml\n{tests}")).unwrap();
    accolade(&shop, &["test", "rules/tests.yaml"]).says(1, &[&format!("`rules/odd` cannot be read: {PIPE}")]);
}

#[test]
fn a_folder_with_a_pipe_is_checked_to_its_end() {
    let shop = shop(&scripted("fit.rhai"));
    pipe(&shop, "rules/odd.yaml");
    accolade(&shop, &["check", "rules"]).says(2, &["`rules/odd.yaml` cannot be read", PIPE, "rules/r.yaml: ok"]);
}

#[test]
fn a_file_without_end_is_read_to_a_limit() {
    let shop = shop("accolade: 1\n");
    std::fs::File::create(shop.path().join("large.yaml")).unwrap().set_len((16 << 20) + 1).unwrap();
    accolade(&shop, &["check", "large.yaml"]).says(2, &["error[E0701]", "it has more than 16777216 bytes"]);
}

#[test]
fn a_script_stays_in_the_folder_of_its_rule_file() {
    let path = |script: &str| check(&scripted(script));
    for inside in ["fit.rhai", "./fit.rhai", "sub/../fit.rhai", "near.rhai"] {
        path(inside).exits(0);
    }
    path("../outside.rhai").says(1, &["error[E0607]", "`../outside.rhai` is outside the folder of its rule file"]);
    path("/etc/hostname").says(1, &["error[E0607]", "`/etc/hostname` is outside the folder of its rule file"]);
    path("link.rhai").says(1, &["error[E0607]", "`link.rhai` is a link that leads outside the folder"]);
    path("endless").says(1, &["error[E0607]", "`endless` is a link that leads outside the folder"]);
}

#[test]
fn a_module_stays_in_the_folder_of_its_rule_file() {
    let import = |module: &str| {
        let rules = scripted("x");
        let (head, _) = rules.split_once("  fit:").unwrap();
        check(&format!(
            "{head}  fit:
    kind: rating
    scale: 0..10
    missing: error
    criteria:
      only:
        weight: 100%
        script: |
          import \"{module}\" as m;
          5
"
        ))
    };
    import("fit").exits(0);
    import("near").exits(0);
    import("link").says(1, &["error[E0606]", "`rules/link.rhai` is a link that leads out of the rule file's folder"]);
    import("endless.").says(1, &["error[E0606]"]);
    import("odd.").says(1, &["error[E0606]"]);
}
