//! What every report shows.

use std::sync::Arc;

use accolade_engine::compare::Comparison;
use accolade_engine::explain::CustomerPage;
use accolade_engine::rules::present::SummaryTable;
use accolade_engine::summary::{RuleSummary, figures};
use accolade_engine::{Outcome, RuleSet, SourceFiles, explain, show, summary};
use accolade_parser::{Diagnostic, Diagnostics, Severity, plural};

/// The contents of a report: a run, with the tables, charts and explanations made from it.
#[derive(Debug)]
pub struct Report {
    /// The rule set.
    pub set: Arc<RuleSet>,
    /// The files of the rule set.
    pub files: SourceFiles,
    /// The outcome of the run, with reasons if they were requested.
    pub outcome: Outcome,
    /// The tables and charts of each rule.
    pub rules: Vec<RuleSummary>,
    /// The tables of measures.
    pub measures: Vec<SummaryTable>,
    /// The tables of programmes.
    pub programmes: Vec<SummaryTable>,
    /// The table of goals, if there are any.
    pub goals: Option<SummaryTable>,
    /// The best customers, if the rule set has a metric to order them by.
    pub top: Option<SummaryTable>,
    /// Warnings of the rule file and of the run.
    pub findings: Vec<Finding>,
    /// The slots of the most important columns.
    pub headings: Vec<usize>,
    /// The explained customers, by row: the first by the headline metric, or all of them.
    pub pages: Vec<(usize, CustomerPage)>,
    /// The comparison with an older run, if one was requested.
    pub comparison: Option<RunComparison>,
}

/// A warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its code.
    pub code: String,
    /// The message.
    pub message: String,
    /// What can be done about it.
    pub help: Vec<String>,
}

/// The comparison with an older run.
#[derive(Clone, Debug, PartialEq)]
pub struct RunComparison {
    /// The name and date of the older run.
    pub old: String,
    /// What differs.
    pub comparison: Comparison,
}

/// The number of customers in the list of the best.
const TOP_CUSTOMERS: usize = 10;

/// Options of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReportOptions {
    /// The number of customers, the best first, whose nearest changes are computed.
    pub explain: usize,
    /// The number of threads that compute them.
    pub threads: usize,
}

impl Report {
    /// The report of a run; `warnings` are those of the rule file.
    ///
    /// # Errors
    /// Never fails for an outcome of this rule set.
    pub fn new(
        set: Arc<RuleSet>,
        files: SourceFiles,
        warnings: &Diagnostics,
        outcome: Outcome,
        compared: Option<RunComparison>,
        options: ReportOptions,
    ) -> Result<Report, Diagnostics> {
        let rules = summary::rule_summaries(&set, &outcome);
        let headings = set.headings();
        let first = summary::ranking(&set, &outcome.frame);
        let pages = pages(&set, &outcome, &first[..first.len().min(options.explain)], options.threads)?;
        let top = summary::top(&set, &outcome.frame, TOP_CUSTOMERS);
        Ok(Report {
            rules,
            measures: figures::measures(&outcome.measures),
            programmes: figures::programmes(&outcome.programmes),
            goals: figures::goals(&outcome.goals),
            top,
            findings: warnings.iter().chain(&outcome.findings).filter_map(finding).collect(),
            headings,
            pages,
            comparison: compared,
            set,
            files,
            outcome,
        })
    }

    /// `webshop-rfm`, or `Customers` for a rule set without a name.
    pub fn title(&self) -> &str {
        if self.set.name.is_empty() { "Customers" } else { &self.set.name }
    }

    /// The name of the metric that customers are ordered by, if there is one.
    pub fn metric(&self) -> Option<&str> {
        self.set.headline().map(|slot| self.set.demand.slots[slot].name.as_str())
    }

    /// `400 customers at 2026-01-01, amounts in EUR`
    pub fn head(&self) -> String {
        let rows = self.outcome.frame.rows;
        let customers = plural(rows, "customer");
        let currency = self.set.currency.as_ref().map_or(String::new(), |c| format!(", amounts in {c}"));
        let rows = accolade_engine::rules::present::cell::text(&summary::Cell::Count(rows as u64));
        let cut_offs = self.outcome.cut_offs_origin.as_ref();
        let cut_offs = cut_offs.map_or(String::new(), |origin| format!(", {origin}"));
        format!("{rows} {customers} at {}{currency}{cut_offs}", show::date(self.outcome.as_of))
    }
}

fn finding(diagnostic: &Diagnostic) -> Option<Finding> {
    (diagnostic.severity == Severity::Warning).then(|| Finding {
        code: diagnostic.code.id().to_owned(),
        message: diagnostic.message.clone(),
        help: diagnostic.help.clone(),
    })
}

/// The pages of the customers in these rows, in the order of the rows.
fn pages(
    set: &RuleSet,
    outcome: &Outcome,
    rows: &[usize],
    threads: usize,
) -> Result<Vec<(usize, CustomerPage)>, Diagnostics> {
    let mut rows = rows.to_vec();
    rows.sort_unstable();
    let rater = outcome.rater(set);
    let size = rows.len().div_ceil(threads.max(1)).max(1);
    let piece = |rows: &[usize]| -> Result<Vec<(usize, CustomerPage)>, Diagnostics> {
        rows.iter().map(|row| Ok((*row, explain::page(&rater, outcome, *row, &[])?))).collect()
    };
    let pieces: Vec<Result<_, Diagnostics>> = std::thread::scope(|scope| {
        let workers: Vec<_> = rows.chunks(size).map(|rows| scope.spawn(move || piece(rows))).collect();
        workers.into_iter().map(|worker| worker.join().unwrap_or_else(|_| Err(Diagnostics::new()))).collect()
    });
    let pieces: Vec<Vec<(usize, CustomerPage)>> = pieces.into_iter().collect::<Result<_, _>>()?;
    Ok(pieces.into_iter().flatten().collect())
}
