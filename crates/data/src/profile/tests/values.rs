//! Columns with a list of allowed values, in every format.

use std::sync::Arc;

use arrow::array::{ArrayRef, DictionaryArray, StringArray};
use arrow::datatypes::Int32Type;

use super::Case;
use super::parquet::written;

const WRONG: &str =
    "`golf` is not one of the column's values [did you mean `gold`? the values are `gold` and `silver`]";

fn case(file: &str, content: &[u8]) -> Case {
    let sources = format!(
        "\n  customers:\n    file: {file}\n    key: id\n    columns: {{id: text, club: 'text? in [gold, silver]'}}\n"
    );
    Case::new(&sources, "\n    one: club\n", &[(file, content)])
}

fn parquet(clubs: ArrayRef) -> Vec<u8> {
    let ids: ArrayRef = Arc::new(StringArray::from(vec!["a", "b", "c"]));
    written(vec![("id", ids), ("club", clubs)])
}

#[test]
fn listed_values_are_read() {
    let clubs = [Some("gold"), None, Some("silver")];
    let dictionary: DictionaryArray<Int32Type> = clubs.into_iter().collect();
    for (file, content) in [
        ("c.csv", b"id,club\na,gold\nb,\nc,silver\n".to_vec()),
        (
            "c.ndjson",
            b"{\"id\":\"a\",\"club\":\"gold\"}\n{\"id\":\"b\"}\n{\"id\":\"c\",\"club\":\"silver\"}\n".to_vec(),
        ),
        ("c.parquet", parquet(Arc::new(StringArray::from(clubs.to_vec())))),
        ("c.parquet", parquet(Arc::new(dictionary))),
    ] {
        let case = case(file, &content);
        let base = case.base();
        assert_eq!(case.column(&base, "one"), ["gold", "", "silver"], "{file}");
        let listed = Some(vec!["gold".to_owned(), "silver".to_owned()]);
        assert_eq!(case.set.demand.slots[case.set.slot("one").unwrap()].labels, listed);
    }
}

#[test]
fn other_values_are_named_with_their_place() {
    let clubs = [Some("gold"), Some("golf"), None];
    let dictionary: DictionaryArray<Int32Type> = clubs.into_iter().collect();
    for (file, row, content) in [
        ("c.csv", 3, b"id,club\na,gold\nb,golf\nc,\n".to_vec()),
        (
            "c.ndjson",
            2,
            b"{\"id\":\"a\",\"club\":\"gold\"}\n{\"id\":\"b\",\"club\":\"golf\"}\n{\"id\":\"c\"}\n".to_vec(),
        ),
        ("c.parquet", 2, parquet(Arc::new(StringArray::from(clubs.to_vec())))),
        ("c.parquet", 2, parquet(Arc::new(dictionary))),
    ] {
        assert_eq!(case(file, &content).errors(), format!("E0704 {file}:{row} club: {WRONG}\n"));
        let reporting = case(file, &content).reporting();
        let base = reporting.base();
        assert_eq!(reporting.column(&base, "one"), ["gold", ""], "{file}");
        let rejected = reporting.read_file("customers.2026-01-01.rejected.csv");
        assert!(rejected.contains(&format!("\n{row},club: `golf` is not one of the column's values,")), "{rejected}");
    }
}
