//! The differences between two rule files, down to the smallest part that has a meaning of its own.

use accolade_parser::RuleFile;
use accolade_parser::syntax::file::{FunctionDecl, GoalDecl, MeasureDecl, Metric, ProgrammeDecl, RuleDecl};
use accolade_rules::analysis::Plugins;
use accolade_rules::set::RuleSet;
use indexmap::IndexMap;

use super::edit::Edit;
use super::parameters::ParameterDiff;
use super::rename::{RenamedLabel, renamed_labels, with_new_names};
use super::script_pair::ScriptPair;
use super::source_words;

/// A difference.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleFileChange {
    /// The rule, metric or other entry that differs.
    pub entry: String,
    /// The difference, in words.
    pub description: String,
    pub(super) edit: Edit,
}

/// Every difference, in the order of a rule file's sections, and the labels that were renamed.
pub(super) fn changes(old: &RuleSet, new: &RuleSet, plugins: &Plugins) -> (Vec<RuleFileChange>, Vec<RenamedLabel>) {
    let scripts = ScriptPair { old: &old.script_texts, new: &new.script_texts };
    let changes = changes_of_files(&old.written, &new.written, scripts, plugins);
    let renamed = changes.iter().filter_map(|change| match &change.edit {
        Edit::Labels(renamed) => Some(renamed.clone()),
        _ => None,
    });
    let renamed = renamed.flatten().collect();
    (changes, renamed)
}

fn changes_of_files(old: &RuleFile, new: &RuleFile, scripts: ScriptPair, plugins: &Plugins) -> Vec<RuleFileChange> {
    let mut changes = Vec::new();
    sources(old, new, &mut changes);
    entries(
        ("period", &old.periods, &new.periods),
        |period| period.spec.value.to_string(),
        |name| Edit::Period(name.to_owned()),
        &mut changes,
    );
    let sections = [
        (&old.profile.administrative, &new.profile.administrative),
        (&old.profile.quantitative, &new.profile.quantitative),
        (&old.profile.qualitative, &new.profile.qualitative),
    ];
    for (old, new) in sections {
        let text = |metric: &Metric| metric.expr.to_string();
        entries(("metric", old, new), text, |name| Edit::Metric(name.to_owned()), &mut changes);
    }
    rules(&old.rules, &new.rules, scripts, plugins, &mut changes);
    functions(&old.functions, &new.functions, scripts, &mut changes);
    let measure = |measure: &MeasureDecl| measure.measure.value.to_string();
    entries(("measure", &old.measures, &new.measures), measure, |_| Edit::Nothing, &mut changes);
    let edit = |name: &str| Edit::Programme(name.to_owned());
    entries(("programme", &old.programmes, &new.programmes), programme, edit, &mut changes);
    let goal = |goal: &GoalDecl| {
        let of = goal.programme.as_ref().map_or(String::new(), |p| format!(" of {}", p.value));
        format!("{}{of} {}", goal.measure.value, goal.target.value)
    };
    entries(("goal", &old.goals, &new.goals), goal, |_| Edit::Nothing, &mut changes);
    changes
}

/// A programme on one line.
fn programme(programme: &ProgrammeDecl) -> String {
    let mut parts = vec![format!("members {}", programme.members)];
    parts.extend(programme.control.as_ref().map(|control| format!("control {control}")));
    parts.push(format!("{} against {}", programme.period.value, programme.before.value));
    parts.push(format!("margin {}", programme.margin));
    parts.extend(programme.fixed_cost.as_ref().map(|cost| format!("fixed cost {cost}")));
    parts.extend(programme.member_cost.as_ref().map(|cost| format!("cost per member {cost}")));
    parts.extend(programme.by.iter().map(|field| {
        let names: Vec<&str> = field.value.iter().map(|name| name.value.as_str()).collect();
        format!("by {}", names.join("."))
    }));
    parts.join(", ")
}

/// Added, removed and changed entries of a section.
fn entries<T>(
    (what, old, new): (&str, &IndexMap<String, T>, &IndexMap<String, T>),
    text: impl Fn(&T) -> String,
    edit: impl Fn(&str) -> Edit,
    changes: &mut Vec<RuleFileChange>,
) {
    for (name, was) in old {
        let words = match new.get(name) {
            None => format!("{what} `{name}` removed"),
            Some(is) if text(was) != text(is) => format!("{what} `{name}`: {} → {}", text(was), text(is)),
            Some(_) => continue,
        };
        changes.push(RuleFileChange { entry: name.clone(), description: words, edit: edit(name) });
    }
    for name in new.keys().filter(|name| !old.contains_key(*name)) {
        changes.push(RuleFileChange {
            entry: name.clone(),
            description: format!("{what} `{name}` added"),
            edit: edit(name),
        });
    }
}

fn sources(old: &RuleFile, new: &RuleFile, changes: &mut Vec<RuleFileChange>) {
    let columns = |file: &RuleFile| -> IndexMap<String, String> {
        file.sources.iter().map(|(name, source)| (name.clone(), source_words::words(file, source))).collect()
    };
    let (old, new) = (columns(old), columns(new));
    entries(("source", &old, &new), String::clone, |name| Edit::Source(name.to_owned()), changes);
}

fn rules(
    old: &IndexMap<String, RuleDecl>,
    new: &IndexMap<String, RuleDecl>,
    scripts: ScriptPair,
    plugins: &Plugins,
    changes: &mut Vec<RuleFileChange>,
) {
    for (name, was) in old {
        let mut add =
            |words: String, edit: Edit| changes.push(RuleFileChange { entry: name.clone(), description: words, edit });
        match new.get(name) {
            None => add(format!("rule `{name}` removed"), Edit::Rule(name.clone())),
            Some(is) if was.kind.value != is.kind.value => {
                let words = format!("rule `{name}`: kind {} → {}", was.kind.value, is.kind.value);
                add(words, Edit::Rule(name.clone()));
            }
            Some(is) => {
                let mut found = Vec::new();
                let kind = plugins.kinds().iter().find(|kind| kind.name == is.kind.value);
                let keys = kind.map_or(&[][..], |kind| kind.keys);
                let renamed = kind.map_or_else(Vec::new, |kind| renamed_labels(kind, was, is));
                let before = with_new_names(&was.parameters, &renamed);
                for label in renamed {
                    let words = format!("rule `{name}`: label `{}` renamed `{}`", label.old, label.new);
                    add(words, Edit::Labels(vec![label]));
                }
                ParameterDiff { keys, scripts }.mapping(&before, &is.parameters, &mut Vec::new(), &mut found);
                for (path, words) in found {
                    add(format!("rule `{name}`: {words}"), Edit::Part(name.clone(), path));
                }
            }
        }
    }
    for name in new.keys().filter(|name| !old.contains_key(*name)) {
        let words = format!("rule `{name}` added");
        changes.push(RuleFileChange { entry: name.clone(), description: words, edit: Edit::Rule(name.clone()) });
    }
}

/// Added, removed and changed functions.
fn functions(
    old: &IndexMap<String, FunctionDecl>,
    new: &IndexMap<String, FunctionDecl>,
    scripts: ScriptPair,
    changes: &mut Vec<RuleFileChange>,
) {
    let signature = |function: &FunctionDecl| {
        let arguments = function.arguments.values();
        let arguments: Vec<String> = arguments.map(|a| format!("{}: {}", a.name.value, a.kind.value)).collect();
        format!("({}) -> {}", arguments.join(", "), function.returns.value)
    };
    let mut add = |name: &String, words: String| {
        let description = format!("function `{name}`{words}");
        changes.push(RuleFileChange { entry: name.clone(), description, edit: Edit::Function(name.clone()) });
    };
    for (name, was) in old {
        let Some(is) = new.get(name) else {
            add(name, " removed".to_owned());
            continue;
        };
        let (before, now) = (signature(was), signature(is));
        let signature = (before != now).then(|| format!("{before} → {now}"));
        let script = scripts.differ(was.script.span, is.script.span).then(|| "script changed".to_owned());
        let words: Vec<String> = signature.into_iter().chain(script).collect();
        if !words.is_empty() {
            add(name, format!(": {}", words.join("; ")));
        }
    }
    new.keys().filter(|name| !old.contains_key(*name)).for_each(|name| add(name, " added".to_owned()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use accolade_parser::SourceId;
    use accolade_parser::syntax::parse_rule_file;

    /// The differences of two files that hold one rule, in words.
    fn differences(old: &str, new: &str) -> Vec<String> {
        let file = |rule: &str| parse_rule_file(SourceId(0), &format!("accolade: 1\nrules:\n  r: {rule}\n")).0;
        let found = changes_of_files(&file(old), &file(new), ScriptPair::default(), &crate::plugins());
        found.into_iter().map(|change| change.description).collect()
    }

    #[test]
    fn entries_are_called_as_their_kind_calls_them() {
        let loyalty = |weight: &str| format!("{{kind: loyalty, aspects: {{quality: {{weight: {weight}, value: q}}}}}}");
        let words = "rule `r`: aspect `quality`: weight 30% → 40%";
        assert_eq!(differences(&loyalty("30%"), &loyalty("40%")), [words]);
        let rating = |weight: &str| format!("{{kind: rating, criteria: {{bands: {{weight: {weight}, value: q}}}}}}");
        let words = "rule `r`: criterion `bands`: weight 30% → 40%";
        assert_eq!(differences(&rating("30%"), &rating("40%")), [words]);
    }

    #[test]
    fn the_roles_of_columns_belong_to_a_source() {
        let file = |date: &str| {
            let source = format!("{{customer: c, date: {date}, columns: {{c: text, d: date, e: date}}}}");
            parse_rule_file(SourceId(0), &format!("accolade: 1\nsources:\n  o: {source}\n")).0
        };
        let found = changes_of_files(&file("d"), &file("e"), ScriptPair::default(), &crate::plugins());
        let words: Vec<&str> = found.iter().map(|change| change.description.as_str()).collect();
        let columns = "c: text, d: date, e: date (customer c, date";
        assert_eq!(words, [format!("source `o`: {columns} d) → {columns} e)")]);
    }

    #[test]
    fn bands_are_a_whole() {
        let rating = |bands: &str| format!("{{kind: rating, criteria: {{c: {{bands: {{{bands}}}}}}}}}");
        let found = differences(&rating("'< 1': 1, '>= 1': 2"), &rating("'< 2': 1, '>= 2': 2"));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("rule `r`: criterion `c`: bands "), "{found:?}");
    }

    #[test]
    fn another_order_of_labels_is_a_difference() {
        let pyramid = |layers: &str| format!("{{kind: pyramid, by: m, layers: {{{layers}}}}}");
        let found = differences(&pyramid("a: top 1, b: next 2, c: rest"), &pyramid("b: top 1, a: next 2, c: rest"));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].ends_with("layers in another order: b, a, c"), "{found:?}");
        let abc = |none: &str| format!("{{kind: abc, by: m, none: {{{none}}}}}");
        let found = differences(&abc("x: m > 1, y: m > 2, z: rest"), &abc("y: m > 2, x: m > 1, z: rest"));
        assert_eq!(found, ["rule `r`: none in another order: y, x, z"]);
    }
}
