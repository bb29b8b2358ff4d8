//! Tables of a PostgreSQL database. All reads of one server in a run see the same snapshot.

mod connect;
mod read;
mod snapshot;

use std::sync::Arc;

use accolade_core::location::PostgresDatabase;
use accolade_core::model::{Source, SourcePart};

use super::select;
use super::select::{TableOrQuery, quote_identifier};
pub use connect::{connect, error_message, find_password};
use snapshot::Snapshot;
pub use snapshot::Snapshots;

/// The selected table or query.
#[derive(Debug)]
pub(super) struct PostgresTable {
    moment: Arc<Snapshot>,
    select: String,
    columns: Vec<ResultColumn>,
    /// Its name in diagnostics.
    pub(super) place: String,
}

/// A column of the result.
#[derive(Clone, Debug)]
struct ResultColumn {
    name: String,
    /// The cast that is applied to its values before they become text; empty if there is none.
    cast: &'static str,
    numeric: bool,
}

/// The reason why data cannot be read, and an optional help.
pub type ReasonAndHelp = (String, Option<String>);

/// Finds the table named in the location or the rule file, or the only one, and its columns.
///
/// # Errors
/// Fails when the server cannot be reached, has no such table, or refuses the query.
pub(super) fn open(
    source: &Source,
    server: &PostgresDatabase,
    named: Option<&str>,
    moments: &mut Snapshots,
) -> Result<(PostgresTable, Vec<String>), ReasonAndHelp> {
    let moment = moments.get_or_begin(server)?;
    let mut client = moment.connect()?;
    let failed = |error: postgres::Error| (connect::error_message(&error), connect::hint(&error));
    let known = tables(&mut client).map_err(failed)?;
    let shown: Vec<String> = known.iter().map(|table| table.shown.clone()).collect();
    // A table may be named with a schema that it does not need.
    let plain = |name: &str| {
        let table = known.iter().find(|table| name == format!("{}.{}", table.schema, table.name));
        table.map_or_else(|| name.to_owned(), |table| table.shown.clone())
    };
    let declared = SourcePart { table: source.part.table.as_deref().map(plain), ..source.part.clone() };
    let (select, place) = match select::chosen(named.map(plain).as_deref(), &declared, &shown)? {
        TableOrQuery::Table(chosen) => {
            let table = known.iter().find(|table| table.shown == chosen);
            let name =
                table.map(|table| format!("{}.{}", quote_identifier(&table.schema), quote_identifier(&table.name)));
            (
                format!("SELECT * FROM {}", name.unwrap_or_else(|| quote_identifier(&chosen))),
                format!("{server}#{chosen}"),
            )
        }
        TableOrQuery::Query(query) => (query, format!("{server} (query)")),
    };
    // The query is prepared as it will be read, so that the server reports its errors before any row is read.
    let statement = client.prepare(&format!("SELECT * FROM (\n{select}\n) AS q")).map_err(failed)?;
    let columns: Vec<ResultColumn> = statement
        .columns()
        .iter()
        .map(|column| {
            use postgres::types::Type;
            let ty = column.type_();
            ResultColumn {
                name: column.name().to_owned(),
                cast: if *ty == Type::MONEY { "::numeric" } else { "" },
                numeric: [Type::NUMERIC, Type::FLOAT4, Type::FLOAT8, Type::MONEY].contains(ty),
            }
        })
        .collect();
    let header: Vec<String> = columns.iter().map(|c| c.name.clone()).collect();
    Ok((PostgresTable { moment, select, columns, place }, header))
}

/// A table or view.
struct QualifiedTable {
    /// Its name, with the schema only where the table is not on the search path.
    shown: String,
    schema: String,
    name: String,
}

fn tables(client: &mut postgres::Client) -> Result<Vec<QualifiedTable>, postgres::Error> {
    let select = "SELECT CASE WHEN pg_table_is_visible(c.oid) THEN c.relname::text \
                  ELSE n.nspname || '.' || c.relname END, n.nspname::text, c.relname::text \
                  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
                  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname <> 'information_schema' \
                  AND n.nspname NOT LIKE 'pg\\_%' AND has_schema_privilege(n.oid, 'USAGE') ORDER BY 1";
    let rows = client.query(select, &[])?;
    Ok(rows.iter().map(|row| QualifiedTable { shown: row.get(0), schema: row.get(1), name: row.get(2) }).collect())
}
