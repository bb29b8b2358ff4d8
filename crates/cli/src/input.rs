//! From arguments to a checked rule set and the inputs of a run.

use std::path::{Path, PathBuf};

use accolade_engine::{
    BadRows, Compilation, FileSystem, Files, Inputs, Location, Observer, Outcome, RuleSet, SavedCutOffs, compile,
    explain,
};
use accolade_parser::{Code, Diagnostic, Diagnostics, suggest};

use crate::args::{self, Data, Output};
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::locations;
use crate::render::diagnostics;
use crate::talk;

/// A rule file that checked, its warnings shown.
pub(crate) fn rule_set(extensions: &Extensions, data: &Data, output: Output) -> Result<(RuleSet, Files), Failure> {
    checked(extensions, data, output).map(|(set, files, _)| (set, files))
}

/// A rule file that checked, and its warnings, shown already.
pub(crate) fn checked(
    extensions: &Extensions,
    data: &Data,
    output: Output,
) -> Result<(RuleSet, Files, Diagnostics), Failure> {
    let plugins = if data.trace_scripts { extensions.traced_plugins() } else { extensions.plugins() };
    let Compilation { set, diagnostics, files, .. } = compile(&data.rules, &FileSystem, &plugins);
    if files.all().is_empty() {
        return Err(Failure::Data(Box::new(files), diagnostics, output));
    }
    match set {
        Some(set) => {
            if output == Output::Text {
                diagnostics::show(&files, &diagnostics, output)?;
            }
            Ok((set, files, diagnostics))
        }
        None => {
            diagnostics::show(&files, &diagnostics, output)?;
            Err(Failure::Findings)
        }
    }
}

/// What a run of `set` reads.
pub(crate) fn inputs(set: &RuleSet, files: &Files, data: &Data) -> Result<Inputs, Diagnostics> {
    sharing(set, files, data, &[])
}

/// As [`inputs`], where sources of these names are at these places unless the arguments name others.
pub(crate) fn sharing(
    set: &RuleSet,
    files: &Files,
    data: &Data,
    shared: &[(&str, &Location)],
) -> Result<Inputs, Diagnostics> {
    let mut out = Diagnostics::new();
    let as_of = as_of(set, data.as_of.as_deref(), &mut out);
    let sources = locations::of(set, files, &data.sources, shared, &mut out);
    let bad_rows = match data.bad_rows {
        args::BadRows::Fail => BadRows::Fail,
        args::BadRows::Report => BadRows::Report(PathBuf::from(".")),
    };
    let threads = threads(data.threads.or(data.trace_scripts.then_some(1)));
    match as_of {
        Some(as_of) if !out.has_errors() => {
            // Bars would stand between the lines that scripts print.
            let observer = if data.trace_scripts { Observer::default() } else { talk::observer() };
            talk::detail(format!("{threads} {}", if threads == 1 { "thread" } else { "threads" }));
            let batch_size = data.batch_size.max(1);
            let memory_limit = data.memory_limit.map(|limit| limit.as_u64());
            Ok(Inputs { as_of, files: sources, bad_rows, threads, batch_size, memory_limit, observer })
        }
        _ => Err(out),
    }
}

/// So many threads as are asked for, or as there are processors.
pub(crate) fn threads(asked: Option<usize>) -> usize {
    asked.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from)).max(1)
}

/// The cut-offs saved in a file.
pub(crate) fn cut_offs(path: &Path, failed: &impl Fn(Diagnostics) -> Failure) -> Result<SavedCutOffs, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Failure::Io(format!("`{}` cannot be read: {}", path.display(), accolade_engine::analyse::reason(&error)))
    })?;
    SavedCutOffs::read(&path.display().to_string(), &text).map_err(failed)
}

/// The row of the customer with this key.
pub(crate) fn customer(outcome: &Outcome, key: &str) -> Result<usize, Failure> {
    explain::row_of(outcome, key).ok_or_else(|| {
        let keys = explain::keys(outcome);
        let hint = suggest(key, keys.iter().map(String::as_str));
        let hint = hint.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        Failure::Io(format!("there is no customer `{key}` in the data{hint}"))
    })
}

/// The date to rate at, of which there is no data yet.
pub(crate) fn date(set: &RuleSet, data: &Data) -> Result<i32, Diagnostics> {
    let mut out = Diagnostics::new();
    as_of(set, data.as_of.as_deref(), &mut out).ok_or(out)
}

/// The date to rate at: as written, or the rule file's.
pub(crate) fn as_of(set: &RuleSet, written: Option<&str>, out: &mut Diagnostics) -> Option<i32> {
    let Some(written) = written else {
        if set.as_of.is_none() {
            let message = "the rule file has no `as_of`, and today is never assumed";
            out.push(
                Diagnostic::new(Code("E0709"), message).help("add `--as-of 2026-01-01`, or `as_of:` to the rule file"),
            );
        }
        return set.as_of;
    };
    let day = accolade_engine::model::period::parse_day(written);
    if day.is_none() {
        out.push(
            Diagnostic::new(Code("E0709"), format!("`--as-of {written}` is not a date")).help("write it as 2026-01-31"),
        );
    }
    day
}
