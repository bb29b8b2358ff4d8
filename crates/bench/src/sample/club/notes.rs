//! The notes that the people of the shop took about customers, for an empathy map.

use super::sentences::{SENTENCES, Subject};
use super::{Membership, Person, Relation, year_days};
use crate::calendar::iso;
use crate::permutation::Permutation;
use crate::rng::Rng;

/// How many customers there are notes on.
const NOTED_CUSTOMERS: usize = 45;
/// How many of them have never bought.
const NOTED_PROSPECTS: usize = 3;

/// The table of notes, by date.
pub fn text(people: &[Person]) -> String {
    let shuffle = Permutation::new(people.len() as u64, [81, 82, 83, 84]);
    let shuffled = || (0..people.len()).map(|i| &people[shuffle.apply(i as u64) as usize]);
    let buyers = shuffled().filter(|person| person.buys_in(1) && person.yearly > 400.0);
    let prospects = shuffled().filter(|person| person.relation == Relation::Prospect);
    let mut rng = Rng::new(4_998);
    let mut rows: Vec<(i32, &str, &str, &str)> = Vec::new();
    for person in buyers.take(NOTED_CUSTOMERS - NOTED_PROSPECTS).chain(prospects.take(NOTED_PROSPECTS)) {
        let mut open: Vec<_> = SENTENCES.iter().filter(|s| fits(person, s.subject, s.tone)).collect();
        for _ in 0..1 + rng.below(3) + rng.below(3) {
            let sentence = open.swap_remove(rng.below(open.len() as u64) as usize);
            // Notes about the club are of 2025, when there was one; notes on customers who left are of 2024.
            let of_club = matches!(sentence.subject, Subject::Member | Subject::Outside);
            let year = if of_club { 2 } else { 1 + rng.below(2) as usize };
            let year = if person.buys_in(2) || person.relation == Relation::Prospect { year } else { 1 };
            let days = year_days(year);
            let day = days.start + rng.below((days.end - days.start) as u64) as i32;
            rows.push((day, &person.key, sentence.quadrant, sentence.text));
        }
    }
    rows.sort();
    let mut text = String::from("customer_id,noted_on,quadrant,text\n");
    for (day, key, quadrant, sentence) in rows {
        text += &format!("{key},{},{quadrant},{sentence}\n", iso(day));
    }
    text
}

/// Whether a sentence fits a customer: content customers do not complain, and unhappy ones do not praise.
fn fits(person: &Person, who: Subject, tone: i8) -> bool {
    let about = match who {
        Subject::Anyone => true,
        Subject::Buyer => person.relation != Relation::Prospect,
        Subject::Member => person.club == Membership::Member && person.buys_in(2),
        Subject::Outside => {
            person.club != Membership::Member && (person.buys_in(2) || person.relation == Relation::Prospect)
        }
    };
    about && f64::from(tone) * person.contentment > -0.4
}
