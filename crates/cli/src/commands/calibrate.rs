//! `accolade calibrate`

use std::io::Write;

use accolade_engine::SavedCutOffs;
use accolade_engine::output::replace_file;

use crate::args::Calibrate;
use crate::exit::Failure;
use crate::input;
use crate::render::diagnostics;
use crate::talk;

/// Computes the cut-offs of a population and writes them as YAML.
pub(crate) fn calibrate(arguments: &Calibrate) -> Result<(), Failure> {
    let (set, files) = input::rule_set(&arguments.data, arguments.format)?;
    let failed = |findings| Failure::Data(Box::new(files.clone()), findings, arguments.format);
    let inputs = input::inputs(&set, &files, &arguments.data).map_err(failed)?;
    let outcome = accolade_engine::run(&set, &inputs, None).map_err(failed)?;
    talk::cut_offs(&outcome, None);
    diagnostics::show(&files, &outcome.findings, arguments.format)?;
    let text = SavedCutOffs::new(&set, &outcome).write().map_err(failed)?;
    match &arguments.output {
        None => write!(anstream::stdout(), "{text}")?,
        Some(path) => {
            replace_file(path, |sink| sink.write_all(text.as_bytes()))
                .map_err(|error| Failure::Io(format!("`{}` cannot be written: {error}", path.display())))?;
            talk::note(format!("cut-offs of {} rules written to {}", outcome.cut_offs.len(), path.display()))?;
        }
    }
    Ok(())
}
