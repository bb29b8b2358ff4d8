//! Invented names of houses, gardens and clubs: a kind of place, then an adjective and a plant or an animal that do not
//! go together.

use crate::permutation::Permutation;

const PLACES: [&str; 10] =
    ["Camping", "Hoeve", "Hotel", "Huize", "Kasteel", "Pension", "School", "Tuinclub", "Villa", "Volkstuin"];
const ADJECTIVES: [&str; 20] = [
    "Beleefde",
    "Bescheiden",
    "Breiende",
    "Fluisterende",
    "Gapende",
    "Giechelende",
    "Goudgele",
    "Kleurige",
    "Kuierende",
    "Lachende",
    "Luie",
    "Neuriënde",
    "Olijke",
    "Roestige",
    "Scheve",
    "Snurkende",
    "Tevreden",
    "Verlegen",
    "Vrolijke",
    "Zwevende",
];
const THINGS: [&str; 26] = [
    "Aalbes",
    "Andijvie",
    "Braam",
    "Bunzing",
    "Distel",
    "Egel",
    "Framboos",
    "Gieter",
    "Goudvis",
    "Grashalm",
    "Heg",
    "Kabouter",
    "Kikker",
    "Klaproos",
    "Kruiwagen",
    "Merel",
    "Mol",
    "Pastinaak",
    "Peer",
    "Prei",
    "Radijs",
    "Rupsband",
    "Slak",
    "Specht",
    "Spinazie",
    "Winterkoning",
];
const CITIES: [&str; 16] = [
    "Aalsmeer",
    "Assen",
    "Barneveld",
    "Boskoop",
    "Deventer",
    "Doetinchem",
    "Ede",
    "Goes",
    "Gouda",
    "Hoorn",
    "Kampen",
    "Lisse",
    "Meppel",
    "Oss",
    "Roermond",
    "Zutphen",
];

/// Name and city number `i`; no two names below 520 are the same.
pub fn identity(i: u64) -> (String, &'static str) {
    let words = Permutation::new((ADJECTIVES.len() * THINGS.len()) as u64, [71, 72, 73, 74]).apply(i) as usize;
    let mix = Permutation::new(1 << 16, [75, 76, 77, 78]).apply(i) as usize;
    let (adjective, thing) = (ADJECTIVES[words % ADJECTIVES.len()], THINGS[words / ADJECTIVES.len()]);
    let (place, city) = (PLACES[mix % PLACES.len()], CITIES[mix / PLACES.len() % CITIES.len()]);
    (format!("{place} {adjective} {thing}"), city)
}
