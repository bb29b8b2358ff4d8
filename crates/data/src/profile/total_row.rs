//! A customer that is the total of the others, as where the last row of a file is a total.

use accolade_core::model::{AggregateFunction, Demand, Origin, SlotId, Type};
use accolade_core::show;
use accolade_parser::{Code, Diagnostic};
use arrow::array::{Array, ArrayRef, AsArray, Decimal128Array};

/// The fewest customers that a total is of. An amount of few others may be their sum by chance.
const FEWEST: usize = 4;

/// The warning (W0718) of a customer each of whose amounts is the sum of all others'.
pub(super) fn check(demand: &Demand, keys: &ArrayRef, columns: &[(SlotId, ArrayRef)]) -> Option<Diagnostic> {
    let amounts: Vec<(&str, Amounts)> = columns
        .iter()
        .filter(|(slot, _)| is_amount(demand, *slot))
        .filter_map(|(slot, column)| Some((demand.slots[*slot].name.as_str(), Amounts::of(column.as_primitive_opt()?))))
        .collect();
    let half_of = |amounts: &Amounts| (0..keys.len()).find(|row| amounts.is_half(*row));
    let row = amounts.iter().find_map(|(_, amounts)| half_of(amounts))?;
    // A total is that of every amount that the row has.
    let is_total = amounts.iter().all(|(_, amounts)| amounts.value(row) == 0 || amounts.is_half(row));
    let (name, _) = amounts.iter().find(|(_, amounts)| amounts.is_half(row)).filter(|_| is_total)?;
    let key = show::quoted(&accolade_core::frame::value_at(keys, row));
    let message = format!("customer {key} has as much as all others together in `{}`", name);
    let help = "if it is the total of a file, take its row out, or the figures of everybody count twice";
    Some(Diagnostic::new(Code::W0718, message).help(help))
}

/// Whether a slot is an amount that can be added up over customers.
fn is_amount(demand: &Demand, slot: SlotId) -> bool {
    let described = &demand.slots[slot];
    described.ty == Type::Money
        && match described.origin {
            Origin::Column(_) => true,
            Origin::Aggregate(index) => demand.aggregates[index].function == AggregateFunction::Sum,
            Origin::Key | Origin::Step(_) => false,
        }
}

/// The amounts of all customers.
struct Amounts<'a> {
    column: &'a Decimal128Array,
    total: Option<i128>,
    /// How many are not zero.
    filled: usize,
}

impl<'a> Amounts<'a> {
    fn of(column: &'a Decimal128Array) -> Amounts<'a> {
        let mut amounts = Amounts { column, total: Some(0), filled: 0 };
        for row in 0..column.len() {
            let value = amounts.value(row);
            amounts.total = amounts.total.and_then(|total| total.checked_add(value));
            amounts.filled += usize::from(value != 0);
        }
        amounts
    }

    fn value(&self, row: usize) -> i128 {
        if self.column.is_valid(row) { self.column.value(row) } else { 0 }
    }

    /// Whether the amount of a row is the sum of the others.
    fn is_half(&self, row: usize) -> bool {
        let value = self.value(row);
        self.filled > FEWEST && value != 0 && value.checked_mul(2).is_some_and(|twice| Some(twice) == self.total)
    }
}
