//! What the run of a rule file reads, which no output may replace.

use std::path::PathBuf;

use accolade_core::files::SourceFiles;
use accolade_core::location::Location;
use accolade_core::model::Source;
use accolade_data::output::OwnInputs;
use accolade_data::profile::{BadRows, rejects_path};
use accolade_parser::Diagnostics;
use accolade_rules::set::RuleSet;

use super::{InputOptions, options as run_options};

/// Adds rule files and scripts.
pub(super) fn add_files(files: &SourceFiles, inputs: &mut OwnInputs) {
    for file in files.all() {
        let is_script = file.path.extension().is_some_and(|ending| ending == "rhai");
        inputs.add(if is_script { "a script of the rule file" } else { "a rule file" }, &file.path);
    }
}

/// Adds the data and the password files of sources that have a location.
pub(super) fn add_sources<'a>(
    set: &RuleSet,
    files: &SourceFiles,
    locations: impl IntoIterator<Item = Option<&'a Location>>,
    inputs: &mut OwnInputs,
) {
    for (source, location) in set.demand.sources.iter().zip(locations) {
        if let Some(location) = location {
            inputs.add_source(source, location);
        }
        if let Some(file) = &source.password_file {
            let role = format!("the password file of the source `{}`", source.name);
            inputs.add(role, &files.resolve_relative(source.span, file));
        }
    }
}

/// The files that rejected rows of each source are written to, with their roles.
pub(super) fn rejects(set: &RuleSet, options: &InputOptions) -> Vec<(String, PathBuf)> {
    let BadRows::Report(folder) = &options.bad_rows else { return Vec::new() };
    // Without a date nothing is run.
    let Some(as_of) = run_options::as_of(set, options.as_of.as_deref(), &mut Diagnostics::new()) else {
        return Vec::new();
    };
    let file = |source: &Source| {
        let role = format!("the file of rejected rows of `{}`", source.name);
        (role, rejects_path(folder, &source.name, &set.name, as_of))
    };
    set.demand.sources.iter().map(file).collect()
}
