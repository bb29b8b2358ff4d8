use super::file;
use crate::span::{SourceId, Spanned};
use crate::syntax::{decode, parse_bytes};
use crate::testing::lines;
use crate::yaml::node::Node;
use crate::{Diagnostics, expr};

const EXAMPLE: &str = include_str!("example.yaml");

fn keys<T>(map: &indexmap::IndexMap<String, T>) -> Vec<&str> {
    map.keys().map(String::as_str).collect()
}

fn value<T: Clone>(spanned: Option<&Spanned<T>>) -> Option<T> {
    spanned.map(|spanned| spanned.value.clone())
}

#[test]
fn the_example_is_read_whole_and_in_order() {
    let file = file(EXAMPLE);
    assert_eq!(value(file.version.as_ref()), Some(1));
    assert_eq!(value(file.name.as_ref()).as_deref(), Some("b2b-accounts"));
    assert_eq!(value(file.currency.as_ref()).as_deref(), Some("EUR"));
    assert_eq!(value(file.as_of.as_ref()).map(|date| date.to_string()).as_deref(), Some("2026-01-01"));
    assert_eq!(keys(&file.sources), ["customers", "orders"]);
    assert_eq!(keys(&file.periods), ["year", "year_before"]);
    assert_eq!(keys(&file.profile.administrative), ["name", "city"]);
    assert_eq!(file.profile.quantitative.len(), 6);
    assert_eq!(keys(&file.profile.qualitative), ["satisfaction", "cooperation"]);
    assert_eq!(keys(&file.rules), ["customer_class", "behaviour", "account_rating", "treatment"]);
    assert_eq!(keys(&file.goals), ["keep_our_key_accounts"]);
}

#[test]
fn sources_have_columns_and_roles() {
    let file = file(EXAMPLE);
    let (customers, orders) = (&file.sources["customers"], &file.sources["orders"]);
    assert_eq!(customers.key.as_ref().map(ToString::to_string).as_deref(), Some("customer_id"));
    assert_eq!(customers.columns["satisfaction"].kind.value.to_string(), "integer? 1..5");
    assert_eq!(orders.customer.as_ref().map(ToString::to_string).as_deref(), Some("customer_id"));
    assert_eq!(value(orders.date.as_ref()).as_deref(), Some("order_date"));
    assert_eq!(keys(&orders.columns), ["order_id", "customer_id", "order_date", "amount", "margin"]);
}

#[test]
fn metrics_are_bare_or_computed() {
    let profile = file(EXAMPLE).profile;
    assert!(profile.administrative["city"].bare);
    assert_eq!(profile.administrative["city"].expr.to_string(), "city");
    assert!(!profile.quantitative["revenue"].bare);
    assert_eq!(profile.quantitative["revenue"].expr.to_string(), "sum(orders.amount in year)");
    let margin = &profile.quantitative["margin"];
    assert_eq!(&EXAMPLE[margin.expr.span.range()], "sum(orders.margin in year)");
    assert_eq!(&EXAMPLE[margin.name.span.range()], "margin");
}

#[test]
fn rules_keep_their_parameters_unread() {
    let file = file(EXAMPLE);
    let rule = &file.rules["customer_class"];
    assert_eq!(rule.kind.value, "abc");
    let keys: Vec<&str> = rule.parameters.entries.iter().map(|entry| entry.key.text.as_str()).collect();
    assert_eq!(keys, ["by", "classes", "none"]);
}

#[test]
fn the_notations_of_the_example_are_readable() {
    let file = file(EXAMPLE);
    let mut out = Diagnostics::new();
    let Some(Node::Mapping(classes)) = file.rules["customer_class"].parameters.get("classes") else { panic!() };
    for entry in &classes.entries {
        let Node::Scalar(scalar) = &entry.value else { panic!() };
        assert!(expr::class_cut(scalar, &mut out).is_some());
    }
    let Some(Node::Mapping(criteria)) = file.rules["account_rating"].parameters.get("criteria") else { panic!() };
    for entry in &criteria.entries {
        let Node::Mapping(criterion) = &entry.value else { panic!() };
        let Some(Node::Scalar(weight)) = criterion.get("weight") else { panic!() };
        assert!(expr::share(weight, &mut out).is_some());
        if let Some(Node::Mapping(bands)) = criterion.get("bands") {
            assert!(bands.entries.iter().all(|band| expr::pattern(&band.key, &mut out).is_some()));
        }
        if let Some(Node::Scalar(linear)) = criterion.get("linear") {
            assert!(expr::range(linear, &mut out).is_some());
        }
    }
    let Some(Node::Mapping(segments)) = file.rules["treatment"].parameters.get("segments") else { panic!() };
    for entry in segments.entries.iter().filter(|entry| entry.key.text != "other") {
        let Node::Scalar(scalar) = &entry.value else { panic!() };
        assert!(expr::expression(scalar, &mut out).is_some());
    }
    let Some(Node::Scalar(bins)) = file.rules["behaviour"].parameters.get("bins") else { panic!() };
    assert!(expr::bins(bins, &mut out).is_some());
    assert_eq!(lines(&out), [""; 0]);
}

#[test]
fn goals_have_a_measure_and_a_target() {
    let goal = &file(EXAMPLE).goals["keep_our_key_accounts"];
    assert_eq!(goal.measure.value.to_string(), "retention(year_before to year where customer_class = \"A\")");
    assert_eq!(goal.target.value.to_string(), ">= 90%");
    assert_eq!(&EXAMPLE[goal.target.span.range()], ">= 90%");
}

#[test]
fn formats() {
    let text = "accolade: 1\nsources:\n  s:\n    columns: {}\n    format: csv\n    delimiter: tab\n    decimal: \",\"\n    quote: \"'\"\n    missing: [NA, null, '']\n";
    let source = &file(text).sources["s"];
    assert_eq!(value(source.format.format.as_ref()).as_deref(), Some("csv"));
    assert_eq!(value(source.format.delimiter.as_ref()), Some('\t'));
    assert_eq!(value(source.format.decimal.as_ref()), Some(','));
    assert_eq!(value(source.format.quote.as_ref()), Some('\''));
    let missing: Vec<&str> = source.format.missing.iter().map(|name| name.value.as_str()).collect();
    assert_eq!(missing, ["NA", "null", ""]);
}

#[test]
fn includes_and_overrides() {
    let names = |names: &[crate::Name]| names.iter().map(|name| name.value.clone()).collect::<Vec<_>>();
    let one = file("accolade: 1\ninclude: base.yaml\noverride: [rules.a, profile.b]\n");
    assert_eq!(names(&one.include), ["base.yaml"]);
    assert_eq!(names(&one.overrides), ["rules.a", "profile.b"]);
    assert_eq!(names(&file("accolade: 1\ninclude: [a.yaml, b.yaml]\n").include), ["a.yaml", "b.yaml"]);
}

#[test]
fn bytes() {
    let (file, out) = parse_bytes(SourceId(3), b"\xef\xbb\xbfaccolade: 1\n");
    assert_eq!(lines(&out), [""; 0]);
    assert_eq!(file.version.unwrap().span.range(), 13..14);
    let (_, out) = parse_bytes(SourceId(3), b"accolade: 1\nname: caf\xe9\n");
    assert_eq!(lines(&out), ["E0005 21..22 byte 21 is not UTF-8"]);
    assert_eq!(out[0].labels[0].span.source, SourceId(3));
    assert_eq!(decode(SourceId(0), b"abc"), Ok("abc"));
}
