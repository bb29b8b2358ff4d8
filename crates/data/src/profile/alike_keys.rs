//! Keys that differ by the case of letters or by blanks only.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::hash::BuildHasher;

use accolade_core::parallel::map_indexed;
use accolade_core::show;
use accolade_parser::{Code, Diagnostic, count};
use arrow::array::{Array, ArrayRef, AsArray, StringViewArray};
use arrow::datatypes::DataType;
use hashbrown::DefaultHashBuilder;

/// The most pairs that a finding names.
const NAMED: usize = 3;

/// The bytes that the check of one key takes: a hash and a row, twice.
pub(super) const BYTES_PER_KEY: usize = 32;

/// The keys that a thread hashes at once, and the shares that their hashes are divided into.
const PART: usize = 1 << 16;
const SHARES: u64 = 8;

/// A key without blanks, in lower case.
fn folded(key: &str) -> String {
    key.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// Looks up known keys by their folded form.
pub(super) struct AlikeKeys<'a> {
    keys: &'a ArrayRef,
    by_form: OnceCell<HashMap<String, usize>>,
}

impl<'a> AlikeKeys<'a> {
    pub(super) fn new(keys: &'a ArrayRef) -> AlikeKeys<'a> {
        AlikeKeys { keys, by_form: OnceCell::new() }
    }

    /// The first known key that differs from this one by case or blanks only.
    pub(super) fn find(&self, key: &str) -> Option<&'a str> {
        let keys = texts(self.keys)?;
        let by_form =
            self.by_form.get_or_init(|| (0..keys.len()).rev().map(|row| (folded(keys.value(row)), row)).collect());
        by_form.get(&folded(key)).map(|row| keys.value(*row))
    }
}

fn texts(keys: &ArrayRef) -> Option<&StringViewArray> {
    (keys.data_type() == &DataType::Utf8View).then(|| keys.as_string_view())
}

/// The warning (W0719) of sorted keys of which some differ by case or blanks only.
pub(super) fn check(keys: &ArrayRef, threads: usize) -> Option<Diagnostic> {
    let keys = texts(keys).filter(|keys| may_be_alike(keys))?;
    let hasher = DefaultHashBuilder::default();
    let rows = keys.len();
    // Without a thread there is no warning.
    let hashed = |part: usize| -> Vec<(u64, usize)> {
        (part * PART..rows.min((part + 1) * PART)).map(|row| (hash(&hasher, keys.value(row)), row)).collect()
    };
    let hashes = map_indexed(rows.div_ceil(PART), threads, hashed).ok()?;
    // Keys of one hash are alike, but for a rare accident, and in one share.
    let in_share = |share: u64| {
        let of_share = hashes.iter().flatten().filter(|(hash, _)| hash % SHARES == share);
        let mut of_share: Vec<(u64, usize)> = of_share.copied().collect();
        of_share.sort_unstable();
        let alike = of_share.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1);
        alike.flat_map(|group| pairs_of(keys, group)).collect::<Vec<(usize, usize)>>()
    };
    let pairs = map_indexed(SHARES as usize, threads, |share| in_share(share as u64)).ok()?;
    let mut pairs: Vec<(usize, usize)> = pairs.into_iter().flatten().collect();
    pairs.sort_unstable();
    let quoted = |row: usize| show::quoted(&accolade_core::model::Value::text(keys.value(row)));
    let named: Vec<String> =
        pairs.iter().take(NAMED).map(|(one, other)| format!("{} and {}", quoted(*one), quoted(*other))).collect();
    let more = pairs.len().saturating_sub(NAMED);
    let more = if more > 0 { format!("; {}", count(more, "more pair")) } else { String::new() };
    (!pairs.is_empty()).then(|| {
        let message = format!("customers have keys that differ by case or blanks only: {}{more}", named.join(", "));
        let help =
            "if they are one customer, compute the key of every source alike, as in `customer: lower(trim(email))`";
        Diagnostic::new(Code::W0719, message).help(help)
    })
}

/// The first of the rows whose key is alike, with each of the others.
fn pairs_of(keys: &StringViewArray, group: &[(u64, usize)]) -> Vec<(usize, usize)> {
    let mut first: HashMap<String, usize> = HashMap::new();
    let pair = |(_, row): &(u64, usize)| {
        let known = *first.entry(folded(keys.value(*row))).or_insert(*row);
        (known != *row).then_some((known, *row))
    };
    group.iter().filter_map(pair).collect()
}

/// Whether keys have letters of both cases, blanks or other characters than ASCII. Without them no two are alike.
fn may_be_alike(keys: &StringViewArray) -> bool {
    let (mut upper, mut lower) = (false, false);
    for key in (0..keys.len()).map(|row| keys.value(row)) {
        for byte in key.bytes() {
            upper |= byte.is_ascii_uppercase();
            lower |= byte.is_ascii_lowercase();
            if !byte.is_ascii_graphic() {
                return true;
            }
        }
        if upper && lower {
            return true;
        }
    }
    false
}

fn hash(hasher: &DefaultHashBuilder, key: &str) -> u64 {
    if !key.is_ascii() {
        return hasher.hash_one(folded(key).as_bytes());
    }
    let mut short = [0; 32];
    let letters = key.bytes().filter(|byte| !byte.is_ascii_whitespace()).map(|byte| byte.to_ascii_lowercase());
    if key.len() > short.len() {
        return hasher.hash_one(letters.collect::<Vec<u8>>().as_slice());
    }
    let length = short.iter_mut().zip(letters).map(|(place, letter)| *place = letter).count();
    hasher.hash_one(&short[..length])
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn check_keys(keys: &[&str], expected: Option<&str>) {
        let mut sorted = keys.to_vec();
        sorted.sort_unstable();
        let keys: ArrayRef = Arc::new(StringViewArray::from_iter_values(sorted));
        let found = check(&keys, 2).map(|finding| finding.message);
        let expected = expected.map(|pairs| format!("customers have keys that differ by case or blanks only: {pairs}"));
        assert_eq!(found, expected, "{keys:?}");
    }

    #[test]
    fn keys_alike_are_named_in_pairs() {
        check_keys(&["a@x.nl", "A@x.nl", "b@x.nl"], Some("\"A@x.nl\" and \"a@x.nl\""));
        check_keys(&["a", "a ", "b"], Some("\"a\" and \"a \""));
        check_keys(&["Émile", "émile", "e"], Some("\"Émile\" and \"émile\""));
        check_keys(&["K1", "k1", "K 1"], Some("\"K 1\" and \"K1\", \"K 1\" and \"k1\""));
        let long =
            ["a customer whose key is long 12", "A customer whose key is long 12", "another customer of that kind"];
        check_keys(&long, Some("\"A customer whose key is long 12\" and \"a customer whose key is long 12\""));
        check_keys(
            &["a", "A", "b", "B", "c", "C", "d", "D", "e", "E"],
            Some("\"A\" and \"a\", \"B\" and \"b\", \"C\" and \"c\"; 2 more pairs"),
        );
        for keys in [&["K1", "K2"][..], &["a", "b c", "B"], &["x-1", "x1"], &[], &["ab", "a.b"]] {
            check_keys(keys, None);
        }
    }

    #[test]
    fn keys_of_all_parts_are_compared() {
        let mut texts: Vec<String> = (0..150_000).map(|i| format!("Key {i:06}")).collect();
        texts.push("key 000007".to_owned());
        texts.push("KEY149999".to_owned());
        check_keys(
            &texts.iter().map(String::as_str).collect::<Vec<_>>(),
            Some("\"KEY149999\" and \"Key 149999\", \"Key 000007\" and \"key 000007\""),
        );
    }

    #[test]
    fn a_known_key_is_found_by_another_spelling() {
        let keys: ArrayRef = Arc::new(StringViewArray::from_iter_values(["a@x.nl", "b"]));
        let alike = AlikeKeys::new(&keys);
        assert_eq!(alike.find("A@x.nl "), Some("a@x.nl"));
        assert_eq!(alike.find("c"), None);
    }
}
