//! What the customers of the garden shop bought, most of it in spring.

use std::f64::consts::TAU;
use std::ops::Range;

use super::{CLUB_EFFECT, Membership, Person, Relation, UnnumberedOrder, WON_BACK, year_days};
use crate::money::Cents;

const RETURNS: f64 = 0.02;
/// The part of the customers of 2024 that bought in 2023 too.
const BOUGHT_IN_2023: f64 = 0.4;
/// One in this many of those who stay, the least loyal, stops before the year is over.
const FADING: usize = 10;
/// Deviation of the logarithm of an amount.
const SPREAD: f64 = 0.5;

/// Draws the orders of 2023 and 2024.
pub fn draw_before_club(person: &mut Person) {
    match person.relation {
        Relation::Gone => {
            let year = year_days(0);
            let stopped = year.start + 60 + person.rng.below(300) as i32;
            buy(person, year.start..stopped, 1.0);
        }
        Relation::Active => {
            if person.rng.chance(BOUGHT_IN_2023) {
                buy(person, year_days(0), 0.95);
            }
            buy(person, year_days(1), 1.0);
        }
        Relation::Prospect | Relation::Suspect | Relation::New => {}
    }
}

/// Draws the orders of 2025. A fixed part of each group stays: the most content and those who buy most.
pub fn draw_club_year(people: &mut [Person]) {
    for club in [Membership::Member, Membership::HeldOut, Membership::None] {
        let group = rank_by_loyalty(people, |person| person.relation == Relation::Active && person.club == club);
        let kept = (group.len() * club.retention_percent() + 50) / 100;
        for (place, i) in group[..kept].iter().enumerate() {
            let fading = (kept - place) * FADING <= kept;
            stay(&mut people[*i], fading);
        }
    }
    let gone = rank_by_loyalty(people, |person| person.relation == Relation::Gone);
    gone[..WON_BACK].iter().for_each(|i| start(&mut people[*i]));
    people.iter_mut().filter(|person| person.relation == Relation::New).for_each(start);
}

fn rank_by_loyalty(people: &mut [Person], chosen: impl Fn(&Person) -> bool) -> Vec<usize> {
    let mut group: Vec<(f64, usize)> = Vec::new();
    for (i, person) in people.iter_mut().enumerate() {
        if chosen(person) {
            let size = libm::log(person.yearly / 600.0);
            group.push((person.contentment + 0.25 * size + 0.9 * person.rng.normal(), i));
        }
    }
    group.sort_by(|a, b| b.0.total_cmp(&a.0));
    group.into_iter().map(|(_, i)| i).collect()
}

/// Draws the orders of 2025 of a customer who stays.
fn stay(person: &mut Person, fading: bool) {
    let year = year_days(2);
    let end = if fading { year.start + 70 + person.rng.below(200) as i32 } else { year.end };
    let effect = if person.club == Membership::Member { CLUB_EFFECT } else { 1.0 };
    buy(person, year.start..end, effect);
}

/// Draws the orders of a customer who begins during 2025.
fn start(person: &mut Person) {
    let year = year_days(2);
    let first = year.start + person.rng.below(330) as i32;
    buy(person, first..year.end, 1.0);
}

/// Draws at least one order in `days`, at the usual rate of the customer and `times` the usual amount.
fn buy(person: &mut Person, days: Range<i32>, times: f64) {
    let Person { rng, yearly, margin, .. } = person;
    let per_year = (4.8 * libm::sqrt(*yearly / 600.0)).clamp(1.0, 55.0);
    let part = f64::from(days.end - days.start) / 365.0;
    let count = libm::round(per_year * part * libm::exp(0.1 * rng.normal())).max(1.0) as usize;
    // The median of a log-normal is below its mean, and it is the mean that adds up to a year.
    let median = times * *yearly / per_year / libm::exp(SPREAD * SPREAD / 2.0);
    for _ in 0..count {
        let mut day = days.start + rng.below((days.end - days.start) as u64) as i32;
        while !rng.chance(season(day)) {
            day = days.start + rng.below((days.end - days.start) as u64) as i32;
        }
        let amount = Cents::of(rng.log_normal(median, SPREAD).max(4.0));
        let rate = *margin + 0.03 * rng.normal();
        let mut add = |day, amount: Cents| {
            let margin = Some(Cents::of(amount.amount() * rate));
            person.orders.push(UnnumberedOrder { customer: person.key.clone(), day, amount, margin });
        };
        add(day, amount);
        if rng.chance(RETURNS) {
            // Sent back in the same year: nobody is a customer of a year for a return alone.
            let back = (day + 3 + rng.below(18) as i32).min(days.end - 1);
            add(back, Cents::of(amount.amount() * rng.between(0.2, 1.0)).negated());
        }
    }
}

/// How busy the shop is on a day, as a part of the busiest day, which is about 10 May.
fn season(day: i32) -> f64 {
    let of_year = f64::from(day - year_days(0).start) - 129.0;
    0.6 + 0.4 * libm::cos(TAU * of_year / 365.25)
}
