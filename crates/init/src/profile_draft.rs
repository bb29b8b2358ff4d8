//! The names in a proposal, all unique, and the expressions of its fields.

use std::collections::BTreeSet;

use accolade_engine::Type;
use accolade_parser::count;

use crate::amount_columns::{MoneyKind, amount_columns};
use crate::names::UniqueNames;
use crate::plan::Plan;
use crate::subjects::{Amount, ColumnRef, order_lines};
use crate::table::InferredColumn;

/// Names and expressions of a proposal.
#[derive(Clone, Debug, Default)]
pub(crate) struct ProfileDraft {
    names: UniqueNames,
    /// Periods: the name, the notation and a comment.
    pub(crate) periods: Vec<(String, String, String)>,
    pub(crate) period: Option<String>,
    /// Two periods of equal length, the earlier first.
    pub(crate) before_and_now: Option<(String, String)>,
    pub(crate) quantitative: Vec<ProfileField>,
    /// Columns of the customer that hold judgements.
    pub(crate) qualitative: Vec<ProfileField>,
    /// The latest judgements in events.
    pub(crate) latest: Vec<ProfileField>,
    pub(crate) administrative: Vec<String>,
    pub(crate) revenue: Option<String>,
    pub(crate) margin: Option<String>,
    pub(crate) order_count: Option<String>,
    pub(crate) days_since_order: Option<String>,
    pub(crate) potential: Option<String>,
    pub(crate) satisfaction: Option<AnswerField>,
    pub(crate) recommend: Option<AnswerField>,
    pub(crate) judgements: Vec<AnswerField>,
    /// Columns that the proposal reads, by table and column.
    pub(crate) used: BTreeSet<(usize, usize)>,
}

/// A field of the profile.
#[derive(Clone, Debug)]
pub(crate) struct ProfileField {
    pub(crate) name: String,
    /// The expression; none for a column of the customers.
    pub(crate) expression: Option<String>,
    pub(crate) comment: Option<String>,
}

/// A customer's judgement as a field.
#[derive(Clone, Debug)]
pub(crate) struct AnswerField {
    pub(crate) place: ColumnRef,
    pub(crate) field: String,
    pub(crate) scale: (i64, i64),
    pub(crate) nullable: bool,
}

impl ProfileDraft {
    pub(crate) fn new(plan: &Plan) -> ProfileDraft {
        let mut words = ProfileDraft::default();
        plan.tables.iter().for_each(|table| {
            words.names.take(&table.name);
        });
        if let Some((table, key)) = plan.customers() {
            words.used.insert((table, key));
            for column in &plan.tables[table].columns {
                words.names.take(&column.name);
            }
        } else if let Some((table, customer)) = plan.first_key() {
            words.names.take(&plan.tables[table].columns[customer].name);
        }
        words.periods(plan);
        words.carried(plan);
        words.add_order_fields(plan);
        words.other_events(plan);
        words.answers(plan);
        words
    }

    /// Takes a unique name.
    pub(crate) fn fresh(&mut self, wanted: &str) -> String {
        self.names.take(wanted)
    }

    fn periods(&mut self, plan: &Plan) {
        if plan.subjects.orders.is_none_or(|orders| plan.date_of(orders).is_none()) {
            if plan.tables.iter().enumerate().any(|(i, _)| plan.date_of(i).is_some()) {
                let name = self.span(12, "the last twelve months of the data");
                self.period = Some(name);
            }
            return;
        }
        let (once, twice) = plan.months();
        let since = plan
            .first_order
            .map_or(String::new(), |first| format!("the data begin on {}", accolade_engine::show::date(first)));
        let now = self.span(once, &since);
        if let Some(months) = twice {
            let recent = if months == once { now.clone() } else { self.span(months, "the data fill this twice") };
            let before = self.names.take(&format!("{recent}_before"));
            self.periods.push((before.clone(), format!("{} before {recent}", count(months, "month")), String::new()));
            self.before_and_now = Some((before, recent));
        }
        self.period = Some(now);
    }

    fn span(&mut self, months: u32, comment: &str) -> String {
        let name = match months {
            12 => "year",
            6 => "half_year",
            3 => "quarter",
            _ => "month",
        };
        let name = self.names.take(name);
        self.periods.push((name.clone(), format!("last {}", count(months, "month")), comment.to_owned()));
        name
    }

    /// Adds texts and flags of the customer, which are carried over to the results.
    fn carried(&mut self, plan: &Plan) {
        let Some((table, key)) = plan.customers() else { return };
        for (i, column) in plan.tables[table].columns.iter().enumerate() {
            if i != key && matches!(column.ty, Type::Text | Type::Boolean) {
                self.administrative.push(column.name.clone());
                self.used.insert((table, i));
            }
        }
    }

    fn field(&mut self, wanted: &str, expression: String, comment: Option<String>) -> String {
        let name = self.names.take(wanted);
        self.quantitative.push(ProfileField { name: name.clone(), expression: Some(expression), comment });
        name
    }

    fn add_order_fields(&mut self, plan: &Plan) {
        let Some(index) = plan.subjects.orders else { return };
        let table = &plan.tables[index];
        let column = |i: usize| format!("{}.{}", table.name, table.columns[i].name);
        let within = self.period.as_ref().map_or(String::new(), |period| format!(" in {period}"));
        let (amount, comment) = match plan.subjects.amount {
            Some(Amount::Column(i)) => {
                self.used.insert((index, i));
                let comment = amount_comment(plan, index, i);
                (Some(column(i)), comment)
            }
            Some(Amount::Product { quantity, price }) => {
                self.used.extend([(index, quantity), (index, price)]);
                let comment = "no column holds the amount of a row".to_owned();
                (Some(format!("{} * {}", column(quantity), column(price))), Some(comment))
            }
            None => (None, None),
        };
        if let Some(amount) = &amount {
            self.revenue = Some(self.field("revenue", format!("sum({amount}{within})"), comment));
            if let Some((before, _)) = self.before_and_now.clone().filter(|(_, now)| self.period.as_ref() == Some(now))
            {
                self.field("revenue_before", format!("sum({amount} in {before})"), None);
            }
        }
        if let Some(margin) = plan.subjects.margin {
            self.used.insert((index, margin));
            let comment = format!("a guess: `{}` is what is earned on a row", table.columns[margin].header);
            self.margin = Some(self.field("margin", format!("sum({}{within})", column(margin)), Some(comment)));
        }
        // Rows below zero are credit notes: they count in sums, and are no orders.
        let credited = match plan.subjects.amount {
            Some(Amount::Column(i) | Amount::Product { quantity: i, .. }) => {
                has_credit_notes(&table.columns[i]).then_some(i)
            }
            None => None,
        };
        let sales = credited.map_or(String::new(), |i| format!(" where {} > 0", column(i)));
        let counted = match plan.subjects.order_id {
            Some(id) => {
                self.used.insert((index, id));
                let comment = format!("several rows have the same `{}`", table.columns[id].header);
                (format!("count_distinct({}{within}{sales})", column(id)), Some(comment))
            }
            None => (format!("count({}{within}{sales})", table.name), None),
        };
        let counted =
            (counted.0, counted.1.or_else(|| credited.as_ref().map(|_| "a credit note is no order".to_owned())));
        self.order_count = Some(self.field("order_count", counted.0, counted.1));
        if let Some(date) = plan.date_of(index) {
            let last = format!("max({}{sales})", column(date));
            let last = if table.columns[date].ty == Type::DateTime { format!("to_date({last})") } else { last };
            self.days_since_order = Some(self.field("days_since_order", format!("days({last}, as_of)"), None));
        }
        if let Some(potential) = plan.subjects.potential {
            self.used.insert((potential.table, potential.column));
            self.potential = Some(plan.tables[potential.table].columns[potential.column].name.clone());
        }
    }

    /// Adds a count for each other table of events.
    fn other_events(&mut self, plan: &Plan) {
        let answers = [plan.subjects.satisfaction, plan.subjects.recommend, plan.subjects.effort];
        for (index, table) in plan.tables.iter().enumerate() {
            let Some(_) = plan.date_of(index) else { continue };
            let asked = answers.iter().flatten().any(|place| place.table == index);
            if let Some(period) = self.period.clone().filter(|_| plan.subjects.orders != Some(index) && !asked) {
                self.field(&format!("{}_count", table.name), format!("count({} in {period})", table.name), None);
            }
        }
    }

    fn answers(&mut self, plan: &Plan) {
        self.satisfaction = plan.subjects.satisfaction.and_then(|place| self.answer(plan, place));
        // The rule of promoters reads the events; a field with the latest answer is only needed without satisfaction.
        self.recommend = plan.subjects.recommend.and_then(|place| match self.satisfaction {
            Some(_) if plan.date_of(place.table).is_some() => self.unseen_answer(plan, place),
            _ => self.answer(plan, place),
        });
        let judgements: Vec<ColumnRef> = plan.subjects.judgements.clone();
        for place in judgements {
            if Some(place) != plan.subjects.satisfaction && Some(place) != plan.subjects.recommend {
                let answer = self.answer(plan, place);
                self.judgements.extend(answer);
            }
        }
    }

    /// An answer without a field of its own.
    fn unseen_answer(&mut self, plan: &Plan, place: ColumnRef) -> Option<AnswerField> {
        let column = &plan.tables[place.table].columns[place.column];
        self.used.insert((place.table, place.column));
        Some(AnswerField { place, field: column.name.clone(), scale: column.range?, nullable: true })
    }

    fn answer(&mut self, plan: &Plan, place: ColumnRef) -> Option<AnswerField> {
        let (table, column) = (&plan.tables[place.table], &plan.tables[place.table].columns[place.column]);
        self.used.insert((place.table, place.column));
        let of_customer = plan.customers().is_some_and(|(table, _)| table == place.table);
        let field = if of_customer {
            self.qualitative.push(ProfileField { name: column.name.clone(), expression: None, comment: None });
            column.name.clone()
        } else {
            let name = self.names.take(&column.name);
            let expression = Some(format!("last({}.{})", table.name, column.name));
            let comment = Some("the latest answer".to_owned());
            self.latest.push(ProfileField { name: name.clone(), expression, comment });
            name
        };
        Some(AnswerField { place, field, scale: column.range?, nullable: !of_customer || column.nullable })
    }
}

/// Whether some amounts are below zero, and most are not.
fn has_credit_notes(column: &InferredColumn) -> bool {
    column.negative > 0 && 2 * column.negative < column.filled
}

/// Why a column is the amount of a row, and the next likeliest; none for the only amount there is.
fn amount_comment(plan: &Plan, table: usize, column: usize) -> Option<String> {
    let (of, role) = (&plan.tables[table], &plan.roles[table]);
    let header = |i: usize| of.columns[i].header.as_str();
    let lines = order_lines(of, role);
    let reason = amount_columns(of, lines).into_iter().find(|amount| amount.column == column).and_then(|a| a.reason);
    let repeated = lines
        .filter(|lines| lines.repeats(column))
        .map(|lines| format!("each row of a `{}` repeats it, so that it counts once for each row", header(lines.by)));
    let others = (0..of.columns.len()).filter(|i| *i != column && MoneyKind::of(&of.columns[*i]).is_some()).count();
    let next = match plan.subjects.other_amount {
        Some(other) => Some(format!("the next likeliest is `{}`", header(other))),
        None if others > 0 => Some("the other amounts are of something else".to_owned()),
        None => None,
    };
    let reason = reason.map(|reason| format!("it is {reason}"));
    let why: Vec<String> = [repeated, reason, next].into_iter().flatten().collect();
    (!why.is_empty()).then(|| format!("a guess: `{}` is the amount of a row; {}", header(column), why.join("; ")))
}
