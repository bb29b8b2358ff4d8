//! Tests of the shipped samples.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::*;

impl Tables {
    /// The text of a file of the set.
    pub fn text(&self, file: &str) -> &str {
        self.0.iter().find(|(name, _)| *name == file).map_or("", |(_, text)| text)
    }

    /// The rows of a file of the set, in cells.
    pub fn rows(&self, file: &str) -> Vec<Vec<&str>> {
        self.text(file).lines().skip(1).map(|line| line.split(',').collect()).collect()
    }
}

/// The amounts of the orders of each customer in the file, in cents.
fn amounts(tables: &Tables) -> Result<BTreeMap<&str, Vec<i64>>> {
    let mut amounts = BTreeMap::new();
    for row in tables.rows("customers.csv") {
        amounts.insert(row[0], Vec::new());
    }
    for cells in tables.rows("orders.csv") {
        let orders = amounts.get_mut(cells[1]).ok_or("an order of nobody")?;
        orders.push(cells[3].replace('.', "").parse()?);
    }
    Ok(amounts)
}

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

#[test]
fn the_shipped_files_are_what_is_drawn() -> Result<()> {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules");
    for (set, name) in [
        (SampleSet::B2bAccounts, "b2b-accounts"),
        (SampleSet::WebshopRfm, "webshop-rfm"),
        (SampleSet::ConsultantScorecard, "consultant-scorecard"),
        (SampleSet::LoyaltyProgramme, "loyalty-programme"),
    ] {
        let tables = draw(set);
        assert!(tables == draw(set));
        let mut shipped = BTreeSet::new();
        for entry in fs::read_dir(rules.join(name))? {
            let file = entry?.file_name().to_string_lossy().into_owned();
            if file.ends_with(".csv") {
                assert!(tables.text(&file) == fs::read_to_string(rules.join(name).join(&file))?, "{name}/{file}");
                shipped.insert(file);
            }
        }
        assert_eq!(shipped, tables.0.iter().map(|(file, _)| file.to_string()).collect(), "{name}");
        assert!(tables.0.iter().map(|(_, text)| text.len()).sum::<usize>() < 600_000, "{name}");
    }
    Ok(())
}

#[test]
fn accounts_are_skewed_and_have_prospects_and_returns() -> Result<()> {
    let tables = draw(SampleSet::B2bAccounts);
    let amounts = amounts(&tables)?;
    let orders: usize = amounts.values().map(Vec::len).sum();
    assert_eq!(amounts.len(), 300);
    assert!((2_000..4_000).contains(&orders), "{orders}");
    let prospects = amounts.values().filter(|orders| orders.is_empty()).count();
    assert_eq!(prospects, 24);
    let returns = share(amounts.values().flatten().filter(|amount| **amount < 0).count(), orders);
    assert!((0.015..0.025).contains(&returns), "{returns}");
    let mut revenue: Vec<i64> = amounts.values().map(|orders| orders.iter().sum()).collect();
    revenue.sort_unstable_by(|a, b| b.cmp(a));
    let top = revenue[..60].iter().sum::<i64>() as f64 / revenue.iter().sum::<i64>() as f64;
    assert!((0.75..0.85).contains(&top), "{top}");
    Ok(())
}

#[test]
fn accounts_have_names_and_a_potential() {
    let tables = draw(SampleSet::B2bAccounts);
    let rows = tables.rows("customers.csv");
    let names: BTreeSet<&str> = rows.iter().map(|row| row[1]).collect();
    assert_eq!(names.len(), 300);
    assert!(
        rows.iter().all(|row| row.len() == 8 && !row[6].is_empty() && row[7].parse::<f64>().is_ok_and(|p| p > 0.0))
    );
    let silent = share(rows.iter().filter(|row| row[5].is_empty()).count(), 300);
    assert!((0.15..0.3).contains(&silent), "{silent}");
}

#[test]
fn accounts_are_asked_twice_and_the_content_ones_recommend_us() -> Result<()> {
    let tables = draw(SampleSet::B2bAccounts);
    let customers = tables.rows("customers.csv");
    let satisfaction: BTreeMap<&str, &str> = customers.iter().map(|row| (row[0], row[5])).collect();
    let surveys = tables.rows("surveys.csv");
    let orders = tables.rows("orders.csv");
    for (month, before) in [("2024-10", "2023-10"), ("2025-10", "2024-10")] {
        let bought = orders.iter().filter(|row| (before..month).contains(&&row[2][..7]));
        let asked: BTreeSet<&str> = bought.map(|row| row[1]).collect();
        let answered: Vec<&str> = surveys.iter().filter(|row| row[1].starts_with(month)).map(|row| row[0]).collect();
        assert!(answered.iter().all(|key| asked.contains(key)), "{month}");
        assert_eq!(answered.iter().collect::<BTreeSet<_>>().len(), answered.len(), "{month}");
        let response = share(answered.len(), asked.len());
        assert!((0.54..0.66).contains(&response), "{month}: {response}");
    }
    assert!(surveys.iter().all(|row| ["2024-10", "2025-10"].contains(&&row[1][..7])));

    let mean = |content: fn(&str) -> bool| -> Result<f64> {
        let rows = surveys.iter().filter(|row| content(satisfaction[row[0]]) && !row[2].is_empty());
        let answers = rows.map(|row| Ok(row[2].parse()?)).collect::<Result<Vec<f64>>>()?;
        assert!(answers.iter().all(|answer| (0.0..=10.0).contains(answer)));
        Ok(answers.iter().sum::<f64>() / answers.len() as f64)
    };
    let (content, discontent) = (mean(|mark| mark >= "4")?, mean(|mark| !mark.is_empty() && mark < "4")?);
    assert!(content > discontent + 1.0, "{content} {discontent}");
    Ok(())
}

#[test]
fn the_shop_has_customers_prospects_and_returns() -> Result<()> {
    let tables = draw(SampleSet::WebshopRfm);
    let amounts = amounts(&tables)?;
    let orders: usize = amounts.values().map(Vec::len).sum();
    assert_eq!((amounts.len(), amounts.values().filter(|orders| orders.is_empty()).count()), (400, 28));
    assert!((1_600..2_000).contains(&orders), "{orders}");
    Ok(())
}

#[test]
fn clients_pay_late_and_some_have_not_paid() {
    let tables = draw(SampleSet::ConsultantScorecard);
    let rows = tables.rows("invoices.csv");
    let late = share(rows.iter().filter(|row| row[4] > row[3]).count(), rows.len());
    let open = share(rows.iter().filter(|row| row[4].is_empty()).count(), rows.len());
    assert!((0.2..0.7).contains(&late), "{late}");
    assert!((0.02..0.1).contains(&open), "{open}");
    // None is paid before it is sent.
    assert!(rows.iter().all(|row| row[4].is_empty() || row[4] >= row[2]));
}
