//! The SQL that rule sets are lowered to, and its quoting. The end-to-end tests run it on databases.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};

use accolade_engine::model::period::parse_day;
use accolade_engine::rules::compile::compile;
use accolade_engine::rules::set::RuleSet;
use accolade_engine::rules::sql::dialect::{DIALECTS, comment};
use accolade_engine::rules::sql::{Dialect, SqlOptions};
use accolade_engine::rules::sql_statement::{SqlStatement, sql_statement};
use accolade_engine::rules::thresholds::cutoffs::{Bound, CutOffs, Edge};

const HEAD: &str = "accolade: 1\nname: small\nas_of: 2026-01-01\nsources:\n  orders:\n    customer: id\n    date: day\n    \
                    columns: {id: text, day: date, amount: money, hours: number?}\nperiods: {year: last 12 months}\n";

fn rule_set(rest: &str) -> RuleSet {
    let text = format!("{HEAD}{rest}");
    struct Text(String);
    impl accolade_engine::files::Loader for Text {
        fn load(&self, _: &Path) -> std::io::Result<Vec<u8>> {
            Ok(self.0.clone().into_bytes())
        }

        fn is_below(&self, _: &Path, _: &Path) -> bool {
            true
        }
    }
    let compilation = compile(&PathBuf::from("rules.yaml"), &Text(text), &accolade_engine::plugins());
    compilation.set.unwrap_or_else(|| panic!("{:#?}", compilation.diagnostics))
}

fn statement(rest: &str, dialect: Dialect, leave_out: bool) -> Result<SqlStatement, accolade_parser::Diagnostics> {
    let edges = |bound| vec![Edge::Value(bound)];
    let class = CutOffs([("A".to_owned(), edges(Bound::ratio(2_505, 10)))].into_iter().collect());
    let cut_offs = [("class".to_owned(), class)].into_iter().collect();
    let tables = indexmap::IndexMap::new();
    let as_of = parse_day("2026-01-01").unwrap();
    sql_statement(
        &rule_set(rest),
        &SqlOptions { dialect, as_of, cut_offs: &cut_offs, tables: &tables, view: None, leave_out },
    )
}

#[test]
fn names_stay_names() {
    for (dialect, name, expected) in [
        (Dialect::DuckDb, "revenue", "\"revenue\""),
        (Dialect::DuckDb, "a\" FROM x; DROP TABLE y; --", "\"a\"\" FROM x; DROP TABLE y; --\""),
        (Dialect::Postgres, "naïve \"order\"", "\"naïve \"\"order\"\"\""),
        (Dialect::Spark, "a`b", "`a``b`"),
        (Dialect::Spark, "select", "`select`"),
    ] {
        assert_eq!(dialect.identifier(name), expected);
    }
}

#[test]
fn texts_stay_texts() {
    for (dialect, text, expected) in [
        (Dialect::DuckDb, "it's", "'it''s'"),
        (Dialect::DuckDb, "\\' OR 1=1 --", "'\\'' OR 1=1 --'"),
        (Dialect::Postgres, "it's", "'it''s'"),
        (Dialect::Postgres, "\\' OR 1=1 --", "E'\\\\'' OR 1=1 --'"),
        (Dialect::Spark, "it's", "concat('it', chr(39), 's')"),
        (Dialect::Spark, "\\' OR 1=1 --", "concat(chr(92), chr(39), ' OR 1=1 --')"),
    ] {
        assert_eq!(dialect.text(text), expected);
    }
}

#[test]
fn a_comment_ends_where_its_line_does() {
    assert_eq!(comment("a\nDROP TABLE x;\r\u{2028}b"), "a DROP TABLE x;  b");
}

#[test]
fn expressions_are_lowered() {
    for (dialect, expression, expected) in [
        (Dialect::DuckDb, "revenue / 3", "DECIMAL(38, 0)) * 0.0001"),
        (Dialect::DuckDb, "orders_placed + 1", "TRY(\"orders_placed\" + 1)"),
        (Dialect::Spark, "orders_placed + 1", "try_add(`orders_placed`, 1)"),
        (Dialect::Postgres, "last_day < as_of - 1 month", "\"last_day\" < DATE '2025-12-01'"),
        (Dialect::Postgres, "note < \"it's\"", "\"note\" COLLATE \"C\" < 'it''s' COLLATE \"C\""),
        (Dialect::DuckDb, "last_day is missing", "\"last_day\" IS NULL AS \"x\""),
        (Dialect::DuckDb, "last_hours or else 2.5", "COALESCE(\"last_hours\", 2.5e0)"),
    ] {
        let rest = format!(
            "profile:\n  quantitative:\n    revenue: sum(orders.amount in year)\n    orders_placed: count(orders)\n    \
             last_day: max(orders.day)\n    last_hours: last(orders.hours)\n    note: min(orders.id)\n    x: '{}'\n",
            expression.replace('\'', "''")
        );
        let text = statement(&rest, dialect, false).unwrap().text;
        assert!(text.contains(expected), "{expression}\n{text}");
    }
}

#[test]
fn every_dialect_writes_a_whole_statement() {
    for (name, dialect) in DIALECTS {
        assert_eq!(dialect.name(), name);
        let text = statement(SMALL, dialect, false).unwrap().text;
        assert!(!text.contains('$'), "{text}");
    }
}

const SMALL: &str = "profile:\n  quantitative: {revenue: sum(orders.amount in year)}\nrules:\n  class:\n    kind: abc\n    \
                     description: Who brings most.\n    by: revenue\n    classes: {A: top 80%, B: rest}\n  \
                     plan: {kind: segments, segments: {visit: class = \"A\", call: rest}}\n";

#[test]
fn a_small_rule_set_as_a_whole() {
    let text = statement(SMALL, Dialect::DuckDb, false).unwrap().text;
    let golden = include_str!("sql/small.duckdb.sql");
    assert!(text == golden, "{text}");
}

#[test]
fn what_has_no_sql_is_refused_or_left_out() {
    let rest = "profile:\n  quantitative:\n    work: sum(orders.hours)\n    twice: work * 2\n    placed: count(orders)\n    \
                squared: power(placed, 2)\n";
    let refused = statement(rest, Dialect::Postgres, false).unwrap_err();
    let codes: Vec<&str> = refused.iter().map(|d| d.code.id()).collect();
    // `twice` is not reported: its only fault is to read `work`.
    assert_eq!(codes, ["E0901", "E0901"], "{refused:#?}");
    assert!(refused.iter().all(|d| !d.labels.is_empty() && !d.help.is_empty()));
    let left = statement(rest, Dialect::Postgres, true).unwrap();
    assert_eq!(left.findings.len(), 3, "{:#?}", left.findings);
    assert!(left.text.contains("Left out, since they cannot be written as SQL: work, twice, squared"), "{}", left.text);
    assert!(left.text.contains("AS \"placed\""));
}
