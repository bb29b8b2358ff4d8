//! Writes a plan as the text of a rule file, with cut-offs from running its drafts.

use std::path::Path;

use accolade_parser::{Code, Diagnostics, SourceId, format, syntax};

use crate::block::{CommentedLines, shown};
use crate::drafts::Drafts;
use crate::figures::Figures;
use crate::goals;
use crate::header::header;
use crate::plan::Plan;
use crate::profile_draft::ProfileDraft;
use crate::roles::FileRole;
use crate::rules::{RuleInputs, RuleNames, first_rules, rules};
use crate::sanity::doubts;

/// A proposed rule file.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The text of the rule file.
    pub text: String,
    /// The warnings of a run.
    pub findings: Diagnostics,
    /// Values that are likely mistakes.
    pub doubts: Diagnostics,
    /// How many rows of the data cannot be used.
    pub unusable: u64,
    /// How many customers it rates.
    pub customers: usize,
}

/// Writes a plan as the text of a rule file at `path`.
///
/// # Errors
/// Fails when the data have errors or a draft does not run.
pub fn propose(plan: &Plan, path: &Path) -> Result<Proposal, Diagnostics> {
    let folder = match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => folder.to_owned(),
        None => std::env::current_dir().unwrap_or_default(),
    };
    let folder = folder.canonicalize().unwrap_or(folder);
    let path = folder.join(path.file_name().unwrap_or_default());
    let mut words = ProfileDraft::new(plan);
    let names = RuleNames::new(&mut words);
    let measures = goals::measures(plan, &mut words, names.class.as_deref());
    let head = header(plan, &words, &folder);
    let mut drafts = Drafts::new(&path);
    // The first draft has all that is read of the data, so that the others need not read it again.
    let mut first = head.clone();
    first.append(first_rules(plan, &words, &names));
    first.append(goals::lines(&measures, None));
    let profile = drafts.run(&first.to_string())?;
    let text = |bins: &str, rated: Option<&Figures>| {
        let stage = RuleInputs { profile: &profile, rated, bins };
        let mut block = head.clone();
        block.append(rules(plan, &words, &names, &stage));
        block.append(goals::lines(&measures, rated));
        block.append(unused(plan, &words));
        block.to_string()
    };
    let mut bins = "5 by value";
    let mut rated = drafts.run(&text(bins, None))?;
    if rated.outcome.findings.iter().any(|finding| finding.code == Code::W0703) {
        bins = "5 by rank";
        rated = drafts.run(&text(bins, None))?;
    }
    let proposed = canonical(&text(bins, Some(&rated)))?;
    // Makes sure that the proposal runs.
    let last = drafts.run(&proposed)?;
    let unusable = last.outcome.read.iter().map(|read| read.rejected).sum();
    let majority = words.revenue.as_ref().and_then(|revenue| last.majority(revenue));
    let doubts = doubts(plan, majority)?;
    let findings = last.outcome.findings.into_iter().filter(|finding| finding.code != Code::W0709).collect();
    Ok(Proposal { text: proposed, findings, doubts, customers: last.outcome.frame.rows, unusable })
}

/// The text as `accolade fmt` would write it.
fn canonical(text: &str) -> Result<String, Diagnostics> {
    let plugins = accolade_engine::plugins();
    format::format(SourceId(0), text, syntax::KEYS, &|kind| plugins.keys(kind))
}

/// A comment that lists the columns that nothing reads.
fn unused(plan: &Plan, words: &ProfileDraft) -> CommentedLines {
    let mut block = CommentedLines::default();
    let mut names = Vec::new();
    for (i, (table, role)) in plan.tables.iter().zip(&plan.roles).enumerate() {
        let read = match role {
            FileRole::Unused(_) => continue,
            FileRole::Customers { key } => [Some(*key), None],
            FileRole::Events { customer, date } => [Some(*customer), *date],
        };
        for (j, column) in table.columns.iter().enumerate() {
            if !read.contains(&Some(j)) && !words.used.contains(&(i, j)) {
                names.push(format!("{}.{}", table.name, shown(&column.name)));
            }
        }
    }
    if !names.is_empty() {
        block.blank();
        block.comment(0, &format!("Not used so far: {}.", names.join(", ")));
    }
    block
}
