//! Suggestions for misspelt names.

use crate::Diagnostic;

/// The candidate that `name` most likely stands for, if one is close enough.
pub fn suggest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = name.to_lowercase();
    // A third of the letters may differ, and at least one in a short name.
    let limit = (name.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .filter(|candidate| *candidate != name)
        .map(|candidate| (strsim::damerau_levenshtein(&wanted, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= limit && *distance < candidate.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The help for an unknown name: the nearest known name, or else all known names after `otherwise`.
pub fn did_you_mean<'a>(name: &str, known: impl IntoIterator<Item = &'a str>, otherwise: &str) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    match suggest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("{otherwise} {}", listed(&known)),
    }
}

/// Names one after the other. Of very many, only the first are listed.
pub fn listed<S: AsRef<str>>(names: &[S]) -> String {
    const MOST: usize = 50;
    let shown: Vec<&str> = names.iter().take(MOST).map(AsRef::as_ref).collect();
    let more = names.len() - shown.len();
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}

impl Diagnostic {
    /// Proposes the known name nearest to `name`, which is written at the first label. If none is near, `otherwise`
    /// adds other help.
    pub fn suggest_or_else<'a>(
        self,
        name: &str,
        known: impl IntoIterator<Item = &'a str>,
        otherwise: impl FnOnce(Diagnostic) -> Diagnostic,
    ) -> Diagnostic {
        let Some(near) = suggest(name, known) else { return otherwise(self) };
        match self.labels.first().map(|label| label.span) {
            Some(place) => self.did_you_mean(place, name, near),
            None => self.help(format!("did you mean `{near}`?")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_only_what_is_close() {
        let names = ["sources", "periods", "profile", "rules", "by"];
        assert_eq!(suggest("source", names), Some("sources"));
        assert_eq!(suggest("Rules", names), Some("rules"));
        assert_eq!(suggest("preiods", names), Some("periods"));
        assert_eq!(suggest("bu", names), Some("by"));
        assert_eq!(suggest("x", names), None);
        assert_eq!(suggest("", names), None);
        assert_eq!(suggest("goals", ["classes"]), None);
    }

    #[test]
    fn of_many_names_the_first_are_listed() {
        assert_eq!(listed(&["a", "b"]), "a, b");
        let many: Vec<String> = (0..52).map(|i| i.to_string()).collect();
        assert!(listed(&many).ends_with(", 48, 49 and 2 more"));
    }
}
