//! What a shell completes from the rule file on the command line and its data: rules, measures and customers.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use accolade_engine::files::regular_size;
use accolade_engine::source::inspect;
use accolade_engine::{FileSystem, InputOptions, RuleSet, Session};
use clap::Command;
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};

use crate::credentials::Environment;
use crate::extensions::Extensions;
use crate::render::summary;

/// The variable with which a shell asks for completions.
pub(crate) const VARIABLE: &str = "COMPLETE";

/// The greatest number of customers that are proposed.
const CUSTOMERS: usize = 100;

/// The greatest size in bytes of a file that is searched for customers.
const SEARCHED: u64 = 1 << 26;

/// The arguments that are completed from the rule file, with their commands.
const COMPLETED: &[(&str, &str, Names)] = &[
    ("run", "show", parts),
    ("explain", "only", rules),
    ("explain", "keys", customers),
    ("profile", "keys", customers),
    ("serve", "only", rules),
];

/// The flags whose value is another YAML file than the rule file.
const OTHERS: [&str; 3] = ["--cutoffs", "--old-cutoffs", "--compare-to"];

/// Names for the beginning of a word.
type Names = fn(&Session, &str) -> Vec<String>;

/// Adds completion to the arguments that name parts of a rule file or customers.
pub(crate) fn add_to(command: Command, extensions: &Extensions) -> Command {
    COMPLETED.iter().fold(command, |command, (of, argument, names)| {
        let extensions = extensions.clone();
        let completer = move |begun: &OsStr| candidates(&extensions, *names, begun);
        command.mut_subcommand(*of, |command| {
            command.mut_arg(*argument, |argument| argument.add(ArgValueCompleter::new(completer)))
        })
    })
}

fn candidates(extensions: &Extensions, names: Names, begun: &OsStr) -> Vec<CompletionCandidate> {
    let Some(rules) = rule_file(std::env::args_os().skip(1)) else { return Vec::new() };
    let Ok(session) = Session::open(&rules, &FileSystem, &extensions.plugins()) else { return Vec::new() };
    names(&session, &begun.to_string_lossy()).into_iter().map(CompletionCandidate::new).collect()
}

/// The rule file among the words of a command line.
fn rule_file(words: impl Iterator<Item = OsString>) -> Option<PathBuf> {
    let words: Vec<OsString> = words.collect();
    let is_rules = |at: &usize| {
        let path = PathBuf::from(&words[*at]);
        let yaml = path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml");
        let is_other = |before: usize| OTHERS.iter().any(|flag| words[before] == *flag);
        yaml && path.is_file() && !at.checked_sub(1).is_some_and(is_other)
    };
    (0..words.len()).find(is_rules).map(|at| PathBuf::from(&words[at]))
}

fn beginning<'n>(begun: &str, names: impl Iterator<Item = &'n str>) -> Vec<String> {
    names.filter(|name| name.starts_with(begun)).map(str::to_owned).collect()
}

fn parts(session: &Session, begun: &str) -> Vec<String> {
    beginning(begun, summary::parts(&session.set).into_iter())
}

fn rules(session: &Session, begun: &str) -> Vec<String> {
    beginning(begun, session.set.rules())
}

/// The customers whose keys begin with the text, of a table in a file that is not too large to be searched.
fn customers(session: &Session, begun: &str) -> Vec<String> {
    let set: &RuleSet = &session.set;
    let Ok(inputs) = session.inputs(&InputOptions::default(), &Environment) else { return Vec::new() };
    let of_customers = set.demand.sources.iter().position(|source| source.is_customers()).unwrap_or_default();
    let located = set.demand.sources.get(of_customers).zip(inputs.locations.get(of_customers));
    let Some((source, path)) = located.and_then(|(source, location)| Some((source, location.path()?))) else {
        return Vec::new();
    };
    let small = regular_size(path).is_ok_and(|size| size <= SEARCHED);
    let Some(file) = small.then(|| inspect(path).ok()).flatten() else { return Vec::new() };
    let key = &source.columns[source.customer_column()].name;
    let Some(column) = file.columns.iter().position(|column| column.name == *key) else { return Vec::new() };
    let mut found = Vec::new();
    // Rows that cannot be read have no key to propose.
    let _ = file.rows(|_, texts| {
        let key = &texts[column];
        if found.len() < CUSTOMERS && key.starts_with(begun) && !found.contains(key) {
            found.push(key.clone());
        }
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_file_is_the_first_file_of_yaml_that_holds_no_cut_offs() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["rules.yaml", "cutoffs.yaml"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let check = |words: &[&str], expected: Option<&str>| {
            let placed = |word: &&str| folder.path().join(word).into_os_string();
            let words =
                words.iter().map(|word| if word.ends_with("yaml") { placed(word) } else { OsString::from(word) });
            let found = rule_file(words);
            assert_eq!(found, expected.map(|name| folder.path().join(name)));
        };
        check(&["accolade", "explain", "rules.yaml", ""], Some("rules.yaml"));
        check(&["accolade", "run", "--cutoffs", "cutoffs.yaml", "rules.yaml"], Some("rules.yaml"));
        check(&["accolade", "run", "missing.yaml"], None);
        check(&["accolade", "run"], None);
    }
}
