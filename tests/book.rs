//! The documentation site is whole: every page is in its table of contents, and every link leads somewhere.

use std::path::{Path, PathBuf};

use accolade_parser::code::CODES;

use crate::support::pages;

/// Where the links of a page lead, those in code left out.
fn links(text: &str) -> Vec<String> {
    let mut links = Vec::new();
    let mut fenced = false;
    for line in text.lines() {
        fenced ^= line.starts_with("```");
        if fenced {
            continue;
        }
        // Every second piece is code.
        for prose in line.split('`').step_by(2) {
            let targets = prose.split("](").skip(1).filter_map(|rest| rest.split(')').next());
            links.extend(targets.map(str::to_owned));
        }
    }
    links
}

/// What a heading is called in an address.
fn anchor(heading: &str) -> String {
    let kept = |c: char| match c {
        ' ' => Some('-'),
        '-' | '_' => Some(c),
        c if c.is_alphanumeric() => Some(c.to_ascii_lowercase()),
        _ => None,
    };
    heading.trim().chars().filter_map(kept).collect()
}

fn anchors(text: &str) -> Vec<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings.map(|line| anchor(line.trim_start_matches('#'))).collect()
}

/// What is wrong with a link of a page.
fn broken(page: &Path, link: &str) -> Option<String> {
    if ["https://", "http://"].iter().any(|scheme| link.starts_with(scheme)) {
        return None;
    }
    let (path, place) = link.split_once('#').map_or((link, None), |(path, place)| (path, Some(place)));
    let target = if path.is_empty() { page.to_owned() } else { page.parent().unwrap().join(path) };
    let told = |why: &str| Some(format!("{}: `{link}` {why}", page.display()));
    let Ok(target) = target.canonicalize() else { return told("leads nowhere") };
    let site = pages::root().join("docs");
    if page.starts_with(&site) && !target.starts_with(&site) {
        return told("leads out of the site");
    }
    let place = place?;
    let there = anchors(&std::fs::read_to_string(&target).unwrap()).contains(&place.to_owned());
    if there { None } else { told("names no heading") }
}

#[test]
fn every_link_leads_somewhere() {
    let root = pages::root();
    let others = ["CHANGELOG.md", "crates/README.md", "crates/bench/README.md"].map(|page| root.join(page));
    let all: Vec<PathBuf> = pages::all().into_iter().chain(pages::under(&root.join("rules"))).chain(others).collect();
    let mut count = 0;
    let mut wrong = Vec::new();
    for page in &all {
        let links = links(&std::fs::read_to_string(page).unwrap());
        count += links.len();
        wrong.extend(links.iter().filter_map(|link| broken(page, link)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 150, "{count} links were found");
}

#[test]
fn broken_links_are_noticed() {
    let page = pages::root().join("docs/SUMMARY.md");
    let check = |link: &str, expected: &str| {
        let found = broken(&page, link).unwrap_or_default();
        assert!(found.ends_with(expected), "{link}: {found}");
    };
    check("nowhere.md", "leads nowhere");
    check("../README.md", "leads out of the site");
    check("guides/test-your-rule-set.md#nowhere", "names no heading");
    assert_eq!(broken(&page, "guides/test-your-rule-set.md#test-your-rule-set"), None);
    assert_eq!(links("[`a`](b.md) `[c](d)` [e](f.md#g)\n```\n[h](i)\n```\n"), ["b.md", "f.md#g"]);
}

/// The pages of diagnostic codes in the table of contents.
fn codes() -> String {
    CODES.iter().map(|(code, _)| format!("    - [{code}](diagnostics/{code}.md)\n")).collect()
}

#[test]
fn every_page_is_in_the_table_of_contents_once() {
    let site = pages::root().join("docs");
    let path = site.join("SUMMARY.md");
    let mut summary = std::fs::read_to_string(&path).unwrap();
    if std::env::var_os("ACCOLADE_BLESS").is_some() {
        let others = summary.split_inclusive('\n').filter(|line| !line.contains("](diagnostics/"));
        let with_codes = |line: &str| {
            let codes = if line.contains("](reference/diagnostics.md)") { codes() } else { String::new() };
            line.to_owned() + codes.as_str()
        };
        summary = others.map(with_codes).collect();
        std::fs::write(&path, &summary).unwrap();
    }
    let mut listed: Vec<PathBuf> = links(&summary).into_iter().map(|link| site.join(link)).collect();
    listed.sort();
    let there: Vec<PathBuf> = pages::under(&site).into_iter().filter(|page| *page != path).collect();
    assert_eq!(listed, there);
}
