//! The rows of the customers table.

use super::BuyingHabits;
use crate::money::Cents;
use crate::rng::Rng;

const CITIES: [&str; 12] = [
    "Amersfoort",
    "Antwerpen",
    "Breda",
    "Eindhoven",
    "Gent",
    "Groningen",
    "Hasselt",
    "Leuven",
    "Rotterdam",
    "Tilburg",
    "Utrecht",
    "Zwolle",
];
const SECTORS: [&str; 6] = ["construction", "food", "healthcare", "logistics", "machinery", "retail"];

/// A row of the customers table.
pub struct CustomerRow {
    /// Its number; the key is made from it.
    pub index: u32,
    /// Its city.
    pub city: &'static str,
    /// Its line of business.
    pub sector: &'static str,
    /// Its answer, 1 to 5; a quarter never answered.
    pub satisfaction: Option<i64>,
    /// The judgement of the account manager, 1 to 10.
    pub cooperation: i64,
    /// What it spends in a year on what we sell, with us and with others.
    pub potential_revenue: Cents,
}

/// All customers, by key.
pub fn draw(population: &BuyingHabits) -> impl Iterator<Item = CustomerRow> {
    let mut rng = Rng::new(11);
    (0..population.customers()).map(move |index| {
        let yearly = population.usual_amount(index) * population.order_count(index).max(3) as f64 / 3.0;
        CustomerRow {
            index,
            city: rng.pick(&CITIES),
            sector: rng.pick(&SECTORS),
            satisfaction: if rng.chance(0.25) { None } else { Some(1 + libm::sqrt(rng.unit() * 25.0) as i64) },
            cooperation: 1 + (5.0 * (rng.unit() + rng.unit())) as i64,
            potential_revenue: Cents::of(yearly * rng.between(1.1, 8.0) + 100.0),
        }
    })
}
