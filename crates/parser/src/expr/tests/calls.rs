use super::prints;
use crate::expr::ast::{Call, ExprKind};
use crate::expr::expression_text;

fn call(text: &str) -> Call {
    match expression_text(text).unwrap().kind {
        ExprKind::Call(call) => call,
        other => panic!("{other:?}"),
    }
}

#[test]
fn arguments() {
    assert_eq!(call("f()").arguments.len(), 0);
    assert_eq!(call("f(a)").arguments.len(), 1);
    assert_eq!(call("f(a, b + 1, g(c))").arguments.len(), 3);
    assert_eq!(call("days(max(orders.order_date), as_of)").function.value, "days");
}

#[test]
fn periods_and_conditions() {
    let sum = call("sum(orders.amount in year where orders.margin > 0)");
    assert_eq!(sum.period.unwrap().value, "year");
    assert_eq!(sum.filter.unwrap().to_string(), "orders.margin > 0");
    assert_eq!(sum.to, None);

    let retention = call("retention(year_before to year where customer_class = \"A\")");
    assert_eq!(retention.arguments[0].to_string(), "year_before");
    assert_eq!(retention.to.unwrap().value, "year");
    assert_eq!(retention.period, None);
    assert_eq!(retention.filter.unwrap().to_string(), "customer_class = \"A\"");

    let both = call("uplift(revenue in p to q)");
    assert_eq!((both.period.unwrap().value.as_str(), both.to.unwrap().value.as_str()), ("p", "q"));
}

#[test]
fn membership_and_periods_do_not_mix_up() {
    prints("count(orders in year)", "count(orders in year)");
    prints("count(orders where city in [\"a\"])", "count(orders where city in [\"a\"])");
    prints("f(x in [1] in year)", "f(x in [1] in year)");
    prints("f(x in 1 .. 5 in year)", "f(x in 1..5 in year)");
    prints("f(x in low..high)", "f(x in low..high)");
    prints("f(a, x not in low ..< high)", "f(a, x not in low ..< high)");
    prints("f(a where x in b.c..d)", "f(a where x in b.c..d)");
}
