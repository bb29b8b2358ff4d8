//! One JSON object as a row. Numbers are read from their digits, so money stays exact.

use std::borrow::Cow;
use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::column_marks::ColumnMarks;
use super::json_keys::JsonKeys;

/// The texts of an object at the positions of `keys`, whose marks are set in `seen`. `what` is the object in messages.
///
/// # Errors
/// Fails when the text is not one JSON object, when a key is in it twice or two keys of one column, and when the value
/// of a key is a list or an object. The error is the reason.
pub(super) fn fields<'a>(
    text: &'a [u8],
    keys: &JsonKeys,
    seen: &ColumnMarks,
    what: &str,
) -> Result<Vec<Option<Cow<'a, str>>>, String> {
    let text = std::str::from_utf8(text).map_err(|_| format!("the {what} is not UTF-8"))?;
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = serde_json::Deserializer::from_str(text);
    let object = ObjectFields(keys).deserialize(&mut reader).and_then(|values| {
        reader.end()?;
        Ok(values)
    });
    let object = object.map_err(|error| {
        let message = error.to_string();
        format!("the {what} is not a JSON object: {}", message.split(" at line").next().unwrap_or_default())
    })?;
    if let Some((first, second)) = object.repeated {
        let (first, second) = (keys.key(first).0, keys.key(second).0);
        return Err(match first == second {
            true => format!("the {what} has the key `{first}` twice"),
            false => format!("the {what} has the keys `{first}` and `{second}`, which are one column"),
        });
    }
    let mut fields = Vec::with_capacity(object.values.len());
    for (position, value) in object.values.into_iter().enumerate() {
        let Some((key, value)) = value else {
            fields.push(None);
            continue;
        };
        seen.mark(position);
        fields.push(match value.get() {
            "null" => None,
            text if text.starts_with(['[', '{']) => {
                return Err(format!("`{}` is a list or an object, not one value", keys.key(key).0));
            }
            text if text.starts_with('"') => Some(unquoted(text)?),
            text => Some(Cow::Borrowed(text)),
        });
    }
    Ok(fields)
}

/// The text of a JSON string.
fn unquoted(text: &str) -> Result<Cow<'_, str>, String> {
    match text.strip_prefix('"').and_then(|t| t.strip_suffix('"')) {
        Some(plain) if !plain.contains('\\') => Ok(Cow::Borrowed(plain)),
        _ => serde_json::from_str(text).map(Cow::Owned).map_err(|_| "a text is not written correctly".to_owned()),
    }
}

/// The raw values of an object, each with the index of its key.
struct RawFields<'de> {
    /// By position.
    values: Vec<Option<(usize, &'de RawValue)>>,
    /// The indexes of two keys that lead to the same position.
    repeated: Option<(usize, usize)>,
}

/// Extracts the raw values of some keys of an object.
struct ObjectFields<'k>(&'k JsonKeys);

impl<'de> DeserializeSeed<'de> for ObjectFields<'_> {
    type Value = RawFields<'de>;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Self::Value, D::Error> {
        reader.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for ObjectFields<'_> {
    type Value = RawFields<'de>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = RawFields { values: vec![None; self.0.len()], repeated: None };
        while let Some(key) = map.next_key_seed(KeyIndex(self.0))? {
            let Some(key) = key else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let value: &RawValue = map.next_value()?;
            for position in self.0.key(key).1 {
                if let Some((before, _)) = fields.values[*position].replace((key, value)) {
                    fields.repeated.get_or_insert((before, key));
                }
            }
        }
        Ok(fields)
    }
}

/// Looks up the index of a key.
struct KeyIndex<'k>(&'k JsonKeys);

impl<'de> DeserializeSeed<'de> for KeyIndex<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Self::Value, D::Error> {
        reader.deserialize_str(self)
    }
}

impl Visitor<'_> for KeyIndex<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.index(key))
    }
}
