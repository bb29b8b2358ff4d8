//! What each side of a comparison reads.

use accolade_core::location::Location;
use accolade_data::profile::Inputs;
use accolade_rules::set::RuleSet;

use crate::run::SavedCutOffs;

/// The data, the date and the cut-offs of one side.
#[derive(Clone, Copy, Debug)]
pub struct SideInputs<'a> {
    /// The data and the date.
    pub inputs: &'a Inputs,
    /// The cut-offs; computed from the data if absent.
    pub cut_offs: Option<&'a SavedCutOffs>,
}

/// The inputs of the older side with the data of the newer one: a source of the same name is read from there.
pub(super) fn with_data_of(old: (&RuleSet, &Inputs), new: (&RuleSet, &Inputs)) -> Inputs {
    let (set, inputs) = old;
    let locations = set.demand.sources.iter().zip(&inputs.locations);
    let locations = locations.map(|(source, own)| location(new, &source.name).unwrap_or(own).clone());
    Inputs { locations: locations.collect(), ..inputs.clone() }
}

/// Whether a source that both sides have is read from different places.
pub(super) fn data_differs(old: (&RuleSet, &Inputs), new: (&RuleSet, &Inputs)) -> bool {
    let mut sources = old.0.demand.sources.iter().zip(&old.1.locations);
    sources.any(|(source, own)| location(new, &source.name).is_some_and(|other| other != own))
}

fn location<'a>((set, inputs): (&RuleSet, &'a Inputs), name: &str) -> Option<&'a Location> {
    let index = set.demand.sources.iter().position(|source| source.name == name)?;
    inputs.locations.get(index)
}
