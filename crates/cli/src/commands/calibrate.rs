//! `accolade calibrate`

use accolade_engine::SavedCutOffs;

use super::deliver::deliver;
use crate::args::Calibrate;
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::input;
use crate::render::diagnostics;
use crate::talk;

/// Computes the cut-offs of a population and writes them as YAML.
pub(crate) fn calibrate(arguments: &Calibrate, extensions: &Extensions) -> Result<(), Failure> {
    let (set, files) = input::rule_set(extensions, &arguments.data, arguments.format)?;
    let failed = |findings| Failure::Data(Box::new(files.clone()), findings, arguments.format);
    let inputs = input::inputs(&set, &files, &arguments.data).map_err(failed)?;
    let outcome = accolade_engine::run(&set, &inputs, None).map_err(failed)?;
    talk::cut_offs(&outcome, None);
    diagnostics::show(&files, &outcome.findings, arguments.format)?;
    let text = SavedCutOffs::new(&set, &outcome).write().map_err(failed)?;
    deliver(&text, arguments.output.as_deref(), &format!("cut-offs of {} rules", outcome.cut_offs.len()))
}
