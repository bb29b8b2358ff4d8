//! Reading files into one row per customer.

mod aggregates;
mod csv;
mod dialects;
mod errors;
mod headers;
mod in_memory;
mod json;
mod ndjson;
mod oracle;
mod parquet;
mod report;
mod robust;
mod sanity;
mod scan;
mod selection;
mod skip;
mod values;
mod words;

use std::io;
use std::path::Path;

use accolade_core::files::Loader;
use accolade_core::frame::value_at;
use accolade_core::location::Location;
use accolade_core::model::Operation;
use accolade_core::show;
use accolade_parser::{Diagnostic, Diagnostics};
use accolade_rules::analysis::Plugins;
use accolade_rules::compile::compile;
use accolade_rules::set::{RuleSet, Step};
use arrow::array::{Array, ArrayRef};
use tempfile::TempDir;

use super::{BadRows, CustomerBase, Inputs, load};

/// A folder with data files and what is read from them.
pub(super) struct Case {
    pub(super) folder: TempDir,
    pub(super) set: RuleSet,
    pub(super) inputs: Inputs,
}

struct TextLoader(String);

impl Loader for TextLoader {
    fn load(&self, _: &Path) -> io::Result<Vec<u8>> {
        Ok(self.0.clone().into_bytes())
    }

    fn is_below(&self, _: &Path, _: &Path) -> bool {
        true
    }
}

/// The usual customers table.
pub(super) const CUSTOMERS: &str = "
  customers:
    file: customers.csv
    key: id
    columns: {id: text, name: text?, score: integer? 1..5}
";

/// The usual events.
pub(super) const ORDERS: &str = "
  orders:
    file: orders.csv
    customer: id
    date: day
    columns: {id: text, day: date, amount: money, n: integer?}
";

/// Metrics over them.
pub(super) const METRICS: &str = "
    revenue: sum(orders.amount in year)
    orders_ever: count(orders)
";

impl Case {
    /// A case whose files are named in `sources` and lie in a new folder.
    pub(super) fn new(sources: &str, metrics: &str, files: &[(&str, &[u8])]) -> Case {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        }
        let text = format!(
            "accolade: 1\nname: test\ncurrency: EUR\nas_of: 2026-01-01\nsources:{sources}\nperiods:\n  year: last 12 months\n  early: 6 months before year\nprofile:\n  quantitative:{metrics}\nrules: {{}}\n"
        );
        let mut plugins = Plugins::default();
        accolade_core::functions::all().iter().for_each(|function| plugins.add_function(function.clone()));
        accolade_kinds::register(&mut plugins);
        let compiled = compile(Path::new("rules.yaml"), &TextLoader(text), &plugins);
        let set = compiled.set.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics));
        let files: Vec<Location> =
            set.demand.sources.iter().map(|s| folder.path().join(s.file.as_deref().unwrap_or("none")).into()).collect();
        let as_of = set.as_of.unwrap();
        Case { folder, set, inputs: Inputs { threads: 2, batch_size: 1024, ..Inputs::new(as_of, files) } }
    }

    /// The usual sources with these files.
    pub(super) fn usual(customers: &str, orders: &str) -> Case {
        let files = [("customers.csv", customers.as_bytes()), ("orders.csv", orders.as_bytes())];
        Case::new(&format!("{CUSTOMERS}{ORDERS}"), METRICS, &files)
    }

    /// Reads with the rows that cannot be used written to the folder.
    pub(super) fn reporting(mut self) -> Case {
        self.inputs.bad_rows = BadRows::Report(self.folder.path().to_owned());
        self
    }

    pub(super) fn load(&self) -> Result<CustomerBase, Diagnostics> {
        load(&self.set.demand, &self.inputs)
    }

    pub(super) fn base(&self) -> CustomerBase {
        self.load().unwrap_or_else(|findings| panic!("{}", lines(&findings)))
    }

    /// The findings of a reading that must fail, one a line, with the folder left out.
    pub(super) fn errors(&self) -> String {
        let findings = self.load().expect_err("the data is wrong");
        self.plain(&findings)
    }

    /// Findings, one a line, with the folder left out.
    pub(super) fn plain(&self, findings: &Diagnostics) -> String {
        lines(findings).replace(&format!("{}/", self.folder.path().display()), "")
    }

    /// A column by its slot's name, as text.
    pub(super) fn column(&self, base: &CustomerBase, name: &str) -> Vec<String> {
        texts(column(base, self.slot(name)))
    }

    /// The slot that is read for a metric: its own, or the one its expression names.
    pub(super) fn slot(&self, name: &str) -> usize {
        let slot = self.set.slot(name).unwrap_or_else(|| panic!("no slot {name}"));
        let read = self.set.steps.iter().find_map(|step| match step {
            Step::Metric { slot: own, expr, .. } if *own == slot => match expr.operation {
                Operation::Field(read) => Some(read),
                _ => None,
            },
            _ => None,
        });
        read.unwrap_or(slot)
    }

    /// The rows as text: the key and every aggregate in the order of the rule set.
    pub(super) fn table(&self, base: &CustomerBase) -> Vec<String> {
        let mut columns: Vec<_> = base.columns.iter().collect();
        columns.sort_by_key(|(slot, _)| *slot);
        let columns: Vec<Vec<String>> = columns.iter().map(|(_, c)| texts(c)).collect();
        (0..base.rows).map(|row| columns.iter().map(|c| c[row].as_str()).collect::<Vec<_>>().join("|")).collect()
    }

    pub(super) fn read_file(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).unwrap()
    }
}

pub(super) fn column(base: &CustomerBase, slot: usize) -> &ArrayRef {
    &base.columns.iter().find(|(s, _)| *s == slot).expect("the column is read").1
}

fn texts(column: &ArrayRef) -> Vec<String> {
    (0..column.len()).map(|row| show::value(&value_at(column, row))).collect()
}

fn lines(findings: &Diagnostics) -> String {
    let place = |d: &Diagnostic| match &d.data {
        Some(place) => {
            let row = place.row.map(|r| format!(":{r}")).unwrap_or_default();
            let column = place.column.as_ref().map(|c| format!(" {c}")).unwrap_or_default();
            format!("{}{row}{column}: ", place.file)
        }
        None => String::new(),
    };
    let help = |d: &Diagnostic| d.help.iter().map(|h| format!(" [{h}]")).collect::<String>();
    findings.iter().map(|d| format!("{} {}{}{}\n", d.code, place(d), d.message, help(d))).collect()
}

/// Every column has the type of its slot exactly, and the keys ascend.
pub(super) fn assert_sound(case: &Case, base: &CustomerBase) {
    for (slot, column) in &base.columns {
        assert_eq!(
            column.data_type(),
            &case.set.demand.slots[*slot].ty.arrow(),
            "{}",
            case.set.demand.slots[*slot].name
        );
        assert_eq!(column.len(), base.rows);
        let counted = case.set.demand.slots[*slot].nullable || column.null_count() == 0;
        assert!(counted, "{} is never missing", case.set.demand.slots[*slot].name);
    }
    let keys = texts(column(base, 0));
    if case.set.demand.slots[0].ty == accolade_core::model::types::Type::Text {
        assert!(keys.windows(2).all(|w| w[0] < w[1]), "{keys:?}");
    }
}
