//! What the run of a rule file reads, which no output may replace.

use std::path::{Path, PathBuf};

use accolade_core::files::SourceFiles;
use accolade_core::location::Location;
use accolade_data::output::OwnInputs;
use accolade_data::profile::{BadRows, rejects_path};
use accolade_rules::set::RuleSet;

use super::InputOptions;

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
    let file =
        |name: &str, folder: &Path| (format!("the file of rejected rows of `{name}`"), rejects_path(folder, name));
    set.demand.sources.iter().map(|source| file(&source.name, folder)).collect()
}
