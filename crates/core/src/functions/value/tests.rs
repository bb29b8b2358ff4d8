//! Exactness and limits of the functions of customer value.

use crate::model::Value;
use crate::ops::{EvalResult, Fault};

fn call(name: &str, arguments: &[Value]) -> EvalResult<Value> {
    let function = crate::functions::find(name).expect("a function");
    function.apply(arguments)
}

fn clv(margin: i128, retention: f64, discount: f64) -> EvalResult<Value> {
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
