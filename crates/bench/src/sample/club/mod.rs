//! `rules/loyalty-programme`: five hundred customers of a garden shop that started a club on 2025-01-01. It drew lots
//! among the customers who wanted to join.

mod names;
mod notes;
mod orders;
mod sentences;
mod surveys;
#[cfg(test)]
mod tests;
mod visits;
mod wallet;

use super::{Tables, UnnumberedOrder, orders_text};
use crate::calendar::{FIRST_DAY, YEAR_DAYS};
use crate::money::Cents;
use crate::permutation::Permutation;
use crate::rng::Rng;

const CUSTOMERS: u64 = 500;
/// How many customers have each past, in the order of [`RELATIONS`]; the rest bought in 2024.
const COUNTS: [u64; 4] = [30, 15, 60, 45];
const RELATIONS: [Relation; 4] = [Relation::Prospect, Relation::Suspect, Relation::Gone, Relation::New];
/// How many of those who bought in 2024 were invited to the club and wanted to join.
const IN_THE_DRAW: u64 = 240;
/// How many of those who left before 2024 came back.
const WON_BACK: usize = 18;
/// The factor by which a member buys more.
const CLUB_EFFECT: f64 = 1.08;

/// The relation of a customer to the shop before the club began.
#[derive(Clone, Copy, PartialEq)]
enum Relation {
    /// Asked for an offer, never bought.
    Prospect,
    /// Known by name only.
    Suspect,
    /// Bought in 2023 and not in 2024.
    Gone,
    /// Bought for the first time in 2025.
    New,
    /// Bought in 2024.
    Active,
}

/// Whether somebody is in the club.
#[derive(Clone, Copy, PartialEq)]
enum Membership {
    Member,
    /// Wanted to join and was not let in: the control group.
    HeldOut,
    None,
}

impl Membership {
    fn name(self) -> &'static str {
        match self {
            Membership::Member => "member",
            Membership::HeldOut => "held_out",
            Membership::None => "none",
        }
    }

    /// How many of a hundred customers of 2024 buy in 2025.
    fn retention_percent(self) -> usize {
        match self {
            Membership::Member => 82,
            Membership::HeldOut => 68,
            Membership::None => 66,
        }
    }
}

/// A customer, prospect or suspect.
struct Person {
    key: String,
    relation: Relation,
    club: Membership,
    /// Usual spend a year with us.
    yearly: f64,
    /// How content the customer is, standard normal: what surveys ask for and what makes customers stay.
    contentment: f64,
    /// The usual margin, as a part of the amount.
    margin: f64,
    orders: Vec<UnnumberedOrder>,
    rng: Rng,
}

impl Person {
    /// What was bought in a year, returns deducted.
    fn spent(&self, year: usize) -> Cents {
        let days = year_days(year);
        Cents(self.orders.iter().filter(|o| days.contains(&o.day)).map(|o| o.amount.0).sum())
    }

    /// What was earned in a year.
    fn earned(&self, year: usize) -> Cents {
        let days = year_days(year);
        Cents(self.orders.iter().filter(|o| days.contains(&o.day)).filter_map(|o| o.margin).map(|m| m.0).sum())
    }

    fn buys_in(&self, year: usize) -> bool {
        self.orders.iter().any(|order| year_days(year).contains(&order.day))
    }
}

/// The days of the year 2023 + `year`.
fn year_days(year: usize) -> std::ops::Range<i32> {
    let start = FIRST_DAY + YEAR_DAYS[..year].iter().sum::<i32>();
    start..start + YEAR_DAYS[year]
}

/// Draws the five tables.
pub fn draw() -> Tables {
    let mut people: Vec<Person> = (0..CUSTOMERS).map(draw_person).collect();
    draw_members(&mut people);
    orders::draw_club_year(&mut people);

    let mut customers = format!("customer_id,name,city,relation,club,{}\n", wallet::HEADER);
    for (i, person) in people.iter_mut().enumerate() {
        let (name, city) = names::identity(i as u64);
        let relation = match person.relation {
            Relation::Prospect => "prospect",
            Relation::Suspect => "suspect",
            _ => "customer",
        };
        let wallet = wallet::row(i, person);
        customers += &format!("{},{name},{city},{relation},{},{wallet}\n", person.key, person.club.name());
    }
    let (visits, surveys) = (visits::text(&mut people), surveys::text(&mut people));
    let notes = notes::text(&people);
    let orders = people.into_iter().flat_map(|person| person.orders).collect();
    let orders = orders_text("order_id,customer_id,order_date,amount,margin", orders);
    Tables(vec![
        ("customers.csv", customers),
        ("orders.csv", orders),
        ("visits.csv", visits),
        ("surveys.csv", surveys),
        ("notes.csv", notes),
    ])
}

/// Customer number `i` with the orders of 2023 and 2024.
fn draw_person(i: u64) -> Person {
    let mut rng = Rng::new(8_000 + i);
    let mut lot = lot(i);
    let mut past = Relation::Active;
    for (count, kind) in COUNTS.into_iter().zip(RELATIONS) {
        if lot < count {
            past = kind;
            break;
        }
        lot -= count;
    }
    let mut person = Person {
        key: format!("G{:04}", i + 1),
        relation: past,
        club: Membership::None,
        yearly: rng.log_normal(600.0, 1.65),
        contentment: rng.normal(),
        margin: rng.between(0.22, 0.32),
        orders: Vec::new(),
        rng,
    };
    orders::draw_before_club(&mut person);
    person
}

fn lot(i: u64) -> u64 {
    Permutation::new(CUSTOMERS, [61, 62, 63, 64]).apply(i)
}

/// Draws the members. Those who want to join are put in groups of four with about the same margin in 2024, and one of
/// each four is held out, so that members and control group are alike before the club begins.
fn draw_members(people: &mut [Person]) {
    let first = COUNTS.iter().sum::<u64>();
    let mut willing: Vec<usize> =
        (0..people.len()).filter(|i| (first..first + IN_THE_DRAW).contains(&lot(*i as u64))).collect();
    willing.sort_by_key(|i| (people[*i].earned(1), *i));
    let mut rng = Rng::new(4_995);
    for four in willing.chunks(4) {
        let held_out = rng.below(4) as usize;
        for (place, i) in four.iter().enumerate() {
            people[*i].club = if place == held_out { Membership::HeldOut } else { Membership::Member };
        }
    }
}
