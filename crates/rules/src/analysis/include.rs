//! Reading a rule file with the files it includes.
//!
//! Included entries come first, in the order of the includes; a file's own entries follow. An entry whose name an
//! included file already defines must be listed under `override:`; it then replaces the included entry.

use std::path::{Path, PathBuf};

use accolade_core::files::{Loader, SourceFiles, io_error_reason};
use accolade_core::location::format::FileFormat;
use accolade_parser::syntax::file::RuleFile;
use accolade_parser::{Code, Diagnostic, Diagnostics, Name, Span};
use indexmap::IndexMap;

const MAX_DEPTH: usize = 16;

/// Whether a line of a text is the key that rule files begin with. The ending of a file is not all that counts.
fn begins_as_rules(bytes: &[u8]) -> bool {
    bytes.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"accolade:"))
}

/// The merged rule file; `None` if the file itself cannot be read.
pub fn read(path: &Path, loader: &dyn Loader, files: &mut SourceFiles, out: &mut Diagnostics) -> Option<RuleFile> {
    let loaded = loader.load(path);
    if FileFormat::from_ending(path).is_some() && !loaded.as_ref().is_ok_and(|bytes| begins_as_rules(bytes)) {
        let message = format!("`{}` is data, not a rule file", path.display());
        let help = format!("`accolade init {}` writes a rule file for it", path.display());
        out.push(Diagnostic::new(Code::E0701, message).help(help));
        return None;
    }
    let bytes = match loaded {
        Ok(bytes) => bytes,
        Err(error) => {
            let message = format!("the rule file `{}` cannot be read: {}", path.display(), io_error_reason(&error));
            out.push(Diagnostic::new(Code::E0701, message));
            return None;
        }
    };
    let mut reader = IncludeReader { loader, files, out, trail: vec![path.to_owned()], merged: Vec::new() };
    Some(reader.merged(path, &bytes))
}

struct IncludeReader<'a> {
    loader: &'a dyn Loader,
    files: &'a mut SourceFiles,
    out: &'a mut Diagnostics,
    trail: Vec<PathBuf>,
    /// Every file merged so far; a file that is included twice is merged once.
    merged: Vec<PathBuf>,
}

impl IncludeReader<'_> {
    fn merged(&mut self, path: &Path, bytes: &[u8]) -> RuleFile {
        let id = self.files.add(path, bytes);
        let (mut own, findings) = accolade_parser::parse_bytes(id, bytes);
        self.out.extend(findings);
        let mut base = RuleFile::default();
        for name in std::mem::take(&mut own.include) {
            if let Some(included) = self.include(path, &name) {
                self.merge(&mut base, included, &[]);
            }
        }
        let overrides = std::mem::take(&mut own.overrides);
        self.check_overrides(&overrides, &base, &own);
        self.merge(&mut base, own, &overrides);
        base
    }

    fn include(&mut self, from: &Path, name: &Name) -> Option<RuleFile> {
        let path = from.parent().map_or_else(|| PathBuf::from(&name.value), |folder| folder.join(&name.value));
        if self.trail.contains(&path) || self.trail.len() >= MAX_DEPTH {
            let chain: Vec<String> = self.trail.iter().chain([&path]).map(|p| format!("`{}`", p.display())).collect();
            let message = format!("files include each other: {}", chain.join(" → "));
            self.out.push(Diagnostic::new(Code::E0107, message).at(name.span).help("remove one of the includes"));
            return None;
        }
        if self.merged.contains(&path) {
            return None;
        }
        match self.loader.load(&path) {
            Ok(bytes) => {
                self.merged.push(path.clone());
                self.trail.push(path.clone());
                let file = self.merged(&path, &bytes);
                self.trail.pop();
                Some(file)
            }
            Err(error) => {
                let message =
                    format!("the included file `{}` cannot be read: {}", path.display(), io_error_reason(&error));
                self.out.push(
                    Diagnostic::new(Code::E0107, message)
                        .at(name.span)
                        .help("the path is relative to the including file"),
                );
                None
            }
        }
    }

    fn check_overrides(&mut self, overrides: &[Name], base: &RuleFile, own: &RuleFile) {
        for name in overrides {
            let in_base = entries(base).any(|(section, entry, _)| format!("{section}.{entry}") == name.value);
            let in_own = entries(own).any(|(section, entry, _)| format!("{section}.{entry}") == name.value);
            if in_base && in_own {
                continue;
            }
            let message = if in_base {
                format!("`{}` is listed as an override but not defined in this file", name.value)
            } else {
                format!("`{}` overrides nothing: no included file defines it", name.value)
            };
            let known: Vec<String> = entries(base).map(|(section, entry, _)| format!("{section}.{entry}")).collect();
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let diagnostic = Diagnostic::new(Code::E0307, message).at(name.span);
            self.out.push(super::names::with_suggestion(diagnostic, &name.value, &known));
        }
    }

    fn merge(&mut self, base: &mut RuleFile, own: RuleFile, overrides: &[Name]) {
        let allowed: Vec<&str> = overrides.iter().map(|n| n.value.as_str()).collect();
        let out = &mut *self.out;
        let profile = own.profile;
        merge_section("sources", &mut base.sources, own.sources, &allowed, |s| s.name.span, out);
        merge_section("periods", &mut base.periods, own.periods, &allowed, |p| p.name.span, out);
        merge_section(
            "profile",
            &mut base.profile.administrative,
            profile.administrative,
            &allowed,
            |m| m.name.span,
            out,
        );
        merge_section("profile", &mut base.profile.quantitative, profile.quantitative, &allowed, |m| m.name.span, out);
        merge_section("profile", &mut base.profile.qualitative, profile.qualitative, &allowed, |m| m.name.span, out);
        merge_section("rules", &mut base.rules, own.rules, &allowed, |r| r.name.span, out);
        merge_section("functions", &mut base.functions, own.functions, &allowed, |f| f.name.span, out);
        merge_section("measures", &mut base.measures, own.measures, &allowed, |m| m.name.span, out);
        merge_section("programmes", &mut base.programmes, own.programmes, &allowed, |p| p.name.span, out);
        merge_section("goals", &mut base.goals, own.goals, &allowed, |g| g.name.span, out);
        // Each setting of the whole file is taken from the outermost file that has it.
        for (name, limit) in own.script_limits {
            base.script_limits.retain(|(n, _)| n.value != name.value);
            base.script_limits.push((name, limit));
        }
        base.version = own.version.or(base.version.take());
        base.name = own.name.or(base.name.take());
        base.description = own.description.or(base.description.take());
        base.currency = own.currency.or(base.currency.take());
        base.time_zone = own.time_zone.or(base.time_zone.take());
        base.as_of = own.as_of.or(base.as_of.take());
    }
}

fn merge_section<T>(
    section: &str,
    base: &mut IndexMap<String, T>,
    own: IndexMap<String, T>,
    allowed: &[&str],
    span: impl Fn(&T) -> Span,
    out: &mut Diagnostics,
) {
    for (name, entry) in own {
        let full = || format!("{section}.{name}");
        if let Some(first) = base.get(&name)
            && !allowed.contains(&full().as_str())
        {
            out.push(
                Diagnostic::new(Code::E0302, format!("`{name}` is already defined in an included file"))
                    .at(span(&entry))
                    .label(span(first), "first defined here")
                    .help(format!("to replace it, list it: `override: [{}]`", full())),
            );
            continue;
        }
        // An entry keeps the position of the one it replaces.
        base.insert(name, entry);
    }
}

fn entries(file: &RuleFile) -> impl Iterator<Item = (&'static str, &str, ())> {
    let profile = &file.profile;
    let metrics = [&profile.administrative, &profile.quantitative, &profile.qualitative];
    let names = file
        .sources
        .keys()
        .map(|n| ("sources", n))
        .chain(file.periods.keys().map(|n| ("periods", n)))
        .chain(metrics.into_iter().flat_map(|m| m.keys().map(|n| ("profile", n))))
        .chain(file.rules.keys().map(|n| ("rules", n)))
        .chain(file.functions.keys().map(|n| ("functions", n)))
        .chain(file.measures.keys().map(|n| ("measures", n)))
        .chain(file.programmes.keys().map(|n| ("programmes", n)))
        .chain(file.goals.keys().map(|n| ("goals", n)));
    names.map(|(section, name)| (section, name.as_str(), ()))
}
