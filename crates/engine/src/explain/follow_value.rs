//! How the functions of customer value follow a lever: they have ends beyond which they are missing, and go where one
//! argument goes as long as the others stand still.

use std::cmp::Ordering;

use super::course::{Course, Trend};
use super::follow::sign;
use super::lever::Lever;
use accolade_core::model::{Type, TypedExpr, Value};
use accolade_core::numbers::domain::{Domain, float_key};
use accolade_core::ops;

impl Lever<'_> {
    /// The course of a call of such a function; `None` where it is none or cannot be followed.
    pub(super) fn value_call(&self, function: &str, arguments: &[TypedExpr]) -> Option<Course> {
        match (function, arguments) {
            ("clv", [margin, retention, discount]) => self.clv(margin, retention, discount),
            ("lifetime_value", [years, revenue, margin, cost]) => self.lifetime([years, revenue, margin], cost),
            ("wallet_allocation", [rank, brands]) => self.allocation(rank, brands),
            _ => None,
        }
    }

    fn clv(&self, margin: &TypedExpr, retention: &TypedExpr, discount: &TypedExpr) -> Option<Course> {
        let number = |expr| move |key| Domain::Float(Type::Number).key(&self.evaluate(expr, key));
        let one = float_key(1.0);
        let of_margin = self.course_of(margin)?;
        // Where everybody stays the value depends on whether anything is discounted, so 1 is a piece of its own.
        let of_retention = self.cut(&self.course_of(retention)?, number(retention), &[0, one, one + 1])?;
        let of_discount = self.cut(&self.course_of(discount)?, number(discount), &[0, 1])?;
        let retained = of_retention.combine(&of_discount, |keys, retention_goes, discount_goes| {
            let (retention, discount) = (self.evaluate(retention, keys.low), self.evaluate(discount, keys.low));
            let (Value::Number(r), Value::Number(i)) = (retention, discount) else { return Some(Trend::Constant) };
            if !(0.0..=1.0).contains(&r) || i < 0.0 {
                return Some(Trend::Constant);
            }
            // A discount near zero makes everything too large where everybody stays.
            if r == 1.0 && discount_goes != Trend::Constant {
                return None;
            }
            retention_goes.plus(discount_goes.flipped())
        })?;
        of_margin.combine(&retained, |keys, margin_goes, retained_goes| match (margin_goes, retained_goes) {
            (goes, Trend::Constant) => Some(goes),
            (Trend::Constant, goes) => Some(goes.times(sign(&self.evaluate(margin, keys.low)))),
            _ => None,
        })
    }

    fn lifetime(&self, factors: [&TypedExpr; 3], cost: &TypedExpr) -> Option<Course> {
        let courses = factors.map(|factor| self.course_of(factor));
        let mut earned = self.constant();
        for (i, course) in courses.into_iter().enumerate() {
            earned = earned.combine(&course?, |keys, others, goes| match (others, goes) {
                (others, Trend::Constant) => Some(others.times(sign(&self.evaluate(factors[i], keys.low)))),
                (Trend::Constant, goes) => {
                    let signs = factors[..i].iter().map(|factor| sign(&self.evaluate(factor, keys.low)));
                    Some(signs.fold(goes, Trend::times))
                }
                _ => None,
            })?;
        }
        earned.plus(&self.course_of(cost)?.map(|_, goes| goes.flipped()))
    }

    fn allocation(&self, rank: &TypedExpr, brands: &TypedExpr) -> Option<Course> {
        let (of_rank, of_brands) = (self.course_of(rank)?, self.course_of(brands)?);
        // How the share follows the number of brands has no one direction.
        let ranks = of_rank
            .combine(&of_brands, |_, rank_goes, brands_go| (brands_go == Trend::Constant).then_some(rank_goes))?;
        let integer = |expr, key| Domain::of(Type::Integer)?.key(&self.evaluate(expr, key));
        let beyond = |key| {
            let order = ops::compare(&self.evaluate(rank, key), &self.evaluate(brands, key))?;
            Some(i128::from(order == Ordering::Greater))
        };
        let from_first = self.cut(&ranks, |key| integer(rank, key), &[1])?;
        let within = self.cut(&from_first, beyond, &[1])?;
        Some(within.map(|keys, goes| match (integer(rank, keys.low), beyond(keys.low)) {
            (Some(1..), Some(0)) => goes.flipped(),
            _ => Trend::Constant,
        }))
    }
}
