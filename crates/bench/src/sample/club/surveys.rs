//! The answers to the surveys of May 2024 and May 2025.

use super::{Membership, Person, year_days};
use crate::calendar::iso;
use crate::rng::Rng;

/// The part of the asked customers that answers.
const RESPONSE: f64 = 0.55;
/// The part of the questions that are left open.
const OPEN_QUESTIONS: f64 = 0.04;
/// The years 2024 and 2025, counted from 2023, and the days from 1 January to 1 May of each.
const ROUNDS: [(usize, i32); 2] = [(1, 121), (2, 120)];

/// How a question is answered: on `low..top` around `mean`, plus `slope` for each unit of contentment.
struct Question {
    name: &'static str,
    low: f64,
    top: f64,
    mean: f64,
    slope: f64,
    noise: f64,
    /// Added to the answers of members.
    club: f64,
}

const QUESTIONS: [Question; 7] = [
    Question { name: "recommend", low: 0.0, top: 10.0, mean: 7.3, slope: 1.7, noise: 1.1, club: 0.4 },
    Question { name: "satisfaction", low: 1.0, top: 5.0, mean: 3.7, slope: 0.8, noise: 0.45, club: 0.2 },
    Question { name: "effort", low: 1.0, top: 7.0, mean: 5.1, slope: 0.8, noise: 1.0, club: 0.0 },
    Question { name: "quality", low: 1.0, top: 5.0, mean: 3.9, slope: 0.6, noise: 0.6, club: 0.0 },
    Question { name: "attention", low: 1.0, top: 5.0, mean: 3.5, slope: 0.7, noise: 0.6, club: 0.3 },
    Question { name: "information", low: 1.0, top: 5.0, mean: 3.4, slope: 0.5, noise: 0.7, club: 0.5 },
    Question { name: "involvement", low: 1.0, top: 5.0, mean: 3.0, slope: 0.6, noise: 0.7, club: 0.6 },
];

/// The table of answers, by date. Customers who bought in the twelve months before are asked.
pub fn text(people: &mut [Person]) -> String {
    let mut rows: Vec<(i32, String, String)> = Vec::new();
    for person in people {
        for (year, may) in ROUNDS {
            let first = year_days(year).start + may;
            let asked = person.orders.iter().any(|order| (first - 365..first).contains(&order.day));
            let member = year == 2 && person.club == Membership::Member;
            let (content, rng) = (person.contentment, &mut person.rng);
            if asked && rng.chance(RESPONSE) {
                let day = first + rng.below(30) as i32;
                let answers: Vec<String> = QUESTIONS.iter().map(|q| answer(q, content, member, rng)).collect();
                rows.push((day, person.key.clone(), answers.join(",")));
            }
        }
    }
    rows.sort();
    let names: Vec<&str> = QUESTIONS.iter().map(|question| question.name).collect();
    let mut text = format!("customer_id,answered_on,{}\n", names.join(","));
    for (day, key, answers) in rows {
        text += &format!("{key},{},{answers}\n", iso(day));
    }
    text
}

fn answer(question: &Question, content: f64, member: bool, rng: &mut Rng) -> String {
    let Question { low, top, mean, slope, noise, club, .. } = question;
    let extra = if member { *club } else { 0.0 };
    let answer = libm::round(mean + extra + slope * content + noise * rng.normal()).clamp(*low, *top);
    if rng.chance(OPEN_QUESTIONS) { String::new() } else { (answer as i64).to_string() }
}
