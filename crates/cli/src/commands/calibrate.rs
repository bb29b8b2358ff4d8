//! `accolade calibrate`

use accolade_engine::{RunOptions, SavedCutOffs};

use super::deliver::deliver;
use crate::args::Calibrate;
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::input::Opened;

/// Computes the cut-offs of a population and writes them as YAML.
pub(crate) fn calibrate(arguments: &Calibrate, extensions: &Extensions) -> Result<(), Failure> {
    let opened = Opened::new(extensions, &arguments.data, arguments.format)?;
    let (_, outcome) = opened.run(None, RunOptions::default())?;
    opened.show(&outcome.findings)?;
    let text = SavedCutOffs::new(&opened.session.set, &outcome).write().map_err(|findings| opened.failed(findings))?;
    deliver(&text, arguments.output.as_deref(), &format!("cut-offs of {} rules", outcome.cut_offs.len()))
}
