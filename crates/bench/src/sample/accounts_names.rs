//! Names that belong to no company: an adjective and a thing that do not go together, and a trade.

use crate::permutation::Permutation;

const ADJECTIVES: [&str; 20] = [
    "Bedeesde",
    "Blauwe",
    "Dansende",
    "Deftige",
    "Dromende",
    "Flitsende",
    "Gestreepte",
    "Guitige",
    "Kordate",
    "Mompelende",
    "Nieuwsgierige",
    "Paarse",
    "Pientere",
    "Plechtige",
    "Ronkende",
    "Slaperige",
    "Stoutmoedige",
    "Vergulde",
    "Wiebelende",
    "Zingende",
];
const THINGS: [&str; 24] = [
    "Alpaca",
    "Augurk",
    "Das",
    "Eland",
    "Fazant",
    "Giraffe",
    "Hommel",
    "Kameel",
    "Kapstok",
    "Knol",
    "Krekel",
    "Lepelaar",
    "Mammoet",
    "Mispel",
    "Otter",
    "Paraplu",
    "Pompoen",
    "Rammelaar",
    "Sikkel",
    "Tapir",
    "Toverbal",
    "Walnoot",
    "Walrus",
    "Zebra",
];
const TRADES: [(&str, &[&str]); 7] = [
    ("construction", &["Bouw", "Dakwerken", "Gevelbouw"]),
    ("food", &["Banket", "Conserven", "Zuivel"]),
    ("healthcare", &["Zorg", "Medische Artikelen"]),
    ("horticulture", &["Kwekerij", "Kassen"]),
    ("logistics", &["Transport", "Expeditie"]),
    ("machinery", &["Machinebouw", "Pompen", "Metaal"]),
    ("retail", &["Winkels", "Warenhuis"]),
];
const CITIES: [(&str, &str); 20] = [
    ("Amersfoort", "NL"),
    ("Arnhem", "NL"),
    ("Breda", "NL"),
    ("Eindhoven", "NL"),
    ("Groningen", "NL"),
    ("Haarlem", "NL"),
    ("Leeuwarden", "NL"),
    ("Nijmegen", "NL"),
    ("Rotterdam", "NL"),
    ("Tilburg", "NL"),
    ("Utrecht", "NL"),
    ("Venlo", "NL"),
    ("Zwolle", "NL"),
    ("Antwerpen", "BE"),
    ("Brugge", "BE"),
    ("Gent", "BE"),
    ("Hasselt", "BE"),
    ("Kortrijk", "BE"),
    ("Leuven", "BE"),
    ("Mechelen", "BE"),
];

/// The name, the place and the sector of an account.
pub struct Identity {
    /// Its invented name.
    pub name: String,
    /// Its city.
    pub city: &'static str,
    /// `NL` or `BE`.
    pub country: &'static str,
    /// Its line of business.
    pub sector: &'static str,
}

/// Identity number `i`; no two below 480 share the first two words.
pub fn identity(i: u64) -> Identity {
    let words = Permutation::new((ADJECTIVES.len() * THINGS.len()) as u64, [11, 12, 13, 14]).apply(i) as usize;
    let mix = Permutation::new(1 << 16, [21, 22, 23, 24]).apply(i) as usize;
    let (sector, trades) = TRADES[mix % TRADES.len()];
    let (city, country) = CITIES[mix / 7 % CITIES.len()];
    let trade = trades[mix / 140 % trades.len()];
    let form = if country == "NL" { "BV" } else { "NV" };
    let (adjective, thing) = (ADJECTIVES[words % ADJECTIVES.len()], THINGS[words / ADJECTIVES.len()]);
    Identity { name: format!("{adjective} {thing} {trade} {form}"), city, country, sector }
}
