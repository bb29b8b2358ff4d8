//! The text of a statement: a list of common table expressions.

use accolade_core::model::{Source, Type};
use accolade_core::show;
use accolade_core::sql::tree::{SqlExpr, SqlType};

use super::dialect::comment;
use super::layers::Layer;
use super::lower::SqlLowering;
use super::names::UniqueNames;
use super::render::{inline, pretty};
use super::request::SqlOptions;
use super::selection::SourceSelection;

/// Writes the queries of a statement. No query has the name of a table.
pub(crate) struct Writer<'a> {
    sql: &'a SqlLowering<'a>,
    request: &'a SqlOptions<'a>,
    /// The name of the rule set.
    rule_set: &'a str,
    queries: UniqueNames,
}

/// One query of a statement: its comments, its name and its text.
type Query = (Vec<String>, String, String);

impl<'a> Writer<'a> {
    pub(crate) fn new(sql: &'a SqlLowering<'a>, request: &'a SqlOptions<'a>, rule_set: &'a str) -> Writer<'a> {
        let mut queries = UniqueNames::new(request.dialect.longest_name());
        for source in &sql.demand.sources {
            queries.reserve(request.tables.get(&source.name).and_then(|parts| parts.last()).unwrap_or(&source.name));
        }
        Writer { sql, request, rule_set, queries }
    }

    /// The whole statement; `output` lists the result columns by name, expression and type.
    pub(crate) fn statement(mut self, output: &[(String, SqlExpr, SqlType)], left_out: &[String]) -> String {
        let (demand, dialect) = (self.sql.demand, self.request.dialect);
        let mut all: Vec<Query> = Vec::new();
        let mut joins = Vec::new();
        let mut columns = Vec::new();
        let key = inline(&self.sql.slots[0].clone().unwrap_or(SqlExpr::Null(SqlType::Text)), dialect);
        let customers = self.customers(&mut all);
        columns.push(format!("c.{key}"));
        columns.extend(self.sql.columns.iter().map(|(_, name)| format!("c.{}", dialect.identifier(name))));
        for (index, source) in demand.sources.iter().enumerate() {
            let events = &self.sql.events[index];
            if events.grouped.is_empty() {
                continue;
            }
            let rows = self.rows(index, source, &events.columns, &mut all);
            let rows = self.layered(&events.layers.layers, rows, &source.name, &mut all);
            let customer = dialect.identifier(&customer_name(source, &events.columns));
            let grouped = self.queries.unique(&format!("{}_by_customer", source.name));
            let mut fields = vec![customer.clone()];
            for (name, expr, without) in &events.grouped {
                fields.push(format!("{} AS {}", pretty(expr, dialect, 4), dialect.identifier(name)));
                let place = format!("e{index}.{}", dialect.identifier(name));
                columns.push(match without {
                    Some(value) => {
                        format!("COALESCE({place}, {}) AS {}", inline(value, dialect), dialect.identifier(name))
                    }
                    None => place,
                });
            }
            let text = format!("SELECT{} FROM {} GROUP BY {customer}", list(&fields), dialect.identifier(&rows));
            joins.push(format!(
                "LEFT JOIN {} AS e{index} ON e{index}.{customer} = c.{key}",
                dialect.identifier(&grouped)
            ));
            all.push((vec![format!("the events of {} by customer", source.name)], grouped, text));
        }
        let profile = self.queries.unique("profile");
        let from = format!("FROM {} AS c", dialect.identifier(&customers));
        let from = std::iter::once(from).chain(joins).collect::<Vec<_>>().join("\n  ");
        all.push((
            vec!["a row for each customer".to_owned()],
            profile.clone(),
            format!("SELECT{} {from}", list(&columns)),
        ));
        let last = self.layered(&self.sql.layers.layers, profile, "step", &mut all);
        let results: Vec<String> = output
            .iter()
            .map(|(name, column, ty)| {
                let shown = inline(column, dialect);
                let computed = matches!(ty, SqlType::Money | SqlType::Score | SqlType::Integer);
                let shown = if computed { format!("CAST({shown} AS {})", dialect.type_name(*ty)) } else { shown };
                format!("{shown} AS {}", dialect.identifier(name))
            })
            .collect();
        let order = if demand.slots[0].ty == Type::Text {
            inline(
                &SqlExpr::Collated(Box::new(self.sql.slots[0].clone().unwrap_or(SqlExpr::Null(SqlType::Text)))),
                dialect,
            )
        } else {
            key
        };
        let mut text = self.head(left_out);
        let (before, after) = self.request.view.map(|view| dialect.view(&self.path(view))).unwrap_or_default();
        text += &before;
        text += "WITH\n";
        let count = all.len();
        for (i, (comments, name, query)) in all.into_iter().enumerate() {
            for line in comments {
                text += &format!("-- {}\n", comment(&line));
            }
            let comma = if i + 1 < count { "," } else { "" };
            text += &format!("{} AS {}(\n  {query}\n){comma}\n", dialect.identifier(&name), dialect.materialized());
        }
        // The last query reads its table under an alias, since a result may be named like a column that it is made of.
        text += &format!("SELECT{}\nFROM {} AS r\nORDER BY r.{order};\n", outer(&results), dialect.identifier(&last));
        text + after
    }

    fn head(&self, left_out: &[String]) -> String {
        let SqlOptions { dialect, as_of, .. } = self.request;
        let mut lines = vec![
            format!("{}: customers rated as at {}", self.rule_set, show::date(*as_of)),
            format!(
                "Made by `accolade sql --dialect {}` {}; change the rules, not this.",
                dialect.name(),
                env!("CARGO_PKG_VERSION")
            ),
        ];
        if !left_out.is_empty() {
            lines.push(format!("Left out, since they cannot be written as SQL: {}", left_out.join(", ")));
        }
        lines.iter().map(|line| format!("-- {}\n", comment(line))).collect()
    }

    /// The query of the customers' keys and the other columns that are read.
    fn customers(&mut self, all: &mut Vec<Query>) -> String {
        let demand = self.sql.demand;
        let key = match &self.sql.slots[0] {
            Some(SqlExpr::Column(name)) => name.clone(),
            _ => String::new(),
        };
        if let Some((index, source)) = demand.customers() {
            let columns: Vec<(usize, String)> =
                std::iter::once((source.customer_column(), key)).chain(self.sql.columns.iter().cloned()).collect();
            return self.rows(index, source, &columns, all);
        }
        let mut keys = Vec::new();
        for (index, source) in demand.sources.iter().enumerate() {
            let customer = source.customer_column();
            keys.push(if self.sql.selections[index].is_some() {
                let rows = self.rows(index, source, &[(customer, key.clone())], all);
                let dialect = self.request.dialect;
                format!("SELECT {} FROM {}", dialect.identifier(&key), dialect.identifier(&rows))
            } else {
                format!("SELECT {} FROM {}", self.column(source, customer, &key), self.table(source))
            });
        }
        let name = self.queries.unique("customers_rows");
        all.push((vec!["the customers of all events".to_owned()], name.clone(), keys.join("\n  UNION ")));
        name
    }

    /// The query that casts a source's columns to their declared types, of the rows that are read.
    fn rows(&mut self, index: usize, source: &Source, columns: &[(usize, String)], all: &mut Vec<Query>) -> String {
        let customer = source.customer_column();
        let mut wanted = columns.to_vec();
        if !columns.iter().any(|(index, _)| *index == customer) {
            wanted.insert(0, (customer, customer_name(source, columns)));
        }
        if let Some(selection) = &self.sql.selections[index] {
            return self.selected(source, selection, &wanted, all);
        }
        let fields: Vec<String> = wanted.iter().map(|(index, name)| self.column(source, *index, name)).collect();
        let name = self.queries.unique(&format!("{}_rows", source.name));
        let text = format!("SELECT{} FROM {}", list(&fields), self.table(source));
        all.push((vec![format!("{} as the rule file declares them", source.name)], name.clone(), text));
        name
    }

    /// The rows that meet the condition of a source, with a computed key.
    fn selected(
        &mut self,
        source: &Source,
        selection: &SourceSelection,
        wanted: &[(usize, String)],
        all: &mut Vec<Query>,
    ) -> String {
        let dialect = self.request.dialect;
        let mut query = selection.query.clone();
        let mut fields = Vec::with_capacity(wanted.len());
        for (index, name) in wanted {
            let value = match &selection.key {
                Some(key) if *index == source.customer_column() => key.clone(),
                _ => query.column(*index),
            };
            fields.push(format!("{} AS {}", pretty(&value, dialect, 4), dialect.identifier(name)));
        }
        let stored: Vec<String> = query.columns.iter().map(|(index, name)| self.column(source, *index, name)).collect();
        let every = self.queries.unique(&format!("{}_all", source.name));
        let text = format!("SELECT{} FROM {}", list(&stored), self.table(source));
        all.push((vec![format!("{} as the rule file declares them", source.name)], every.clone(), text));
        let from = self.layered(&query.layers.layers, every, &format!("{}_all", source.name), all);
        let name = self.queries.unique(&format!("{}_rows", source.name));
        let mut text = format!("SELECT{} FROM {}", list(&fields), dialect.identifier(&from));
        if let Some(condition) = &selection.condition {
            text += &format!("\n  WHERE {}", pretty(condition, dialect, 4));
        }
        all.push((vec![format!("the rows of {} that are read", source.name)], name.clone(), text));
        name
    }

    fn column(&self, source: &Source, index: usize, name: &str) -> String {
        let dialect = self.request.dialect;
        let column = &source.columns[index];
        let ty = SqlType::of(column.ty).map_or("", |ty| dialect.type_name(ty));
        let stored = source.format.header_of(&column.name);
        format!("CAST({} AS {ty}) AS {}", dialect.stored(&[stored]), dialect.identifier(name))
    }

    fn table(&self, source: &Source) -> String {
        match self.request.tables.get(&source.name) {
            Some(parts) => self.path(parts),
            None => self.request.dialect.stored(&[&source.name]),
        }
    }

    fn path(&self, parts: &[String]) -> String {
        self.request.dialect.stored(&parts.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// Writes the queries of `layers` on top of `from` and returns the name of the last.
    fn layered(&mut self, layers: &[Layer], mut from: String, name: &str, all: &mut Vec<Query>) -> String {
        let dialect = self.request.dialect;
        for (number, layer) in (1..).zip(layers.iter().filter(|layer| !layer.columns.is_empty())) {
            let column = |(name, expr): &(String, SqlExpr)| {
                format!("{} AS {}", pretty(expr, dialect, 4), dialect.identifier(name))
            };
            let fields: Vec<String> = std::iter::once("*".to_owned()).chain(layer.columns.iter().map(column)).collect();
            let next = self.queries.unique(&format!("{name}_{number}"));
            all.push((
                layer.comments.clone(),
                next.clone(),
                format!("SELECT{} FROM {}", list(&fields), dialect.identifier(&from)),
            ));
            from = next;
        }
        from
    }
}

/// The name under which the customer column of a source is read.
fn customer_name(source: &Source, columns: &[(usize, String)]) -> String {
    let customer = source.customer_column();
    let known = columns.iter().find(|(index, _)| *index == customer).map(|(_, name)| name.clone());
    // Nothing else reads this column; another one may have taken its name in a different case.
    known.unwrap_or_else(|| {
        let mut names = UniqueNames::new(63);
        columns.iter().for_each(|(_, name)| names.reserve(name));
        names.unique(&source.columns[customer].name)
    })
}

/// Fields of a query within a statement, one a line where there are several.
fn list(fields: &[String]) -> String {
    match fields {
        [one] => format!(" {one}"),
        _ => format!("\n    {}\n ", fields.join(",\n    ")),
    }
}

fn outer(fields: &[String]) -> String {
    format!("\n  {}", fields.join(",\n  "))
}
