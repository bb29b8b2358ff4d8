//! The tables of the rule file's page have the keys that the parser knows.

use accolade_parser::SourceId;
use accolade_parser::syntax::parse_rule_file;

/// A heading of the page, and a file with a key too many in that section.
pub const SECTIONS: [(&str, &str); 7] = [
    ("Sections", "zzz: 1"),
    ("A source", "sources: {a: {zzz: 1}}"),
    ("The profile", "profile: {zzz: {}}"),
    ("A function", "functions: {a: {zzz: 1}}"),
    ("A measure", "measures: {a: {zzz: 1}}"),
    ("A programme", "programmes: {a: {zzz: 1}}"),
    ("A goal", "goals: {a: {zzz: 1}}"),
];

/// Every second piece of a text between backticks, sorted.
fn quoted(text: &str) -> Vec<String> {
    let mut names: Vec<String> = text.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    names.sort();
    names
}

/// The keys that the parser names when it meets one it does not know.
pub fn known(file: &str) -> Vec<String> {
    let (_, findings) = parse_rule_file(SourceId(0), &format!("accolade: 1\n{file}\n"));
    let unknown = findings.0.iter().find(|finding| finding.code.0 == "E0101").expect("an unknown key");
    quoted(&unknown.help.join(" "))
}

/// The keys in the first column of the table under a heading.
pub fn shown(page: &str, heading: &str) -> Vec<String> {
    let section = page.split(&format!("\n## {heading}\n")).nth(1).unwrap_or_else(|| panic!("no section {heading}"));
    let table = section.lines().skip_while(|line| *line != "| key | | says |").skip(2);
    let rows = table.take_while(|line| line.starts_with('|'));
    let keys: String = rows.filter_map(|row| row.split('|').nth(1)).collect();
    quoted(&keys)
}
