//! Expressions against big fractions: inside one expression nothing is rounded, and its value is rounded once.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use accolade_core::eval::{Env, Faults, column, row};
use accolade_core::frame::{array_of, value_at};
use accolade_core::functions;
use accolade_core::model::{CompareOp, Operation, Type, TypedExpr, Value};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, Zero};
use proptest::prelude::*;

/// A number computed from the fields of a record: a number, an amount and an integer.
#[derive(Clone, Debug)]
enum Node {
    Field(usize),
    Literal(i64, u32),
    Add(Box<Node>, Box<Node>),
    Subtract(Box<Node>, Box<Node>),
    Multiply(Box<Node>, Box<Node>),
    Divide(Box<Node>, Box<Node>),
    Negate(Box<Node>),
    Choose(Box<Node>, Box<Node>, Box<Node>),
    OrElse(Box<Node>, Box<Node>),
    Call(&'static str, Vec<Node>),
}

const FIELDS: [Type; 3] = [Type::Number, Type::Money, Type::Integer];

fn node() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![
        (0..3usize).prop_map(Node::Field),
        (-999..1_000i64, 0..4u32).prop_map(|(m, p)| Node::Literal(m, p))
    ];
    leaf.prop_recursive(4, 20, 3, |inner| {
        let two = || (inner.clone(), inner.clone()).prop_map(|(a, b)| (Box::new(a), Box::new(b)));
        prop_oneof![
            two().prop_map(|(a, b)| Node::Add(a, b)),
            two().prop_map(|(a, b)| Node::Subtract(a, b)),
            two().prop_map(|(a, b)| Node::Multiply(a, b)),
            two().prop_map(|(a, b)| Node::Divide(a, b)),
            two().prop_map(|(a, b)| Node::OrElse(a, b)),
            inner.clone().prop_map(|a| Node::Negate(Box::new(a))),
            (two(), inner.clone()).prop_map(|((a, b), c)| Node::Choose(a, b, Box::new(c))),
            (prop::sample::select(vec!["abs", "floor", "ceil", "round"]), inner.clone())
                .prop_map(|(name, a)| Node::Call(name, vec![a])),
            (prop::sample::select(vec!["least", "greatest"]), inner.clone(), inner.clone())
                .prop_map(|(name, a, b)| Node::Call(name, vec![a, b])),
            (inner.clone(), inner.clone(), inner).prop_map(|(a, b, c)| Node::Call("clamp", vec![a, b, c])),
        ]
    })
}

/// The typed expression, always of a number.
fn typed(node: &Node) -> TypedExpr {
    let number = |operation| TypedExpr { operation, ty: Type::Number, nullable: true };
    let one = |node: &Node| Box::new(typed(node));
    number(match node {
        Node::Field(0) => return TypedExpr::field(0, Type::Number, true),
        Node::Field(index) => Operation::Cast(Box::new(TypedExpr::field(*index, FIELDS[*index], true))),
        Node::Literal(mantissa, places) => {
            let literal = Value::Number(format!("{mantissa}e-{places}").parse::<f64>().unwrap() + 0.0);
            return TypedExpr::literal(literal, Type::Number);
        }
        Node::Add(a, b) => Operation::Add(one(a), one(b)),
        Node::Subtract(a, b) => Operation::Subtract(one(a), one(b)),
        Node::Multiply(a, b) => Operation::Multiply(one(a), one(b)),
        Node::Divide(a, b) => Operation::Divide(one(a), one(b)),
        Node::Negate(a) => Operation::Negate(one(a)),
        Node::OrElse(a, b) => Operation::OrElse(one(a), one(b)),
        Node::Choose(a, b, c) => Operation::If(Box::new(compare(CompareOp::Less, typed(a), typed(b))), one(b), one(c)),
        Node::Call(name, arguments) => {
            Operation::Call(Arc::clone(functions::find(name).unwrap()), arguments.iter().map(typed).collect())
        }
    })
}

fn compare(op: CompareOp, a: TypedExpr, b: TypedExpr) -> TypedExpr {
    TypedExpr { operation: Operation::Compare(op, Box::new(a), Box::new(b)), ty: Type::Boolean, nullable: true }
}

/// The exact value over a record.
fn exact(node: &Node, record: &[Option<BigRational>]) -> Option<BigRational> {
    let of = |node: &Node| exact(node, record);
    Some(match node {
        Node::Field(index) => record[*index].clone()?,
        Node::Literal(mantissa, places) => BigRational::new((*mantissa).into(), BigInt::from(10).pow(*places)),
        Node::Add(a, b) => of(a)? + of(b)?,
        Node::Subtract(a, b) => of(a)? - of(b)?,
        Node::Multiply(a, b) => of(a)? * of(b)?,
        Node::Divide(a, b) => {
            let by = of(b)?;
            if by.is_zero() {
                return None;
            }
            of(a)? / by
        }
        Node::Negate(a) => -of(a)?,
        Node::OrElse(a, b) => of(a).or_else(|| of(b))?,
        Node::Choose(a, b, c) => {
            if of(a)? < of(b)? {
                of(b)?
            } else {
                of(c)?
            }
        }
        Node::Call(name, arguments) => {
            let values: Vec<BigRational> = arguments.iter().map(of).collect::<Option<_>>()?;
            match *name {
                "abs" => values[0].abs(),
                "floor" => values[0].floor(),
                "ceil" => values[0].ceil(),
                "round" => {
                    let floor = values[0].floor();
                    let twice = (&values[0] - &floor) * BigInt::from(2);
                    let one = BigRational::from_integer(1.into());
                    let up = twice > one || twice == one && floor.to_integer().bit(0);
                    if up { floor + one } else { floor }
                }
                "least" => values.into_iter().min()?,
                "greatest" => values.into_iter().max()?,
                _ => values[0].clone().max(values[1].clone()).min(values[2].clone()),
            }
        }
    })
}

/// The nearest float, read from as many digits as decide it.
fn nearest(number: &BigRational) -> f64 {
    let raised = number * BigInt::from(10).pow(400);
    // A last digit that is not zero keeps a cut number from looking like a tie.
    let last = u8::from(!raised.is_integer());
    format!("{}{last}e-401", raised.to_integer()).parse::<f64>().unwrap() + 0.0
}

fn finite(number: f64) -> Value {
    if number.is_finite() { Value::Number(number) } else { Value::Null }
}

/// A value of a field and the number that it stands for.
fn field(ty: Type) -> BoxedStrategy<(Value, Option<BigRational>)> {
    let some = move |mantissa: i64, places: u32| {
        let number = BigRational::new(mantissa.into(), BigInt::from(10).pow(places));
        let value = match ty {
            Type::Money => Value::Money(i128::from(mantissa) * 10i128.pow(4 - places)),
            Type::Integer => Value::Integer(mantissa),
            _ => Value::Number(format!("{mantissa}e-{places}").parse::<f64>().unwrap() + 0.0),
        };
        (value, Some(number))
    };
    let places = match ty {
        Type::Integer => 0..1u32,
        Type::Money => 0..5,
        _ => 0..15,
    };
    let mantissa = prop_oneof![-20..20i64, -100_000..100_000i64, -999_999_999_999_999..=999_999_999_999_999i64];
    prop_oneof![9 => (mantissa, places).prop_map(move |(m, p)| some(m, p)), 1 => Just((Value::Null, None))].boxed()
}

fn record() -> impl Strategy<Value = Vec<(Value, Option<BigRational>)>> {
    FIELDS.map(field).to_vec()
}

/// The values of an expression over some records, by record and by column.
fn evaluated(expr: &TypedExpr, records: &[Vec<Value>]) -> Vec<Value> {
    let faults = [Faults::default(), Faults::default()];
    let env = |i: usize| Env { as_of: 0, faults: &faults[i] };
    let columns: Vec<_> =
        (0..FIELDS.len()).map(|i| Some(array_of(FIELDS[i], records.iter().map(|record| record[i].clone())))).collect();
    let column = column::evaluate(expr, &columns, records.len(), env(0));
    let by_column: Vec<Value> = (0..records.len()).map(|row| value_at(&column, row)).collect();
    let by_row: Vec<Value> = records.iter().map(|record| row::evaluate(expr, record, env(1))).collect();
    assert_eq!(by_column, by_row);
    assert_eq!(faults[0].counts(), faults[1].counts(), "the same faults");
    by_row
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_value_is_the_exact_result_rounded_once(node in node(), rows in prop::collection::vec(record(), 1..5)) {
        let values: Vec<Vec<Value>> = rows.iter().map(|row| row.iter().map(|(value, _)| value.clone()).collect()).collect();
        let numbers = |row: &Vec<(Value, Option<BigRational>)>| row.iter().map(|(_, number)| number.clone()).collect::<Vec<_>>();
        let expected: Vec<Value> = rows.iter().map(|row| {
            exact(&node, &numbers(row)).map_or(Value::Null, |number| finite(nearest(&number)))
        }).collect();
        prop_assert_eq!(evaluated(&typed(&node), &values), expected);

        let amount = TypedExpr {
            operation: Operation::Call(Arc::clone(functions::find("to_money").unwrap()), vec![typed(&node)]),
            ty: Type::Money,
            nullable: true,
        };
        let rounded = Node::Call("round", vec![Node::Multiply(Box::new(node.clone()), Box::new(Node::Literal(10_000, 0)))]);
        let cents: Vec<Value> = rows.iter().map(|row| {
            let unscaled = exact(&rounded, &numbers(row)).map(|number| number.to_integer());
            unscaled.and_then(|unscaled| i128::try_from(unscaled).ok()).map_or(Value::Null, Value::Money)
        }).collect();
        prop_assert_eq!(evaluated(&amount, &values), cents);
    }

    #[test]
    fn a_boundary_is_decided_on_the_exact_number(
        one in node(),
        other in node(),
        row in record(),
        // Boundaries made on purpose: the other side is the same number, or the least bit beside it.
        beside in prop_oneof![Just(None), Just(Some(0i64)), Just(Some(1)), Just(Some(-1))],
    ) {
        let other = match beside {
            None => other,
            Some(bit) => Node::Add(
                Box::new(Node::Multiply(Box::new(one.clone()), Box::new(Node::Literal(1, 0)))),
                Box::new(Node::Divide(Box::new(Node::Literal(bit, 3)), Box::new(Node::Literal(999, 0)))),
            ),
        };
        let numbers: Vec<Option<BigRational>> = row.iter().map(|(_, number)| number.clone()).collect();
        let record: Vec<Value> = row.into_iter().map(|(value, _)| value).collect();
        let (a, b) = (exact(&one, &numbers), exact(&other, &numbers));
        for op in [CompareOp::Equal, CompareOp::NotEqual, CompareOp::Less, CompareOp::LessEqual, CompareOp::Greater, CompareOp::GreaterEqual] {
            let expected = a.as_ref().zip(b.as_ref()).map_or(Value::Null, |(a, b)| Value::Boolean(op.holds(a.cmp(b))));
            let found = evaluated(&compare(op, typed(&one), typed(&other)), std::slice::from_ref(&record));
            prop_assert_eq!(&found, &vec![expected], "{:?}", op);
        }
    }
}
