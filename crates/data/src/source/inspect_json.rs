//! The keys of JSON objects whose columns have not been declared.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use accolade_core::location::format::FileFormat;
use serde_json::value::RawValue;

use super::{json_array, stream};

/// The keys with single values, and those with a list or an object in any of the objects. Both are ordered by their
/// first position in any object and then by name.
///
/// # Errors
/// Fails when a file cannot be read, or is not a list where it should be one. The error is the reason.
pub(super) fn keys(files: &[PathBuf], format: FileFormat) -> Result<(Vec<String>, Vec<String>), String> {
    let mut seen: HashMap<String, (usize, bool)> = HashMap::new();
    let mut add = |text: &[u8]| {
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        // What is not an object is reported when its row is read.
        let object = serde_json::from_slice::<indexmap::IndexMap<String, &RawValue>>(text.trim_ascii());
        for (place, (key, value)) in object.into_iter().flatten().enumerate() {
            let (first, is_nested) = seen.entry(key).or_insert((place, false));
            *first = place.min(*first);
            *is_nested |= value.get().starts_with(['[', '{']);
        }
    };
    for file in files {
        match format {
            FileFormat::Json => json_array::each(file, &mut add)?,
            _ => lines(file, &mut add).map_err(|error| error.to_string())?,
        }
    }
    let mut keys: Vec<(usize, String, bool)> =
        seen.into_iter().map(|(key, (place, nest))| (place, key, nest)).collect();
    keys.sort();
    let (nested, single): (Vec<_>, Vec<_>) = keys.into_iter().partition(|(_, _, is_nested)| *is_nested);
    let names = |keys: Vec<(usize, String, bool)>| keys.into_iter().map(|(_, key, _)| key).collect();
    Ok((names(single), names(nested)))
}

fn lines(file: &Path, add: &mut impl FnMut(&[u8])) -> std::io::Result<()> {
    let (mut reader, mut line) = (BufReader::new(stream::open(file)?), Vec::new());
    while reader.read_until(b'\n', &mut line)? > 0 {
        add(&line);
        line.clear();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_lists_and_objects_are_apart() {
        let folder = tempfile::tempdir().unwrap();
        let objects = ["{\"id\": 1, \"tags\": null, \"x\": 1}", "{\"tags\": [\"a\"], \"id\": 2, \"of\": {\"y\": 1}}"];
        for (name, format, text) in [
            ("o.ndjson", FileFormat::Ndjson, objects.join("\n")),
            ("o.json", FileFormat::Json, format!("[{}]", objects.join(","))),
        ] {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            let (single, nested) = keys(&[path], format).unwrap();
            assert_eq!(
                (single, nested),
                (vec!["id".to_owned(), "x".to_owned()], vec!["tags".to_owned(), "of".to_owned()])
            );
        }
    }
}
