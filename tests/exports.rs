//! Files as other programs write them: amounts, yes and no, numbers with decimals that are zero.

use crate::support::accolade;
use crate::support::shop::folder;

/// What a run gives of one file: its results, and what it says beside them.
fn run(head: &str, format: &str, columns: &str, file: &str) -> (i32, String, String) {
    let rules = format!(
        "accolade: 1\n{head}as_of: 2026-01-01\nsources:\n  customers: {{file: export.csv, {format}key: id, columns: {{id: text, {columns}}}}}\n\
         profile: {{quantitative: {{found: a}}}}\n"
    );
    let folder = folder(&[("r.yaml", &rules), ("export.csv", file)]);
    let ran = accolade(&folder, &["run", "r.yaml", "-o", "-"]);
    (ran.code.unwrap_or(-1), ran.out, ran.err)
}

/// The value of a column that holds one text, in a file with semicolons.
#[track_caller]
fn check(currency: &str, decimal: &str, ty: &str, text: &str, expected: &str) {
    let format = format!("delimiter: ';', decimal: '{decimal}', ");
    let (code, out, err) = run(currency, &format, &format!("a: {ty}"), &format!("id;a\nK;{text}\n"));
    assert_eq!((code, out.as_str()), (0, format!("id,found\nK,{expected}\n").as_str()), "{text}: {err}");
}

const EUR: &str = "currency: EUR\n";

#[test]
fn amounts_are_read_as_people_write_them() {
    for (text, expected) in [
        ("€ 1.500,-", "1500.00"),
        ("1.500,00 €", "1500.00"),
        ("EUR 1.500,25", "1500.25"),
        ("(1.500,00)", "-1500.00"),
        ("-€ 12,50", "-12.50"),
        ("1\u{a0}250,00", "1250.00"),
        ("1\u{202f}250\u{202f}000,5", "1250000.50"),
        ("\u{a0}7,5\u{a0}", "7.50"),
    ] {
        check(EUR, ",", "money", text, expected);
    }
    for (text, expected) in
        [("12,34,567.89", "1234567.89"), ("1'234.5", "1234.50"), ("(1,500.00)", "-1500.00"), ("1,250.00", "1250.00")]
    {
        check("currency: INR\n", ".", "money", text, expected);
        check("", ".", "money", text, expected);
    }
    check("", ",", "number", "1\u{a0}250,5", "1250.5");
    check("", ",", "percent", "12,5\u{a0}%", "0.125");
}

#[test]
fn an_amount_in_another_currency_is_refused_by_name() {
    let (code, _, err) = run(EUR, "", "a: money", "id,a\nK,$ 5\n");
    assert!(code == 2 && err.contains("the amount is in USD, and the amounts of the rule set are in EUR"), "{err}");
    let (code, _, err) = run("", "", "a: money", "id,a\nK,€ 5\n");
    assert!(code == 2 && err.contains("add `currency: EUR` to the rule file"), "{err}");
    let (code, _, err) = run(EUR, "", "a: money", "id,a\nK,1000000000000000\n");
    assert!(code == 2 && err.contains("below 1,000,000,000,000,000"), "{err}");
}

#[test]
fn amounts_that_a_program_computed_with_floats_are_rounded_with_a_warning() {
    let file = "id,a\nA,107.60000000000001\nB,63.12\nC,19.990000000000002\nD,7\n";
    let (code, out, err) = run(EUR, "", "a: money", file);
    assert_eq!((code, out.as_str()), (0, "id,found\nA,107.60\nB,63.12\nC,19.99\nD,7.00\n"));
    assert!(err.contains("warning[W0708]: amounts were computed with floats"), "{err}");
    assert_eq!(err.matches("W0708").count(), 1, "{err}");
    // A fourth and a fifth place that were meant are refused.
    let (code, _, err) = run(EUR, "", "a: money", "id,a\nA,1.00005\n");
    assert!(code == 2 && err.contains("at most four decimals"), "{err}");
}

#[test]
fn whole_numbers_may_have_decimals_that_are_zero() {
    check("", ".", "integer 0..10", "10.0", "10");
    check("", ",", "integer", "1.250,00", "1250");
    let (code, _, _) = run("", "", "a: integer", "id,a\nK,10.5\n");
    assert_eq!(code, 2);
    // Answers as another program writes a column of whole numbers with blanks.
    let rules = "accolade: 1\nas_of: 2025-12-31\nsources:\n  surveys: {file: nps.csv, customer: customer, date: answered, \
                 columns: {customer: text, answered: date, score: integer? 0..10}}\nmeasures: {n: nps(surveys.score)}\n";
    let answers = "customer,answered,score\na,2025-03-01,10.0\nb,2025-03-02,\nc,2025-03-05,7.0\nd,2025-04-05,9.0\n\
                   e,2025-04-06,2.0\nf,2025-04-07,0.0\n";
    let folder = folder(&[("r.yaml", rules), ("nps.csv", answers)]);
    let out = accolade(&folder, &["run", "r.yaml", "--format", "json"]).exits(0).out;
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(json["measures"][0]["rows"][0]["value"], 0.0, "{out}");
}

#[test]
fn yes_and_no_are_known_in_four_languages() {
    for word in ["ja", "J", "yes", "Y", "oui", "waar", "WAHR", "vrai", "1"] {
        check("", ".", "boolean", word, "true");
    }
    for word in ["nee", "N", "nein", "non", "onwaar", "FALSCH", "faux", "0"] {
        check("", ".", "boolean", word, "false");
    }
}

/// The results of a file of these bytes, and what a run says beside them.
fn of_bytes(format: &str, bytes: &[u8]) -> (i32, String, String) {
    let rules = format!(
        "accolade: 1\nas_of: 2026-01-01\nsources:\n  orders: {{file: export.csv, {format}customer: id, columns: {{id: text, a: integer}}}}\n\
         profile: {{quantitative: {{a: sum(orders.a)}}}}\n"
    );
    let folder = folder(&[("r.yaml", &rules)]);
    std::fs::write(folder.path().join("export.csv"), bytes).unwrap();
    let ran = accolade(&folder, &["run", "r.yaml", "-o", "-"]);
    (ran.code.unwrap_or(-1), ran.out, ran.err)
}

#[track_caller]
fn check_bytes(format: &str, bytes: &[u8], expected: &str) {
    let (code, out, err) = of_bytes(format, bytes);
    assert_eq!((code, out.as_str()), (0, expected), "{err}");
}

fn utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(order).collect()
}

#[test]
fn texts_have_an_encoding() {
    let (text, expected) = ("id,a\nAndré,5\nŁódź,7\n", "id,a\nAndré,5\nŁódź,7\n");
    for order in [u16::to_le_bytes as fn(u16) -> [u8; 2], u16::to_be_bytes] {
        // With a mark the encoding need not be named.
        check_bytes("", &utf16(&format!("\u{feff}{text}"), order), expected);
    }
    check_bytes("encoding: utf-16, ", &utf16(text, u16::to_le_bytes), expected);
    check_bytes("encoding: utf-8, ", text.as_bytes(), expected);
    check_bytes("encoding: windows-1252, ", b"id,a\nAndr\xe9,5\n\x80,7\n", "id,a\nAndré,5\n€,7\n");
    check_bytes("encoding: macintosh, ", b"id,a\nAndr\x8e,5\n", "id,a\nAndré,5\n");
    // A bad value keeps its line, and its text.
    let (code, _, err) = of_bytes("encoding: windows-1252, ", b"id,a\nAndr\xe9,5\nB,\xfcber\n");
    assert!(code == 2 && err.contains("export.csv:3") && err.contains("`über` is not an integer"), "{err}");
    let (code, _, err) = of_bytes("", b"id,a\nAndr\xe9,5\n");
    assert!(code == 2 && err.contains("`encoding: windows-1252`"), "{err}");
}

#[test]
fn a_first_line_may_name_the_delimiter() {
    check_bytes("", b"sep=;\r\nid;a\r\nA;5\r\n", "id,a\nA,5\n");
    check_bytes("", b"\xef\xbb\xbfsep=\t\nid\ta\nA\t5\n", "id,a\nA,5\n");
    let (code, _, err) = of_bytes("", b"sep=;\nid;a\nA;5\nB;x\n");
    assert!(code == 2 && err.contains("export.csv:4"), "{err}");
}

#[test]
fn lines_may_end_in_carriage_returns() {
    check_bytes("", b"id,a\rA,5\rB,7\r", "id,a\nA,5\nB,7\n");
    let (code, _, err) = of_bytes("", b"id,a\rA,5\rB,x\r");
    assert!(code == 2 && err.contains("export.csv:3"), "{err}");
}

#[test]
fn rows_before_the_header_are_left_out() {
    let file = b"Sales \"by customer\nPeriod: 2025\n\nid,a\nA,5\nB,x\n";
    let (code, _, err) = of_bytes("header_row: 4, ", file);
    assert!(code == 2 && err.contains("export.csv:6"), "{err}");
    check_bytes("header_row: 4, ", &file[..file.len() - 4], "id,a\nA,5\n");
    // With a quoted line break the file cannot be split.
    check_bytes("header_row: 2, ", b"title\nid,a\n\"A\nB\",5\n", "id,a\n\"A\nB\",5\n");
    let (code, _, err) = of_bytes("header_row: 9, ", file);
    assert!(code == 2 && err.contains("there is no such line"), "{err}");
    let (code, _, err) = of_bytes("header_row: 0, ", file);
    assert!(code != 0 && err.contains("rows are counted from 1"), "{err}");
}

#[test]
fn a_large_file_may_begin_with_a_long_title() {
    // Wide rows, so that the file is read in parts; the first parts lie within the title.
    let title = format!("{}\n", "title ".repeat(10)).repeat(1_000);
    let rows: String = (0..12_000).map(|i| format!("K{},1,{}\n", i % 3, "x".repeat(1_000))).collect();
    let rules = "accolade: 1\nas_of: 2026-01-01\nsources:\n  orders: {file: export.csv, header_row: 1001, customer: id, columns: {id: text, a: integer}}\n\
                 profile: {quantitative: {a: sum(orders.a)}}\n";
    let folder = folder(&[("r.yaml", rules), ("export.csv", &format!("{title}id,a,note\n{rows}"))]);
    let out = accolade(&folder, &["run", "r.yaml", "-o", "-", "--threads", "512"]).exits(0).out;
    assert_eq!(out, "id,a\nK0,4000\nK1,4000\nK2,4000\n");
}

#[test]
fn a_sheet_may_begin_with_a_title() {
    let rules = "accolade: 1\nas_of: 2025-12-31\nsources:\n  orders: {file: title.xlsx, header_row: 4, \
                 headers: {c: Customer, d: Invoice date, amount: Amount}, customer: c, date: d, \
                 columns: {c: text, d: date?, amount: money}}\nprofile: {quantitative: {revenue: sum(orders.amount)}}\n";
    let folder = folder(&[("r.yaml", rules)]);
    let sheet = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/exports/title.xlsx");
    std::fs::copy(sheet, folder.path().join("title.xlsx")).unwrap();
    let out = accolade(&folder, &["run", "r.yaml", "-o", "-", "--bad-rows", "report"]).exits(0);
    assert!(out.out.contains("Alder,"), "{} {}", out.out, out.err);
    assert!(out.err.contains("1 row of `orders` rejected"), "{}", out.err);
}

#[test]
fn keys_of_other_formats_are_refused() {
    let rules = "accolade: 1\nas_of: 2026-01-01\nsources:\n  orders: {file: o.ndjson, encoding: utf-16, customer: id, columns: {id: text}}\n";
    let folder = folder(&[("r.yaml", rules), ("o.ndjson", "{\"id\": \"A\"}\n")]);
    let ran = accolade(&folder, &["run", "r.yaml", "-o", "-"]).exits(2);
    assert!(ran.err.contains("a file of this format has no `encoding`"), "{}", ran.err);
}

#[test]
fn keys_without_their_use_are_errors() {
    let check = |keys: &str, expected: &[&str]| {
        let rules = format!(
            "accolade: 1\nas_of: 2026-01-01\nsources:\n  orders: {{file: o.csv, {keys}, customer: id, columns: {{id: text, a: integer}}}}\n"
        );
        let folder = folder(&[("r.yaml", &rules), ("o.csv", "id,a\nA,1\n")]);
        accolade(&folder, &["check", "r.yaml"]).says(1, expected);
    };
    check("values: {Actief: true}", &["error[E0106]", "`values` is for boolean columns, and `orders` has none"]);
    check("range: A1:B2", &["error[E0106]", "`range` is for a spreadsheet, and `orders` is not one"]);
    check("range: A1", &["error[E0106]", "`A1` is not a range of cells"]);
    check("skip: -1", &["error[E0106]", "a source skips 0 to 1000 rows"]);
    check("headers: {b: [x, y]}", &["error[E0305]", "`orders` has no column `b`"]);
}
