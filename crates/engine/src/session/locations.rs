//! Where each source of a rule set is read from, and the passwords and keys for it.

use std::path::PathBuf;

use accolade_core::files::{Loader, SourceFiles, io_error_reason};
use accolade_core::location::{Location, Secret};
use accolade_core::model::Source;
use accolade_data::profile::Inputs;
use accolade_parser::{Code, Diagnostic, Diagnostics, did_you_mean};
use accolade_rules::set::RuleSet;

use super::options::InputOptions;
use super::{Credentials, options, text};

/// A rule set, and what is needed to locate its inputs.
#[derive(Clone, Copy)]
pub(super) struct InputLocator<'a> {
    pub(super) set: &'a RuleSet,
    pub(super) files: &'a SourceFiles,
    pub(super) loader: &'a dyn Loader,
    pub(super) credentials: &'a dyn Credentials,
}

impl InputLocator<'_> {
    /// The inputs of a run. Sources named in `shared` are at those locations unless the options name others.
    pub(super) fn inputs(self, wanted: &InputOptions, shared: &[(&str, &Location)]) -> Result<Inputs, Diagnostics> {
        let mut out = Diagnostics::new();
        let as_of = options::as_of(self.set, wanted.as_of.as_deref(), &mut out);
        options::check_named_once(&wanted.sources, &mut out);
        let mut files = self.locations(&wanted.locations(self.set), shared, &mut out);
        for (source, location) in self.set.demand.sources.iter().zip(&mut files) {
            location.iter_mut().for_each(|location| self.unlock(source, location, &mut out));
        }
        let files = files.into_iter().flatten().collect();
        let InputOptions { bad_rows, max_bad, threads, batch_size, memory_limit, observer, .. } = wanted.clone();
        match as_of {
            Some(as_of) if !out.has_errors() => {
                let rule_set = self.set.name.clone();
                let locations = files;
                Ok(Inputs {
                    as_of,
                    locations,
                    bad_rows,
                    max_bad,
                    rule_set,
                    threads,
                    batch_size,
                    memory_limit,
                    observer,
                })
            }
            _ => Err(out),
        }
    }

    /// The location of each source: the one `given` as `NAME=PATH`, else the `shared` one of its name, else the rule
    /// file's.
    pub(super) fn locations(
        self,
        given: &[String],
        shared: &[(&str, &Location)],
        out: &mut Diagnostics,
    ) -> Vec<Option<Location>> {
        let mut chosen: Vec<Option<Location>> = vec![None; self.set.demand.sources.len()];
        for argument in given {
            if let Some((index, location)) = parse(self.set, argument, out) {
                chosen[index] = Some(location);
            }
        }
        let chosen = self.set.demand.sources.iter().zip(chosen);
        let located = chosen.map(|(source, chosen)| {
            let shared = shared.iter().find(|(name, _)| *name == source.name).map(|(_, location)| (*location).clone());
            chosen.or(shared).or_else(|| default(source, self.files, out))
        });
        located.collect()
    }

    /// Adds the access to an object store, or the password of a database from the source's password file or the
    /// credentials.
    fn unlock(self, source: &Source, location: &mut Location, out: &mut Diagnostics) {
        let server = match location {
            Location::Postgres { server, .. } => server,
            Location::Object(object) => return object.set_access(self.credentials.store_access()),
            Location::Path { .. } | Location::Memory(_) => return,
        };
        if server.has_password() {
            return;
        }
        let found = match &source.password_file {
            Some(file) => {
                let path: PathBuf = self.files.resolve_relative(source.span, file);
                let text = text::text(self.loader, &path);
                text.map(|text| Some(Secret::new(text.trim_end_matches(['\r', '\n'])))).map_err(|error| (path, error))
            }
            None => self.credentials.password(server),
        };
        match found {
            Ok(Some(password)) => server.set_password(password),
            Ok(None) => {}
            Err((path, error)) => {
                let message =
                    format!("the password file `{}` cannot be read: {}", path.display(), io_error_reason(&error));
                out.push(Diagnostic::new(Code::E0701, message).label(source.span, "of this source"));
            }
        }
    }
}

/// Parses `NAME=PATH`.
fn parse(set: &RuleSet, argument: &str, out: &mut Diagnostics) -> Option<(usize, Location)> {
    let mut wrong = |message: String, help: String| {
        out.push(Diagnostic::new(Code::E0701, message).help(help));
        None
    };
    let Some((name, place)) = argument.split_once('=') else {
        let message = format!("`--source {argument}` names no file");
        return wrong(message, "write `--source orders=orders.csv`".to_owned());
    };
    let names: Vec<&str> = set.demand.sources.iter().map(|s| s.name.as_str()).collect();
    let Some(index) = names.iter().position(|n| *n == name) else {
        let help = did_you_mean(name, names.iter().copied(), "its sources are:");
        return wrong(format!("the rule file has no source `{name}`"), help);
    };
    match Location::parse(place) {
        Ok(location) => Some((index, location)),
        Err(why) => wrong(
            format!("the URL of `--source {name}=…` cannot be used: {why}"),
            "write it like `postgres://user@host/database#table` or `s3://bucket/orders.csv`".to_owned(),
        ),
    }
}

/// The location that the rule file gives a source.
fn default(source: &Source, files: &SourceFiles, out: &mut Diagnostics) -> Option<Location> {
    if let Some(file) = &source.file {
        return Some(files.resolve_relative(source.span, file).into());
    }
    // A URL that cannot be used was reported when the rule file was checked.
    let location = source.url.as_ref().and_then(|url| Location::url(url).ok());
    if location.is_none() {
        let message = format!("the source `{}` has no file", source.name);
        let help = format!("add `--source {}=PATH`, or `file:` to the source", source.name);
        out.push(Diagnostic::new(Code::E0701, message).label(source.span, "declared here").help(help));
    }
    location
}
