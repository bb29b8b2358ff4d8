//! Cohorts by first purchase: which slice of a period a customer's first event is in, and in how many it was active.
//!
//! The summary is the cohort table: the number of customers of each cohort who were active 0, 1, 2, … slices later.

mod counts;
mod describe;
mod explain;
mod present;
mod rate;
mod sql;
mod table;

use accolade_core::frame::{Frame, column};
use accolade_core::model::Value;
use accolade_core::model::aggregate::AggregatePeriod;
use accolade_core::model::period::date_of;
use accolade_core::numbers::domain::KeyColumn;
use accolade_core::show;
use accolade_parser::Diagnostics;
use accolade_parser::syntax::fields;
use accolade_parser::syntax::file::RuleDecl;
use accolade_rules::analysis::{Analyser, Key, NameKind, RuleKind, Shape, Slices};
use accolade_rules::explain::Field;
use accolade_rules::set::{CompiledRule, unfit};
use chrono::Datelike;

use self::counts::{EventCounts, FirstPurchase};
use super::activity;
use super::activity::Activity;

const LENGTHS: &[&str] = &["month", "quarter", "year"];

pub(super) static KIND: RuleKind = RuleKind {
    name: "cohort",
    summary: "groups customers by when they first bought, and follows how many still do",
    keys: &[
        activity::TABLE_KEY,
        Key::required("period", Shape::Name(NameKind::Period), "the period that is cut into cohorts"),
        Key::optional("per", Shape::Word(LENGTHS), "how long a cohort is: `month` (default), `quarter` or `year`"),
        activity::CONDITION_KEY,
    ],
    labels: |_| Vec::new(),
    compile,
};

/// The label of those who first bought before the period.
const EARLIER: &str = "earlier";

/// Indices into the branches.
const IN_PERIOD: usize = 0;
const BEFORE: usize = 1;
const NEVER: usize = 2;

#[derive(Debug)]
struct Cohort {
    /// The number of events in each slice.
    slice_counts: Vec<Field>,
    /// The number of events before the period.
    earlier: Field,
    slices: Slices,
}

fn compile(rule: &RuleDecl, analyser: &mut Analyser) -> Option<Box<dyn CompiledRule>> {
    let parameters = analyser.parameters(rule, &KIND);
    let period = parameters.required("period", analyser.out);
    let months = match parameters.optional("per") {
        Some(node) => [1, 3, 12][fields::choice(node, LENGTHS, analyser.out)?.value],
        None => 1,
    };
    let activity = Activity::compile(&parameters, KIND.name, analyser)?;
    let slices = analyser.slices(activity.source, period?, months, 1..=120)?;
    let mut parts = Vec::new();
    for index in 0..slices.count {
        let slot = activity.add_count(Some(slices.period(index)), &format!(" in {}", slices.name(index)), analyser);
        parts.push(analyser.field_of_slot(slot));
    }
    let when = format!(" before {}", slices.whole_name());
    let earlier = activity.add_count(Some(AggregatePeriod::Before(slices.whole)), &when, analyser);
    let earlier = analyser.field_of_slot(earlier);
    Some(Box::new(Cohort { slice_counts: parts, earlier, slices }))
}

impl Cohort {
    /// When a customer first bought, given the fields of the slices that have begun.
    fn first(&self, record: &[Value], begun: &[Field]) -> FirstPurchase {
        FirstPurchase::of(positive(record, &self.earlier), begun.iter().map(|part| positive(record, part)))
    }

    fn counts<'f>(&self, frame: &'f Frame, rule: &str, as_of: i32) -> Result<EventCounts<'f>, Diagnostics> {
        let keys = |field: &Field| -> Result<KeyColumn<'f>, Diagnostics> {
            KeyColumn::of(column(frame, field.slot)?).ok_or_else(|| unfit(rule, "need counts"))
        };
        let parts = self.begun(as_of)?.iter().map(keys).collect::<Result<_, _>>()?;
        Ok(EventCounts { slices: parts, earlier: keys(&self.earlier)? })
    }

    /// The labels of the slices that have begun, and of the customers who bought before them.
    fn labels(&self, as_of: i32) -> Result<Vec<String>, Diagnostics> {
        let labels = self.slices.begun(as_of)?.into_iter().map(|days| name(days.first, self.slices.months));
        Ok(labels.chain([EARLIER.to_owned()]).collect())
    }

    /// The fields of the slices that have begun.
    fn begun(&self, as_of: i32) -> Result<&[Field], Diagnostics> {
        Ok(&self.slice_counts[..self.slices.begun(as_of)?.len()])
    }
}

/// Whether a record has any event that a field counts.
fn positive(record: &[Value], field: &Field) -> bool {
    matches!(record.get(field.slot), Some(Value::Integer(n)) if *n > 0)
}

/// The name of a slice: the calendar month, quarter or year if it is one, otherwise the day on which it begins.
fn name(begin: i32, months: u32) -> String {
    let Some(date) = date_of(begin).filter(|date| date.day() == 1) else { return show::date(begin) };
    match (months, date.month0()) {
        (1, _) => date.format("%Y-%m").to_string(),
        (3, month) if month % 3 == 0 => format!("{}-Q{}", date.format("%Y"), month / 3 + 1),
        (12, 0) => date.format("%Y").to_string(),
        _ => show::date(begin),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use accolade_core::model::period::parse_day;

    #[test]
    fn calendar_units_have_their_names() {
        for (day, months, expected) in [
            ("2025-03-01", 1, "2025-03"),
            ("2025-01-01", 3, "2025-Q1"),
            ("2025-10-01", 3, "2025-Q4"),
            ("2025-01-01", 12, "2025"),
            ("2025-01-02", 1, "2025-01-02"),
            ("2025-02-01", 3, "2025-02-01"),
            ("2025-04-01", 12, "2025-04-01"),
        ] {
            assert_eq!(name(parse_day(day).unwrap(), months), expected);
        }
    }
}
