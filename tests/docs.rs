//! `accolade docs`: the document describes everything in a rule file.
//!
//! `ACCOLADE_BLESS=1` writes `rules/b2b-accounts/RULES.md` anew.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use accolade_engine::describe::describe;
use accolade_engine::rules::describe::{Block, Description, DescriptionPart};
use accolade_engine::{Compilation, FileSystem, RuleSet, compile};
use accolade_parser::yaml::node::{Mapping, Node};
use accolade_rhai::RhaiHost;

use crate::support::{CommandOutput, accolade};

fn rules() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules")
}

fn rule_sets() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(rules()).unwrap().map(|entry| entry.unwrap().path());
    let sets: Vec<PathBuf> = entries.filter(|path| path.join("rules.yaml").is_file()).collect();
    assert!(sets.len() >= 4);
    sets
}

fn described(rules: &Path) -> (RuleSet, Description) {
    let mut plugins = accolade_engine::plugins();
    plugins.set_script_host(Box::new(RhaiHost::default()));
    let Compilation { set, files, diagnostics, .. } = compile(rules, &FileSystem, &plugins);
    let set = set.unwrap_or_else(|| panic!("{diagnostics:#?}"));
    let document = describe(&set, &files, None);
    (set, document)
}

fn docs(folder: &Path, arguments: &[&str]) -> CommandOutput {
    accolade(folder, &[&["docs"], arguments].concat())
}

fn document(folder: &Path, arguments: &[&str]) -> String {
    docs(folder, arguments).exits(0).out
}

/// The whole text of a part.
fn text(part: &DescriptionPart) -> String {
    let blocks = part.blocks.iter().map(|block| match block {
        Block::Paragraph(text) | Block::Code(text) => text.clone(),
        Block::List(items) => items.join("\n"),
        Block::Table(table) => {
            let rows = std::iter::once(&table.columns).chain(&table.rows);
            rows.map(|row| row.join("\n")).collect::<Vec<_>>().join("\n")
        }
        Block::Graph(_) => String::new(),
    });
    blocks.chain(part.parts.iter().map(text)).collect::<Vec<_>>().join("\n")
}

/// The numbers and percentages in a text, without their grouping: `10_000` and `10,000` are both 10000.
fn numbers(text: &str) -> BTreeSet<String> {
    let chars: Vec<char> = text.chars().collect();
    let digit = |i: usize| chars.get(i).is_some_and(char::is_ascii_digit);
    let word = |i: usize| chars.get(i).is_some_and(|c| c.is_alphanumeric() || *c == '_');
    let (mut found, mut i) = (BTreeSet::new(), 0);
    while i < chars.len() {
        if !digit(i) || i > 0 && word(i - 1) {
            i += 1;
            continue;
        }
        let mut number = String::new();
        while digit(i) || matches!(chars.get(i), Some('_' | ',' | '.')) && digit(i + 1) {
            number.extend(Some(chars[i]).filter(|c| !matches!(c, '_' | ',')));
            i += 1;
        }
        number.extend(chars.get(i).filter(|c| **c == '%'));
        found.insert(number);
    }
    found
}

/// Keys of the language, which are no names that a rule file defines.
const WORDS: [&str; 24] = [
    "value",
    "cuts",
    "labels",
    "class",
    "weight",
    "bands",
    "linear",
    "steps",
    "percentile",
    "script",
    "lower_is_better",
    "description",
    "label",
    "advice",
    "classes",
    "segments",
    "criteria",
    "aspects",
    "grades",
    "cells",
    "layers",
    "none",
    "recency",
    "frequency",
];

/// The names below a mapping, and every scalar.
fn collect(mapping: &Mapping, names: &mut Vec<String>, scalars: &mut Vec<String>) {
    for entry in &mapping.entries {
        // A key with blanks or signs is a pattern.
        if entry.key.text.chars().all(|c| c.is_alphanumeric() || c == '_') {
            names.push(entry.key.text.clone());
        } else {
            scalars.push(entry.key.text.clone());
        }
        scalars_of(&entry.value, names, scalars);
    }
}

fn scalars_of(node: &Node, names: &mut Vec<String>, scalars: &mut Vec<String>) {
    match node {
        Node::Scalar(scalar) => scalars.push(scalar.text.clone()),
        Node::Sequence(sequence) => sequence.items.iter().for_each(|item| scalars_of(item, names, scalars)),
        Node::Mapping(mapping) => collect(mapping, names, scalars),
    }
}

#[test]
fn every_threshold_weight_and_label_of_a_rule_is_in_its_words() {
    let mut checked = 0;
    for folder in rule_sets() {
        let (set, document) = described(&folder.join("rules.yaml"));
        let part = |title: &str| document.parts.iter().find(|part| part.title == title);
        for (name, rule) in &set.written.rules {
            let words = text(part("Rules").unwrap().parts.iter().find(|p| p.title == format!("`{name}`")).unwrap());
            let (mut names, mut scalars) = (Vec::new(), Vec::new());
            collect(&rule.parameters, &mut names, &mut scalars);
            let parameters: Vec<&str> = rule.parameters.entries.iter().map(|entry| entry.key.text.as_str()).collect();
            names.retain(|name| !parameters.contains(&name.as_str()) && !WORDS.contains(&name.as_str()));
            let labels =
                set.demand.slots.iter().filter(|slot| slot.name == *name || slot.name.starts_with(&format!("{name}.")));
            names.extend(labels.flat_map(|slot| slot.labels.clone().unwrap_or_default()));
            for label in names {
                assert!(words.contains(&format!("`{label}`")), "{name}: {label} is not in\n{words}");
                checked += 1;
            }
            let said = numbers(&words);
            for number in scalars.iter().flat_map(|scalar| numbers(scalar)) {
                assert!(said.contains(&number), "{name}: {number} is not in\n{words}");
                checked += 1;
            }
        }
        let goals = text(part("Goals").unwrap_or(&DescriptionPart::default()));
        for (name, goal) in &set.written.goals {
            for number in numbers(&goal.target.value.to_string()) {
                assert!(numbers(&goals).contains(&number), "{name}: {number} is not in\n{goals}");
            }
        }
        for (title, names) in [
            ("Measures", set.written.measures.keys().collect::<Vec<_>>()),
            ("Programmes", set.written.programmes.keys().collect()),
            ("Goals", set.written.goals.keys().collect()),
            ("Periods", set.written.periods.keys().collect()),
            ("Data", set.demand.sources.iter().flat_map(|source| source.columns.iter().map(|c| &c.name)).collect()),
        ] {
            let part = part(title).cloned().unwrap_or_default();
            let said = text(&part);
            for name in names {
                let code = format!("`{name}`");
                assert!(said.contains(&code) || part.parts.iter().any(|p| p.title == code), "{title}: {name}");
            }
        }
    }
    assert!(checked > 150, "{checked}");
}

#[test]
fn tables_are_valid_markdown() {
    for folder in rule_sets() {
        let text = document(&folder, &["rules.yaml"]);
        let mut columns = None;
        for line in text.lines() {
            let bars = line.replace("\\|", "").matches('|').count();
            if line.starts_with('|') {
                assert_eq!(*columns.get_or_insert(bars), bars, "{line}");
            } else {
                columns = None;
            }
        }
        assert!(text.starts_with("# ") && text.ends_with('\n') && !text.contains("\n\n\n"), "{text}");
    }
}

#[test]
fn the_business_accounts_are_documented() {
    let folder = rules().join("b2b-accounts");
    let page = folder.join("RULES.md");
    let now = document(&folder, &["rules.yaml"]);
    if std::env::var_os("ACCOLADE_BLESS").is_some() {
        std::fs::write(&page, &now).unwrap();
    }
    let kept = std::fs::read_to_string(&page).unwrap();
    assert!(kept == now, "write rules/b2b-accounts/RULES.md anew with ACCOLADE_BLESS=1");
}

#[test]
fn cut_offs_say_where_classes_begin() {
    let folder = rules().join("b2b-accounts");
    let out = tempfile::tempdir().unwrap();
    let cut_offs = out.path().join("cutoffs.yaml");
    accolade(&folder, &["calibrate", "rules.yaml", "-o", cut_offs.to_str().unwrap()]).exits(0);
    let text = document(&folder, &["rules.yaml", "--cutoffs", cut_offs.to_str().unwrap()]);
    for line in [
        "The values at which classes begin were computed from 300 customers at 2026-01-01.",
        "| `A` | one of the greatest, who together bring the first 80% of `revenue` | 19,075.72 |",
        "| `C` | all others |  |",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    let other = docs(&rules().join("webshop-rfm"), &["rules.yaml", "--cutoffs", cut_offs.to_str().unwrap()]);
    assert!(other.exits(2).err.contains("were computed for `b2b-accounts`"));
}

#[test]
fn a_document_goes_to_a_file_as_a_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("rules.md");
    let rules = rules().join("webshop-rfm/rules.yaml");
    let ran = docs(folder.path(), &[rules.to_str().unwrap(), "-o", "rules.md"]).exits(0);
    assert!(ran.out.is_empty());
    assert!(ran.err.contains("the rule set in words written to rules.md"));
    let text = std::fs::read_to_string(&page).unwrap();
    assert!(text.starts_with("# webshop-rfm\n"));
    std::fs::write(folder.path().join("wrong.yaml"), "accolade: 1\nrules: {a: {kind: none}}\n").unwrap();
    docs(folder.path(), &["wrong.yaml", "-o", "rules.md"]).exits(1);
    assert_eq!(std::fs::read_to_string(&page).unwrap(), text);
}

#[test]
fn what_reads_what_has_no_circles() {
    for folder in rule_sets() {
        let (set, _) = described(&folder.join("rules.yaml"));
        let graph = accolade_engine::describe::graph(&set);
        assert!(!graph.edges.is_empty());
        for (from, to) in &graph.edges {
            assert!(from < to, "{} reads {}", graph.nodes[*to].name, graph.nodes[*from].name);
        }
    }
}
