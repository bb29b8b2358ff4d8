//! Parts of a rule file in words.

/// What the entries below a key are called.
const ENTRIES: [(&str, &str); 5] =
    [("criteria", "criterion"), ("classes", "class"), ("segments", "segment"), ("grades", "grade"), ("cells", "row")];

/// The way to a part of a rule: `criterion "cooperation": weight`.
pub(super) fn way(path: &[String]) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut entry = None;
    for (i, key) in path.iter().enumerate() {
        if let Some(what) = entry.take() {
            parts.push(format!("{what} `{key}`"));
        } else if let Some((_, what)) =
            ENTRIES.iter().find(|(section, _)| section == key).filter(|_| i + 1 < path.len())
        {
            entry = Some(what);
        } else {
            parts.push(key.clone());
        }
    }
    parts.join(": ")
}
