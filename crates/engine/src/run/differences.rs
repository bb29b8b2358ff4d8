//! The lines in which two bases of cut-offs differ, for messages.

/// The most differences that are shown.
const MOST: usize = 5;

/// The most characters of a value that are shown.
const MOST_CHARACTERS: usize = 100;

/// The differences of two lists of lines `name: value`, those of `rule` first, each in one line; the last counts those
/// that are left out.
pub(super) fn differences(rule: &str, old: &[String], new: &[String]) -> Vec<String> {
    let mut found: Vec<(&str, Option<&str>, Option<&str>)> = Vec::new();
    for line in old.iter().filter(|line| !new.contains(line)) {
        let (name, value) = split(line);
        found.push((name, Some(value), None));
    }
    for line in new.iter().filter(|line| !old.contains(line)) {
        let (name, value) = split(line);
        match found.iter_mut().find(|(other, _, now)| *other == name && now.is_none()) {
            Some((.., now)) => *now = Some(value),
            None => found.push((name, None, Some(value))),
        }
    }
    let is_own = |name: &str| name.strip_prefix(rule).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    found.sort_unstable_by_key(|found| (!is_own(found.0), *found));
    let more = found.len().saturating_sub(MOST);
    let lines = found.into_iter().take(MOST).map(|(name, was, is)| match (was, is) {
        (Some(was), Some(is)) => format!("`{name}` was {}, it is {}", short(was), short(is)),
        (Some(was), None) => format!("`{name}` was {}, it is no longer there", short(was)),
        (None, is) => format!("`{name}` was not there, it is {}", short(is.unwrap_or_default())),
    });
    lines
        .chain((more > 0).then(|| format!("{} more {}", more, if more == 1 { "line differs" } else { "lines differ" })))
        .collect()
}

fn split(line: &str) -> (&str, &str) {
    line.split_once(": ").unwrap_or((line, ""))
}

fn short(value: &str) -> String {
    match value.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => format!("`{}…`", &value[..end]),
        None => format!("`{value}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(old: &[&str], new: &[&str], expected: &[&str]) {
        let owned = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
        assert_eq!(differences("b", &owned(old), &owned(new)), expected);
    }

    #[test]
    fn lines_of_one_name_are_one_difference() {
        check(&["a: 1", "b: 2"], &["b: 2", "a: 1"], &[]);
        check(&["a: 1"], &["a: 2"], &["`a` was `1`, it is `2`"]);
        check(&["a: 1"], &["b: 1"], &["`b` was not there, it is `1`", "`a` was `1`, it is no longer there"]);
    }

    #[test]
    fn lines_of_the_rule_come_first() {
        check(
            &["a: 1", "b.by: 1", "c: 1"],
            &["a: 2", "b.by: 2", "c: 1"],
            &["`b.by` was `1`, it is `2`", "`a` was `1`, it is `2`"],
        );
    }

    #[test]
    fn differences_are_bounded() {
        let old: Vec<String> = (0..9).map(|i| format!("n{i}: {}", "x".repeat(200))).collect();
        let found = differences("r", &old, &[]);
        assert_eq!(found.len(), MOST + 1);
        assert_eq!(found[MOST], "4 more lines differ");
        assert!(found[0].len() < 200, "{}", found[0]);
    }
}
