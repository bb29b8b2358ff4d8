//! No content of a file makes reading panic, and the slow path explains whatever stops the fast path.

use proptest::prelude::*;

use super::Case;

const SOURCES: &str = "
  customers:
    file: FILE
    key: id
    columns: {id: text, m: money?, d: datetime?, i: integer? 0..50, b: boolean?}
";

fn case(file: &str, content: &[u8]) -> Case {
    Case::new(&SOURCES.replace("FILE", file), " {x: i}", &[(file, content)])
}

fn check(file: &str, content: &[u8]) -> Result<(), TestCaseError> {
    let strict = case(file, content);
    let reporting = case(file, content).reporting();
    match (strict.load(), reporting.load()) {
        (Ok(base), Ok(other)) => {
            prop_assert_eq!(base.columns, other.columns);
            prop_assert_eq!(other.source_counts[0].rejected, 0);
        }
        (Err(findings), reported) => {
            let findings = strict.plain(&findings);
            prop_assert!(!findings.is_empty());
            prop_assert!(!findings.contains("E0701"), "{}", findings);
            if let Ok(base) = reported {
                prop_assert!(base.source_counts[0].rejected > 0);
            }
        }
        (Ok(_), Err(findings)) => prop_assert!(false, "{}", reporting.plain(&findings)),
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn csv(body in "([ab],([0-9]{1,3})?,(2025-0[1-9]-1[0-9])?,[0-9]{0,2},(yes|no)?\n){0,4}[abé,;\"\r\n0-9. -]{0,40}") {
        check("c.csv", format!("id,m,d,i,b\n{body}").as_bytes())?;
    }

    #[test]
    fn csv_of_bytes(body in prop::collection::vec(any::<u8>(), 0..60)) {
        let mut content = b"id,m,d,i,b\n".to_vec();
        content.extend(body);
        check("c.csv", &content)?;
    }

    #[test]
    fn ndjson(body in "(\\{\"id\":\"[a-f]\",\"m\":[0-9.]{1,4},\"d\":null,\"i\":[0-9]{1,2},\"b\":(true|false|1)\\}\n){0,4}[a{}\\[\\]\",:\\\\\n0-9.-]{0,20}") {
        check("c.ndjson", body.as_bytes())?;
    }
}
