//! Text files of every dialect, cut at any byte or changed: what is read is right, or a finding has its place.

use accolade_core::location::format::FileFormat;
use encoding_rs::Encoding;

use super::Case;
use crate::profile::BadRows;

/// How a file is written.
#[derive(Clone, Copy, Debug)]
struct Dialect {
    ending: &'static str,
    delimiter: char,
    decimal: char,
    encoding: &'static str,
    marked: bool,
    line_end: &'static str,
    /// The lines above the header, and those below it.
    around: (usize, usize),
    /// Whether the last row is a total.
    total: bool,
}

const PLAIN: Dialect = Dialect {
    ending: "csv",
    delimiter: ',',
    decimal: '.',
    encoding: "utf-8",
    marked: false,
    line_end: "\n",
    around: (0, 0),
    total: false,
};

const DIALECTS: &[Dialect] = &[
    PLAIN,
    Dialect { marked: true, line_end: "\r\n", ..PLAIN },
    Dialect { delimiter: ';', decimal: ',', line_end: "\r", around: (2, 1), ..PLAIN },
    Dialect { delimiter: '\t', encoding: "windows-1252", around: (1, 0), total: true, ..PLAIN },
    Dialect {
        delimiter: ';',
        decimal: ',',
        encoding: "utf-16",
        marked: true,
        line_end: "\r\n",
        around: (0, 2),
        ..PLAIN
    },
    Dialect { encoding: "utf-16", around: (1, 1), ..PLAIN },
    Dialect { delimiter: '|', encoding: "shift_jis", total: true, ..PLAIN },
    Dialect { encoding: "windows-1250", line_end: "\r", ..PLAIN },
    Dialect { ending: "ndjson", ..PLAIN },
    Dialect { ending: "json", line_end: "\r\n", ..PLAIN },
];

/// Rows as accolade shows them: the key, the name, the amount and the day.
const ROWS: &[[&str; 4]] = &[
    ["a\"1", "Jo, \"x\"; y", "1.50", "2025-01-31"],
    ["b", "two\nlines", "-20.25", "2025-02-28"],
    ["c", "", "1234.00", "2025-12-01"],
];

impl Dialect {
    fn is_csv(&self) -> bool {
        FileFormat::from_name(self.ending) == Some(FileFormat::Csv)
    }

    fn text(&self) -> String {
        let end = self.line_end;
        if !self.is_csv() {
            let object = |[id, name, amount, day]: &[&str; 4]| {
                serde_json::json!({"id": id, "name": name, "amount": amount, "day": day, "tags": ["x", {"y": "]"}]})
                    .to_string()
            };
            let objects: Vec<String> = ROWS.iter().map(object).collect();
            return if self.ending == "json" {
                format!("[{}]", objects.join(&format!(",{end}")))
            } else {
                objects.join(end)
            };
        }
        let sign = self.delimiter.to_string();
        let field = |text: &str| {
            let is_plain = !text.contains([self.delimiter, '"', '\n', '\r']);
            if is_plain { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"").replace('\n', end)) }
        };
        let line = |cells: &[&str]| cells.iter().map(|cell| field(cell)).collect::<Vec<_>>().join(&sign) + end;
        let mut text = format!("Title{end}").repeat(self.around.0);
        text += &line(&["id", "name", "amount", "day"]);
        text += &line(&["", "unit", "EUR", ""]).repeat(self.around.1);
        for [id, name, amount, day] in ROWS {
            text += &line(&[id, name, &amount.replace('.', &self.decimal.to_string()), day]);
        }
        text + &if self.total { line(&["", "Total", "1215.25", ""]) } else { String::new() }
    }

    fn bytes(&self) -> Vec<u8> {
        let mark = if self.marked { "\u{feff}" } else { "" };
        let text = format!("{mark}{}", self.text());
        match self.encoding {
            "utf-16" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            name => Encoding::for_label(name.as_bytes()).unwrap().encode(&text).0.into_owned(),
        }
    }

    fn case(&self) -> Case {
        let keys = if self.is_csv() {
            format!(
                "delimiter: \"{}\", decimal: \"{}\", encoding: {}, header_row: {}, skip: {}, ",
                self.delimiter.escape_default(),
                self.decimal,
                self.encoding,
                self.around.0 + 1,
                self.around.1
            )
        } else {
            String::new()
        };
        let columns = "columns: {id: text, name: text?, amount: money, day: date}";
        let source = format!("\n  people: {{file: people.{}, {keys}key: id, {columns}}}", self.ending);
        let metrics = "\n    full: name\n    owed: amount\n    born: day\n";
        Case::new(&source, metrics, &[(&format!("people.{}", self.ending), &self.bytes())])
    }

    /// The rows that the whole file gives, one a text.
    fn expected(&self) -> Vec<String> {
        let line_end = if self.is_csv() && self.line_end == "\r\n" { "\r\n" } else { "\n" };
        let missing = accolade_core::show::value(&accolade_core::model::Value::Null);
        let name = |name: &str| match name {
            // An empty field of CSV is missing, an empty text of JSON too.
            "" => missing.clone(),
            name => name.replace('\n', line_end),
        };
        ROWS.iter().map(|[id, text, amount, day]| format!("{id}|{}|{amount}|{day}", name(text))).collect()
    }

    /// Reads the file with other content, and checks what is found. At most `wrong` rows may be others than the file's.
    fn check(&self, case: &mut Case, bytes: &[u8], wrong: usize, what: &str) {
        let name = format!("people.{}", self.ending);
        std::fs::write(case.folder.path().join(&name), bytes).unwrap();
        for bad_rows in [BadRows::Fail, BadRows::LeaveOut] {
            case.inputs.bad_rows = bad_rows;
            match case.load() {
                Ok(base) => {
                    let (found, expected) = (case.table(&base), self.expected());
                    let others = found.iter().filter(|row| !expected.contains(row)).count();
                    assert!(found.len() <= expected.len() && others <= wrong, "{self:?} {what}: {found:?}");
                }
                Err(findings) => {
                    for finding in &findings {
                        let shown = format!("{self:?} {what}: {finding:?}");
                        let place = finding.data.as_ref();
                        // A list that is not closed is named in the message.
                        let named = place.map_or(finding.message.as_str(), |place| place.file.as_str());
                        assert!(named.contains(&name), "{shown}");
                        let is_value = matches!(finding.code.id(), "E0703" | "E0704" | "E0705" | "E0706");
                        let row = place.and_then(|place| place.row);
                        assert!(
                            !is_value || place.is_some_and(|place| place.column.is_some()) && row.is_some(),
                            "{shown}"
                        );
                        let lines = self.text().matches(self.line_end).count() as u64 + 1;
                        assert!(row.is_none_or(|row| (1..=lines).contains(&row)), "{shown}");
                    }
                    assert!(findings.has_errors(), "{self:?} {what}");
                }
            }
        }
    }
}

#[test]
fn whole_files_read_right() {
    for dialect in DIALECTS.iter().filter(|dialect| !dialect.total) {
        let case = dialect.case();
        assert_eq!(case.table(&case.base()), dialect.expected(), "{dialect:?}");
    }
}

#[test]
fn files_cut_at_any_byte_read_right_or_are_findings() {
    for dialect in DIALECTS {
        let (mut case, whole) = (dialect.case(), dialect.bytes());
        for length in 0..=whole.len() {
            // The last row may have lost the end of its last field, which still reads as a value.
            dialect.check(&mut case, &whole[..length], 1, &format!("{length} bytes"));
        }
    }
}

#[test]
fn changed_bytes_are_read_or_are_findings() {
    for dialect in DIALECTS {
        let (mut case, whole) = (dialect.case(), dialect.bytes());
        for at in (0..whole.len()).step_by(3) {
            let mut changed = whole.clone();
            changed[at] ^= [0x80, 0x01, 0xff][at / 3 % 3];
            dialect.check(&mut case, &changed, ROWS.len(), &format!("byte {at}"));
        }
    }
}
