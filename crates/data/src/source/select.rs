//! Choosing the table or query of a database source.

use accolade_core::model::SourcePart;
use accolade_parser::did_you_mean;

/// What is selected from a database.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum TableOrQuery {
    Table(String),
    Query(String),
}

/// The table named in the location, else the table or query of the rule file, else the only table.
///
/// # Errors
/// Fails when the table does not exist, or when none is named and there is not exactly one. The error is the reason and
/// a help.
pub(super) fn chosen(
    named: Option<&str>,
    declared: &SourcePart,
    tables: &[String],
) -> Result<TableOrQuery, (String, Option<String>)> {
    let table = named.or(declared.table.as_deref());
    match (table, &declared.query, tables) {
        (Some(table), _, _) if tables.iter().any(|known| known == table) => Ok(TableOrQuery::Table(table.to_owned())),
        (Some(table), _, _) => {
            let help = if tables.is_empty() {
                "the database has no tables".to_owned()
            } else {
                did_you_mean(table, tables.iter().map(String::as_str), "the tables are:")
            };
            Err((format!("it has no table `{table}`"), Some(help)))
        }
        (None, Some(query), _) => Ok(TableOrQuery::Query(query.trim().trim_end_matches(';').to_owned())),
        (None, None, [only]) => Ok(TableOrQuery::Table(only.clone())),
        (None, None, []) => Err(("it has no tables".to_owned(), None)),
        (None, None, several) => {
            let help = format!("add `table:` to the source; the tables are: {}", several.join(", "));
            Err(("it has several tables".to_owned(), Some(help)))
        }
    }
}

/// A name as a quoted SQL identifier.
pub fn quote_identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(named: Option<&str>, table: Option<&str>, query: Option<&str>, expected: Result<TableOrQuery, &str>) {
        let text = |text: Option<&str>| text.map(str::to_owned);
        let declared = SourcePart { sheet: None, table: text(table), query: text(query) };
        let found = chosen(named, &declared, &["customers".to_owned(), "orders".to_owned()]);
        assert_eq!(found.map_err(|(why, help)| help.unwrap_or(why)), expected.map_err(str::to_owned));
    }

    #[test]
    fn a_table_or_a_query_is_chosen() {
        let table = |name: &str| Ok(TableOrQuery::Table(name.to_owned()));
        check(Some("orders"), None, None, table("orders"));
        check(Some("orders"), Some("customers"), None, table("orders"));
        check(None, Some("customers"), None, table("customers"));
        check(None, None, Some("SELECT 1;\n"), Ok(TableOrQuery::Query("SELECT 1".to_owned())));
        check(None, None, None, Err("add `table:` to the source; the tables are: customers, orders"));
        check(None, Some("order"), None, Err("did you mean `orders`?"));
    }
}
