//! `accolade fmt`

use std::io;
use std::io::{Read, Write};
use std::path::Path;

use accolade_engine::files::{io_error_reason, read_file};
use accolade_engine::output::replace_file;
use accolade_engine::{Plugins, SourceFiles};
use accolade_parser::syntax::decode;
use accolade_parser::syntax::key::Key;
use accolade_parser::{Diagnostics, format, syntax};
use accolade_testing::{is_test_file, read};

use super::files;
use crate::args::{FmtArgs, OutputFormat};
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::render::diagnostics;
use crate::terminal;

/// Formats each file; fails if one has errors, or with `--check` if one is not in canonical form.
pub(crate) fn fmt(arguments: &FmtArgs, extensions: &Extensions) -> Result<(), Failure> {
    let plugins = extensions.plugins();
    let mut sound = true;
    for path in &arguments.files {
        if path.as_os_str() == "-" {
            sound &= standard_input(arguments.check, &plugins)?;
        } else if path.is_dir() {
            for file in files::rules_and_tests(path)? {
                sound &= file_in_place(&file, arguments.check, &plugins)?;
            }
        } else {
            sound &= file_in_place(path, arguments.check, &plugins)?;
        }
    }
    if sound { Ok(()) } else { Err(Failure::Reported) }
}

/// Formats a file; false if it has errors, or with `check` if it is not in canonical form.
fn file_in_place(path: &Path, check: bool, plugins: &Plugins) -> Result<bool, Failure> {
    let bytes = read_file(path).map_err(|error| unread(path, &error))?;
    let Some(formatted) = formatted(path, &bytes, plugins)? else { return Ok(false) };
    if formatted.as_bytes() == bytes {
        return Ok(true);
    }
    if check {
        writeln!(terminal::stdout(), "{}: not in canonical form", path.display())?;
        return Ok(false);
    }
    replace_file(path, |sink| sink.write_all(formatted.as_bytes()))
        .map_err(|error| Failure::Message(format!("`{}` cannot be written: {error}", path.display())))?;
    writeln!(terminal::stdout(), "{}: formatted", path.display())?;
    Ok(true)
}

fn standard_input(check: bool, plugins: &Plugins) -> Result<bool, Failure> {
    let path = Path::new("standard input");
    let mut bytes = Vec::new();
    io::stdin().read_to_end(&mut bytes).map_err(|error| unread(path, &error))?;
    let Some(formatted) = formatted(path, &bytes, plugins)? else { return Ok(false) };
    if check {
        return Ok(formatted.as_bytes() == bytes);
    }
    write!(terminal::stdout(), "{formatted}")?;
    Ok(true)
}

/// The canonical form of a file; nothing if it has errors, which are shown.
fn formatted(path: &Path, bytes: &[u8], plugins: &Plugins) -> Result<Option<String>, Failure> {
    let mut files = SourceFiles::default();
    let source = files.add(path, bytes);
    let text = decode(source, bytes).map_err(|diagnostic| Diagnostics::from(*diagnostic));
    let kinds = |kind: &str| plugins.keys(kind);
    match text.and_then(|text| format::format(source, text, keys(path, bytes), &kinds)) {
        Ok(formatted) => Ok(Some(formatted)),
        Err(findings) => {
            diagnostics::show(&files, &findings, OutputFormat::Text)?;
            Ok(None)
        }
    }
}

/// The keys of a test file or of a rule file.
fn keys(path: &Path, bytes: &[u8]) -> &'static [Key] {
    let test = is_test_file(path) || files::has_key(bytes, "cases") && !files::has_key(bytes, "accolade");
    if test { read::KEYS } else { syntax::KEYS }
}

fn unread(path: &Path, error: &io::Error) -> Failure {
    Failure::Message(format!("`{}` cannot be read: {}", path.display(), io_error_reason(error)))
}
