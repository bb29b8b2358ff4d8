//! The spend of customers on gardens, the shops they use, and the cost of winning them.

use super::{Person, Relation};
use crate::rng::Rng;

/// The columns of [`row`].
pub const HEADER: &str = "category_spend,brands,our_rank,acquisition_cost";

/// The part of the customers whose spend with all shops is not known.
const UNKNOWN_SPEND: f64 = 0.2;
/// The part of the customers whose other shops are not known.
const UNKNOWN_SHOPS: f64 = 0.12;
/// The places in the file of customers who report less spend than they bought, if they bought.
const UNDERSTATED: [usize; 6] = [47, 123, 188, 256, 371, 440];

/// The last columns of a customer's row.
pub fn row(place: usize, person: &mut Person) -> String {
    let (shops, rank) = shops(person);
    let (last, before) = (person.spent(2).amount(), person.spent(1).amount());
    let (with_us, rng) = (last.max(before), &mut person.rng);
    let bought = with_us > 0.0;
    let usual = if bought { with_us } else { person.yearly };
    // The wallet allocation rule (Keiningham, Aksoy, Buoye and Cooil, 2011), with noise.
    let by_rank = (1.0 - rank as f64 / (shops as f64 + 1.0)) * 2.0 / shops as f64;
    let share = (by_rank * libm::exp(0.35 * rng.normal())).clamp(0.03, 1.0);
    let understated = last > 20.0 && UNDERSTATED.contains(&place);
    let spend = if understated { last * rng.between(0.7, 0.95) } else { usual / share };
    let round = if understated { libm::floor } else { libm::ceil };
    let spend = (round(spend / 10.0) as i64).max(2) * 10;

    let known = person.relation != Relation::Suspect;
    let spend = if rng.chance(UNKNOWN_SPEND) && !understated { String::new() } else { format!("{spend}.00") };
    let told = known && !rng.chance(UNKNOWN_SHOPS);
    let brands = if told { shops.to_string() } else { String::new() };
    let rank = if told && person.relation != Relation::Prospect { rank.to_string() } else { String::new() };
    format!("{spend},{brands},{rank},{}.00", acquisition(person.relation, rng))
}

/// The number of shops a customer uses, and our place among them: the more content, the higher.
fn shops(person: &mut Person) -> (i64, i64) {
    let Person { rng, contentment: content, .. } = person;
    let shops = rng.pick(&[1, 2, 2, 2, 3, 3, 3, 4, 4, 5]);
    let place = 0.5 - 0.22 * *content + 0.2 * rng.normal();
    (shops, (libm::ceil(place * shops as f64) as i64).clamp(1, shops))
}

/// The cost of winning the customer so far, in whole euros.
fn acquisition(past: Relation, rng: &mut Rng) -> i64 {
    let cost = match past {
        Relation::Suspect => rng.between(0.0, 12.0),
        Relation::Prospect => rng.log_normal(35.0, 0.5),
        Relation::New => rng.log_normal(85.0, 0.5),
        Relation::Gone | Relation::Active => rng.log_normal(60.0, 0.6),
    };
    libm::round(cost) as i64
}
