//! The record of one customer: its fields and events, checked as they are set.

use accolade_core::eval::{Env, Faults, key_as_computed, key_columns, row};
use accolade_core::model::{Column, Origin, SlotId, Source, Type, Value};
use accolade_core::{ops, show};
use accolade_parser::{Code, DataPlace, Diagnostic, Diagnostics, did_you_mean};
use accolade_rules::set::{RuleSet, Step};

use super::plan::{RecordField, alias_of};
use super::unread::ignored;
use super::{Rater, events};

/// A customer's record: values of columns and metrics, and events.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The values, by slot.
    pub(super) values: Vec<Value>,
    /// Metrics that are given instead of computed.
    pub(super) given_metrics: Vec<SlotId>,
    /// Sources whose events are given.
    pub(super) events: Vec<usize>,
    /// Warnings about what was set and is ignored.
    pub(super) ignored: Diagnostics,
}

impl Record {
    /// The warnings about fields and columns of events that no rule reads.
    pub fn ignored(&self) -> &Diagnostics {
        &self.ignored
    }

    /// Whether the metric of a step is given.
    pub(super) fn is_given(&self, set: &RuleSet, step: &Step) -> bool {
        match step {
            Step::Metric { slot, .. } => {
                self.given_metrics.contains(slot)
                    || alias_of(set, *slot).is_some_and(|inner| self.given_metrics.contains(&inner))
            }
            Step::Rule { .. } => false,
        }
    }
}

impl Rater {
    /// An empty record.
    pub fn record(&self) -> Record {
        let values = vec![Value::Null; self.set.demand.slots.len()];
        Record { values, given_metrics: Vec::new(), events: Vec::new(), ignored: Diagnostics::new() }
    }

    /// Sets a field of a record by name. One that is declared and that no rule reads is ignored, with a warning.
    ///
    /// # Errors
    /// Fails when the field does not exist (E0708), or the value is of another type (E0703) or out of range (E0704).
    pub fn set_field(&self, record: &mut Record, name: &str, value: Value) -> Result<(), Box<Diagnostic>> {
        match self.field(name) {
            Some(field) => self.put_field(record, field, value),
            None if self.is_unread(name) => {
                record.ignored.push(ignored(None, name));
                Ok(())
            }
            None => Err(Box::new(self.unknown(name))),
        }
    }

    /// The field of this name.
    pub(super) fn field(&self, name: &str) -> Option<&RecordField> {
        self.plan.fields.iter().find(|field| field.name == name)
    }

    /// Whether a name is declared and no rule reads it.
    pub(super) fn is_unread(&self, name: &str) -> bool {
        self.plan.unread.names.iter().any(|unread| unread == name)
    }

    pub(super) fn put_field(
        &self,
        record: &mut Record,
        field: &RecordField,
        value: Value,
    ) -> Result<(), Box<Diagnostic>> {
        if !value.fits(field.ty) {
            return Err(Box::new(mistyped(&field.name, &show::quoted(&value), field.ty)));
        }
        if let Some(column) = self.column(field.slot) {
            within(column, &value)?;
        }
        let value = if field.slot == 0 { self.key_of(value) } else { value };
        let described = &self.set.demand.slots[field.slot];
        if let Origin::Step(_) = described.origin {
            record.given_metrics.push(field.slot);
            // A metric that only names a field stands for that field wherever it is used.
            if let Some(inner) = alias_of(&self.set, field.slot) {
                record.given_metrics.push(inner);
                record.values[inner] = value.clone();
            }
        }
        record.values[field.slot] = value;
        Ok(())
    }

    /// The key of a customer, from what a record gives as the key: the column that it is computed from, if it is.
    fn key_of(&self, given: Value) -> Value {
        let env = Env { as_of: self.as_of, faults: &Faults::default() };
        match self.set.demand.keyed() {
            Some(source) => key_as_computed(source, given, env),
            None => given,
        }
    }

    /// Sets the events of a source, each as the values of the source's columns in their order. Events after the date of
    /// rating do not count, and columns that no rule reads are not looked at.
    ///
    /// # Errors
    /// Fails when a value is missing (E0705), of another type (E0703) or out of range (E0704).
    pub fn set_events(&self, record: &mut Record, source: usize, events: &[Vec<Value>]) -> Result<(), Diagnostics> {
        let mut out = Diagnostics::new();
        let described = &self.set.demand.sources[source];
        let is_read = |event: &[Value]| !is_left_out(described, event, &[], self.as_of);
        let of_customer =
            |index: usize| index == described.customer_column() || key_columns(described).contains(&index);
        for (number, event) in (1u64..).zip(events).filter(|(_, event)| is_read(event)) {
            let columns = described.stored().iter().enumerate();
            for (index, column) in columns.filter(|(index, _)| self.plan.unread.reads(source, *index)) {
                let value = event.get(index).unwrap_or(&Value::Null);
                let checked = if value.fits(column.ty) {
                    present(column, value, of_customer(index)).and_then(|()| within(column, value))
                } else {
                    Err(Box::new(mistyped(&column.name, &show::quoted(value), column.ty)))
                };
                if let Err(finding) = checked {
                    let place = DataPlace {
                        file: described.name.clone(),
                        row: Some(number),
                        column: Some(column.name.clone()),
                    };
                    out.push(finding.in_data(place));
                }
            }
        }
        if out.has_errors() {
            return Err(out);
        }
        let read: Vec<Vec<Value>>;
        let events = match described.filter {
            None => events,
            Some(_) => {
                read = events.iter().filter(|event| is_read(event)).cloned().collect();
                &read
            }
        };
        events::aggregate(self, record, source, events)?;
        record.events.push(source);
        Ok(())
    }

    /// The declared column of a slot.
    pub fn column(&self, slot: SlotId) -> Option<&Column> {
        let (_, customers) = self.set.customers()?;
        match self.set.demand.slots[slot].origin {
            Origin::Column(column) => customers.columns.get(column),
            Origin::Key => customers.columns.get(customers.customer_column()),
            _ => None,
        }
    }

    /// The finding for a name that is not a field of a record.
    pub(super) fn unknown(&self, name: &str) -> Diagnostic {
        if self.set.slot(name).is_some() {
            let message = format!("`{name}` is a result, not a field of a record");
            return malformed(Code::E0708, message, name).help("leave it out: it is computed");
        }
        let sources = self.plan.sources.iter().map(|source| self.set.demand.sources[*source].name.as_str());
        let known = self.plan.fields.iter().map(|field| field.name.as_str()).chain(sources);
        let help = did_you_mean(name, known, "a record holds");
        malformed(Code::E0708, format!("there is no field `{name}`"), name).help(help)
    }
}

/// Whether the condition of the source leaves out an event. One whose columns that the condition reads are `unreadable`
/// or of another type is not left out.
pub(super) fn is_left_out(source: &Source, event: &[Value], unreadable: &[usize], as_of: i32) -> bool {
    let Some(filter) = &source.filter else { return false };
    let mut is_known = true;
    filter.for_each_field(&mut |index| {
        let fits = event.get(index).is_some_and(|value| value.fits(source.columns[index].ty));
        is_known &= fits && !unreadable.contains(&index);
    });
    let env = Env { as_of, faults: &Faults::default() };
    is_known && row::evaluate(filter, event, env) != Value::Boolean(true)
}

/// A finding about a field of a record.
pub(super) fn malformed(code: Code, message: String, field: &str) -> Diagnostic {
    let place = DataPlace { file: "record".to_owned(), row: None, column: Some(field.to_owned()) };
    Diagnostic::new(code, message).in_data(place)
}

/// The finding that a value is not of a field's type.
pub(super) fn mistyped(name: &str, written: &str, ty: Type) -> Diagnostic {
    let article = accolade_core::literals::with_article(ty);
    let diagnostic = malformed(Code::E0703, format!("`{name}`: {written} is not {article}"), name);
    match ty {
        Type::Date => diagnostic.help("write it as \"2026-01-31\""),
        Type::DateTime => diagnostic.help("write it as \"2026-01-31T12:30:00\""),
        Type::Money => diagnostic.help("write an amount with at most four decimals, as a number or as text"),
        Type::Boolean => diagnostic.help("write true or false"),
        _ => diagnostic,
    }
}

fn present(column: &Column, value: &Value, is_customer: bool) -> Result<(), Box<Diagnostic>> {
    // The customer of an event is that of its record.
    if column.nullable || is_customer || !value.is_null() {
        return Ok(());
    }
    let name = &column.name;
    Err(Box::new(malformed(Code::E0705, format!("`{name}` is missing"), name).help("every event must have it")))
}

/// Refuses a value that its column may not hold.
fn within(column: &Column, value: &Value) -> Result<(), Box<Diagnostic>> {
    let name = &column.name;
    if let (Some(allowed), Value::Text(text)) = (&column.allowed, value)
        && !allowed.iter().any(|a| **a == **text)
    {
        let message = format!("`{name}`: {} is not one of its allowed values", show::quoted(value));
        let help = did_you_mean(text, allowed.iter().map(String::as_str), "it must be one of");
        return Err(Box::new(malformed(Code::E0704, message, name).help(help)));
    }
    let Some((low, high)) = &column.range else { return Ok(()) };
    let outside = ops::compare(value, low).is_some_and(std::cmp::Ordering::is_lt)
        || ops::compare(value, high).is_some_and(std::cmp::Ordering::is_gt);
    if outside {
        let message = format!("`{name}`: {} is out of its range", show::quoted(value));
        let help = format!("it must lie in {}..{}", show::quoted(low), show::quoted(high));
        return Err(Box::new(malformed(Code::E0704, message, name).help(help)));
    }
    Ok(())
}
