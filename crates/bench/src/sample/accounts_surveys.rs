//! The answers of business accounts in October 2024 and in October 2025, on whether they would recommend us.

use super::UnnumberedOrder;
use crate::calendar::{FIRST_DAY, YEAR_DAYS, iso};
use crate::rng::Rng;

/// The part of the asked accounts that answers.
const RESPONSE: f64 = 0.6;
/// The part of the forms that come back without this answer.
const EMPTY_ANSWERS: f64 = 0.03;
/// From 1 January to 1 October: in 2024, a leap year, and in 2025.
const OCTOBER: [i32; 2] = [274, 273];
/// The satisfaction assumed for an account that gave no answer about it.
const ASSUMED_SATISFACTION: f64 = 3.4;

/// What one account answered: the day, its key, the answer.
pub type SurveyAnswer = (i32, String, String);

/// Draws the answers of account number `i` from a random sequence of their own, so that they change nothing else in the
/// sample. Accounts that bought in the twelve months before are asked.
pub fn answers(i: u64, key: &str, orders: &[UnnumberedOrder], satisfaction: Option<i64>) -> Vec<SurveyAnswer> {
    let mut rng = Rng::new(6_000 + i);
    let mut given = Vec::new();
    let mut new_year = FIRST_DAY + YEAR_DAYS[0];
    for (year, october) in [1, 2].into_iter().zip(OCTOBER) {
        let first = new_year + october;
        new_year += YEAR_DAYS[year];
        let bought = orders.iter().any(|order| (first - 365..first).contains(&order.day));
        if bought && rng.chance(RESPONSE) {
            let day = first + rng.below(31) as i32;
            given.push((day, key.to_owned(), answer(satisfaction, &mut rng)));
        }
    }
    given
}

fn answer(satisfaction: Option<i64>, rng: &mut Rng) -> String {
    let content = satisfaction.map_or(ASSUMED_SATISFACTION, |answer| answer as f64);
    let answer = libm::round(7.9 + 1.3 * (content - 3.5) + 1.2 * rng.normal()).clamp(0.0, 10.0);
    if rng.chance(EMPTY_ANSWERS) { String::new() } else { (answer as i64).to_string() }
}

/// The table of answers, by date.
pub fn text(mut rows: Vec<SurveyAnswer>) -> String {
    rows.sort();
    let mut text = "customer_id,answered_on,recommend\n".to_owned();
    for (day, key, answer) in rows {
        text += &format!("{key},{},{answer}\n", iso(day));
    }
    text
}
