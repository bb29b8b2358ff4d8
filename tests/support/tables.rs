//! The tables of a rule set's CSV files, written in every format that a source can have.

use std::io::Write;
use std::path::{Path, PathBuf};

/// A table of texts, with the kind of each column.
pub struct DataTable {
    pub name: String,
    pub columns: Vec<(String, ColumnKind)>,
    pub rows: Vec<Vec<String>>,
}

/// The kind of a column's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    Text,
    Integer,
    Decimal,
    Date,
}

impl DataTable {
    /// Reads a CSV file. The kind of a column is the one that all its values look like.
    pub fn read(path: &Path) -> DataTable {
        let mut reader = csv::Reader::from_path(path).unwrap();
        let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let rows: Vec<Vec<String>> = reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect();
        let kind = |column: usize| {
            let values = || rows.iter().map(|row| row[column].as_str()).filter(|v| !v.is_empty());
            let date = |v: &str| v.len() == 10 && chrono::NaiveDate::parse_from_str(v, "%Y-%m-%d").is_ok();
            if values().all(|v| v.parse::<i32>().is_ok()) {
                ColumnKind::Integer
            } else if values().all(|v| v.parse::<f64>().is_ok()) {
                ColumnKind::Decimal
            } else if values().all(date) {
                ColumnKind::Date
            } else {
                ColumnKind::Text
            }
        };
        let columns = names.into_iter().enumerate().map(|(i, name)| (name, kind(i))).collect();
        DataTable { name: path.file_stem().unwrap().to_str().unwrap().to_owned(), columns, rows }
    }

    /// Its lines, and a header in front of them.
    pub fn csv(&self, rows: &[Vec<String>]) -> Vec<u8> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(self.columns.iter().map(|(name, _)| name)).unwrap();
        rows.iter().for_each(|row| writer.write_record(row).unwrap());
        writer.into_inner().unwrap()
    }

    /// `CREATE TABLE`, with the types of a dialect.
    pub fn create(&self, of: impl Fn(ColumnKind) -> &'static str) -> String {
        let columns: Vec<String> = self.columns.iter().map(|(name, kind)| format!("{name} {}", of(*kind))).collect();
        format!("CREATE TABLE {} ({})", self.name, columns.join(", "))
    }

    /// As an Excel file whose sheet has the table's name.
    pub fn xlsx(&self, path: &Path) {
        let mut book = rust_xlsxwriter::Workbook::new();
        let dates = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
        let sheet = book.add_worksheet().set_name(&self.name).unwrap();
        for (column, (name, kind)) in self.columns.iter().enumerate() {
            let column = u16::try_from(column).unwrap();
            sheet.write_string(0, column, name).unwrap();
            for (row, values) in (1u32..).zip(&self.rows) {
                let value = &values[usize::from(column)];
                match kind {
                    _ if value.is_empty() => continue,
                    ColumnKind::Text => sheet.write_string(row, column, value).unwrap(),
                    ColumnKind::Integer | ColumnKind::Decimal => {
                        sheet.write_number(row, column, value.parse::<f64>().unwrap()).unwrap()
                    }
                    ColumnKind::Date => {
                        let date = rust_xlsxwriter::ExcelDateTime::parse_from_str(value).unwrap();
                        sheet.write_datetime_with_format(row, column, &date, &dates).unwrap()
                    }
                };
            }
        }
        book.save(path).unwrap();
    }

    /// As an OpenDocument file whose sheet has the table's name.
    pub fn ods(&self, path: &Path) {
        let cell = |value: &str, kind: ColumnKind| match kind {
            _ if value.is_empty() => "<table:table-cell/>".to_owned(),
            ColumnKind::Text => format!(
                "<table:table-cell office:value-type=\"string\"><text:p>{}</text:p></table:table-cell>",
                value.replace('&', "&amp;").replace('<', "&lt;")
            ),
            ColumnKind::Integer | ColumnKind::Decimal => {
                format!("<table:table-cell office:value-type=\"float\" office:value=\"{value}\"/>")
            }
            ColumnKind::Date => format!("<table:table-cell office:value-type=\"date\" office:date-value=\"{value}\"/>"),
        };
        let header: String = self.columns.iter().map(|(name, _)| cell(name, ColumnKind::Text)).collect();
        let row = |cells: String| format!("<table:table-row>{cells}</table:table-row>");
        let rows =
            self.rows.iter().map(|values| row(values.iter().zip(&self.columns).map(|(v, c)| cell(v, c.1)).collect()));
        let content = format!(
            "<?xml version=\"1.0\"?><office:document-content \
             xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
             xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
             xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body><office:spreadsheet>\
             <table:table table:name=\"{}\">{}{}</table:table></office:spreadsheet></office:body>\
             </office:document-content>",
            self.name,
            row(header),
            rows.collect::<String>()
        );
        let manifest = "<?xml version=\"1.0\"?><manifest:manifest \
             xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>";
        let files = [
            ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
            ("META-INF/manifest.xml", manifest),
            ("content.xml", &content),
        ];
        std::fs::write(path, stored(&files)).unwrap();
    }

    /// Adds it to an SQLite database: amounts as decimal text, since SQLite has no decimals.
    pub fn sqlite(&self, path: &Path) {
        let mut database = rusqlite::Connection::open(path).unwrap();
        let transaction = database.transaction().unwrap();
        let of = |kind| if kind == ColumnKind::Integer { "INTEGER" } else { "TEXT" };
        transaction.execute(&self.create(of), []).unwrap();
        let places: Vec<String> = (1..=self.columns.len()).map(|i| format!("?{i}")).collect();
        {
            let insert = format!("INSERT INTO {} VALUES ({})", self.name, places.join(", "));
            let mut insert = transaction.prepare(&insert).unwrap();
            for row in &self.rows {
                let values = row.iter().map(|v| if v.is_empty() { None } else { Some(v) });
                insert.execute(rusqlite::params_from_iter(values)).unwrap();
            }
        }
        transaction.commit().unwrap();
    }
}

/// A file packed by its ending.
pub fn pack(path: &Path, content: &[u8]) {
    let packed = match path.extension().unwrap().to_str().unwrap() {
        "gz" => {
            let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            writer.write_all(content).unwrap();
            writer.finish().unwrap()
        }
        "zst" => zstd::encode_all(content, 1).unwrap(),
        other => panic!("nothing packs to {other}"),
    };
    let before = std::fs::read(path).unwrap_or_default();
    std::fs::write(path, [before, packed].concat()).unwrap();
}

/// The tables of a rule set in a folder.
pub fn tables(folder: &Path, names: &[&str]) -> Vec<DataTable> {
    names.iter().map(|name| DataTable::read(&folder.join(name).with_extension("csv"))).collect()
}

/// The rule set that ships with three sources.
pub fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules/b2b-accounts")
}

/// A zip archive that packs nothing.
fn stored(files: &[(&str, &str)]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in files {
        let mut crc = flate2::Crc::new();
        crc.update(content.as_bytes());
        let length = u32::try_from(content.len()).unwrap().to_le_bytes();
        let offset = u32::try_from(out.len()).unwrap();
        // Version, flags, method, time and date; checksum, sizes, and the lengths of name and extra field.
        let mut head = vec![20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0x5a];
        head.extend(crc.sum().to_le_bytes());
        head.extend(length);
        head.extend(length);
        head.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        head.extend([0, 0]);
        out.extend(b"PK\x03\x04");
        out.extend(&head);
        out.extend(name.as_bytes());
        out.extend(content.as_bytes());
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&head);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let start = u32::try_from(out.len()).unwrap().to_le_bytes();
    let count = u16::try_from(files.len()).unwrap().to_le_bytes();
    let length = u32::try_from(directory.len()).unwrap().to_le_bytes();
    out.extend(directory);
    out.extend(b"PK\x05\x06\x00\x00\x00\x00");
    out.extend(count);
    out.extend(count);
    out.extend(length);
    out.extend(start);
    out.extend([0, 0]);
    out
}
