//! `accolade profile`: a page about a customer as text, Markdown, HTML and data.

use std::path::Path;

use serde_json::Value as Json;
use tempfile::TempDir;

use crate::support::{CommandOutput, accolade, shop};

const REST: &str = "\
periods: {year: last 12 months}
profile:
  administrative: [sector, full_name]
  quantitative:
    revenue: sum(orders.amount in year)
    last_order: max(orders.day)
  qualitative: [mood, wishes]
rules:
  class:
    kind: abc
    description: The first 80% & the rest.
    by: revenue
    classes: {A: top 80%, B: rest}
    none: prospect
  score:
    kind: rating
    scale: 0..10
    missing: renormalise
    criteria:
      size: {weight: 60%, value: revenue, bands: {'< 100': 0, '100 ..< 1_000': 5, '>= 1_000': 10}}
      mood: {weight: 40%, value: mood}
    grades: {key: '>= 8', core: '>= 4', basic: rest}
";

fn rules() -> String {
    shop::rules(
        "name: tiny\ncurrency: EUR\n",
        "customer_id: integer, sector: text?, full_name: text?, mood: integer? 1..10, wishes: text?",
        REST,
    )
}

/// Three customers: one with everything, with texts that mean something to HTML and Markdown, one with little, a
/// prospect.
fn folder(rules: &str) -> TempDir {
    let long = "more ".repeat(40);
    let customers = format!(
        "customer_id,sector,full_name,mood,wishes\n1001,a|b,<script>alert('x')</script> & Zoon,6,\"first\n{long}\"\n\
         1002,,,9,\n1003,trade,,,\n"
    );
    let orders = "customer_id,day,amount\n1001,2025-02-01,7000\n1001,2025-05-01,50.5\n1002,2025-03-01,250\n";
    shop::folder(&[("rules.yaml", rules), ("customers.csv", &customers), ("orders.csv", orders)])
}

fn run_in(folder: &Path, arguments: &[&str]) -> CommandOutput {
    accolade(folder, &[&["profile"], arguments].concat())
}

/// The page of a run on `tiny`, which must succeed.
fn page(arguments: &[&str]) -> String {
    let folder = folder(&rules());
    let all: Vec<&str> = ["rules.yaml"].iter().chain(arguments).copied().collect();
    run_in(folder.path(), &all).exits(0).out
}

fn squeezed(text: &str) -> Vec<String> {
    text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// That lines stand in the page of a customer, in this order, or do not stand there at all.
fn check(customer: &str, there: &[&str], not_there: &[&str]) {
    let text = page(&[customer]);
    let lines = squeezed(&text);
    let mut rest = lines.iter();
    for line in there {
        assert!(rest.any(|l| l == line), "{customer}: no `{line}` in its place in\n{text}");
    }
    for line in not_there {
        assert!(!lines.iter().any(|l| l.contains(line)), "{customer}: `{line}` in\n{text}");
    }
}

#[test]
fn a_page_has_the_profile_by_section_and_every_result() {
    check(
        "1001",
        &[
            "<script>alert('x')</script> & Zoon (1001)",
            "tiny at 2026-01-01, amounts in EUR",
            "Administrative",
            "sector a|b",
            "Quantitative",
            "revenue 7,050.50",
            "last_order 2025-05-01",
            "Qualitative",
            "mood 6",
            "Results",
            "class A",
            "rank 1, share 96.575577%, cumulative_share 96.575577%",
            "The first 80% & the rest.",
            "score 8.40",
            "why: size 6.00 + mood 2.40",
            "grade key, coverage 100%",
            "What would change it",
        ],
        &[],
    );
    check("1002", &["1002", "tiny at 2026-01-01, amounts in EUR", "full_name missing"], &["()"]);
}

#[test]
fn the_nearest_change_is_to_something_better() {
    check("1002", &["What would change it", "class A: revenue + 6,800.50 (250.00 → 7,050.50)"], &["class prospect"]);
    // The best class can only get worse; buying nothing at all comes last.
    check("1001", &["What would change it", "class B: revenue − 0.0001 (7,050.50 → 7,050.4999)"], &[]);
}

#[test]
fn parts_that_are_missing_are_left_out() {
    check("1003", &["class prospect", "score 0.00", "grade basic, coverage 60%"], &["rank", "cumulative_share"]);
}

#[test]
fn empty_sections_are_left_out() {
    let rules =
        rules().replace("  administrative: [sector, full_name]\n", "").replace("  qualitative: [mood, wishes]\n", "");
    let folder = folder(&rules);
    let text = run_in(folder.path(), &["rules.yaml", "1001"]).out;
    assert!(text.starts_with("1001\ntiny at") && text.contains("\nQuantitative\n"), "{text}");
    assert!(!text.contains("Administrative") && !text.contains("Qualitative"), "{text}");
}

#[test]
fn long_texts_wrap_and_keep_their_lines() {
    let text = page(&["1001"]);
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    assert!(text.contains("\n wishes  first\n         more more"), "{text}");
    assert_eq!(text.matches("more").count(), 40);
    let markdown = page(&["1001", "--format", "markdown"]);
    assert!(markdown.contains("| wishes | first<br>more more"), "{markdown}");
}

#[test]
fn markup_in_the_data_is_text() {
    let html = page(&["1001", "--format", "html"]);
    assert!(html.contains("<h1>&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; Zoon (1001)</h1>"), "{html}");
    assert!(html.contains("<title>&lt;script&gt;") && html.contains("The first 80% &amp; the rest."), "{html}");
    assert!(!html.contains("<script") && !html.contains("& "), "{html}");
    let markdown = page(&["1001", "--format", "markdown"]);
    assert!(markdown.contains("| sector | a\\|b |"), "{markdown}");
    assert!(markdown.starts_with("# \\<script>"), "{markdown}");
}

/// Every element that is opened is closed, in order.
fn well_formed(html: &str) {
    let mut open: Vec<&str> = Vec::new();
    for tag in html.split('<').skip(1).map(|rest| rest.split('>').next().unwrap()) {
        let name = tag.split_whitespace().next().unwrap();
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "{html}"),
            None if matches!(name, "!DOCTYPE" | "meta" | "br") => {}
            None => open.push(name),
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn html_is_one_document_with_a_sheet_a_customer_and_needs_nothing_else() {
    let html = page(&["1002", "1001", "1003", "--format", "html"]);
    well_formed(&html);
    assert_eq!(html.matches("<article>").count(), 3);
    assert!(html.find("<h1>1002</h1>").unwrap() < html.find("(1001)</h1>").unwrap());
    for needed in ["size: A4", "break-before: page", "prefers-color-scheme: dark", "name=\"viewport\"", "lang=\"en\""] {
        assert!(html.contains(needed), "{needed}");
    }
    for outside in ["http:", "https:", "src=", "href=", "url(", "@import"] {
        assert!(!html.contains(outside), "{outside}");
    }
    assert!(html.contains("<th scope=\"row\">revenue</th><td class=\"number\">7,050.50</td>"), "{html}");
    assert!(html.contains("<td class=\"missing\">missing</td>"), "{html}");
}

#[test]
fn data_has_a_version_and_exact_values() {
    let document: Json = serde_json::from_str(&page(&["1001", "1003", "--format", "json"])).unwrap();
    let check = |pointer: &str, expected: Json| {
        assert_eq!(document.pointer(pointer), Some(&expected), "{pointer} in {document:#}");
    };
    check("/version", 1.into());
    check("/as_of", "2026-01-01".into());
    check("/customers/0/customer", 1001.into());
    check("/customers/0/profile/quantitative/0/name", "revenue".into());
    check("/customers/0/profile/quantitative/0/type", "money".into());
    check("/customers/0/results/0/results/class", "A".into());
    check("/customers/0/results/0/results/class.rank", 1.into());
    check("/customers/0/results/1/why", "size 6.00 + mood 2.40".into());
    check("/customers/0/changes/0/label", "B".into());
    check("/customers/0/changes/0/changes/0/field", "revenue".into());
    check("/customers/1/name", Json::Null);
    check("/customers/1/results/0/results/class.rank", Json::Null);
    check("/customers/1/profile/qualitative/0/value", Json::Null);
}

#[test]
fn a_file_says_its_format_and_is_complete() {
    let folder = folder(&rules());
    for (file, begins, more) in [
        ("page.txt", "1002\n", &[][..]),
        ("page.md", "# 1002\n", &[]),
        ("page.HTML", "<!DOCTYPE html>", &[]),
        ("page.json", "{\"version\":1", &[]),
        ("page.out", "# 1002\n", &["--format", "markdown"]),
    ] {
        let ran = run_in(folder.path(), &[&["rules.yaml", "1002", "-o", file], more].concat()).exits(0);
        let said = ran.err;
        assert!(ran.out.is_empty(), "{}", ran.out);
        assert!(said.ends_with(&format!("1 page written to {file}\n")), "{said}");
        let text = std::fs::read_to_string(folder.path().join(file)).unwrap();
        assert!(text.starts_with(begins), "{file}: {text}");
    }
    let said = run_in(folder.path(), &["rules.yaml", "1002", "-o", "page.pdf"]).exits(2).err;
    assert!(said.contains("the format of `page.pdf` is unknown; end it with .txt, .md, .html, .json"), "{said}");
    run_in(folder.path(), &["rules.yaml", "1002", "9", "-o", "page.md"]).exits(2);
    assert!(std::fs::read_to_string(folder.path().join("page.md")).unwrap().starts_with("# 1002"));
}

#[test]
fn an_unknown_customer_is_an_error_with_a_suggestion() {
    let folder = folder(&rules());
    let check = |key: &str, expected: &str| {
        let ran = run_in(folder.path(), &["rules.yaml", key]).exits(2);
        assert!(ran.err.ends_with(&format!("error: {expected}\n")), "{}", ran.err);
        assert_eq!(ran.out, "");
    };
    check("1005", "there is no customer `1005` in the data; did you mean `1001`?");
    check("K7", "there is no customer `K7` in the data");
}

#[test]
fn warnings_do_not_get_into_the_page() {
    let folder = folder(&rules());
    std::fs::write(folder.path().join("orders.csv"), "customer_id,day,amount\n").unwrap();
    let ran = run_in(folder.path(), &["rules.yaml", "1002"]).exits(0);
    assert!(ran.err.contains("warning[") && !ran.out.contains("warning"), "{}", ran.output());
}

#[test]
fn options_of_a_run_hold() {
    let page = |arguments: &[&str]| {
        let folder = folder(&rules());
        accolade(&folder, &["calibrate", "rules.yaml", "-o", "cut.yaml"]).exits(0);
        run_in(folder.path(), &[&["rules.yaml", "1001"], arguments].concat()).out
    };
    assert!(page(&["--as-of", "2025-03-01"]).contains("revenue     7,000.00"));
    assert!(page(&["--cutoffs", "cut.yaml"]).contains("amounts in EUR, cut-offs of cut.yaml, computed at "));
}

#[test]
fn the_page_of_a_business_account_says_what_run_says() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules/b2b-accounts");
    let text = squeezed(&run_in(&rules, &["rules.yaml", "K0010"]).out);
    let out = tempfile::tempdir().unwrap();
    let table = out.path().join("results.csv");
    accolade(&rules, &["run", "rules.yaml", "--why", "-o", table.to_str().unwrap()]).exits(0);
    let mut reader = csv::Reader::from_path(table).unwrap();
    let header = reader.headers().unwrap().clone();
    let row = reader.records().map(Result::unwrap).find(|row| &row[0] == "K0010").unwrap();
    let cell = |name: &str| &row[header.iter().position(|h| h == name).unwrap()];
    for rule in ["customer_class", "behaviour", "treatment", "relation", "regularity", "stock_plan"] {
        let at =
            text.iter().position(|line| *line == format!("{rule} {}", cell(rule))).unwrap_or_else(|| panic!("{rule}"));
        assert_eq!(text[at + 1], format!("why: {}", cell(&format!("{rule}.why"))));
    }
    assert!(text.contains(&"treatment grow: cooperation + 1 (7 → 8)".to_owned()), "{text:#?}");
}
