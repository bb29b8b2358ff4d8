//! The index of diagnostic codes.

use accolade_parser::code::CODES;

/// What the codes of a family are about.
const FAMILIES: &[(&str, &str)] = &[
    ("E00", "The YAML file"),
    ("E01", "Sections and keys"),
    ("E02", "Expressions and notations"),
    ("E03", "Names"),
    ("E04", "Types"),
    ("E05", "Rules"),
    ("E06", "Scripts and plugins"),
    ("E07", "Data"),
    ("E08", "Test files"),
    ("E09", "Other forms of a rule set"),
    ("W", "Warnings"),
];

pub fn page() -> String {
    let mut page = "# Diagnostics

The errors and warnings of the checker and of a run, each with a page. `accolade explain-code E0501` prints the page of a
code. A code never changes its meaning.
"
    .to_owned();
    let family = |code: &str| FAMILIES.iter().find(|(prefix, _)| code.starts_with(prefix)).expect("a family").1;
    for (_, title) in FAMILIES {
        page += &format!("\n## {title}\n\n| code | meaning |\n|---|---|\n");
        for (code, says) in CODES.iter().filter(|(code, _)| family(code.id()) == *title) {
            page += &format!("| [{code}](../diagnostics/{code}.md) | {} |\n", super::cell(says));
        }
    }
    page
}
