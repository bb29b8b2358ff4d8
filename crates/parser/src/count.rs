//! Numbers with their nouns.

use std::fmt::Display;

/// A number and its noun: `1 row`, `3 rows`.
pub fn count<N: Display + PartialEq + From<u8> + Copy>(number: N, noun: &str) -> String {
    format!("{number} {}", plural(number, noun))
}

/// The noun in the singular or plural, without the number.
pub fn plural<N: PartialEq + From<u8>>(number: N, noun: &str) -> String {
    if number == N::from(1) { noun.to_owned() } else { format!("{noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thing_is_singular() {
        let check = |number: usize, expected: &str| assert_eq!(count(number, "row"), expected);
        check(0, "0 rows");
        check(1, "1 row");
        check(2, "2 rows");
        assert_eq!(plural(1u64, "warning"), "warning");
    }
}
