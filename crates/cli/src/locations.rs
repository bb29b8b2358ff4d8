//! Where each source of a rule set is read from, and the passwords and keys for it.

use std::path::PathBuf;

use accolade_engine::model::Source;
use accolade_engine::{Files, Location, RuleSet, Secret};
use accolade_parser::{Code, Diagnostic, Diagnostics, suggest};

use crate::{passwords, stores};

/// The location of each source: the one `given` as `NAME=PATH`, one that is `shared` by its name, or the rule file's.
pub(crate) fn of(
    set: &RuleSet,
    files: &Files,
    given: &[String],
    shared: &[(&str, &Location)],
    out: &mut Diagnostics,
) -> Vec<Location> {
    let mut chosen: Vec<Option<Location>> = vec![None; set.demand.sources.len()];
    for argument in given {
        if let Some((index, location)) = parse(set, argument, out) {
            chosen[index] = Some(location);
        }
    }
    let mut locations = Vec::new();
    for (source, chosen) in set.demand.sources.iter().zip(chosen) {
        let shared = shared.iter().find(|(name, _)| *name == source.name).map(|(_, location)| (*location).clone());
        if let Some(mut location) = chosen.or(shared).or_else(|| default(source, files, out)) {
            credentials(source, files, &mut location, out);
            locations.push(location);
        }
    }
    locations
}

/// `NAME=PATH`
fn parse(set: &RuleSet, argument: &str, out: &mut Diagnostics) -> Option<(usize, Location)> {
    let mut wrong = |message: String, help: String| {
        out.push(Diagnostic::new(Code("E0701"), message).help(help));
        None
    };
    let Some((name, place)) = argument.split_once('=') else {
        let message = format!("`--source {argument}` names no file");
        return wrong(message, "write `--source orders=orders.csv`".to_owned());
    };
    let names: Vec<&str> = set.demand.sources.iter().map(|s| s.name.as_str()).collect();
    let Some(index) = names.iter().position(|n| *n == name) else {
        let help = match suggest(name, names.iter().copied()) {
            Some(candidate) => format!("did you mean `{candidate}`?"),
            None => format!("its sources are: {}", names.join(", ")),
        };
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

/// What the rule file says.
fn default(source: &Source, files: &Files, out: &mut Diagnostics) -> Option<Location> {
    if let Some(file) = &source.file {
        return Some(files.beside(source.span, file).into());
    }
    // That a URL cannot be used was said when the rule file was checked.
    let location = source.url.as_ref().and_then(|url| Location::url(url).ok());
    if location.is_none() {
        let message = format!("the source `{}` has no file", source.name);
        let help = format!("add `--source {}=PATH`, or `file:` to the source", source.name);
        out.push(Diagnostic::new(Code("E0701"), message).label(source.span, "declared here").help(help));
    }
    location
}

/// Adds what a store asks for, from the environment, or the password of a database, from the source's file or from there.
fn credentials(source: &Source, files: &Files, location: &mut Location, out: &mut Diagnostics) {
    let server = match location {
        Location::Postgres { server, .. } => server,
        Location::Object(object) => return object.set_access(stores::access()),
        Location::Path { .. } => return,
    };
    if server.has_password() {
        return;
    }
    let found = match &source.password_file {
        Some(file) => {
            let path: PathBuf = files.beside(source.span, file);
            let text = std::fs::read_to_string(&path);
            text.map(|text| Some(Secret::new(text.trim_end_matches(['\r', '\n'])))).map_err(|error| (path, error))
        }
        None => passwords::of(server),
    };
    match found {
        Ok(Some(password)) => server.set_password(password),
        Ok(None) => {}
        Err((path, error)) => {
            let why = accolade_engine::analyse::reason(&error);
            let message = format!("the password file `{}` cannot be read: {why}", path.display());
            out.push(Diagnostic::new(Code("E0701"), message).label(source.span, "of this source"));
        }
    }
}
