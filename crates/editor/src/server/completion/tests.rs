use super::*;
use crate::server::testing::{SHOP, marked, plugins, project, shop_path};

/// The labels proposed at the mark in `line`, which replaces `instead_of` in the rule file of the shop.
fn proposed(instead_of: &str, line: &str) -> Vec<String> {
    assert!(SHOP.contains(instead_of), "{instead_of}");
    let (project, _) = project(SHOP);
    let (text, offset) = marked(&SHOP.replacen(instead_of, line, 1));
    let plugins = plugins();
    let analysis = project.last_good(shop_path()).map(std::sync::Arc::as_ref);
    let world = CompletionInput {
        plugins: &plugins,
        analysis,
        path: shop_path(),
        text: &text,
        document_kind: DocumentKind::Rules,
    };
    propose(&world, offset).0.into_iter().map(|proposal| proposal.label).collect()
}

fn check(instead_of: &str, line: &str, expected: &[&str], unexpected: &[&str]) {
    let found = proposed(instead_of, line);
    let missing: Vec<&&str> = expected.iter().filter(|label| !found.iter().any(|f| f == **label)).collect();
    let wrong: Vec<&&str> = unexpected.iter().filter(|label| found.iter().any(|f| f == **label)).collect();
    assert!(missing.is_empty() && wrong.is_empty(), "{line}: misses {missing:?}, has {wrong:?}: {found:?}");
}

fn check_completion(instead_of: &str, line: &str, expected: &[&str]) {
    assert_eq!(proposed(instead_of, line), expected, "{line}");
}

#[test]
fn keys_are_those_of_the_section_and_the_kind() {
    check("name: shop", "cur¦", &["currency", "goals", "include"], &["sources", "kind", "measures"]);
    check("    by: revenue", "    ¦", &["by", "none", "boundary", "description"], &["classes", "kind", "segments"]);
    check("    key: id", "    ¦", &["file", "key", "delimiter"], &["columns", "kind"]);
    check("  administrative: [city]", "  ¦", &["qualitative", "administrative"], &["quantitative"]);
}

#[test]
fn kinds_and_their_words() {
    check("    kind: abc", "    kind: ¦", &["abc", "rfm", "rating", "matrix"], &["revenue"]);
    check("    kind: segments", "    kind: segments\n    hit: ¦", &["first", "unique"], &["revenue"]);
    check("    by: revenue", "    by: revenue\n    boundary: ¦", &["include", "exclude"], &[]);
}

#[test]
fn expressions_have_names_functions_and_periods() {
    let line = "    revenue: sum(orders.amount in year)";
    check(line, "    revenue: ¦", &["city", "score", "orders", "sum", "days", "class"], &["retention"]);
    check_completion(line, "    revenue: sum(orders.¦)", &["id", "day", "amount"]);
    check_completion(line, "    revenue: sum(orders.amount in ¦", &["year"]);
    check("  total: sum(revenue) by class", "  total: ¦", &["retention", "nps", "revenue"], &[]);
    check_completion("    by: revenue", "    by: class.r¦", &["rank", "share", "cumulative_share"]);
}

#[test]
fn a_label_is_proposed_behind_the_field_that_has_it() {
    let line = "      keep: class = \"A\" and score > 3";
    check_completion(line, "      keep: class = \"¦", &["A", "B", "none"]);
    check_completion(line, "      keep: 'class = \"¦\"'", &["A", "B", "none"]);
    check_completion(line, "      keep: \"class in [\\\"A\\\", \\\"¦", &["A", "B", "none"]);
    check_completion(line, "      keep: city = \"¦", &[]);
}

#[test]
fn notations() {
    check("  year: last 12 months", "  year: ¦", &["last 12 months", "12 months before "], &[]);
    check_completion("  year: last 12 months", "  year: 12 months before ¦", &["year"]);
    check("{A: top 80% of revenue, B: rest}", "{A: ¦", &["top 80% of revenue", "rest"], &[]);
    check("{id: text, day: date, amount: money}", "{id: ¦", &["text", "money", "date"], &["revenue"]);
    check_completion("    date: day", "    date: ¦", &["id", "day", "amount"]);
}

#[test]
fn nothing_is_proposed_in_a_comment_or_a_description() {
    check_completion("name: shop", "name: shop # ¦", &[]);
    check_completion("name: shop", "description: ¦", &[]);
}

#[test]
fn cells_of_a_matrix_are_the_labels_of_its_axes() {
    let matrix = "measures:";
    let rule = |cells: &str| {
        format!(
            "  grid:\n    kind: matrix\n    rows: {{class: class}}\n    columns: {{class: advice}}\n    cells:\n{cells}\nmeasures:"
        )
    };
    check_completion(matrix, &rule("      ¦"), &["A", "B", "none"]);
    check_completion(matrix, &rule("      A: {keep: x, ¦"), &["other"]);
}

#[test]
fn columns_come_from_the_header_of_the_data() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("orders.csv"), "id,day,amount,note\n1,2026-01-01,1.50,\n").unwrap();
    let path = folder.path().join("rules.yaml");
    let (text, offset) =
        marked("accolade: 1\nsources:\n  orders:\n    file: orders.csv\n    columns:\n      id: text\n      ¦");
    let plugins = plugins();
    let world = CompletionInput {
        plugins: &plugins,
        analysis: None,
        path: &path,
        text: &text,
        document_kind: DocumentKind::Rules,
    };
    let found: Vec<_> = propose(&world, offset).0.into_iter().filter_map(|proposal| proposal.insert).collect();
    assert_eq!(found, ["day: date", "amount: money", "note: text?"]);
}
