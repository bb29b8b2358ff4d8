//! The columns of a data file, with types guessed from its first rows.

use std::path::Path;

use accolade_engine::files::regular_size;
use accolade_engine::source::inspect;

/// How many rows a guess is made from.
const ROWS: usize = 200;
/// Files larger than this are not read for completion.
const MOST_BYTES: u64 = 32 * 1024 * 1024;

/// A column of a file and the type it seems to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GuessedColumn {
    pub(super) name: String,
    pub(super) ty: String,
}

/// The columns of a data file; none if it cannot be read.
pub(super) fn columns(path: &Path) -> Vec<GuessedColumn> {
    if regular_size(path).unwrap_or(u64::MAX) > MOST_BYTES {
        return Vec::new();
    }
    let Ok(file) = inspect(path) else { return Vec::new() };
    let mut seen: Vec<Vec<String>> = vec![Vec::new(); file.columns.len()];
    let mut rows = 0;
    // A file that is malformed somewhere still has a header.
    let _ = file.rows(|_, texts| {
        if rows < ROWS {
            rows += 1;
            seen.iter_mut().zip(texts).for_each(|(column, text)| column.push(text.clone()));
        }
    });
    let ty = |texts: &[String], stored: Option<accolade_engine::Type>| match stored {
        Some(ty) => ty.to_string(),
        None => guess(texts),
    };
    file.columns
        .iter()
        .zip(&seen)
        .map(|(c, texts)| GuessedColumn { name: c.name.clone(), ty: ty(texts, c.stored) })
        .collect()
}

/// The type that all texts fit.
fn guess(texts: &[String]) -> String {
    let given: Vec<&str> = texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect();
    let all = |fits: fn(&str) -> bool| !given.is_empty() && given.iter().all(|text| fits(text));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let base = if all(|text| matches!(text, "true" | "false")) {
        "boolean"
    } else if all(|text| accolade_engine::model::period::parse_day(text).is_some()) {
        "date"
    } else if given.iter().any(|text| text.len() > 1 && text.starts_with('0') && digits(text)) {
        // Leading zeros are part of an id.
        "text"
    } else if all(|text| text.parse::<i64>().is_ok()) {
        "integer"
    } else if all(|text| text.strip_suffix('%').unwrap_or(text).parse::<f64>().is_ok_and(f64::is_finite)) {
        let two = |text: &&str| text.rsplit_once('.').is_none_or(|(_, decimals)| decimals.len() <= 2);
        if given.iter().any(|text| text.ends_with('%')) {
            "percent"
        } else if given.iter().all(two) {
            "money"
        } else {
            "number"
        }
    } else {
        "text"
    };
    format!("{base}{}", if given.len() < texts.len() { "?" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(texts: &[&str], expected: &str) {
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        assert_eq!(guess(&texts), expected, "{texts:?}");
    }

    #[test]
    fn types_are_those_that_every_value_fits() {
        check(&["1", "20"], "integer");
        check(&["1", ""], "integer?");
        check(&["1.50", "2"], "money");
        check(&["1.505", "2"], "number");
        check(&["10%", "2%"], "percent");
        check(&["2026-01-31"], "date");
        check(&["true"], "boolean");
        check(&["007", "12"], "text");
        check(&["a", "1"], "text");
        check(&[], "text");
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_not_waited_for() {
        use super::super::documents::DocumentKind;
        use super::super::project::files_in;

        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("orders.yaml");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        std::fs::write(folder.path().join("rules.yaml"), "accolade: 1\n").unwrap();
        assert!(columns(&pipe).is_empty());
        assert_eq!(files_in(folder.path(), DocumentKind::Rules), [folder.path().join("rules.yaml")]);
    }
}
