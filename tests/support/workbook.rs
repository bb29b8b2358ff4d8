//! What is inside a workbook.

use std::io::Read;
use std::path::Path;

/// The text of a part of a workbook.
pub fn entry(path: &Path, name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// The number format of a cell: its code, or the number of one that is built in.
pub fn number_format(path: &Path, sheet: &str, cell: &str) -> String {
    let (sheet, styles) = (entry(path, sheet), entry(path, "xl/styles.xml"));
    let style: usize = attribute(part(&sheet, &format!("<c r=\"{cell}\"")), "s").parse().unwrap();
    let cells = &styles[styles.find("<cellXfs").unwrap()..];
    let format = attribute(cells.split("<xf ").nth(style + 1).unwrap(), "numFmtId");
    match styles.find(&format!("<numFmt numFmtId=\"{format}\"")) {
        Some(at) => attribute(&styles[at..], "formatCode").to_owned(),
        None => format.to_owned(),
    }
}

/// The text from `start` to the end of its tag.
fn part<'t>(text: &'t str, start: &str) -> &'t str {
    let rest = &text[text.find(start).unwrap_or_else(|| panic!("{start} is not in\n{text}"))..];
    &rest[..=rest.find('>').unwrap()]
}

fn attribute<'t>(tag: &'t str, name: &str) -> &'t str {
    let rest = &tag[tag.find(&format!("{name}=\"")).unwrap_or_else(|| panic!("no {name} in {tag}")) + name.len() + 2..];
    &rest[..rest.find('"').unwrap()]
}
