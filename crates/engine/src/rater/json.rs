//! Records in JSON: an object of fields, and a list of objects for each source of events.

use accolade_core::eval::{Env, Faults, key_columns, row};
use accolade_core::model::{Origin, Type, Value};
use accolade_core::show;
use accolade_data::source::{ValueForm, parse_value, texts};
use accolade_parser::{Code, DataPlace, Diagnostic, Diagnostics, did_you_mean};
use serde_json::{Map, Value as Json};

use super::plan::alias_of;
use super::record::{is_left_out, malformed, mistyped};
use super::unread::ignored;
use super::{Rater, Record};

impl Rater {
    /// The record that a JSON object holds.
    ///
    /// Numbers and amounts may be written as text, which every JSON library keeps exact. Dates are text. What is declared
    /// and no rule reads is ignored, with a warning, whatever its value is.
    ///
    /// # Errors
    /// Fails when a field does not exist (E0708), or a value is of another type (E0703) or out of range (E0704).
    pub fn record_of(&self, object: &Map<String, Json>) -> Result<Record, Diagnostics> {
        let mut record = self.record();
        let mut out = Diagnostics::new();
        let is_source =
            |name: &str| self.plan.sources.iter().copied().find(|source| self.set.demand.sources[*source].name == name);
        let mut of_sources = Vec::new();
        for (name, written) in object {
            let put = match (self.field(name), is_source(name)) {
                (Some(field), _) => value(name, written, field.ty, self.form(field.slot))
                    .and_then(|value| self.put_field(&mut record, field, value)),
                // Fields first: events do not replace a metric that is given.
                (None, Some(source)) => {
                    of_sources.push((source, written));
                    Ok(())
                }
                (None, None) if self.is_unread(name) => {
                    record.ignored.push(ignored(None, name));
                    Ok(())
                }
                (None, None) => Err(Box::new(self.unknown(name))),
            };
            if let Err(finding) = put {
                out.push(*finding);
            }
        }
        for (source, written) in of_sources {
            let put = self
                .rows(source, written, &mut record)
                .and_then(|events| self.set_events(&mut record, source, &events));
            if let Err(findings) = put {
                out.extend(findings);
            }
        }
        if out.has_errors() { Err(out) } else { Ok(record) }
    }

    /// The events of the record's customer from a source, each as the values of the source's columns.
    fn rows(&self, at: usize, written: &Json, record: &mut Record) -> Result<Vec<Vec<Value>>, Diagnostics> {
        let source = &self.set.demand.sources[at];
        let (name, customer) = (&source.name, record.values[0].clone());
        let Json::Array(items) = written else {
            let finding = malformed(Code::E0703, format!("`{name}` is not a list of events"), name);
            return Err(Diagnostics::from(finding.help("write a list of objects, such as [{\"amount\": 12.50}]")));
        };
        let is_of_another = |value: &Value| !value.is_null() && *value != customer;
        let mut out = Diagnostics::new();
        let mut unread: Vec<usize> = Vec::new();
        let mut events = Vec::with_capacity(items.len());
        for (number, item) in (1u64..).zip(items) {
            let place =
                |column: &str| DataPlace { file: name.clone(), row: Some(number), column: Some(column.to_owned()) };
            let Json::Object(object) = item else {
                let finding = Diagnostic::new(Code::E0703, format!("event {number} of `{name}` is not an object"));
                out.push(finding.in_data(DataPlace { file: name.clone(), row: Some(number), column: None }));
                continue;
            };
            let mut event = vec![Value::Null; source.columns.len()];
            let (mut wrong, mut unreadable) = (Diagnostics::new(), Vec::new());
            for (key, cell) in object {
                let Some(index) = source.stored().iter().position(|column| column.name == *key) else {
                    let names = source.stored().iter().map(|column| column.name.as_str());
                    let help = did_you_mean(key, names, &format!("an event of `{name}` has"));
                    let message = format!("`{name}` has no column `{key}`");
                    out.push(Diagnostic::new(Code::E0708, message).in_data(place(key)).help(help));
                    continue;
                };
                if !self.plan.unread.reads(at, index) {
                    if !unread.contains(&index) {
                        unread.push(index);
                        record.ignored.push(ignored(Some(name.as_str()), key));
                    }
                    continue;
                }
                match value(key, cell, source.columns[index].ty, ValueForm::of(source)) {
                    Ok(value) => {
                        if index == source.customer_column() && is_of_another(&value) {
                            wrong.push(of_another(&value, &customer).in_data(place(key)));
                        }
                        event[index] = value;
                    }
                    Err(finding) => {
                        unreadable.push(index);
                        wrong.push(finding.in_data(place(key)));
                    }
                }
            }
            // Only what the condition reads must be readable in an event that it leaves out.
            if is_left_out(source, &event, &unreadable, self.as_of) {
                events.push(event);
                continue;
            }
            out.extend(wrong);
            // An event need not say whose it is.
            let says_whose = key_columns(source).iter().any(|column| !event[*column].is_null());
            if let Some(key) = source.computed_key().filter(|_| says_whose) {
                let value = row::evaluate(key, &event, Env { as_of: self.as_of, faults: &Faults::default() });
                if is_of_another(&value) {
                    out.push(
                        of_another(&value, &customer).in_data(place(&source.columns[source.customer_column()].name)),
                    );
                }
                event[source.customer_column()] = value;
            }
            events.push(event);
        }
        if out.has_errors() { Err(out) } else { Ok(events) }
    }

    /// How the source writes values that a slot is read from.
    fn form(&self, slot: usize) -> ValueForm<'_> {
        let slot = alias_of(&self.set, slot).unwrap_or(slot);
        match (self.set.demand.slots[slot].origin, self.set.demand.customers()) {
            (Origin::Column(_), Some((_, customers))) => ValueForm::of(customers),
            _ => ValueForm::default(),
        }
    }
}

/// Reads a JSON value as a value of type `ty`, written as its source writes it.
fn value(name: &str, written: &Json, ty: Type, form: ValueForm) -> Result<Value, Box<Diagnostic>> {
    let parsed = match (written, ty) {
        (Json::Null, _) => Some(Value::Null),
        (Json::Bool(v), Type::Boolean) => Some(Value::Boolean(*v)),
        (Json::Number(number), _) if ty.is_numeric() || ty == Type::Duration => of_number(&number.to_string(), ty),
        (Json::String(text), _) => parse_value(text, ty, form),
        _ => None,
    };
    parsed.ok_or_else(|| {
        let text = match written {
            Json::Array(_) => "a list".to_owned(),
            Json::Object(_) => "an object".to_owned(),
            other => other.to_string().chars().take(40).collect(),
        };
        let mut finding = mistyped(name, &text, ty);
        if let Some(limit) = texts::beyond_limit(text.trim_matches('"'), ty) {
            finding.help = vec![limit];
        }
        Box::new(finding)
    })
}

/// Reads a JSON number. One with an exponent is written out first.
fn of_number(text: &str, ty: Type) -> Option<Value> {
    if ty.is_float() || !text.contains(['e', 'E']) {
        return parse_value(text, ty, ValueForm::default());
    }
    let plain = rust_decimal::Decimal::from_scientific(text).ok()?;
    parse_value(&plain.normalize().to_string(), ty, ValueForm::default())
}

fn of_another(value: &Value, customer: &Value) -> Diagnostic {
    let message = format!("the event is of customer {}", show::quoted(value));
    Diagnostic::new(Code::E0707, message).help(format!("the record is of customer {}", show::quoted(customer)))
}
