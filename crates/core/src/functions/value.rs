//! What a customer is worth over the years, and what share of the wallet a brand can expect.
//!
//! Numbers are taken as their shortest decimals and all is computed in whole numbers, so there is one rounding, at the end.

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{ToPrimitive, Zero};

use super::fixed;
use crate::model::fault::{Fault, Outcome};
use crate::model::function::{Function, Signature};
use crate::model::{Type, Value};
use crate::numbers::concentration;
use crate::numbers::share::{aligned, power_of_ten};

const CLV: &[Signature] = &[fixed(&[Type::Money, Type::Number, Type::Number], Type::Money)];
const LIFETIME: &[Signature] = &[fixed(&[Type::Number, Type::Money, Type::Number, Type::Money], Type::Money)];
const ALLOCATION: &[Signature] = &[fixed(&[Type::Integer, Type::Integer], Type::Percent)];

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "clv",
        signatures: CLV,
        doc: "Customer lifetime value: what all future years of a customer are worth today, of a yearly margin (earned at \
              the end of each year), the yearly retention rate and the yearly discount rate: m·r / (1 + i − r), after \
              Gupta and Lehmann, \"Customers as Assets\" (2003). Missing (counted as undefined) for a retention outside \
              0..1 or a discount below zero, and (as a division by zero) where nobody leaves and nothing is discounted.",
        examples: &[("clv(100, 80%, 10%)", "266.6667"), ("clv(100, 0.5, 0)", "100.00")],
        kernel: |a| {
            let [Value::Money(margin), Value::Number(retention), Value::Number(discount)] = a else {
                return Ok(Value::Null);
            };
            if !(0.0..=1.0).contains(retention) || *discount < 0.0 {
                return Err(Fault::Overflow);
            }
            let ([retention, discount], places) = aligned([*retention, *discount]);
            let numerator = &retention * *margin;
            rounded(&numerator, &(power_of_ten(places) + discount - retention)).map(Value::Money)
        },
    },
    Function {
        name: "lifetime_value",
        signatures: LIFETIME,
        doc: "Lifetime value without discounting: the years a customer stays × yearly revenue × margin as a share of it − \
              what it cost to win the customer.",
        examples: &[("lifetime_value(5, 1_000, 30%, 200)", "1300.00"), ("lifetime_value(0.5, 100, 0.1, 20)", "-15.00")],
        kernel: |a| {
            let [Value::Number(years), Value::Money(revenue), Value::Number(margin), Value::Money(cost)] = a else {
                return Ok(Value::Null);
            };
            // Each is aligned alone: their product has the places of both.
            let (([years], of_years), ([margin], of_margin)) = (aligned([*years]), aligned([*margin]));
            let unit = power_of_ten(of_years + of_margin);
            rounded(&(years * margin * *revenue - &unit * *cost), &unit).map(Value::Money)
        },
    },
    Function {
        name: "wallet_allocation",
        signatures: ALLOCATION,
        doc: "The share of the wallet that the brand of this rank (1 is the favourite) gets among so many brands used: \
              (1 − rank / (brands + 1)) × 2 / brands, after Keiningham, Aksoy, Buoye and Cooil, \"Customer Loyalty Isn't \
              Enough. Grow Your Share of Wallet\" (2011). Brands of equal rank get the mean of their ranks' shares. \
              Missing (counted as undefined) for a rank outside 1..brands.",
        examples: &[("wallet_allocation(1, 3)", "0.5"), ("wallet_allocation(1, 1)", "1")],
        kernel: |a| {
            let [Value::Integer(rank), Value::Integer(brands)] = a else { return Ok(Value::Null) };
            if !(1..=*brands).contains(rank) {
                return Err(Fault::Overflow);
            }
            let (rank, brands) = (BigInt::from(*rank), BigInt::from(*brands));
            let share = BigRational::new((&brands + 1 - rank) * 2, (&brands + 1) * brands);
            concentration::float(&share).map(Value::Number).ok_or(Fault::Overflow)
        },
    },
];

/// A quotient rounded half to even; the denominator is not negative.
fn rounded(numerator: &BigInt, denominator: &BigInt) -> Outcome<i128> {
    if denominator.is_zero() {
        return Err(Fault::DivisionByZero);
    }
    let (floor, rest) = numerator.div_mod_floor(denominator);
    let up = match (rest * 2u8).cmp(denominator) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => floor.is_odd(),
        std::cmp::Ordering::Greater => true,
    };
    (floor + i32::from(up)).to_i128().ok_or(Fault::Overflow)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(name: &str, arguments: &[Value]) -> Outcome<Value> {
        let function = crate::functions::find(name).expect("a function");
        function.apply(arguments)
    }

    fn clv(margin: i128, retention: f64, discount: f64) -> Outcome<Value> {
        call("clv", &[Value::Money(margin), Value::Number(retention), Value::Number(discount)])
    }

    #[test]
    fn lifetime_value_is_rounded_once_half_to_even() {
        for (margin, retention, discount, expected) in [
            (10_000, 0.8, 0.1, 26_667),
            (-10_000, 0.8, 0.1, -26_667),
            (10_000, 0.0, 0.1, 0),
            (10_000, 1.0, 0.1, 100_000),
            // 0.0001 × 0.5 / 1 and 0.0003 × 0.5 / 1.
            (1, 0.5, 0.5, 0),
            (3, 0.5, 0.5, 2),
            (-1, 0.5, 0.5, 0),
            (-3, 0.5, 0.5, -2),
            (0, 0.3, 0.0, 0),
        ] {
            assert_eq!(clv(margin, retention, discount), Ok(Value::Money(expected)), "{margin} {retention} {discount}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_a_fault() {
        for (retention, discount) in [(-0.1, 0.1), (1.0f64.next_up(), 0.1), (0.5, -0.1), (0.5, -5e-324)] {
            assert_eq!(clv(10_000, retention, discount), Err(Fault::Overflow), "{retention} {discount}");
        }
        assert_eq!(clv(10_000, 1.0, 0.0), Err(Fault::DivisionByZero));
        assert_eq!(clv(10_000, 1.0, 5e-324), Err(Fault::Overflow));
        for (rank, brands) in [(0, 3), (4, 3), (-1, 3), (1, 0), (1, -1)] {
            let outcome = call("wallet_allocation", &[Value::Integer(rank), Value::Integer(brands)]);
            assert_eq!(outcome, Err(Fault::Overflow), "{rank} of {brands}");
        }
    }

    #[test]
    fn all_brands_together_have_the_whole_wallet() {
        for brands in 1..12 {
            let share = |rank| match call("wallet_allocation", &[Value::Integer(rank), Value::Integer(brands)]) {
                Ok(Value::Number(share)) => share,
                other => panic!("{other:?}"),
            };
            let shares: Vec<f64> = (1..=brands).map(share).collect();
            assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{brands}");
            assert!(shares.windows(2).all(|pair| pair[0] > pair[1]), "{brands}");
        }
    }
}
