//! Aggregates of the events that come with a record.

use accolade_core::eval::{Env, Faults};
use accolade_core::model::{Origin, Value};
use accolade_data::profile::single_customer;
use accolade_parser::{Code, Diagnostic, Diagnostics};

use super::{Rater, Record};

/// Fills the slots of a source's aggregates, except those of metrics that are given.
pub(super) fn aggregate(
    rater: &Rater,
    record: &mut Record,
    source: usize,
    events: &[Vec<Value>],
) -> Result<(), Diagnostics> {
    let faults = Faults::default();
    let env = Env { as_of: rater.as_of, faults: &faults };
    for (slot, described) in rater.set.demand.slots.iter().enumerate() {
        let Origin::Aggregate(index) = described.origin else { continue };
        let aggregate = &rater.set.demand.aggregates[index];
        if aggregate.source != source || record.given_metrics.contains(&slot) {
            continue;
        }
        let value = single_customer::aggregate(&rater.set.demand, aggregate, rater.days[index], events, env)
            .map_err(|error| Diagnostics::from(Diagnostic::new(Code::E0716, format!("internal error: {error}"))))?;
        record.values[slot] = value;
    }
    faults.check()
}
