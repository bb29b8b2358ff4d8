//! Runs of drafts that read the data once: what one draft has read serves the next.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use accolade_engine::model::{Demand, Origin};
use accolade_engine::profile::{CustomerBase, Reservations, SourceCount, load};
use accolade_engine::run::{Overrides, rate};
use accolade_engine::session::Error;
use accolade_engine::{BadRows, FileSystem, Inputs, Loader, RuleSet, Session};
use accolade_parser::{Code, Diagnostic, Diagnostics};
use arrow::array::ArrayRef;

use crate::figures::Figures;

/// The drafts of a rule file at one path.
pub(crate) struct Drafts {
    path: PathBuf,
    base: Option<ReadBase>,
}

/// What was read of the data.
struct ReadBase {
    /// The sources that were read.
    sources: String,
    /// The columns of the customers, by what they are made of.
    columns: HashMap<String, ArrayRef>,
    rows: usize,
    findings: Diagnostics,
    counts: Vec<SourceCount>,
}

impl Drafts {
    pub(crate) fn new(path: &Path) -> Drafts {
        Drafts { path: path.to_owned(), base: None }
    }

    /// Runs a draft; rows that cannot be used are left out.
    ///
    /// # Errors
    /// Fails when the draft or the data have errors.
    pub(crate) fn run(&mut self, text: &str) -> Result<Figures, Diagnostics> {
        let draft = DraftLoader { path: &self.path, text };
        let of_rules = |error: Error| error.into_findings().unwrap_or_default().diagnostics;
        let set = Session::open(&self.path, &draft, &accolade_engine::plugins()).map_err(of_rules)?.set;
        let rejects = tempfile::tempdir().map_err(|error| unusable(&error))?;
        let inputs = self.inputs(&set, rejects.path());
        let base = match self.base.as_ref().and_then(|base| base.of(&set.demand)) {
            Some(base) => base,
            None => {
                let base = load(&set.demand, &inputs)?;
                self.base = Some(ReadBase::new(&set.demand, &base));
                base
            }
        };
        let outcome = rate(&set, base, inputs.as_of, inputs.threads, None, &Overrides::default())?;
        Ok(Figures::new(set, outcome))
    }

    fn inputs(&self, set: &RuleSet, rejects: &Path) -> Inputs {
        let beside = |file: &String| self.path.parent().map_or_else(|| PathBuf::from(file), |folder| folder.join(file));
        let files = set.demand.sources.iter();
        let files = files.map(|source| source.file.as_ref().map(beside).unwrap_or_default().into());
        Inputs {
            bad_rows: BadRows::Report(rejects.to_owned()),
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            ..Inputs::new(set.as_of.unwrap_or_default(), files.collect())
        }
    }
}

impl ReadBase {
    fn new(demand: &Demand, base: &CustomerBase) -> ReadBase {
        let column = |(slot, column): &(usize, ArrayRef)| Some((made_of(demand, *slot)?, column.clone()));
        ReadBase {
            sources: sources(demand),
            columns: base.columns.iter().filter_map(column).collect(),
            rows: base.rows,
            findings: base.findings.clone(),
            counts: base.source_counts.clone(),
        }
    }

    /// The customers for another demand; none if it needs more than was read.
    fn of(&self, demand: &Demand) -> Option<CustomerBase> {
        if self.sources != sources(demand) {
            return None;
        }
        let mut columns = Vec::new();
        for slot in 0..demand.slots.len() {
            if let Some(origin) = made_of(demand, slot) {
                columns.push((slot, self.columns.get(&origin)?.clone()));
            }
        }
        Some(CustomerBase {
            rows: self.rows,
            columns,
            findings: self.findings.clone(),
            source_counts: self.counts.clone(),
            reservations: Reservations::default(),
        })
    }
}

/// The sources, with the columns and ranges that are checked while they are read.
fn sources(demand: &Demand) -> String {
    without_places(&format!("{:?} {:?}", demand.sources, demand.periods))
}

/// A value as text without the places in the rule file, which differ from draft to draft.
fn without_places(text: &str) -> String {
    let mut parts = text.split("Span {");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| all + part.split_once('}').map_or(part, |(_, after)| after))
}

/// What a slot is made of, the same for the same in every demand on these sources; none for what a step computes.
fn made_of(demand: &Demand, slot: usize) -> Option<String> {
    match demand.slots[slot].origin {
        Origin::Key => Some("the key".to_owned()),
        Origin::Column(column) => Some(format!("column {column}")),
        Origin::Aggregate(aggregate) => Some(without_places(&format!("{:?}", demand.aggregates[aggregate]))),
        Origin::Step(_) => None,
    }
}

/// A loader for a rule file that has not been written yet.
struct DraftLoader<'a> {
    path: &'a Path,
    text: &'a str,
}

impl Loader for DraftLoader<'_> {
    fn load(&self, path: &Path) -> io::Result<Vec<u8>> {
        if path == self.path { Ok(self.text.as_bytes().to_vec()) } else { FileSystem.load(path) }
    }

    fn is_below(&self, path: &Path, folder: &Path) -> bool {
        FileSystem.is_below(path, folder)
    }
}

fn unusable(error: &io::Error) -> Diagnostics {
    let message = format!("no temporary folder can be made: {error}");
    Diagnostics::from(Diagnostic::new(Code::E0701, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "accolade: 1\nas_of: 2025-01-31\nsources:\n  orders:\n    file: orders.csv\n    customer: c\n    \
                        date: d\n    columns: {c: text, d: date, a: money}\n";

    #[test]
    fn the_data_are_read_again_only_for_what_has_not_been_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("orders.csv");
        std::fs::write(&file, "c,d,a\nx,2025-01-01,5.00\ny,2025-01-02,7.00\n").unwrap();
        let mut drafts = Drafts::new(&folder.path().join("rules.yaml"));
        let mut values = |profile: &str| {
            let text = format!("{HEAD}profile:\n  quantitative: {profile}\n");
            let figures = drafts.run(&text).unwrap();
            figures.values("found").into_iter().map(|value| value / 10_000).collect::<Vec<_>>()
        };
        assert_eq!(values("{found: sum(orders.a), latest: max(orders.d)}"), [5, 7]);
        std::fs::write(&file, "c,d,a\nx,2025-01-01,1.00\n").unwrap();
        assert_eq!(values("{found: sum(orders.a) * 2}"), [10, 14]);
        assert_eq!(values("{found: sum(orders.a where orders.a > 0)}"), [1]);
        // A draft on another source reads it.
        let other =
            HEAD.replace("a: money}", "a: money 0..100}") + "profile:\n  quantitative: {found: sum(orders.a)}\n";
        std::fs::write(&file, "c,d,a\nx,2025-01-01,3.00\n").unwrap();
        assert_eq!(drafts.run(&other).unwrap().values("found"), [30_000]);
    }
}
