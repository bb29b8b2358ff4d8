//! `accolade calibrate`

use accolade_engine::{RunOptions, SavedCutOffs};
use accolade_parser::count;

use super::write_text::write_text;
use crate::args::CalibrateArgs;
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::input::CommandSession;

/// Computes the cut-offs of a population and writes them as YAML.
pub(crate) fn calibrate(arguments: &CalibrateArgs, extensions: &Extensions) -> Result<(), Failure> {
    let opened = CommandSession::new(extensions, &arguments.data, arguments.format)?;
    opened.protect_inputs(None, arguments.output.as_deref())?;
    let (_, outcome) = opened.run(None, RunOptions::default())?;
    opened.show(&outcome.findings)?;
    let text = SavedCutOffs::new(&opened.session.set, &outcome)
        .write()
        .map_err(|findings| opened.findings_failure(findings))?;
    write_text(&text, arguments.output.as_deref(), &format!("cut-offs of {}", count(outcome.cut_offs.len(), "rule")))
}
