//! Adding sources to a rule file that is there.

use std::path::Path;

use accolade_engine::SourceFiles;
use accolade_init::add_sources;

use super::{failed, summary_of, write_rules};
use crate::args::{InitArgs, OutputFormat};
use crate::commands::run;
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::progress;
use crate::render::diagnostics;

/// Adds the data that the rule file at `target` does not read yet.
pub(super) fn add(arguments: &InitArgs, target: &Path, extensions: &Extensions) -> Result<(), Failure> {
    let shown = target.display();
    let text = std::fs::read_to_string(target)
        .map_err(|error| Failure::Message(format!("`{shown}` is there already and cannot be read: {error}")))?;
    let added = progress::step("reading", "the files", || add_sources(target, &text, &arguments.files));
    let Some(addition) = added.map_err(failed)? else {
        let message = format!(
            "`{shown}` is there already and reads this data; name another file with `--output`, or replace it with \
             `--force`"
        );
        return Err(Failure::Message(message));
    };
    write_rules(target, &addition.text)?;
    for line in &addition.summary {
        progress::note(line)?;
    }
    progress::note(format!("added to the sources of {shown}; its rules do not read them yet"))?;
    if arguments.run {
        progress::note("")?;
        return run::run(&summary_of(target.to_owned()), extensions);
    }
    Ok(diagnostics::show(&SourceFiles::default(), &addition.findings, OutputFormat::Text)?)
}
