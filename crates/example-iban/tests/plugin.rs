//! The functions of the plugin in a rule file and in a script.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;
use std::sync::Arc;

use accolade_engine::explain::{Reach, nearest_changes};
use accolade_engine::functions::{Function, Kernel};
use accolade_engine::rules::sql::{Dialect, SqlOptions};
use accolade_engine::rules::sql_statement::sql_statement;
use accolade_engine::{FileSystem, Inputs, Plugins, RuleSet, Value, compile, frame, run, show};
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

fn write_files(folder: &Path, rules: &str) -> std::path::PathBuf {
    std::fs::write(folder.join("customers.csv"), CUSTOMERS).unwrap();
    std::fs::write(folder.join("rules.yaml"), rules).unwrap();
    folder.join("rules.yaml")
}

#[test]
fn rules_and_scripts_call_the_functions() {
    let folder = tempfile::tempdir().unwrap();
    let compilation = compile(&write_files(folder.path(), RULES), &FileSystem, &plugins());
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
    let findings = compile(&write_files(folder.path(), &wrong), &FileSystem, &plugins()).diagnostics;
    assert!(findings.iter().any(|d| d.code.id() == "E0402" && d.message.contains("iban_country")), "{findings:#?}");
    // Without the plugin they are unknown.
    let findings = compile(&write_files(folder.path(), RULES), &FileSystem, &accolade_engine::plugins()).diagnostics;
    assert!(findings.iter().any(|d| d.message.contains("iban_valid")), "{findings:#?}");
}

const FEES: &str = "accolade: 1
as_of: 2026-01-01
sources:
  customers: {file: customers.csv, key: customer_id, columns: {customer_id: text, iban: text?, paid: money?}}
profile:
  quantitative: {fee: transfer_fee(paid), belgian: 'iban_of_country(iban, \"BE\")'}
rules:
  account:
    kind: segments
    segments: {unknown: fee is missing, costly: fee >= 30, cheap: rest}
";

fn fee_rules(folder: &Path) -> RuleSet {
    let path = write_files(folder, FEES);
    std::fs::write(folder.join("customers.csv"), "customer_id,iban,paid\nK1,be68 5390,12000\nK2,NL91,20\nK3,,\n")
        .unwrap();
    let compilation = compile(&path, &FileSystem, &plugins());
    compilation.set.unwrap_or_else(|| panic!("{:#?}", compilation.diagnostics))
}

#[test]
fn the_nearest_change_goes_through_a_function_that_has_a_trend() {
    let folder = tempfile::tempdir().unwrap();
    let set = fee_rules(folder.path());
    let inputs = Inputs::new(set.as_of.unwrap(), vec![folder.path().join("customers.csv").into()]);
    let outcome = run(&set, &inputs, None).unwrap();
    let rater = outcome.rater(&set);
    let slot = set.slot("account").unwrap();
    let record = outcome.frame.record(0);
    assert_eq!(record[slot], Value::text("cheap"));
    let way = nearest_changes(&rater, &record, slot).into_iter().find(|way| way.label == "costly").unwrap();
    assert!(way.not_followed.is_empty(), "{way:?}");
    // 0.2% of 14 999.975 is 29.99995, which is rounded half to even to 30.0000.
    let Reach::Alone(moves) = way.reach else { panic!("{way:?}") };
    let to: Vec<(&str, &Value)> = moves.iter().map(|m| (m.field.as_str(), &m.to)).collect();
    assert_eq!(to, [("paid", &Value::Money(149_999_750))]);
}

#[test]
fn sql_is_what_the_functions_say() {
    let folder = tempfile::tempdir().unwrap();
    let set = fee_rules(folder.path());
    let (cut_offs, tables) = Default::default();
    let request = |dialect| SqlOptions {
        dialect,
        as_of: set.as_of.unwrap(),
        cut_offs: &cut_offs,
        tables: &tables,
        view: None,
        leave_out: false,
    };
    let text = sql_statement(&set, &request(Dialect::DuckDb)).unwrap().text;
    assert!(text.contains("LEAST(GREATEST("), "{text}");
    assert!(text.to_lowercase().contains("starts_with(upper("), "{text}");
    // A function without SQL is refused with its name.
    let wrong = RULES.split("  trust:").next().unwrap();
    let set = compile(&write_files(folder.path(), wrong), &FileSystem, &plugins()).set.unwrap();
    let refused = sql_statement(&set, &request(Dialect::DuckDb)).unwrap_err();
    let message = "`country` cannot be written as SQL for duckdb: the function `iban_country` has no counterpart that gives \
                   the same to the last digit";
    assert!(refused.iter().any(|d| d.code.id() == "E0901" && d.message == message), "{refused:#?}");
}

#[test]
fn a_function_made_at_run_time_keeps_its_state() {
    let folder = tempfile::tempdir().unwrap();
    let known = ["GB82", "NL91"].map(str::to_owned);
    let mut plugins = plugins();
    let template = accolade_example_iban::FUNCTIONS.iter().find(|f| f.name == "iban_valid").unwrap().clone();
    let kernel = Kernel::Closure(Arc::new(move |arguments| {
        Ok(match arguments {
            [Value::Text(iban)] => Value::Boolean(known.iter().any(|start| iban.starts_with(start.as_str()))),
            _ => Value::Null,
        })
    }));
    plugins.add_function(Function { kernel, ..template });
    let rules = RULES.split("  trust:").next().unwrap();
    let set = compile(&write_files(folder.path(), rules), &FileSystem, &plugins).set.unwrap();
    let inputs = Inputs::new(set.as_of.unwrap(), vec![folder.path().join("customers.csv").into()]);
    let outcome = run(&set, &inputs, None).unwrap();
    let column = outcome.frame.column(set.slot("account").unwrap()).unwrap();
    let texts: Vec<String> = (0..outcome.frame.rows).map(|row| show::value(&frame::value_at(column, row))).collect();
    assert_eq!(texts, ["domestic", "wrong", "wrong", "unknown", "wrong"]);
}
