//! "Did you mean".

/// The candidate that `name` most likely stands for, if one is close enough.
pub fn suggest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = name.to_lowercase();
    // A third of the letters may differ; short names need at least one allowed slip.
    let limit = (name.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .filter(|candidate| *candidate != name)
        .map(|candidate| (strsim::damerau_levenshtein(&wanted, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= limit && *distance < candidate.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
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
}
