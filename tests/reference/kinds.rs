//! The rule kinds, each with its keys, what it gives, and a rule of a shipped rule set.

use accolade_engine::kinds::BUILT_IN;
use accolade_engine::rules::analysis::RuleKind;
use accolade_engine::rules::set::Step;
use accolade_engine::{FileSystem, RuleSet, compile};
use accolade_rhai::RhaiHost;

use super::{root, rule_file};

/// The shipped rule sets, the one with the simplest rules first.
const SETS: [&str; 4] = ["webshop-rfm", "b2b-accounts", "loyalty-programme", "consultant-scorecard"];

/// The page of a kind's method.
const METHODS: &[(&str, &str)] = &[
    ("abc", "abc"),
    ("pyramid", "abc"),
    ("rfm", "rfm"),
    ("rating", "rating"),
    ("loyalty", "rating"),
    ("matrix", "satisfaction-and-profitability"),
    ("xyz", "xyz"),
    ("wallet", "share-of-wallet"),
    ("concentration", "concentration"),
    ("nps", "net-promoter-score"),
    ("lifecycle", "cohorts"),
    ("cohort", "cohorts"),
];

struct Shipped {
    name: &'static str,
    text: String,
    set: RuleSet,
}

fn shipped() -> Vec<Shipped> {
    let read = |name: &&'static str| {
        let path = root().join("rules").join(name).join("rules.yaml");
        let mut plugins = accolade_engine::plugins();
        plugins.set_script_host(Box::new(RhaiHost::default()));
        let compilation = compile(&path, &FileSystem, &plugins);
        let set = compilation.set.unwrap_or_else(|| panic!("{name}: {:?}", compilation.diagnostics));
        Shipped { name, text: std::fs::read_to_string(&path).unwrap(), set }
    };
    SETS.iter().map(read).collect()
}

/// The lines of an entry of `rules:`.
fn written(text: &str, rule: &str) -> String {
    let lines = text.lines().skip_while(|line| *line != "rules:").skip(1);
    let mut entry = lines.skip_while(|line| *line != format!("  {rule}:"));
    let head = entry.next().unwrap_or_else(|| panic!("no rule {rule}"));
    let body = entry.take_while(|line| line.starts_with("    "));
    std::iter::once(head).chain(body).collect::<Vec<_>>().join("\n")
}

fn section(kind: &RuleKind, sets: &[Shipped]) -> String {
    let method = METHODS.iter().find(|(name, _)| *name == kind.name);
    let method = method.map_or(String::new(), |(_, page)| format!(" [The method](../methods/{page}.md)."));
    let mut text = format!("\n## `{}`\n\nThis kind {}.{method}\n", kind.name, kind.summary);
    text += &rule_file::tables(kind.keys);
    let (of, rule, slots) = sets
        .iter()
        .find_map(|of| {
            of.set.steps.iter().find_map(|step| match step {
                Step::Rule { name, kind: of_kind, slots, .. } if *of_kind == kind.name => Some((of, name, slots)),
                _ => None,
            })
        })
        .unwrap_or_else(|| panic!("no shipped rule is of kind {}", kind.name));
    text += &format!("\nFrom `rules/{}`:\n\n```yaml\nrules:\n{}\n```\n\nIt gives ", of.name, written(&of.text, rule));
    let outputs =
        slots.iter().map(|slot| format!("`{}` ({})", of.set.demand.slots[*slot].name, of.set.demand.slots[*slot].ty));
    text += &(outputs.collect::<Vec<_>>().join(", ") + ".\n");
    text
}

pub fn page() -> String {
    let mut page = "# Rule kinds

A rule has a `kind:`, may have a `description:`, and has the keys of its kind. Its results are fields for other
expressions, and columns of the output.
"
    .to_owned();
    let sets = shipped();
    BUILT_IN.iter().for_each(|kind| page += &section(kind, &sets));
    page
}
