//! Opening a source: which format it is in, whether it has the declared columns, how it is read.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use accolade_parser::{Code, Diagnostic, Diagnostics};

use super::convert::Converter;
use super::format::Kind;
use super::header;
use super::many::Several;
use super::ndjson::Seen;
use super::number::Signs;
use super::postgres::{self, Moments};
use super::rows::RowReader;
use super::scan::Part;
use super::{csv, many, ndjson, parquet, pattern, sheet, sqlite, stream};
use crate::location::Location;
use crate::model::{Role, Source, Type};

/// A source that is there and has the declared columns.
#[derive(Debug)]
pub(crate) struct Opened {
    /// The source's name.
    pub(crate) name: String,
    /// What findings call the place of its data.
    pub(crate) place: String,
    /// The file as the user named it; empty for what is not a file.
    pub(super) path: PathBuf,
    /// One for each declared column.
    pub(super) converters: Vec<Converter>,
    /// Where each declared column is in the file.
    pub(super) positions: Vec<usize>,
    /// Every column of the file; of NDJSON the declared ones.
    pub(super) header: Vec<String>,
    /// The columns that a line of NDJSON had.
    pub(super) seen: Arc<Seen>,
    signs: Signs,
    content: Content,
}

/// How the data is read.
#[derive(Debug)]
enum Content {
    Csv(csv::Layout),
    Parquet(parquet::Layout),
    Ndjson,
    Sheet(Arc<sheet::Sheet>),
    Sqlite(sqlite::Table),
    Postgres(postgres::Table),
    Several(Vec<Arc<Opened>>),
}

/// A source and what there is to say of it, or what is wrong with it.
type Opening = Result<(Arc<Opened>, Diagnostics), Diagnostics>;

/// What is known of data before its columns are compared with the declared ones.
struct Found<'a> {
    path: &'a Path,
    place: String,
    header: Vec<String>,
    content: Content,
}

/// Opens the data of a source; the diagnostics beside it are warnings. What is read of a server is of one moment.
///
/// # Errors
/// Data that cannot be read, or that lacks a declared column.
pub(crate) fn open(source: &Source, location: &Location, moments: &mut Moments) -> Opening {
    let seen = Arc::new(Seen::new(source.columns.len()));
    match location {
        Location::Path { path, part } => {
            let named = source.format.format.as_ref().and_then(|f| Kind::named(&f.value));
            let paths = pattern::files(path, named);
            let paths = paths.map_err(|why| header::unreadable(source, &path.display().to_string(), why))?;
            match paths.as_slice() {
                [only] => file(source, only, named, part.as_deref(), &seen),
                several => files(source, path, several, named, &seen),
            }
        }
        Location::Postgres { server, table } => {
            let (table, header) = postgres::open(source, server, table.as_deref(), moments)
                .map_err(|why| header::unreadable(source, &server.to_string(), why))?;
            let place = table.place.clone();
            let found = Found { path: Path::new(""), place, header, content: Content::Postgres(table) };
            finish(source, found, &seen)
        }
    }
}

/// Opens one file.
fn file(source: &Source, path: &Path, named: Option<Kind>, part: Option<&str>, seen: &Arc<Seen>) -> Opening {
    let name = path.display().to_string();
    let unreadable = |why: (String, Option<String>)| header::unreadable(source, &name, why);
    let meta = std::fs::File::open(path).and_then(|file| file.metadata());
    meta.map_err(|error| unreadable(header::unopened(path, &error)))?;
    let kind = named.unwrap_or_else(|| Kind::of(path));
    if stream::is_packed(path) && !matches!(kind, Kind::Csv | Kind::Ndjson) {
        let help = "unpack it; only text files are read packed".to_owned();
        return Err(unreadable(("a file of this format is not read from an archive".to_owned(), Some(help))));
    }
    let (place, header, content) = match kind {
        Kind::Parquet => {
            let layout = parquet::layout(path).map_err(|error| unreadable((error, None)))?;
            (name, layout.header(), Content::Parquet(layout))
        }
        Kind::Ndjson => {
            let names = source.columns.iter().map(|c| source.format.header_of(&c.name).to_owned());
            (name, names.collect(), Content::Ndjson)
        }
        Kind::Csv => {
            let (header, layout) = csv::layout(path, &source.format)?;
            (name, header, Content::Csv(layout))
        }
        Kind::Workbook => {
            let sheet = sheet::open(path, part.or(source.part.sheet.as_deref())).map_err(unreadable)?;
            (format!("{name}#{}", sheet.name), sheet.header.clone(), Content::Sheet(Arc::new(sheet)))
        }
        Kind::Sqlite => {
            let (table, header) = sqlite::open(path, part, &source.part).map_err(unreadable)?;
            (table.place.clone(), header, Content::Sqlite(table))
        }
    };
    finish(source, Found { path, place, header, content }, seen)
}

/// Opens each of several files.
fn files(source: &Source, path: &Path, paths: &[PathBuf], named: Option<Kind>, seen: &Arc<Seen>) -> Opening {
    let (mut opened, mut findings) = (Vec::new(), Diagnostics::new());
    for path in paths {
        match file(source, path, named, None, seen) {
            Ok((file, warnings)) => {
                opened.push(file);
                findings.0.extend(warnings.0);
            }
            Err(wrong) => findings.0.extend(wrong.0),
        }
    }
    findings.0.truncate(super::locate::SHOWN);
    if findings.has_errors() {
        return Err(findings);
    }
    let (place, header) = (path.display().to_string(), many::union(&opened));
    let (all, _) = finish(source, Found { path, place, header, content: Content::Several(opened) }, seen)?;
    Ok((all, findings))
}

/// Compares the columns that are there with those that are declared.
fn finish(source: &Source, found: Found<'_>, seen: &Arc<Seen>) -> Opening {
    let Found { path, place, header, content } = found;
    header::named_once(&header, &place)?;
    let names = source.columns.iter().map(|column| source.format.header_of(&column.name));
    let positions: Vec<Option<usize>> = names.map(|declared| header.iter().position(|name| name == declared)).collect();
    if positions.contains(&None) {
        return Err(header::missing(source, &place, &header, &positions, matches!(content, Content::Csv(_))));
    }
    let positions: Vec<usize> = positions.into_iter().flatten().collect();
    let mut findings = Diagnostics::new();
    if let Content::Parquet(layout) = &content {
        for (column, position) in source.columns.iter().zip(&positions) {
            findings.0.extend(header::stored(column, layout.data_type(*position), &place));
        }
        if findings.has_errors() {
            return Err(findings);
        }
    }
    let key = source.customer_column();
    let date = match source.role {
        Role::Events { date, .. } => date,
        Role::Customers { .. } => None,
    };
    // An event without a customer or a date belongs nowhere, whatever the declaration says.
    let required = |index: usize| index == key || Some(index) == date;
    let converters =
        source.columns.iter().enumerate().map(|(i, column)| Converter::new(column, &source.format, required(i)));
    let opened = Opened {
        name: source.name.clone(),
        place,
        path: path.to_owned(),
        converters: converters.collect(),
        positions,
        seen: Arc::clone(seen),
        signs: Signs::new(source.format.decimal.as_ref().map_or('.', |d| d.value)),
        header,
        content,
    };
    Ok((Arc::new(opened), findings))
}

impl Opened {
    /// How its numbers are written.
    pub(super) fn signs(&self) -> Signs {
        self.signs
    }

    /// What each column of the data is read as; text where nothing is declared.
    pub(super) fn types(&self) -> Vec<Type> {
        let mut types = vec![Type::Text; self.header.len()];
        for (converter, position) in self.converters.iter().zip(&self.positions) {
            types[*position] = converter.ty();
        }
        types
    }

    /// The parts that can be read at the same time, each giving the declared columns as the file has them.
    ///
    /// # Errors
    /// What kept the file from being read, in words.
    pub(crate) fn parts(self: &Arc<Self>, threads: usize, batch_size: usize) -> Result<Vec<Part>, String> {
        match &self.content {
            Content::Csv(layout) => csv::parts(self, *layout, threads, batch_size),
            Content::Parquet(layout) => parquet::parts(self, layout, threads, batch_size),
            Content::Ndjson => ndjson::parts(self, threads, batch_size),
            Content::Sheet(_) | Content::Sqlite(_) | Content::Postgres(_) => Ok(vec![Part::Rows(Arc::clone(self))]),
            Content::Several(files) => many::parts(files, threads, batch_size),
        }
    }

    /// About how many rows there are, where that can be told without reading them.
    pub(crate) fn about_how_many_rows(&self) -> Option<u64> {
        match &self.content {
            Content::Parquet(layout) => layout.rows,
            Content::Csv(_) | Content::Ndjson => stream::about_how_many_lines(&self.path).ok().flatten(),
            Content::Sheet(sheet) => Some(sheet.height()),
            Content::Sqlite(_) | Content::Postgres(_) => None,
            Content::Several(files) => files.iter().map(|file| file.about_how_many_rows()).sum(),
        }
    }

    /// The rows one after the other, with their numbers and what is malformed.
    ///
    /// # Errors
    /// What kept the file from being read, in words.
    pub(super) fn rows(self: &Arc<Self>) -> Result<RowReader, String> {
        let opened = Arc::clone(self);
        Ok(match &self.content {
            Content::Csv(layout) => Box::new(csv::Records::open(opened, *layout).map_err(|e| e.to_string())?),
            Content::Parquet(_) => Box::new(parquet::RowGroups::open(self)?),
            Content::Ndjson => Box::new(ndjson::Lines::all(opened).map_err(|e| e.to_string())?),
            Content::Sheet(sheet) => Box::new(sheet::Cells::new(opened, Arc::clone(sheet))),
            Content::Sqlite(table) => table.rows(&opened)?,
            Content::Postgres(table) => table.rows(&opened)?,
            Content::Several(files) => Box::new(Several::new(files.clone(), self.header.clone())),
        })
    }

    /// The declared columns that not one line of the files had: a name that is misspelt, not a value that is missing.
    /// Known once they have been read.
    pub(crate) fn never_seen(&self, source: &Source) -> Diagnostics {
        let lines = |content: &Content| matches!(content, Content::Ndjson);
        let all_lines = match &self.content {
            Content::Several(files) => files.iter().all(|file| lines(&file.content)),
            content => lines(content),
        };
        if !all_lines {
            return Diagnostics::new();
        }
        let diagnostic = |index: usize| {
            let column = &source.columns[index];
            let name = source.format.header_of(&column.name);
            Diagnostic::new(Code("E0702"), format!("no line of the file has `{name}`"))
                .in_data(header::place(&self.place, Some(&column.name)))
                .label(column.span, "declared here")
        };
        Diagnostics(self.seen.missing().map(diagnostic).collect())
    }
}
