//! Rows that are left out below the header, and ranges of sheets.

use rust_xlsxwriter::Workbook;

use super::Case;

const METRICS: &str = "\n    revenue: sum(orders.amount)\n    n: count(orders)\n";

fn case(file: &str, keys: &str, files: &[(&str, &[u8])]) -> Case {
    let source = format!(
        "\n  orders: {{file: {file}, {keys}, customer: id, columns: {{id: text, amount: money, note: text?}}}}"
    );
    Case::new(&source, METRICS, files)
}

/// A file with units below its header; `{n}` is its line end.
fn text(end: &str, rows: &str) -> String {
    format!("A title\n\nid,amount,note\n\"(5\"\"\",EUR\n\n{rows}").replace('\n', end)
}

#[test]
fn rows_below_the_header_are_left_out() {
    for end in ["\n", "\r\n", "\r"] {
        for (rows, table) in
            [("a,1,x\nb,2,y\n", "a|1.00|1 b|2.00|1"), ("a,1,\"x\n\"\nb,2,y", "a|1.00|1 b|2.00|1"), ("", "")]
        {
            let case = case("o.csv", "header_row: 3, skip: 2", &[("o.csv", text(end, rows).as_bytes())]);
            assert_eq!(case.table(&case.base()).join(" "), table, "{end:?} {rows:?}");
        }
        let errors =
            case("o.csv", "header_row: 3, skip: 2", &[("o.csv", text(end, "a,1,x\n\nb,x,y\n").as_bytes())]).errors();
        assert!(errors.starts_with("E0703 o.csv:8 amount: "), "{end:?} {errors}");
        let errors =
            case("o.csv", "header_row: 3, skip: 2", &[("o.csv", text(end, "a,1,\"x\n\"\nb,x,y\n").as_bytes())])
                .errors();
        assert!(errors.starts_with("E0703 o.csv:8 amount: "), "{end:?} {errors}");
        let errors = case("o.csv", "header_row: 3, skip: 2", &[("o.csv", text(end, "a,1,\"x\n").as_bytes())]).errors();
        assert!(errors.starts_with("E0708 o.csv:6: "), "{end:?} {errors}");
    }
    let marked = format!("\u{feff}{}", "id,amount,note\nunit,EUR\na,1,x\n");
    let read = case("o.csv", "skip: 1", &[("o.csv", marked.as_bytes())]);
    assert_eq!(read.table(&read.base()), ["a|1.00|1"]);
    let errors = case("o.csv", "skip: 9", &[("o.csv", b"id,amount\n")]).errors();
    assert!(errors.starts_with("E0702 o.csv note: "), "{errors}");
}

#[test]
fn a_large_file_is_read_in_parts_below_the_rows_that_are_left_out() {
    let rows: String = (0..12_000).map(|i| format!("K{},1,{}\n", i % 3, "x".repeat(1_000))).collect();
    let mut case = case("o.csv", "skip: 1", &[("o.csv", format!("id,amount,note\nunit,EUR,\"\n{rows}").as_bytes())]);
    for threads in [1, 3, 64] {
        case.inputs.threads = threads;
        assert_eq!(case.table(&case.base()), ["K0|4000.00|4000", "K1|4000.00|4000", "K2|4000.00|4000"]);
    }
}

/// A book whose first sheet is a cover, and whose second has a table in its middle.
fn book() -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Cover").unwrap().write(0, 0, "Sales").unwrap();
    let sheet = book.add_worksheet();
    sheet.set_name("Sales").unwrap();
    let rows = [["id", "amount", "note"], ["unit", "EUR", ""], ["a", "1", "x"], ["b", "2", "y"], ["Total", "3", ""]];
    for (row, cells) in (2..).zip(rows) {
        for (column, cell) in (1..).zip(cells) {
            sheet.write(row, column, cell).unwrap();
        }
        sheet.write(row, 5, "beside").unwrap();
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn a_range_of_a_sheet_is_read() {
    let book = book();
    let read = |keys: &str| case("o.xlsx", keys, &[("o.xlsx", &book)]);
    for keys in ["sheet: Sales, range: B3:D6, skip: 1", "sheet: Sales, range: 'B:D', header_row: 3, skip: 1"] {
        let case = read(keys);
        let expected: &[&str] =
            if keys.contains("D6") { &["a|1.00|1", "b|2.00|1"] } else { &["Total|3.00|1", "a|1.00|1", "b|2.00|1"] };
        assert_eq!(case.table(&case.base()), expected, "{keys}");
    }
    let errors = read("sheet: Sales, range: B3:D9").errors();
    assert!(errors.starts_with("E0703 o.xlsx#Sales:4 amount: "), "{errors}");
    let errors = read("sheet: Sales, range: X3:Z9").errors();
    assert!(errors.contains("the range of the sheet `Sales` is empty"), "{errors}");
}

#[test]
fn the_other_sheets_are_named() {
    let book = book();
    let errors = case("o.xlsx", "quote: \"'\"", &[("o.xlsx", &book)]).errors();
    assert!(errors.starts_with("E0702 o.xlsx#Cover id: "), "{errors}");
    assert_eq!(errors.matches("[if it is another sheet, name it with `sheet:`: `Sales`]").count(), 1, "{errors}");
    let errors = case("o.xlsx", "sheet: Cover, range: C1:D9", &[("o.xlsx", &book)]).errors();
    assert!(errors.contains("the range of the sheet `Cover` is empty [if it is another sheet"), "{errors}");
}

#[test]
fn keys_of_other_formats_are_refused() {
    let object = b"{\"id\":\"a\",\"amount\":1,\"note\":null}\n";
    let errors = case("o.ndjson", "skip: 1", &[("o.ndjson", object)]).errors();
    assert!(errors.contains("a file of this format has no `skip` [leave `skip` out]"), "{errors}");
    let errors = case("o.ndjson", "format: ndjson, range: A1:B2", &[("o.ndjson", object)]).errors();
    assert!(errors.contains("a file of this format has no `range`"), "{errors}");
}

#[test]
fn a_header_below_a_title_is_pointed_out() {
    let rows = "id,amount,note\na,1,x\nb,2,y\nc,3,z\n";
    let help = "[row 4 seems to name the columns: add `header_row: 4`]";
    let title = format!("Sales by customer\nPeriod: 2025\n\n{rows}");
    let errors = case("o.csv", "quote: \"'\"", &[("o.csv", title.as_bytes())]).errors();
    assert_eq!(errors.matches(help).count(), 1, "{errors}");
    let errors = case("o.csv", "header_row: 4", &[("o.csv", title.replace("note", "notes").as_bytes())]).errors();
    assert!(errors.starts_with("E0702 o.csv note: ") && !errors.contains("header_row"), "{errors}");
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "Sales by customer").unwrap();
    for (row, cells) in (3..).zip(rows.lines()) {
        for (column, cell) in (0..).zip(cells.split(',')) {
            sheet.write(row, column, cell).unwrap();
        }
    }
    let book = book.save_to_buffer().unwrap();
    let errors = case("o.xlsx", "quote: \"'\"", &[("o.xlsx", &book)]).errors();
    assert_eq!(errors.matches(help).count(), 1, "{errors}");
}
