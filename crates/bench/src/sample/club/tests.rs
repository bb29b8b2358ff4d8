//! Tests of the sample of the club.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::sentences::SENTENCES;
use super::*;
use crate::Result;

/// Orders by year, 2023 to 2025: amount and margin in cents.
type Years = [Vec<(i64, i64)>; 3];

/// The orders of each customer in 2023, 2024 and 2025.
fn by_year(tables: &Tables) -> Result<BTreeMap<&str, Years>> {
    let mut years: BTreeMap<&str, Years> = BTreeMap::new();
    for row in tables.rows("orders.csv") {
        let year: usize = row[2][..4].parse()?;
        years.entry(row[1]).or_default()[year - 2023].push((cents(row[3])?, cents(row[4])?));
    }
    Ok(years)
}

fn cents(text: &str) -> Result<i64> {
    Ok(text.replace('.', "").parse()?)
}

fn total(orders: &[(i64, i64)]) -> i64 {
    orders.iter().map(|(amount, _)| amount).sum()
}

fn within(what: &str, actual: f64, range: Range<f64>) {
    assert!(range.contains(&actual), "{what}: {actual}");
}

#[test]
fn customers_are_of_every_relation() -> Result<()> {
    let tables = draw();
    let years = by_year(&tables)?;
    let customers = tables.rows("customers.csv");
    let count = |relation| customers.iter().filter(|row| row[3] == relation).count();
    assert_eq!((count("customer"), count("prospect"), count("suspect")), (455, 30, 15));
    assert!(customers.iter().all(|row| (row[3] == "customer") == years.contains_key(row[0])));
    assert_eq!(customers.iter().map(|row| row[1]).collect::<BTreeSet<_>>().len(), 500);

    let past = |bought: [bool; 3]| years.values().filter(|y| [0, 1, 2].map(|i| !y[i].is_empty()) == bought).count();
    assert_eq!(past([true, false, false]) + past([true, false, true]), 60);
    assert_eq!((past([true, false, true]), past([false, false, true])), (18, 45));
    within("old customers", (past([true, true, false]) + past([true, true, true])) as f64, 120.0..160.0);
    Ok(())
}

#[test]
fn revenue_is_skewed_and_some_is_sent_back() -> Result<()> {
    let tables = draw();
    let years = by_year(&tables)?;
    let amounts: Vec<i64> = years.values().flatten().flatten().map(|(amount, _)| *amount).collect();
    within("orders", amounts.len() as f64, 5_000.0..6_000.0);
    let returns = amounts.iter().filter(|amount| **amount < 0).count();
    within("returns", returns as f64 / amounts.len() as f64, 0.015..0.025);
    for year in 1..3 {
        let mut revenue: Vec<i64> = years.values().map(|y| total(&y[year])).collect();
        revenue.sort_unstable_by(|a, b| b.cmp(a));
        let buyers = revenue.iter().filter(|revenue| **revenue > 0).count();
        let top: i64 = revenue[..buyers / 5].iter().sum();
        within("the top fifth", top as f64 / revenue.iter().sum::<i64>() as f64, 0.70..0.80);
    }
    Ok(())
}

#[test]
fn members_stay_and_buy_more_than_those_held_out() -> Result<()> {
    let tables = draw();
    let years = by_year(&tables)?;
    let (mut figures, mut margins) = (Vec::new(), Vec::new());
    for (club, members) in [("member", 180), ("held_out", 60)] {
        let rows = tables.rows("customers.csv");
        let all: Vec<_> = rows.iter().filter(|row| row[4] == club).map(|row| &years[row[0]]).collect();
        assert_eq!(all.len(), members);
        assert!(all.iter().all(|y| !y[1].is_empty()), "{club} without an order in 2024");
        let kept: Vec<_> = all.iter().filter(|y| !y[2].is_empty()).collect();
        let before: i64 = all.iter().map(|y| total(&y[1])).sum();
        let [kept_before, kept_after] = [1, 2].map(|year| kept.iter().map(|y| total(&y[year])).sum::<i64>() as f64);
        let margin: i64 = all.iter().flat_map(|y| &y[2]).map(|(_, margin)| margin).sum();
        margins.push(margin as f64 / members as f64);
        let kept = kept.len() as f64 / members as f64;
        figures.push((kept, before as f64 / members as f64, kept_after / kept_before));
    }
    within("members kept", figures[0].0, 0.81..0.83);
    within("held out kept", figures[1].0, 0.67..0.69);
    within("revenue before", figures[0].1 / figures[1].1, 0.95..1.05);
    within("margin after", margins[0] / margins[1], 1.1..1.5);
    within("growth of who stays", figures[0].2 / figures[1].2, 1.04..1.12);
    Ok(())
}

#[test]
fn a_few_wallets_are_smaller_than_what_was_bought() -> Result<()> {
    let tables = draw();
    let years = by_year(&tables)?;
    let customers = tables.rows("customers.csv");
    let mut over = 0;
    for row in &customers {
        assert_eq!(row.len(), 9);
        assert!(row[6].parse().is_ok_and(|brands: i64| (1..=5).contains(&brands)) || row[6].is_empty(), "{row:?}");
        assert!(row[7].is_empty() || (1..=row[6].parse()?).contains(&row[7].parse::<i64>()?), "{row:?}");
        assert!(row[8].ends_with(".00") && cents(row[8])? >= 0, "{row:?}");
        if let (Some(years), false) = (years.get(row[0]), row[5].is_empty()) {
            over += usize::from(cents(row[5])? < total(&years[2]));
        }
    }
    assert!((3..=5).contains(&over), "{over}");
    within("unknown", customers.iter().filter(|row| row[5].is_empty()).count() as f64 / 500.0, 0.17..0.23);
    Ok(())
}

#[test]
fn service_costs_more_than_some_customers_bring() -> Result<()> {
    let tables = draw();
    let mut left: BTreeMap<&str, i64> = BTreeMap::new();
    for (key, years) in by_year(&tables)? {
        left.insert(key, years[2].iter().map(|(_, margin)| margin).sum());
    }
    let visits = tables.rows("visits.csv");
    for row in visits.iter().filter(|row| row[1].starts_with("2025")) {
        *left.entry(row[0]).or_default() -= cents(row[2])?;
    }
    let buyers = by_year(&tables)?.into_iter().filter(|(_, years)| !years[2].is_empty());
    let negative = buyers.filter(|(key, _)| left[key] < 0).count();
    within("buyers who cost more than they bring", negative as f64, 30.0..75.0);
    within("visits", visits.len() as f64, 1_200.0..2_000.0);
    Ok(())
}

#[test]
fn surveys_tell_who_stays() -> Result<()> {
    let tables = draw();
    let years = by_year(&tables)?;
    let surveys = tables.rows("surveys.csv");
    let mut keys = BTreeSet::new();
    // For customers who answer 1 to 3, and for those who answer 4 or 5: their number, how many stay, and the sum of
    // their recommendations.
    let mut groups = [(0.0, 0.0, 0.0); 2];
    for row in &surveys {
        assert!(keys.insert((row[0], &row[1][..4])), "{row:?}");
        assert!(matches!(&row[1][..7], "2024-05" | "2025-05"), "{row:?}");
        for (answer, range) in row[2..].iter().zip([0..=10, 1..=5, 1..=7, 1..=5, 1..=5, 1..=5, 1..=5]) {
            assert!(answer.is_empty() || range.contains(&answer.parse::<i64>()?), "{row:?}");
        }
        let bought = &years[row[0]];
        if let (true, Ok(recommend), Ok(satisfaction)) =
            (!bought[1].is_empty() && row[1].starts_with("2024"), row[2].parse::<f64>(), row[3].parse::<i64>())
        {
            let group = &mut groups[usize::from(satisfaction >= 4)];
            *group = (group.0 + 1.0, group.1 + f64::from(u8::from(!bought[2].is_empty())), group.2 + recommend);
        }
    }
    let [low, high] = groups;
    within("more content customers stay", high.1 / high.0 - low.1 / low.0, 0.2..0.6);
    within("more content customers recommend", high.2 / high.0 - low.2 / low.0, 1.5..4.0);
    let open = surveys.iter().flat_map(|row| &row[2..]).filter(|answer| answer.is_empty()).count();
    within("open answers", open as f64 / (7 * surveys.len()) as f64, 0.02..0.06);
    within("answers", surveys.len() as f64, 300.0..420.0);
    Ok(())
}

#[test]
fn notes_are_sentences_without_a_comma() {
    assert!(SENTENCES.iter().all(|sentence| !sentence.text.contains([',', '"'])));
    assert_eq!(SENTENCES.iter().map(|sentence| sentence.text).collect::<BTreeSet<_>>().len(), SENTENCES.len());
    let tables = draw();
    let notes = tables.rows("notes.csv");
    assert!(notes.iter().all(|row| row.len() == 4));
    within("notes", notes.len() as f64, 110.0..135.0);
    let per = |cell: usize| notes.iter().map(|row| row[cell]).collect::<BTreeSet<_>>().len();
    assert_eq!((per(0), per(2)), (45, 6));
    assert!(SENTENCES.len() >= 60 && per(3) >= 50);
    let member: BTreeMap<&str, &str> = tables.rows("customers.csv").iter().map(|row| (row[0], row[4])).collect();
    let club = |row: &[&str]| row[3].contains("club card") || row[3].contains("since joining");
    assert!(notes.iter().any(|row| club(row)));
    assert!(notes.iter().filter(|row| club(row)).all(|row| member[row[0]] == "member" && row[1].starts_with("2025")));
}
