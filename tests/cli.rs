//! The command line: exit codes, formats, files that stay as they were.

use std::process::Stdio;

use crate::support::pages::root;
use crate::support::{Cli, accolade, at_root};

const B2B: &str = "rules/b2b-accounts/rules.yaml";
const SHOP: &str = "rules/webshop-rfm/rules.yaml";

#[track_caller]
fn exits(arguments: &[&str], code: i32, says: &str) {
    at_root(arguments).says(code, &[says]);
}

#[test]
fn exit_codes_tell_findings_from_failures() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = folder.path().join("wrong.yaml");
    std::fs::write(&wrong, "accolade: 2\n").unwrap();
    let wrong = wrong.to_str().unwrap();
    exits(&["check", B2B, SHOP], 0, "ok");
    exits(&["check", B2B, wrong], 1, "E0104");
    exits(&["run", wrong], 1, "E0104");
    exits(&["check", "nowhere.yaml"], 2, "E0701");
    exits(&["run", "nowhere.yaml"], 2, "E0701");
    exits(&["run", SHOP, "--as-of", "1-1-2026"], 2, "E0709");
    exits(&["run", SHOP, "--source", "ordrs=x.csv"], 2, "did you mean `orders`");
    exits(&["run", SHOP, "--source", "orders"], 2, "names no file");
    exits(&["run", SHOP, "--source", "orders=nowhere.csv"], 2, "E0701");
    exits(&["run", SHOP, "-o", "out.docx"], 2, ".parquet");
    exits(&["run", SHOP, "-o", "no/such/folder/out.csv"], 2, "cannot be written");
    exits(&["run", SHOP, "--cutoffs", "nowhere.yaml"], 2, "there is no such file");
    exits(&["run"], 2, "Usage");
    exits(&["functions", "dayz"], 2, "did you mean `days`");
    exits(&["explain-code", "e0501"], 0, "the weights do not add up");
    exits(&["explain-code", "E9999"], 2, "there is no code");
}

#[test]
fn a_source_is_given_once() {
    let twice = ["--source", "orders=a.csv", "--source", "customers=b.csv", "--source", "orders=c/"];
    let said = "the source `orders` is given twice, as `a.csv` and as `c/`";
    let commands: [&[&str]; 6] = [
        &["run", SHOP],
        &["explain", SHOP, "K0001"],
        &["profile", SHOP, "K0001"],
        &["report", SHOP, "-o", "nowhere.html"],
        &["calibrate", SHOP, "-o", "nowhere.yaml"],
        &["compare", SHOP, "--old-as-of", "2025-01-01"],
    ];
    for command in commands {
        exits(&[command, &twice[..]].concat(), 2, said);
    }
    let older = twice.map(|word| if word == "--source" { "--old-source" } else { word });
    for command in [commands[3], commands[5]] {
        exits(&[command, &older[..]].concat(), 2, said);
    }
    let tables = ["--table", "orders=a", "--table", "orders=b"];
    exits(&[&["sql", SHOP, "--dialect", "duckdb"], &tables[..]].concat(), 2, "names the table of `orders` twice");
}

#[test]
fn a_file_is_replaced_as_a_whole_or_left_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.csv");
    std::fs::write(&path, "precious").unwrap();
    let out = path.to_str().unwrap();
    exits(&["run", SHOP, "--source", "orders=rules/webshop-rfm/customers.csv", "-o", out], 2, "E0702");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "precious");
    exits(&["run", SHOP, "-o", out], 0, "400 customers");
    assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 401);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left behind");
}

#[test]
fn every_format_holds_the_same_results() {
    let folder = tempfile::tempdir().unwrap();
    let write = |ending: &str| {
        let path = folder.path().join(format!("out.{ending}"));
        exits(&["run", B2B, "-o", path.to_str().unwrap()], 0, "300 customers");
        std::fs::read(path).unwrap()
    };
    let csv = write("csv");
    let mut reader = csv::Reader::from_reader(csv.as_slice());
    let header = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let array: Vec<serde_json::Value> = serde_json::from_slice(&write("json")).unwrap();
    let lines: Vec<serde_json::Value> =
        String::from_utf8(write("ndjson")).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(array, lines);
    assert_eq!(rows.len(), 300);
    for (row, object) in rows.iter().zip(&array) {
        for (name, field) in header.iter().zip(row) {
            let value = match &object[name] {
                serde_json::Value::Null => String::new(),
                serde_json::Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            assert_eq!(value, field, "{name}");
        }
    }
    let parquet = write("parquet");
    assert_eq!((&parquet[..4], &parquet[parquet.len() - 4..]), (&b"PAR1"[..], &b"PAR1"[..]));
    assert_eq!(at_root(&["run", B2B, "-o", "-"]).out.into_bytes(), csv);
}

#[test]
fn saved_cut_offs_give_what_computed_ones_give_and_fit_no_other_rules() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cutoffs.yaml");
    let cut_offs = path.to_str().unwrap();
    exits(&["calibrate", B2B, "-o", cut_offs], 0, "cut-offs");
    let computed = at_root(&["run", B2B, "-o", "-"]).out;
    assert_eq!(at_root(&["run", B2B, "-o", "-", "--cutoffs", cut_offs]).out, computed);
    exits(&["run", SHOP, "--cutoffs", cut_offs], 2, "E0710");
    std::fs::write(&path, "nothing: here").unwrap();
    exits(&["run", B2B, "--cutoffs", cut_offs], 2, "E0710");
}

#[test]
fn programs_get_json() {
    let summary = at_root(&["run", B2B, "--format", "json"]).json();
    assert_eq!(summary["version"], 1);
    assert_eq!(summary["customers"], 300);
    assert_eq!(summary["sections"][0]["rows"][0]["customer_class"], "A");
    assert_eq!(summary["goals"][0]["met"], true);
    let findings = at_root(&["check", "nowhere.yaml", "--format", "json"]).json();
    assert_eq!(findings["diagnostics"][0]["code"], "E0701");
    let functions = at_root(&["functions", "--format", "json"]).json();
    assert!(functions["functions"].as_array().unwrap().len() > 20);
}

#[test]
fn a_closed_pipe_is_quiet() {
    let mut child = Cli::new(root())
        .args(["run", B2B, "-o", "-"])
        .command()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn colours_only_where_they_are_wanted() {
    assert!(!at_root(&["run", SHOP, "--as-of", "x"]).err.contains('\u{1b}'));
}

#[test]
fn every_function_example_is_true() {
    let functions = at_root(&["functions", "--format", "json"]).json();
    let folder = tempfile::tempdir().unwrap();
    let examples: Vec<(String, String)> = functions["functions"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|f| f["examples"].as_array().unwrap().clone())
        .map(|e| (e["expression"].as_str().unwrap().to_owned(), e["result"].as_str().unwrap().to_owned()))
        .collect();
    let metrics: String = examples.iter().enumerate().map(|(i, (e, _))| format!("    x{i}: '{e}'\n")).collect();
    let rules = format!(
        "accolade: 1\nas_of: 2026-01-01\nsources:\n  customers: {{file: customers.csv, key: id, columns: {{id: text}}}}\nprofile:\n  quantitative:\n{metrics}"
    );
    let path = folder.path().join("rules.yaml");
    std::fs::write(&path, rules).unwrap();
    std::fs::write(folder.path().join("customers.csv"), "id\na\n").unwrap();
    let ran = at_root(&["run", path.to_str().unwrap(), "-o", "-"]).exits(0);
    let mut reader = csv::Reader::from_reader(ran.out.as_bytes());
    let row = reader.records().next().unwrap().unwrap();
    for ((expression, expected), given) in examples.iter().zip(row.iter().skip(1)) {
        assert_eq!(given, expected, "{expression}");
    }
}

#[test]
fn missed_goals_end_with_three_if_they_are_enforced() {
    let folder = tempfile::tempdir().unwrap();
    let rules = |target: &str| {
        format!(
            "accolade: 1\nas_of: 2026-01-01\nsources:\n  customers: {{file: customers.csv, key: id, columns: {{id: text, n: integer}}}}\n\
             measures: {{total: sum(n)}}\ngoals:\n  enough: {{measure: total, target: '{target}'}}\n  \
             never: {{measure: 'mean(n where n > 100)', target: '> 0'}}\n"
        )
    };
    std::fs::write(folder.path().join("customers.csv"), "id,n\na,2\nb,3\n").unwrap();
    let run = |target: &str, arguments: &[&str]| {
        std::fs::write(folder.path().join("rules.yaml"), rules(target)).unwrap();
        let ran = accolade(&folder, &[&["run", "rules.yaml"], arguments].concat());
        (ran.code, ran.out, ran.err)
    };
    let (code, out, _) = run("> 5", &[]);
    assert_eq!((code, out.contains("not met")), (Some(0), true));
    for more in [
        &["--enforce"][..],
        &["--enforce", "--format", "json"],
        &["--enforce", "-o", "out.csv"],
        &["--enforce", "-o", "-"],
    ] {
        let (code, _, said) = run("> 5", more);
        assert_eq!(code, Some(3), "{more:?}");
        assert!(said.contains("2 of 2 goals: `enough` is not met, `never` is without data"), "{said}");
    }
    assert!(folder.path().join("out.csv").exists());
    let (code, _, said) = run(">= 5", &["--enforce"]);
    assert_eq!((code, said.contains("1 of 2 goals: `never` is without data")), (Some(3), true), "{said}");
    let (code, out, _) = run(">= 5", &["--show", "measures"]);
    assert_eq!((code, out.contains("total"), out.contains("enough")), (Some(0), true, false), "{out}");
    let (code, _, said) = run(">= 5", &["--show", "gaols"]);
    assert_eq!((code, said.contains("did you mean `goals`?")), (Some(2), true), "{said}");
}

#[test]
fn one_measure_is_shown_alone_as_text_and_as_json() {
    const CLUB: &str = "rules/loyalty-programme/rules.yaml";
    let text = at_root(&["run", CLUB, "--show", "share_of_wallet"]).exits(0).out;
    let lines: Vec<&str> = text.lines().skip(2).collect();
    assert!(lines[..2] == ["", "measures"] && lines.len() == 4 && lines[3].contains("share_of_wallet"), "{text}");
    let shown = |part: &str| at_root(&["run", CLUB, "--show", part, "--format", "json"]).exits(0).json();
    let counts = |document: &serde_json::Value| {
        ["sections", "measures", "programmes", "goals"].map(|list| document[list].as_array().unwrap().len())
    };
    let one = shown("share_of_wallet");
    assert_eq!((counts(&one), one["measures"][0]["name"].as_str()), ([0, 1, 0, 0], Some("share_of_wallet")));
    let [sections, measures, programmes, goals] = counts(&shown("goals"));
    assert!((sections, measures, programmes) == (0, 0, 0) && goals > 1);
    assert_eq!(counts(&shown("top")), [1, 0, 0, 0]);
    // The table of measures has those without groups, as text and as JSON.
    let whole = at_root(&["run", CLUB, "--show", "measures"]).exits(0).out;
    assert!(whole.contains("\n share_of_wallet ") && !whole.contains("promoter_score by"), "{whole}");
    assert_eq!(counts(&shown("measures"))[1], whole.lines().count() - 5, "{whole}");
    at_root(&["run", CLUB, "--show", "share_of_walet"]).says(2, &["did you mean `share_of_wallet`?"]);
}
