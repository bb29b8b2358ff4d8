//! `accolade report`: the page's text, and the page in a real browser.

use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::support::browser::Browser;
use crate::support::{CommandOutput, accolade, shop};

const REST: &str = "\
periods:
  year: last 12 months
  year_before: 12 months before year
profile:
  administrative: [name]
  quantitative:
    revenue: sum(orders.amount in year)
    order_count: count(orders in year)
    days_since: days(max(orders.day), as_of)
  qualitative: [mood]
rules:
  class:
    kind: abc
    description: The first 80% <i>and</i> the rest.
    by: revenue
    classes: {A: top 80% of revenue, B: rest}
    none: prospect
  score:
    kind: rating
    scale: 0..10
    missing: renormalise
    criteria:
      size: {weight: 60%, value: revenue, bands: {'< 100': 0, '100 ..< 1_000': 5, '>= 1_000': 10}}
      mood: {weight: 40%, value: mood}
    grades: {key: '>= 8', core: '>= 4', basic: rest}
  behaviour:
    kind: rfm
    recency: days_since
    frequency: order_count
    monetary: revenue
    bins: 5 by value
    segments: standard
  relation:
    kind: matrix
    rows: {value: mood, cuts: [6], labels: [unhappy, happy]}
    columns: {value: revenue, cuts: [median], labels: [low, high]}
    cells: {happy: {low: grow, high: keep}, unhappy: {low: leave, high: mend}}
goals:
  growth:
    measure: growth(orders.amount in year_before to year)
    target: '>= 5%'
";

fn rules() -> String {
    shop::rules(
        "name: tiny <b>shop</b>\ndescription: Everything & more.\ncurrency: EUR\n",
        "customer_id: text, name: text, mood: integer? 1..10",
        REST,
    )
}

/// A name that would be a script if it were read as markup.
const EVIL: &str = "</script><img src=x onerror=alert(1)> & Zoon";

/// Forty customers; the best has the name that would be a script, the last has no orders.
fn folder() -> TempDir {
    let mut customers = "customer_id,name,mood\n".to_owned();
    let mut orders = "customer_id,day,amount\n".to_owned();
    for i in 1..=40 {
        let name = if i == 1 { EVIL.to_owned() } else { format!("Customer {i}") };
        let mood = if i % 7 == 0 { String::new() } else { (i % 10 + 1).to_string() };
        customers += &format!("C{i:02},{name},{mood}\n");
        for order in 0..if i < 40 { 1 + i % 4 } else { 0 } {
            let month = 1 + (i * 5 + order * 3) % 12;
            let year = 2024 + (i + order) % 2;
            orders += &format!("C{i:02},{year}-{month:02}-15,{}.50\n", 4_000 / i);
        }
    }
    shop::folder(&[("rules.yaml", &rules()), ("customers.csv", &customers), ("orders.csv", &orders)])
}

fn run(folder: &Path, arguments: &[&str]) -> CommandOutput {
    accolade(folder, &[&["report"], arguments].concat())
}

/// The report of the small set, compared with half a year earlier.
fn report(folder: &Path, name: &str) -> PathBuf {
    run(folder, &["rules.yaml", "--explain", "3", "--old-as-of", "2025-07-01", "-o", name]).exits(0);
    folder.join(name)
}

#[test]
fn the_page_needs_nothing_else_and_is_the_same_every_time() {
    let folder = folder();
    let first = std::fs::read_to_string(report(folder.path(), "first.html")).unwrap();
    let second = std::fs::read_to_string(report(folder.path(), "second.html")).unwrap();
    assert!(first == second, "the pages differ");
    let own = first.replace(include_str!("../crates/report/assets/echarts.min.js"), "");
    for outside in ["<img", " src=\"", "<link", "@import", "url(http"] {
        assert!(!own.contains(outside), "{outside}");
    }
    for part in ["<title>tiny &lt;b&gt;shop&lt;/b&gt;</title>", "Everything &amp; more.", "The first 80% &lt;i&gt;and"]
    {
        assert!(first.contains(part), "{part}");
    }
    assert_eq!(first.matches("</script>").count(), first.matches("<script").count(), "a text ends a script");
}

#[test]
fn the_chart_library_is_the_one_that_is_described() {
    // A change of the file must come with a change of its README.
    let readme = include_str!("../crates/report/assets/README.md");
    let library = include_str!("../crates/report/assets/echarts.min.js");
    let version = library.split("t.version=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    assert!(readme.contains(&format!("Apache ECharts](https://echarts.apache.org) {version}")), "{version}");
}

#[test]
fn what_cannot_be_written_is_told() {
    let folder = folder();
    let check = |arguments: &[&str], code: i32, expected: &str| {
        let told = run(folder.path(), arguments).exits(code).err;
        assert!(told.contains(expected), "{arguments:?}: {told}");
    };
    check(&["rules.yaml", "-o", "report.doc"], 2, "the format of `report.doc` is unknown; end it with .html");
    check(&["rules.yaml", "-o", "nowhere/report.html"], 2, "`nowhere/report.html` cannot be written");
    check(&["rules.yaml", "--old-as-of", "2026-01-01", "-o", "same.html"], 2, "both sides are the same");
    check(&["rules.yaml"], 2, "--output");
    assert!(!folder.path().join("same.html").exists());
}

#[test]
fn of_more_than_fifty_thousand_customers_the_first_thousand_are_listed() {
    let folder = tempfile::tempdir().unwrap();
    let rules = "accolade: 1
name: many
as_of: 2026-01-01
sources:
  customers: {file: customers.csv, key: id, columns: {id: text, amount: money}}
profile:
  quantitative: {revenue: amount}
rules:
  class: {kind: abc, by: revenue, classes: {A: top 80% of revenue, B: rest}}
";
    std::fs::write(folder.path().join("rules.yaml"), rules).unwrap();
    let page = |customers: usize| {
        let rows: String = (1..=customers).map(|i| format!("c{i:06},{i}\n")).collect();
        std::fs::write(folder.path().join("customers.csv"), format!("id,amount\n{rows}")).unwrap();
        run(folder.path(), &["rules.yaml", "--explain", "0", "-o", "many.html"]).exits(0);
        std::fs::read_to_string(folder.path().join("many.html")).unwrap()
    };
    let all = page(50_000);
    assert!(all.contains("\"c000001\"") && !all.contains("The first 1,000 of"));
    let first = page(50_001);
    assert!(first.contains("The first 1,000 of 50,001 customers by revenue; the classes above count all of them"));
    assert!(first.contains("\"c050001\"") && first.contains("\"c049002\"") && !first.contains("\"c049001\""));
}

/// The browser's complaints about the page: errors, warnings, and requests for anything but the file.
fn complaints(browser: &Browser) -> Vec<String> {
    let wrong = |event: &&Json| match event["method"].as_str().unwrap_or_default() {
        "Runtime.exceptionThrown" | "Log.entryAdded" => true,
        "Runtime.consoleAPICalled" => true,
        "Network.requestWillBeSent" => {
            let url = event["params"]["request"]["url"].as_str().unwrap_or_default();
            !url.starts_with("file:") && !url.starts_with("data:")
        }
        _ => false,
    };
    browser.events.iter().filter(wrong).map(Json::to_string).collect()
}

#[test]
#[cfg_attr(not(has_browser), ignore = "Chromium is not installed")]
fn every_chart_is_drawn_and_nothing_is_fetched() {
    let mut browser = Browser::start();
    let folder = folder();
    browser.resize(1200, 900);
    browser.open(&report(folder.path(), "report.html"));
    let shapes = "[...document.querySelectorAll('.plot')].map(plot => [plot.getAttribute('aria-label'), \
                  plot.querySelectorAll('svg path, svg rect, svg circle').length])";
    let drawn = browser.eval(shapes);
    let drawn = drawn.as_array().unwrap();
    for part in [
        "Goals and their targets",
        "revenue by class",
        "brings which share",
        "What the score is made of",
        "by score.grade",
        "Customers by score",
        "by recency and frequency",
        "Mood and revenue",
        "class;",
    ] {
        let found = drawn.iter().find(|plot| plot[0].as_str().unwrap().contains(part));
        assert!(found.is_some_and(|plot| plot[1].as_u64() > Some(3)), "{part}: {drawn:?}");
    }
    let tables =
        browser.eval("[...document.querySelectorAll('figure')].every(f => f.querySelector('details table td'))");
    assert_eq!(tables, json!(true));
    assert_eq!(complaints(&browser), Vec::<String>::new());
}

#[test]
#[cfg_attr(not(has_browser), ignore = "Chromium is not installed")]
fn search_sort_and_explanation_work_with_the_keyboard() {
    let mut browser = Browser::start();
    let folder = folder();
    browser.resize(1200, 900);
    browser.open(&report(folder.path(), "report.html"));
    let check = |browser: &mut Browser, expression: &str, expected: Json| {
        assert_eq!(browser.eval(expression), expected, "{expression}");
    };
    const FOUND: &str = "document.getElementById('found').textContent";
    const FIRST: &str = "document.querySelector('#list tbody th').textContent";
    const FOCUS: &str = "document.activeElement.id || document.activeElement.textContent";
    check(&mut browser, FOUND, json!("40 customers"));
    check(&mut browser, "getComputedStyle(document.querySelector('.on-paper')).display", json!("none"));
    browser.eval("document.getElementById('search').focus()");
    browser.call("Input.insertText", json!({"text": "ZOON c01"}));
    check(&mut browser, FOUND, json!("1 of 40 customers"));
    check(&mut browser, "document.querySelector('#list tbody td').textContent", json!(EVIL));
    // From the search past the head of the table to the customer.
    let heads = browser.eval("document.querySelectorAll('#list thead button').length").as_u64().unwrap();
    for _ in 0..heads + 2 {
        browser.press("Tab", "");
    }
    check(&mut browser, FOCUS, json!("C01"));
    browser.press("Enter", "\r");
    check(&mut browser, "document.getElementById('customer').open", json!(true));
    check(&mut browser, FOCUS, json!("customer-name"));
    check(&mut browser, "document.getElementById('customer-name').textContent", json!(format!("{EVIL} (C01)")));
    let page = browser.eval("document.getElementById('customer-page').innerText");
    let page = page.as_str().unwrap();
    for part in ["The first 80% <i>and</i> the rest.", "revenue >= ", "size 6.00 + mood", "What would change it"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    check(&mut browser, "document.querySelectorAll('#customer-page ul li').length > 0", json!(true));
    browser.press("Escape", "");
    check(&mut browser, "document.getElementById('customer').open", json!(false));
    check(&mut browser, FOCUS, json!("C01"));
    browser.eval("(s => { s.value = ''; s.dispatchEvent(new Event('input')) })(document.getElementById('search'))");
    const SORT: &str =
        "[...document.querySelectorAll('#list thead button')].find(b => b.textContent === 'revenue').click()";
    browser.eval(SORT);
    check(&mut browser, "document.querySelector('[aria-sort]').getAttribute('aria-sort')", json!("descending"));
    check(&mut browser, FIRST, json!("C01"));
    browser.eval(SORT);
    check(&mut browser, "document.querySelector('[aria-sort]').getAttribute('aria-sort')", json!("ascending"));
    check(&mut browser, FIRST, json!("C04"));
    // The least is nothing, and ties are in the order of the keys. Its changes are not worked out, so the page says how
    // to get them.
    browser.eval("document.querySelector('#list tbody th button').click()");
    let command = browser.eval("document.querySelector('#customer-page code').textContent");
    assert_eq!(command, json!("accolade explain rules.yaml --customer C04"));
    check(&mut browser, "document.images.length", json!(0));
    assert_eq!(complaints(&browser), Vec::<String>::new());
}

#[test]
#[cfg_attr(not(has_browser), ignore = "Chromium is not installed")]
fn it_fits_narrow_windows_dark_rooms_and_paper() {
    let mut browser = Browser::start();
    let folder = folder();
    for width in [1200, 768, 360] {
        browser.resize(width, 900);
        browser.open(&report(folder.path(), "report.html"));
        let beyond = browser.eval("document.documentElement.scrollWidth - innerWidth");
        assert_eq!(beyond, json!(0), "{width}");
    }
    browser.resize(900, 900);
    browser.media("", "light");
    let background = "getComputedStyle(document.body).backgroundColor";
    let light = browser.eval(&format!("window.light = document.querySelector('.plot').innerHTML; {background}"));
    browser.media("", "dark");
    assert_ne!(browser.eval(background), light);
    // Charts are drawn again after the page has its colours.
    let redrawn = "new Promise(done => { const until = Date.now() + 20000; const look = () => { \
                   const redrawn = document.querySelector('.plot').innerHTML !== window.light; \
                   redrawn || Date.now() > until ? done(redrawn) : setTimeout(look, 50); }; look(); })";
    assert_eq!(browser.eval(redrawn), json!(true), "charts keep their colours");
    browser.media("print", "dark");
    let display = |part: &str| format!("getComputedStyle(document.querySelector('{part}')).display");
    for (part, shown) in [("nav", false), (".controls", false), ("#browse", false), (".on-paper", true), ("main", true)]
    {
        let display = browser.eval(&display(part));
        let parent = browser.eval(&format!("document.querySelector('{part}').offsetParent !== null"));
        assert_eq!(display != json!("none") && parent == json!(true), shown, "{part}");
    }
    assert_eq!(browser.eval("getComputedStyle(document.body).backgroundColor"), json!("rgb(255, 255, 255)"));
}
