//! Checks of where the data of a source is.

use std::path::Path;

use accolade_core::location::Location;
use accolade_core::location::format::FileFormat;
use accolade_parser::syntax::file::SourceDecl;
use accolade_parser::{Code, Diagnostic, Diagnostics, Name};

/// Reports keys that exclude each other, and passwords in URLs.
pub(super) fn check(source: &SourceDecl, out: &mut Diagnostics) {
    both(source, ("file", &source.file), ("url", &source.url), "keep the one where the data is", out);
    both(source, ("table", &source.table), ("query", &source.query), "a query names its tables itself", out);
    let kind = source.file.as_ref().and_then(|file| FileFormat::from_ending(Path::new(&file.value)));
    let object = source.url.as_ref().and_then(|url| match Location::url(&url.value) {
        Ok(Location::Object(object)) => Some(object),
        _ => None,
    });
    let kind = object.as_ref().map_or(kind, |object| FileFormat::from_ending(Path::new(object.key())));
    let is_database = (source.url.is_some() && object.is_none()) || kind == Some(FileFormat::Sqlite);
    let is_file = kind.is_some() && source.format.format.is_none();
    for (key, written, fits) in [
        ("sheet", source.sheet.as_ref().map(|name| name.span), kind == Some(FileFormat::Workbook)),
        ("range", source.format.range.as_ref().map(|range| range.span), kind == Some(FileFormat::Workbook)),
        ("table", source.table.as_ref().map(|name| name.span), is_database),
        ("query", source.query.as_ref().map(|name| name.span), is_database),
    ] {
        let Some(written) = written.filter(|_| !fits && (is_file || source.url.is_some())) else { continue };
        let holder = if matches!(key, "sheet" | "range") { "a spreadsheet" } else { "a database" };
        let message = format!("`{key}` is for {holder}, and `{}` is not one", source.name.value);
        out.push(Diagnostic::new(Code::E0106, message).at(written).help("leave it out"));
    }
    let server = source.url.as_ref().filter(|_| object.is_none());
    if let (Some(file), None) = (&source.password_file, server) {
        let message = format!("`{}` has a `password_file` and no `url` of a database", source.name.value);
        out.push(Diagnostic::new(Code::E0106, message).at(file.span).help("only a database asks for a password"));
    }
    if let Some(url) = &source.url {
        check_url(source, url, out);
    }
}

fn both(
    source: &SourceDecl,
    (one, first): (&str, &Option<Name>),
    (other, second): (&str, &Option<Name>),
    help: &str,
    out: &mut Diagnostics,
) {
    let (Some(first), Some(second)) = (first, second) else { return };
    let message = format!("`{}` has both `{one}` and `{other}`", source.name.value);
    out.push(Diagnostic::new(Code::E0106, message).at(second.span).label(first.span, "").help(help));
}

/// Checks a URL. Findings point at the source's name, since the line of the URL may hold a password.
fn check_url(source: &SourceDecl, url: &Name, out: &mut Diagnostics) {
    let name = &source.name;
    match Location::url(&url.value) {
        Ok(Location::Postgres { server, .. }) if server.has_password() => {
            let message = format!("the URL of `{}` holds a password for every reader of the rule file", name.value);
            let help =
                "take it out, and set `PGPASSWORD`, add a line to `~/.pgpass`, or name a file with `password_file:`";
            out.push(Diagnostic::new(Code::E0108, message).at(name.span).help(help));
        }
        Ok(_) => {}
        Err(why) => {
            let diagnostic = Diagnostic::new(Code::E0106, format!("the URL of `{}` cannot be used: {why}", name.value));
            out.push(
                diagnostic
                    .at(name.span)
                    .help("write it like `postgres://user@host/database` or `s3://bucket/orders.csv`"),
            );
        }
    }
}
