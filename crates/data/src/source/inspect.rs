//! Inspecting a data file without a rule set: its columns, and every row as text.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use accolade_core::location::Location;
use accolade_core::location::format::FileFormat;
use accolade_core::model::{Column, Source, SourcePart, SourceRole, TimeZone, Type};
use accolade_parser::syntax::file::{FormatOptions, TextEncoding};
use accolade_parser::{Code, DataPlace, Diagnostic, Diagnostics, Span, Spanned};
use arrow::datatypes::DataType;

use super::foreign::guarded;
use super::postgres::Snapshots;
use super::row_selection::Reading;
use super::survey::TextSurvey;
use super::{cast, header, inspect_json, open, opened, parquet, pattern};

/// A data file.
#[derive(Debug)]
pub struct DataFile {
    /// Its path or URL.
    pub path: PathBuf,
    /// Its columns, without those that have no name.
    pub columns: Vec<DataColumn>,
    /// The delimiter of a text file, if it is not a comma.
    pub delimiter: Option<char>,
    /// The delimiter that the first line of a text file names.
    pub named_delimiter: Option<char>,
    /// The encoding of a text file, if it must be named.
    pub encoding: Option<TextEncoding>,
    /// The row that names the columns, if it is not the first.
    pub header_row: Option<u64>,
    /// The names that the header has more than once, whose columns cannot be declared.
    pub repeated: Vec<String>,
    /// The columns that hold lists or objects, which cannot be declared.
    pub nested: Vec<String>,
    opened: Arc<opened::OpenedSource>,
}

/// A column of a data file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataColumn {
    /// Its name in the file.
    pub name: String,
    /// Its type in the file, if the file has types.
    pub stored: Option<Type>,
    /// The time zone that the file names, if the column holds instants. Their texts are in UTC.
    pub zone: Option<String>,
}

/// Opens data of any format that sources may have. The part after `#` names a sheet or a table.
///
/// # Errors
/// Fails with E0701 when the data cannot be read, and with E0715 when its header is not valid.
pub fn inspect(path: &Path) -> Result<DataFile, Diagnostics> {
    let mut source = Source {
        name: path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default(),
        file: None,
        url: None,
        password_file: None,
        part: SourcePart::default(),
        role: SourceRole::Events { customer: 0, date: None },
        columns: Vec::new(),
        filter: None,
        checks: Default::default(),
        time_zone: TimeZone::named("UTC"),
        format: FormatOptions::default(),
        span: Span::default(),
    };
    let location = match path.to_str() {
        Some(text) => Location::parse(text).map_err(|why| unreadable(path, &why))?,
        None => path.to_owned().into(),
    };
    if let Location::Object(_) = location {
        return Err(unreadable(path, "it is in an object store; fetch it first"));
    }
    let files = location.path().map(|path| pattern::files(path, None)).transpose();
    let files = files.map_err(|(why, _)| unreadable(path, &why))?.unwrap_or_default();
    for file in &files {
        File::open(file).map_err(|error| {
            let (why, help) = header::unopened(file, &error);
            let mut findings = unreadable(path, &why);
            findings.iter_mut().for_each(|finding| finding.help.extend(help.clone()));
            findings
        })?;
    }
    let mut moments = Snapshots::default();
    let (mut named_delimiter, mut breaks, mut nested) = (None, Vec::new(), Vec::new());
    let columns: Vec<DataColumn> = match files.first().map(|file| (file, FileFormat::from_path(file))) {
        Some((file, FileFormat::Parquet)) => {
            let layout = guarded(|| parquet::read_layout(file)).flatten();
            let layout = layout.map_err(|why| unreadable(path, &why))?;
            let mut columns = Vec::new();
            for (i, name) in layout.header().into_iter().enumerate() {
                let stored = layout.data_type(i);
                match cast::can_cast(stored, as_type(stored)) {
                    true => columns.push(DataColumn { name, stored: Some(as_type(stored)), zone: zone_of(stored) }),
                    false => nested.push(name),
                }
            }
            columns
        }
        Some((_, kind @ (FileFormat::Ndjson | FileFormat::Json))) => {
            let (names, of_lists) = inspect_json::keys(&files, kind).map_err(|why| unreadable(path, &why))?;
            nested = of_lists;
            names.into_iter().map(|name| DataColumn { name, stored: None, zone: None }).collect()
        }
        first => {
            if let Some((file, FileFormat::Csv)) = first {
                let survey = TextSurvey::of(file).map_err(|error| unreadable(path, &error.to_string()))?;
                source.format = survey.format();
                named_delimiter = survey.named_delimiter;
            }
            let (opened, _) = open::open(&source, &location, &Reading::default(), &mut moments)?;
            breaks = opened.breaks_in_quotes();
            let mut names = opened.header.clone();
            if let opened::Content::Sheet(sheet) = &opened.content
                && let Some((row, below)) = sheet.likely_header()
            {
                source.format.header_row = Some(Spanned::new(row, Span::default()));
                names = below;
            }
            names.into_iter().map(|name| DataColumn { name, stored: None, zone: None }).collect()
        }
    };
    let columns: Vec<DataColumn> = columns.into_iter().filter(|column| !column.name.is_empty()).collect();
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let (repeated, columns) = without_repeated(&names, &columns);
    if let ([], Some(name)) = (columns.as_slice(), repeated.first()) {
        return Err(Diagnostics::from(
            Diagnostic::new(Code::E0715, format!("the header names `{name}` twice"))
                .in_data(DataPlace { file: path.display().to_string(), row: Some(1), column: None })
                .help("give every column its own name"),
        ));
    }
    source.columns = columns.iter().map(declared).collect();
    if columns.is_empty() {
        return Err(Diagnostics::from(
            Diagnostic::new(Code::E0715, "the file names no columns")
                .in_data(DataPlace { file: path.display().to_string(), row: Some(1), column: None })
                .help("the first line names the columns"),
        ));
    }
    // The quotes of a text file have been looked at above.
    let (opened, _) = open::open_scanned(&source, &location, &Reading::default(), &mut moments, &breaks)?;
    let FormatOptions { delimiter, encoding, header_row, .. } = &source.format;
    Ok(DataFile {
        path: path.to_owned(),
        columns,
        delimiter: delimiter.as_ref().map(|d| d.value),
        named_delimiter,
        encoding: encoding.as_ref().map(|e| e.value),
        header_row: header_row.as_ref().map(|row| row.value),
        repeated,
        nested,
        opened,
    })
}

impl DataFile {
    /// Calls `each` with the number of every row and the texts of its columns. A missing value is an empty text.
    ///
    /// # Errors
    /// Fails with E0701 when the data cannot be read, and with E0708 for the first malformed records.
    pub fn rows(&self, mut each: impl FnMut(u64, &[String])) -> Result<(), Diagnostics> {
        const SHOWN: usize = 3;
        let mut findings = Diagnostics::new();
        let mut texts = Vec::new();
        for rows in self.opened.rows().map_err(|why| unreadable(&self.path, &why))? {
            if let Some(why) = &rows.failure {
                return Err(unreadable(&self.path, why));
            }
            for (row, number) in rows.numbers.iter().enumerate() {
                let mut fields = rows.fields(row);
                texts.clear();
                texts.extend(self.opened.positions.iter().map(|at| std::mem::take(&mut fields[*at])));
                each(*number, &texts);
            }
            let room = SHOWN - findings.len();
            findings.extend(rows.malformed.into_iter().take(room).map(|malformed| {
                let place =
                    DataPlace { file: self.path.display().to_string(), row: Some(malformed.number), column: None };
                let mut diagnostic = Diagnostic::new(Code::E0708, malformed.message).in_data(place);
                diagnostic.help.extend(malformed.help);
                diagnostic
            }));
        }
        if findings.is_empty() { Ok(()) } else { Err(findings) }
    }
}

fn unreadable(path: &Path, why: &str) -> Diagnostics {
    let place = DataPlace { file: path.display().to_string(), row: None, column: None };
    Diagnostics::from(Diagnostic::new(Code::E0701, format!("the file cannot be read: {why}")).in_data(place))
}

fn declared(column: &DataColumn) -> Column {
    let (name, span) = (column.name.clone(), Span::default());
    let ty = column.stored.unwrap_or(Type::Text);
    Column { name, ty, nullable: true, range: None, allowed: None, narrowing_reason: None, computed: None, span }
}

/// The names that occur more than once, and the other columns.
fn without_repeated(names: &[&str], columns: &[DataColumn]) -> (Vec<String>, Vec<DataColumn>) {
    let repeats = |column: &&DataColumn| names.iter().filter(|name| **name == column.name).nth(1).is_some();
    let (twice, once): (Vec<&DataColumn>, Vec<&DataColumn>) = columns.iter().partition(repeats);
    let mut repeated: Vec<String> = Vec::new();
    for column in twice {
        if !repeated.contains(&column.name) {
            repeated.push(column.name.clone());
        }
    }
    (repeated, once.into_iter().cloned().collect())
}

/// The time zone that a column of instants names.
fn zone_of(stored: &DataType) -> Option<String> {
    match stored {
        DataType::Timestamp(_, zone) => zone.as_ref().map(ToString::to_string),
        _ => None,
    }
}

/// The type that fits a stored column best.
fn as_type(stored: &DataType) -> Type {
    match stored {
        DataType::Dictionary(_, values) => as_type(values),
        DataType::Boolean => Type::Boolean,
        DataType::Date32 | DataType::Date64 => Type::Date,
        DataType::Timestamp(..) => Type::DateTime,
        DataType::Decimal32(..) | DataType::Decimal64(..) | DataType::Decimal128(..) | DataType::Decimal256(..) => {
            Type::Money
        }
        t if t.is_integer() => Type::Integer,
        t if t.is_floating() => Type::Number,
        _ => Type::Text,
    }
}
