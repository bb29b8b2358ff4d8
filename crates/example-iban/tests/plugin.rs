//! The functions of the plugin in a rule file and in a script.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

use accolade_engine::{FileSystem, Inputs, Plugins, compile, frame, run, show};
use accolade_rhai::RhaiHost;

const RULES: &str = r#"accolade: 1
as_of: 2026-01-01
sources:
  customers: {file: customers.csv, key: customer_id, columns: {customer_id: text, iban: text?}}
profile:
  administrative: [iban]
  quantitative:
    country: iban_country(iban)
rules:
  account:
    kind: segments
    segments: {unknown: iban is missing, wrong: not iban_valid(iban), domestic: country = "NL", foreign: rest}
  trust:
    kind: rating
    scale: 0..10
    missing: zero
    criteria:
      account:
        weight: 100%
        script: |
          if iban == () { 2 } else if !iban_valid(iban) { 0 } else if iban_country(iban) == "NL" { 10 } else { 8 }
"#;

const CUSTOMERS: &str = "customer_id,iban
K1,NL91 ABNA 0417 1643 00
K2,BE68539007547034
K3,NL92 ABNA 0417 1643 00
K4,
K5,é
";

fn plugins() -> Plugins {
    let mut plugins = accolade_engine::plugins();
    accolade_example_iban::register(&mut plugins);
    plugins.set_script_host(Box::new(RhaiHost::default()));
    plugins
}

fn written(folder: &Path, rules: &str) -> std::path::PathBuf {
    std::fs::write(folder.join("customers.csv"), CUSTOMERS).unwrap();
    std::fs::write(folder.join("rules.yaml"), rules).unwrap();
    folder.join("rules.yaml")
}

#[test]
fn rules_and_scripts_call_the_functions() {
    let folder = tempfile::tempdir().unwrap();
    let compilation = compile(&written(folder.path(), RULES), &FileSystem, &plugins());
    let set = compilation.set.unwrap_or_else(|| panic!("{:#?}", compilation.diagnostics));
    let inputs =
        Inputs { threads: 2, ..Inputs::new(set.as_of.unwrap(), vec![folder.path().join("customers.csv").into()]) };
    let outcome = run(&set, &inputs, None).unwrap();
    let texts = |name: &str| -> Vec<String> {
        let column = outcome.frame.column(set.slot(name).unwrap()).unwrap();
        (0..outcome.frame.rows).map(|row| show::value(&frame::value_at(column, row))).collect()
    };
    assert_eq!(texts("country"), ["NL", "BE", "", "", ""]);
    assert_eq!(texts("account"), ["domestic", "foreign", "wrong", "unknown", "wrong"]);
    assert_eq!(texts("trust"), ["10.00", "8.00", "0.00", "2.00", "0.00"]);
}

#[test]
fn the_checker_knows_their_types() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = RULES.replace("iban_country(iban)\n", "iban_country(1)\n");
    let findings = compile(&written(folder.path(), &wrong), &FileSystem, &plugins()).diagnostics;
    assert!(findings.0.iter().any(|d| d.code.0 == "E0402" && d.message.contains("iban_country")), "{findings:#?}");
    // Without the plugin nobody knows them.
    let findings = compile(&written(folder.path(), RULES), &FileSystem, &accolade_engine::plugins()).diagnostics;
    assert!(findings.0.iter().any(|d| d.message.contains("iban_valid")), "{findings:#?}");
}
