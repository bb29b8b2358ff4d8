//! Service: calls and visits, and what they cost.

use super::{Person, Relation, year_days};
use crate::calendar::iso;
use crate::money::Cents;

/// The part of the customers that asks for far more service than it buys.
const DEMANDING: f64 = 0.07;
/// The part of the contacts that is a call; the rest are visits.
const CALLS: f64 = 0.6;

/// The table of visits and calls, by date.
pub fn text(people: &mut [Person]) -> String {
    let mut rows: Vec<(i32, String, Cents)> = Vec::new();
    for person in people {
        let demanding = person.rng.chance(DEMANDING);
        for year in 1..3 {
            for _ in 0..contacts(person, year, demanding) {
                let (days, rng) = (year_days(year), &mut person.rng);
                let day = days.start + rng.below((days.end - days.start) as u64) as i32;
                let cost = if rng.chance(CALLS) { rng.between(7.0, 16.0) } else { rng.between(45.0, 95.0) };
                rows.push((day, person.key.clone(), Cents::of(cost)));
            }
        }
    }
    rows.sort();
    let mut text = String::from("customer_id,visit_date,cost\n");
    for (day, key, cost) in rows {
        text += &format!("{key},{},{cost}\n", iso(day));
    }
    text
}

/// How often a customer was seen or called in a year.
fn contacts(person: &mut Person, year: usize, demanding: bool) -> u64 {
    let (buys, rng) = (person.buys_in(year), &mut person.rng);
    match person.relation {
        Relation::Suspect => 0,
        Relation::Prospect => (year as u64 - 1) * (1 + rng.below(3)),
        _ if !buys => rng.below(2) * (year as u64 - 1),
        _ if demanding => 7 + rng.below(7),
        _ if person.yearly > 5_000.0 => 4 + rng.below(5),
        _ if person.yearly > 1_500.0 => 1 + rng.below(3),
        _ => rng.below(3),
    }
}
