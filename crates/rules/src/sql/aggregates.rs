//! Aggregates of events by customer.

use accolade_core::model::aggregate::AggregatePeriod;
use accolade_core::model::types::MONEY_SCALE;
use accolade_core::model::{Aggregate, AggregateFunction, DayRange, SlotId, Source, SourceRole, Type};
use accolade_core::sql::numbers;
use accolade_core::sql::tree::{SqlExpr, SqlOp, SqlType};
use accolade_parser::Diagnostics;

use super::dialect::Dialect;
use super::layers::Layers;
use super::lower::{SqlLowering, SqlScope, exact};

/// The columns and aggregates that a statement takes from one source of events.
#[derive(Clone, Debug)]
pub(crate) struct EventQuery {
    names: Vec<String>,
    /// The columns that are read.
    pub(crate) columns: Vec<(usize, String)>,
    /// Columns computed for each event.
    pub(crate) layers: Layers,
    /// Aggregates over a customer's events: name in the profile, expression, and value for a customer without events.
    pub(crate) grouped: Vec<(String, SqlExpr, Option<SqlExpr>)>,
}

impl EventQuery {
    pub(crate) fn new(source: &Source, dialect: Dialect) -> EventQuery {
        let names = source.columns.iter().map(|column| column.name.clone()).collect();
        EventQuery { names, columns: Vec::new(), layers: Layers::new(dialect), grouped: Vec::new() }
    }

    /// The column of this index.
    pub(crate) fn column(&mut self, index: usize) -> SqlExpr {
        if let Some((_, name)) = self.columns.iter().find(|(known, _)| *known == index) {
            return SqlExpr::Column(name.clone());
        }
        let name = self.layers.names.unique(self.names.get(index).map_or("", String::as_str));
        self.columns.push((index, name.clone()));
        SqlExpr::Column(name)
    }
}

impl SqlLowering<'_> {
    /// An aggregate as a field of the profile.
    pub(crate) fn aggregate(&mut self, name: &str, aggregate: &Aggregate) -> Result<SqlExpr, Diagnostics> {
        use AggregateFunction::{Count, CountDistinct, First, Last, Max, Mean, Min, Rows, Sum};
        let scope = SqlScope::Events(aggregate.source);
        let filter = self.event_condition(aggregate)?;
        let argument = match &aggregate.argument {
            Some(argument) => Some((self.lowered(argument, scope)?, argument.ty)),
            None => None,
        };
        let (value, ty) = argument.unwrap_or((SqlExpr::Null(SqlType::Boolean), Type::Boolean));
        let zero = || Some(SqlExpr::Whole(0));
        let text = ty == Type::Text;
        let ordered = |value: SqlExpr| if text { SqlExpr::Collated(Box::new(value)) } else { value };
        if ty.is_float() && matches!(aggregate.function, Sum | Mean) {
            let why =
                format!("`{name}` adds up floats, and a database rounds differently; money and integers are exact");
            return Err(self.refuse(&why));
        }
        let count = |op| (op, vec![value.clone()]);
        Ok(match aggregate.function {
            Count if aggregate.argument.is_none() => {
                self.grouped(name, aggregate, (SqlOp::CountRows, Vec::new()), filter, zero())
            }
            Count => self.grouped(name, aggregate, count(SqlOp::Count), filter, zero()),
            CountDistinct => self.grouped(name, aggregate, count(SqlOp::CountDistinct), filter, zero()),
            Sum | Mean => {
                let summed =
                    if ty == Type::Money { exact(value.clone(), ty) } else { value.clone().cast(SqlType::Whole) };
                let of = if aggregate.function == Sum && ty == Type::Money {
                    name.to_owned()
                } else {
                    format!("{name}, sum")
                };
                let sum = self.grouped(&of, aggregate, (SqlOp::Sum, vec![summed]), filter.clone(), zero());
                match (aggregate.function, ty) {
                    (Sum, Type::Money) => sum,
                    (Sum, _) => self.bind(name, SqlExpr::apply(SqlOp::IntegerOfWhole, [sum.cast(SqlType::Whole)])),
                    (_, of) => {
                        let number = format!("{name}, count");
                        let number = self.grouped(&number, aggregate, count(SqlOp::Count), filter, zero());
                        let mean = if of == Type::Money {
                            numbers::money(numbers::half_even(
                                numbers::whole(sum, MONEY_SCALE),
                                number.cast(SqlType::Whole),
                            ))
                        } else {
                            numbers::share(sum, number)
                        };
                        self.bind(name, mean)
                    }
                }
            }
            Min | Max => {
                let op = match (aggregate.function, ty) {
                    (Min, Type::Boolean) => SqlOp::MinBoolean,
                    (Min, _) => SqlOp::Min,
                    (_, Type::Boolean) => SqlOp::MaxBoolean,
                    _ => SqlOp::Max,
                };
                self.grouped(name, aggregate, (op, vec![ordered(value)]), filter, None)
            }
            First | Last => {
                let SourceRole::Events { date: Some(date), .. } = self.demand.sources[aggregate.source].role else {
                    return Err(self.refuse("its events have no date"));
                };
                let value = self.bind_in(scope, value);
                let date = self.events[aggregate.source].column(date);
                let op = if aggregate.function == First { SqlOp::First } else { SqlOp::Last };
                let present = SqlExpr::apply(SqlOp::IsNotNull, [value.clone()]);
                let filter = Some(both(filter, present));
                self.grouped(name, aggregate, (op, vec![value.clone(), date, ordered(value)]), filter, None)
            }
            Rows => return Err(self.refuse("it reads the events themselves")),
        })
    }

    /// The notes of a customer, one text for each quadrant, made of the events that a slot lists. They are sorted by
    /// date, then by text.
    ///
    /// # Errors
    /// Fails with E0901 when the slot does not list events.
    pub fn notes(&mut self, slot: SlotId, quadrants: &[&str]) -> Result<Vec<SqlExpr>, Diagnostics> {
        let demand = self.demand;
        let aggregate = match demand.slots.get(slot).map(|s| s.origin) {
            Some(accolade_core::model::Origin::Aggregate(index)) => &demand.aggregates[index],
            _ => return Err(self.refuse("its notes are not events")),
        };
        let source = aggregate.source;
        let [.., quadrant, text] = aggregate.columns[..] else { return Err(self.refuse("its notes are not events")) };
        let [quadrant, text] = [quadrant, text].map(|column| self.events[source].column(column));
        let date = match demand.sources[source].role {
            SourceRole::Events { date: Some(date), .. } => Some(self.events[source].column(date)),
            _ => None,
        };
        let filter = self.event_condition(aggregate)?;
        let mut notes = Vec::new();
        for name in quadrants {
            let about = quadrant.clone().compare(SqlOp::Equal, SqlExpr::Text((*name).to_owned()));
            let there = SqlExpr::apply(SqlOp::IsNotNull, [text.clone()]);
            let filter = Some(both(Some(both(filter.clone(), about)), there));
            let order = SqlExpr::Collated(Box::new(text.clone()));
            let listed = match &date {
                Some(date) => {
                    let day = SqlExpr::apply(SqlOp::DayText, [date.clone().cast(SqlType::Date)]);
                    let parts = vec![day, SqlExpr::Text(": ".to_owned()), text.clone()];
                    let shown = SqlExpr::Chain(accolade_core::sql::tree::SqlVariadicOp::Concat, parts);
                    (SqlOp::DatedList, vec![shown, order, date.clone()])
                }
                None => (SqlOp::List, vec![text.clone(), order]),
            };
            let name = format!("{}.{name}", self.name());
            notes.push(self.grouped(&name, aggregate, listed, filter, None));
        }
        Ok(notes)
    }

    /// Adds a column to the grouped events of a source.
    fn grouped(
        &mut self,
        name: &str,
        aggregate: &Aggregate,
        (op, operands): (SqlOp, Vec<SqlExpr>),
        filter: Option<SqlExpr>,
        without: Option<SqlExpr>,
    ) -> SqlExpr {
        let query = &mut self.events[aggregate.source];
        let aggregated = SqlExpr::Aggregate(op, operands, filter.map(Box::new));
        let settled = query.layers.settle(aggregated, name);
        if let Some((known, ..)) = query.grouped.iter().find(|(_, known, _)| *known == settled) {
            return SqlExpr::Column(known.clone());
        }
        let name = self.layers.names.unique(name);
        query.grouped.push((name.clone(), settled, without));
        SqlExpr::Column(name)
    }

    /// The condition that the events of an aggregate must meet; none where all events count.
    fn event_condition(&mut self, aggregate: &Aggregate) -> Result<Option<SqlExpr>, Diagnostics> {
        let scope = SqlScope::Events(aggregate.source);
        let beyond = || "a period reaches beyond the calendar";
        let days = match aggregate.period {
            None => DayRange { first: i32::MIN, last: self.as_of },
            Some(AggregatePeriod::Whole(period)) => self.periods[period].days,
            Some(AggregatePeriod::Before(period)) => {
                DayRange { first: i32::MIN, last: self.periods[period].days.first - 1 }
            }
            Some(AggregatePeriod::Slice { period, index, months }) => {
                self.periods[period].slice(index, months).ok_or_else(|| self.refuse(beyond()))?
            }
        };
        let last = days.last.min(self.as_of);
        let source = &self.demand.sources[aggregate.source];
        let mut conditions = Vec::new();
        if let SourceRole::Events { date: Some(date), .. } = source.role {
            let moment = source.columns[date].ty == Type::DateTime;
            let column = self.events[aggregate.source].column(date);
            let day = if moment { column.cast(SqlType::Date) } else { column };
            if days.first != i32::MIN {
                conditions.push(day.clone().compare(SqlOp::GreaterEqual, SqlExpr::Date(days.first)));
            }
            conditions.push(day.compare(SqlOp::LessEqual, SqlExpr::Date(last)));
        }
        if let Some(filter) = &aggregate.filter {
            conditions.push(self.lowered(filter, scope)?);
        }
        Ok((!conditions.is_empty()).then(|| SqlExpr::all(conditions)))
    }
}

fn both(first: Option<SqlExpr>, second: SqlExpr) -> SqlExpr {
    match first {
        Some(SqlExpr::Chain(accolade_core::sql::tree::SqlVariadicOp::And, mut all)) => {
            all.push(second);
            SqlExpr::all(all)
        }
        Some(first) => SqlExpr::all(vec![first, second]),
        None => second,
    }
}
