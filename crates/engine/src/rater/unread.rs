//! What a record may hold though nothing reads it: fields and events of a client that was written for other rules.

use accolade_core::model::{Aggregate, Origin, SlotId, Source};
use accolade_parser::{Code, DataPlace, Diagnostic};
use accolade_rules::set::{RuleSet, Step};

use super::plan::RecordField;
use crate::run::slots_read;

/// What the rule file declares and the steps of a rater do not read.
#[derive(Debug)]
pub(super) struct Unread {
    /// The names of columns of customers, of metrics and of sources of events.
    pub(super) names: Vec<String>,
    /// By source, whether each column is read.
    columns: Vec<Vec<bool>>,
}

impl Unread {
    /// What is not read by these steps, whose records have these fields and events of these sources.
    pub(super) fn of(set: &RuleSet, steps: &[usize], fields: &[RecordField], sources: &[usize]) -> Unread {
        let demand = &set.demand;
        let of_customers = demand.customers().map_or(&[][..], |(_, customers)| customers.stored());
        let of_customers = of_customers.iter().map(|column| &column.name);
        let metrics = set.steps.iter().filter_map(|step| match step {
            Step::Metric { slot, .. } => Some(&demand.slots[*slot].name),
            Step::Rule { .. } => None,
        });
        let unread = (0..demand.sources.len()).filter(|source| !sources.contains(source));
        let of_events = unread.map(|source| &demand.sources[source]).filter(|source| source.is_events());
        let mut names: Vec<String> = Vec::new();
        for name in of_customers.chain(metrics).chain(of_events.map(|source| &source.name)) {
            if !names.contains(name) && fields.iter().all(|field| field.name != *name) {
                names.push(name.clone());
            }
        }
        let mut read: Vec<SlotId> = steps.iter().flat_map(|step| slots_read(&set.steps[*step])).collect();
        read.sort_unstable();
        read.dedup();
        let aggregates: Vec<&Aggregate> = read
            .iter()
            .filter_map(|slot| match demand.slots[*slot].origin {
                Origin::Aggregate(index) => Some(&demand.aggregates[index]),
                _ => None,
            })
            .collect();
        let columns = demand.sources.iter().enumerate().map(|(index, source)| {
            columns_read(source, aggregates.iter().copied().filter(|aggregate| aggregate.source == index))
        });
        Unread { names, columns: columns.collect() }
    }

    /// Whether a column of a source of events is read.
    pub(super) fn reads(&self, source: usize, column: usize) -> bool {
        self.columns[source][column]
    }
}

/// Whether each column of a source of events is read by these aggregates, or to know whose and of when an event is.
fn columns_read<'a>(source: &Source, aggregates: impl Iterator<Item = &'a Aggregate>) -> Vec<bool> {
    let mut read = vec![false; source.columns.len()];
    let mut visit = |column: usize| read[column] = true;
    visit(source.customer_column());
    source.date_column().into_iter().for_each(&mut visit);
    for expr in [source.filter.as_ref(), source.computed_key()].into_iter().flatten() {
        expr.for_each_field(&mut visit);
    }
    for aggregate in aggregates {
        aggregate.columns.iter().copied().for_each(&mut visit);
        for expr in [aggregate.argument.as_ref(), aggregate.filter.as_ref()].into_iter().flatten() {
            expr.for_each_field(&mut visit);
        }
    }
    read
}

/// The warning about a field of a record, or a column of the events of a source, that is ignored.
pub(super) fn ignored(source: Option<&str>, name: &str) -> Diagnostic {
    let (of, file) = source.map_or((String::new(), "record"), |source| (format!(" of `{source}`"), source));
    let place = DataPlace { file: file.to_owned(), row: None, column: Some(name.to_owned()) };
    Diagnostic::new(Code::W0725, format!("`{name}`{of} is ignored: no rule reads it")).in_data(place)
}
