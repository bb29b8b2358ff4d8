//! The standard segments: a map over recency and frequency that covers each of the 25 cells once.

use accolade_core::model::{CompareOp, Operation, Type, TypedExpr, Value};
use accolade_rules::decision::{DecisionList, HitPolicy, ListRow};
use accolade_rules::explain::{Field, SourceText};

/// A range of scores, both ends included.
type ScoreRange = (i64, i64);

/// Name, recency scores from–to, frequency scores from–to.
const MAP: &[(&str, ScoreRange, ScoreRange)] = &[
    ("champions", (5, 5), (4, 5)),
    ("loyal_customers", (3, 4), (4, 5)),
    ("potential_loyalists", (4, 5), (2, 3)),
    ("new_customers", (5, 5), (1, 1)),
    ("promising", (4, 4), (1, 1)),
    ("need_attention", (3, 3), (3, 3)),
    ("about_to_sleep", (3, 3), (1, 2)),
    ("at_risk", (1, 2), (3, 4)),
    ("cant_lose", (1, 2), (5, 5)),
    ("hibernating", (1, 2), (1, 2)),
];

/// The map as a decision list over (r, f, m).
pub(super) fn standard_segments() -> DecisionList {
    let field = |slot, name: &str| Field { slot, name: name.to_owned(), ty: Type::Integer };
    let rows = MAP.iter().map(|(name, r, f)| ListRow {
        label: (*name).to_owned(),
        condition: Some(and(between(0, *r), between(1, *f))),
        written: SourceText::without_span(format!("r in {}..{} and f in {}..{}", r.0, r.1, f.0, f.1)),
        fields: vec![field(0, "r"), field(1, "f")],
    });
    DecisionList::new(rows.collect(), HitPolicy::Unique)
}

fn between(field: usize, (low, high): (i64, i64)) -> TypedExpr {
    let test = |compare, value| {
        let field = TypedExpr::field(field, Type::Integer, false);
        let literal = TypedExpr::literal(Value::Integer(value), Type::Integer);
        condition(Operation::Compare(compare, Box::new(field), Box::new(literal)))
    };
    and(test(CompareOp::GreaterEqual, low), test(CompareOp::LessEqual, high))
}

fn and(a: TypedExpr, b: TypedExpr) -> TypedExpr {
    condition(Operation::And(Box::new(a), Box::new(b)))
}

fn condition(operation: Operation) -> TypedExpr {
    TypedExpr { operation, ty: Type::Boolean, nullable: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_map_covers_each_cell_once() {
        for r in 1..=5 {
            for f in 1..=5 {
                let hits = MAP.iter().filter(|(_, (a, b), (c, d))| *a <= r && r <= *b && *c <= f && f <= *d).count();
                assert_eq!(hits, 1, "r{r} f{f}");
            }
        }
    }
}
