//! Adding sources to a rule file that is there.

use std::path::Path;

use accolade_init::add_sources;

use super::{data_of, failed, rate, show_findings, write_rules};
use crate::args::InitArgs;
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::progress;

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
    if arguments.run || arguments.report.is_some() {
        return rate(arguments, data_of(target.to_owned(), addition.unusable), extensions);
    }
    Ok(show_findings(&addition.findings)?)
}
