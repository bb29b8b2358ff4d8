//! The description of a part of a rule file.

use accolade_rules::analysis::Key;

/// The path to a part of a rule whose kind has these keys, such as ``criterion `cooperation`: weight``.
pub(super) fn path_text(path: &[String], keys: &[Key]) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut entry = None;
    for (i, key) in path.iter().enumerate() {
        if let Some(what) = entry.take() {
            parts.push(format!("{what} `{key}`"));
        } else if let Some(what) = Key::find(keys, &path[..=i]).and_then(|key| key.entry).filter(|_| i + 1 < path.len())
        {
            entry = Some(what);
        } else {
            parts.push(key.clone());
        }
    }
    parts.join(": ")
}
