//! New sources in a rule file that is there: its text is kept, and the sources follow those it has.

use std::path::{Path, PathBuf};

use accolade_engine::Type;
use accolade_engine::model::TimeZone;
use accolade_parser::expr::ast::BaseType;
use accolade_parser::syntax::file::{KeyDecl, RuleFile, SourceDecl};
use accolade_parser::syntax::parse_rule_file;
use accolade_parser::{Code, Diagnostic, Diagnostics, SourceId};

use crate::block::{CommentedLines, shown};
use crate::customer_column::customer_columns;
use crate::drafts::Drafts;
use crate::header::{file_name, source};
use crate::inputs::{InputData, inputs};
use crate::names::UniqueNames;
use crate::plan::{Plan, tables};
use crate::roles::{FileRole, event_role};
use crate::table::{InferredColumn, InferredTable};
use crate::zone::GuessedZone;

/// A rule file with new sources.
#[derive(Clone, Debug)]
pub struct Addition {
    /// The text of the rule file.
    pub text: String,
    /// A line for each new source.
    pub summary: Vec<String>,
    /// The warnings of a run.
    pub findings: Diagnostics,
    /// How many rows of all data cannot be used.
    pub unusable: u64,
}

/// Adds data to a rule file at `path` with this text; none if it reads all of the data already.
///
/// # Errors
/// Fails when the rule file or the data have errors, and when the sources have no place in its text.
pub fn add_sources(path: &Path, text: &str, data: &[impl AsRef<Path>]) -> Result<Option<Addition>, Diagnostics> {
    let (file, findings) = parse_rule_file(SourceId(0), text);
    if findings.has_errors() {
        return Err(findings);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let known: Vec<(&SourceDecl, InputData)> =
        file.sources.values().filter_map(|decl| Some((decl, place(decl, &folder)?))).collect();
    let is_known = |input: &InputData| known.iter().any(|(_, other)| same(&other.path, &input.path));
    let new: Vec<InputData> = inputs(data)?.into_iter().filter(|input| !is_known(input)).collect();
    if new.is_empty() {
        return Ok(None);
    }
    let (plan, first) = extended(&file, &known, &new)?;
    let mut block = CommentedLines::default();
    for (index, table) in plan.tables.iter().enumerate().skip(first) {
        match &plan.roles[index] {
            FileRole::Unused(why) => block.comment(2, &format!("{} is not used: {why}.", shown(&file_name(table)))),
            _ => {
                block.comment(2, &format!("Added by `accolade init` from {}.", shown(&file_name(table))));
                block.append(source(&plan, index, &folder));
            }
        }
    }
    if plan.roles[first..].iter().all(|role| matches!(role, FileRole::Unused(_))) {
        let unused = |(table, role): (&InferredTable, &FileRole)| match role {
            FileRole::Unused(why) => Some(Diagnostic::new(Code::E0702, format!("{}: {why}", table.path.display()))),
            _ => None,
        };
        return Err(plan.tables.iter().zip(&plan.roles).skip(first).filter_map(unused).collect());
    }
    let Some(text) = inserted(text, &block.to_string()) else {
        let message = "the rule file has no `sources:` with a line for each source, below which new ones can stand";
        return Err(Diagnostics::from(Diagnostic::new(Code::E0701, message).help(format!("add by hand:\n{block}"))));
    };
    let outcome = Drafts::new(&folder.join(path.file_name().unwrap_or_default())).run(&text)?.outcome;
    let unusable = outcome.read.iter().map(|read| read.rejected).sum();
    let summary = plan.summary().split_off(first);
    let findings = outcome.findings.into_iter().filter(|finding| finding.code != Code::W0709).collect();
    Ok(Some(Addition { text, summary, findings, unusable }))
}

/// The data that a source of the rule file reads, if it is a file.
fn place(decl: &SourceDecl, folder: &Path) -> Option<InputData> {
    let file = folder.join(&decl.file.as_ref()?.value);
    let part = decl.sheet.as_ref().or(decl.table.as_ref());
    let path = part.map_or(file.clone(), |part| PathBuf::from(format!("{}#{}", file.display(), part.value)));
    Some(InputData { path, name: decl.name.value.clone() })
}

fn same(one: &Path, other: &Path) -> bool {
    let whole = |path: &Path| {
        let text = path.to_string_lossy().into_owned();
        let (file, part) = text.rsplit_once('#').map_or((text.as_str(), None), |(file, part)| (file, Some(part)));
        (PathBuf::from(file).canonicalize().unwrap_or_else(|_| file.into()), part.map(str::to_owned))
    };
    whole(one) == whole(other)
}

/// The plan of the data that is there and the new data, and where the new tables begin.
fn extended(
    file: &RuleFile,
    known: &[(&SourceDecl, InputData)],
    new: &[InputData],
) -> Result<(Plan, usize), Diagnostics> {
    let mut names = UniqueNames::default();
    let taken = file.sources.keys().chain(file.periods.keys()).chain(file.rules.keys()).chain(file.measures.keys());
    taken.for_each(|name| {
        names.take(name);
    });
    let (mut all, mut roles) = (Vec::new(), Vec::new());
    for (decl, input) in known {
        // Data that is not there today says nothing about the new data.
        if let Ok(mut read) = tables(std::slice::from_ref(input), &mut UniqueNames::default()) {
            roles.extend(read.iter().map(|table| declared_role(decl, table)));
            all.append(&mut read);
        }
    }
    let first = all.len();
    all.extend(tables(new, &mut names)?);
    let customers = roles.iter().enumerate().find_map(|(i, role)| match role {
        FileRole::Customers { key } => Some((i, *key)),
        _ => None,
    });
    let guessed = crate::roles::roles(&all[first..]);
    for (table, guess) in all[first..].iter().zip(guessed) {
        let key = customers.map(|(customers, key)| &all[customers].columns[key]);
        let named = || customer_columns(table).first().copied();
        roles.push(match guess {
            guess if key.is_none() => guess,
            _ => event_role(table, key, named()),
        });
    }
    let of_file = file.time_zone.as_ref().and_then(|name| TimeZone::named(&name.value));
    let mut plan = match of_file {
        Some(zone) => Plan::in_zone(all, roles, Some(GuessedZone { zone, reason: String::new() })),
        None => Plan { zone_in_sources: true, ..Plan::new(all, roles) },
    };
    let ty = known.iter().find_map(|(decl, _)| key_type(decl));
    for index in first..plan.tables.len() {
        if let (FileRole::Events { customer, .. } | FileRole::Customers { key: customer }, Some(ty)) =
            (plan.roles[index].clone(), ty)
        {
            plan.tables[index].columns[customer].ty = ty;
        }
    }
    Ok((plan, first))
}

/// The role of a table as the rule file declares it.
fn declared_role(decl: &SourceDecl, table: &InferredTable) -> FileRole {
    let column = |name: &str| {
        let is = |column: &InferredColumn| decl.format.headers_of(name).any(|header| column.header == header);
        table.columns.iter().position(is)
    };
    let named = |key: &Option<KeyDecl>| key.as_ref().and_then(|key| column(column_of(decl, key)?));
    match (named(&decl.key), named(&decl.customer)) {
        (Some(key), _) => FileRole::Customers { key },
        (None, Some(customer)) => {
            FileRole::Events { customer, date: decl.date.as_ref().and_then(|date| column(&date.value)) }
        }
        (None, None) => FileRole::Unused("its columns are not those of the rule file".to_owned()),
    }
}

/// The column of a key; the first that an expression reads.
fn column_of<'a>(decl: &'a SourceDecl, key: &'a KeyDecl) -> Option<&'a str> {
    let text = match key {
        KeyDecl::Column(name) => return Some(&name.value),
        KeyDecl::Computed(expr) => expr.to_string(),
    };
    let words = || text.split(|c: char| !c.is_alphanumeric() && c != '_');
    decl.columns.keys().map(String::as_str).find(|name| words().any(|word| word == *name))
}

/// The type of the column that names the customer.
fn key_type(decl: &SourceDecl) -> Option<Type> {
    let name = column_of(decl, decl.key.as_ref().or(decl.customer.as_ref())?)?;
    let integer = decl.columns.get(name)?.kind.value.base == BaseType::Integer;
    Some(if integer { Type::Integer } else { Type::Text })
}

/// The text with a block below the sources that are there, indented as they are.
fn inserted(text: &str, block: &str) -> Option<String> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let begin = lines.iter().position(|line| {
        line.trim_end() == "sources:" || line.starts_with("sources: #") || line.starts_with("sources:  #")
    })?;
    let is_entry = |line: &&str| line.starts_with(' ') && !line.trim().is_empty();
    let ends = |line: &&str| !line.starts_with([' ', '#']) && !line.trim().is_empty();
    let length = lines[begin + 1..].iter().position(ends).unwrap_or(lines.len() - begin - 1);
    let body = &lines[begin + 1..begin + 1 + length];
    let last = body.iter().rposition(&is_entry)?;
    let first = body.iter().find(|line| is_entry(line) && !line.trim_start().starts_with('#'))?;
    let indent = first.len() - first.trim_start().len();
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let moved = |line: &str| format!("{:indent$}{}{end}", "", line.strip_prefix("  ").unwrap_or(line));
    let block: String = block.lines().map(moved).collect();
    let (above, below) = lines.split_at(begin + 1 + last + 1);
    let above = above.concat();
    let gap = if above.ends_with('\n') { "" } else { end };
    Some(format!("{above}{gap}{block}{}", below.concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(inserted(text, "  new:\n    file: n.csv\n").as_deref(), expected);
    }

    #[test]
    fn a_source_stands_below_the_others() {
        check(
            "sources:\n  a:\n    file: a.csv  # one\n\n# rules\nrules:\n",
            Some("sources:\n  a:\n    file: a.csv  # one\n  new:\n    file: n.csv\n\n# rules\nrules:\n"),
        );
        check("sources:\n    a: {file: a.csv}", Some("sources:\n    a: {file: a.csv}\n    new:\n      file: n.csv\n"));
        check("sources:\r\n  a: {}\r\n", Some("sources:\r\n  a: {}\r\n  new:\r\n    file: n.csv\r\n"));
        check("sources: {a: {file: a.csv}}\n", None);
        check("rules:\n", None);
    }
}
